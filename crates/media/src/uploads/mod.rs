//! Pictures that people bring along: logos, product photographs, masks (specification 4, §3.4).
//!
//! What always holds: an upload belongs to one person, who alone sees it; what is stored is a picture that was decoded
//! and written anew, without a byte of the file that came in; a file is received in parts and is never in memory before
//! it is known to be small enough; all uploads of a person together stay within what their plan allows; an upload that
//! something uses is neither deleted nor cleared away; a file without a row, and a row without a file, last an hour at
//! most.
//!
//! Absent on purpose: changing an upload (another file is another upload), and what a plan allows, which the program
//! tells by [`AllowanceOf`].

mod api;
mod delete;
mod jobs;
pub(crate) mod model;
pub(crate) mod queries;
mod receive;
pub(crate) mod state;
mod store;
#[cfg(test)]
mod tests;

use platform::jobs::Registry;
use time::Duration;

pub use delete::erase_all;
pub use jobs::RemoveUploads;
pub use model::{Upload, UploadId, UploadKind};
pub use queries::{find, lock};
pub use state::{Allowance, AllowanceOf, Media};

/// The routes of uploads.
pub(crate) fn routes() -> axum::Router<Media> {
    api::routes()
}

/// The queued work of uploads.
pub(crate) fn register_jobs(media: &Media) -> Registry {
    let media = media.clone();
    Registry::new()
        .on::<RemoveUploads, _, _>(move |run| jobs::remove_uploads(media.clone(), run))
        .every(Duration::hours(1), &RemoveUploads {})
}

/// The description of the API of uploads.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    <api::Described as utoipa::OpenApi>::openapi()
}
