//! Generation jobs: a request becomes a queued execution, and the execution a stored picture.
//!
//! What always holds: an identical request of one account runs once at a time, and at most once a day unless another
//! variation is asked for; an execution ends as completed, failed, refused or cancelled, and its generation and its
//! credit hold end in the same transaction; only a stored picture is charged; no provider and no storage is called while
//! a transaction is open.

mod api;
mod body;
pub(crate) mod cancel;
mod charging;
mod check_picture;
mod composite;
mod execution;
pub(crate) mod files;
pub(crate) mod find;
mod follow;
mod generate_image;
mod generate_text;
mod inputs;
pub(crate) mod model;
pub(crate) mod queries;
mod settle_orphans;
mod strays;
pub(crate) mod submit;

#[cfg(test)]
mod tests;

use platform::jobs::Registry;
use time::Duration;

use crate::state::Studio;
use model::{GenerateImage, GenerateText, SettleOrphans};

pub(crate) use api::routes;
pub use submit::{GenerationRequest, Submitted, submit, submit_unmetered};

/// The handlers of this feature's jobs.
pub(crate) fn register_jobs(studio: &Studio) -> Registry {
    let (studio, texts) = (studio.clone(), studio.clone());
    Registry::new()
        .on::<GenerateImage, _, _>(move |run| generate_image::generate_image(studio.clone(), run))
        .on_dead::<GenerateImage, _, _>(generate_image::on_failure)
        .on::<GenerateText, _, _>(move |run| generate_text::generate_text(texts.clone(), run))
        .on_dead::<GenerateText, _, _>(generate_text::on_failure)
        .on::<SettleOrphans, _, _>(settle_orphans::settle_orphans)
        .every(Duration::minutes(1), &SettleOrphans {})
}

/// The OpenAPI description of this feature's routes.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = api::openapi();
    document.merge(follow::openapi());
    document
}
