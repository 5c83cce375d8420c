//! What a product is: its states, its licence, its address, its place among pictures that are the same picture.

pub mod lineages;
mod model;
mod ownership;
pub mod queries;

pub use model::{
    LICENSE_TERMS_EDITION, LicenseType, LineageId, ProductStatus, license_message_key, readable_code, slug_for,
};
pub use ownership::PurchaseLookup;
pub use queries::titles_of;
