//! Making: a request becomes a queued execution, and the execution a stored picture.
//!
//! What always holds: the same request of the same person is made once at a time, and at most once a day unless another
//! one is asked for; an execution ends as completed, failed, refused or cancelled, and its generation ends with it in
//! the same transaction, and so does what was held for it: a picture is paid for, everything else is free; no provider and no storage is called while a transaction is open.

mod api;
mod ask;
mod cancel;
mod charging;
mod check_picture;
mod follow;
mod generate_image;
mod model;
pub(crate) mod queries;
mod settle_orphans;

#[cfg(test)]
mod tests;

use platform::jobs::Registry;
use time::Duration;

use crate::Studio;

pub(crate) use api::{routes, visible};
pub use ask::{Asked, MakeRequest, ask, ask_unmetered};
pub use cancel::cancel;
pub use model::{Execution, GenerateImage, SettleOrphans, problem_of};

pub(crate) fn register_jobs(studio: &Studio) -> Registry {
    let studio = studio.clone();
    Registry::new()
        .on::<GenerateImage, _, _>(move |run| generate_image::make_picture(studio.clone(), run))
        .on_dead::<GenerateImage, _, _>(generate_image::lament)
        .on::<SettleOrphans, _, _>(settle_orphans::settle_orphans)
        .every(Duration::minutes(1), &SettleOrphans {})
}

/// What this part of the API says of itself.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = <api::Described as utoipa::OpenApi>::openapi();
    document.merge(<follow::Described as utoipa::OpenApi>::openapi());
    document
}
