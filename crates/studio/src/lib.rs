//! AI generation: what people make, where it is stored, what it costs them and how long it is kept.
//!
//! - [`wardrobe`]: the five questions, and the prompt built from the answers.
//! - [`providers`]: Gemini, OpenAI and the embedded illustrator behind one enum.
//! - [`models`]: the models that can be chosen, as data, with their prices.
//! - [`generation_jobs`]: a request becomes a queued execution, and the execution a stored picture.
//! - [`generations`]: what was made, as its owner finds it again; the pages under `/me`.
//! - [`deletion`]: deleting with a day to undo, and what may not be deleted because it is published, in use or sold.
//! - [`retention`]: how long what was made is kept, by plan, and removing what has expired.
//! - [`catalog`]: the platform's sample pictures.
//!
//! What always holds: an original is private and leaves only by a signed link; what is stored is signed with its content
//! credentials and never changes; a failed generation costs nothing; what is published, sold or in use never expires.
//!
//! Absent on purpose: what people have to spend (`credits`), and who may see or buy a picture (`market`).

use axum::Router;
use platform::App;
use platform::jobs::Registry;

mod aspect_ratio;
pub mod catalog;
mod dates;
pub mod deletion;
pub mod generation_jobs;
pub mod generations;
pub mod models;
mod output_size;
pub mod providers;
pub mod retention;
mod state;
pub mod wardrobe;

#[cfg(test)]
mod tests;

pub use aspect_ratio::{AspectRatio, UnknownRatio};
pub use output_size::OutputSize;
pub use state::Studio;

/// The pages and the API of this crate.
pub fn routes(studio: Studio) -> Router<App> {
    Router::new()
        .merge(generation_jobs::routes())
        .merge(generations::routes())
        .merge(catalog::routes())
        .merge(models::routes())
        .merge(wardrobe::routes())
        .with_state(studio)
}

/// The job handlers of this crate and their schedules.
pub fn register_jobs(studio: &Studio) -> Registry {
    generation_jobs::register_jobs(studio)
        .and(deletion::register_jobs(studio))
        .and(retention::register_jobs(studio))
        .and(catalog::register_jobs(studio))
}

/// The OpenAPI description of this crate's routes.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = generation_jobs::openapi();
    document.merge(generations::openapi());
    document.merge(catalog::openapi());
    document.merge(models::openapi());
    document
}
