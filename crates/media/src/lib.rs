//! Pictures: reading and writing them, previews and watermarks, provenance, the packages that buyers download, and the
//! pictures that people bring along.
//!
//! - [`images`] tells from the bytes alone what a picture is, and turns it into pixels and back.
//! - [`imports`] reads what people bring along (PNG, JPEG, WebP, AVIF, SVG) and writes it in one form.
//! - [`previews`] makes the public previews: smaller, watermarked, in the formats that browsers read.
//! - [`provenance`] writes into a picture how it was made, and signs it.
//! - [`packages`] builds the ZIP that a buyer downloads.
//! - [`content_address`] names bytes by their SHA-256.
//! - [`uploads`] receives, stores, lists and deletes what people bring along.
//! - [`asset_uses`] records what uses a picture, so that it is not deleted.
//!
//! The pixel work (all but the last two) is pure: bytes in, bytes out, no clock, no randomness, no network, no files.
//!
//! What always holds: a picture is measured before it is decoded, so that no input takes more memory than the caps in
//! [`images::limits`] allow; a file that ends too early is an error and never a half grey picture; a preview is never
//! larger than its original; a prompt's text is never written into a file.
//!
//! Absent on purpose: GIF and everything else that moves; AVIF as an output (see the decision record on preview formats).

use axum::Router;
use platform::App;
use platform::jobs::Registry;

pub mod asset_uses;
pub mod content_address;
pub mod images;
pub mod imports;
pub mod packages;
pub mod previews;
pub mod provenance;
pub mod uploads;

pub use uploads::{Allowance, AllowanceOf, Media};

/// The routes of uploads.
pub fn routes(media: Media) -> Router<App> {
    uploads::routes().with_state(media)
}

/// The queued work of uploads.
pub fn register_jobs(media: &Media) -> Registry {
    uploads::register_jobs(media)
}

/// The description of the API of uploads.
pub fn openapi() -> utoipa::openapi::OpenApi {
    uploads::openapi()
}
