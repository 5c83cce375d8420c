//! What a product is: its states, its licence, its address, its place among pictures that are the same picture.

pub mod lineages;
mod model;
pub(crate) mod queries;

pub use model::{DeliveryId, LicenseType, LineageId, ProductStatus, license_message_key, readable_code, slug_for};
pub use queries::titles_of;
