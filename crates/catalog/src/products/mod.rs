//! What a product is: its kind, its state, its licence, what its buyer is given.

pub(crate) mod model;
pub(crate) mod ownership;
pub(crate) mod queries;
pub(crate) mod terms;
pub(crate) mod versions;

pub use model::{LICENSE_TERMS_EDITION, LicenseType, LineageId, ProductKind, ProductStatus, readable_code, slug_for};
pub use ownership::PurchaseLookup;
pub use queries::{current_offers, sold_versions, titles_of, version_titles};
pub use terms::{Fulfilment, MissingLicense, PicturePackage, Terms};
pub use versions::{CurrentOffer, SoldVersion};
