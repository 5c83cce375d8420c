//! Who uses a picture: a page its product photograph, a brand its logo, a product its design.
//!
//! What always holds: a picture that is used is neither deleted nor cleared away; a use is counted once, however often it
//! is recorded. Whoever uses a picture records it in the transaction that begins the use, and removes it in the one that
//! ends it.

pub(crate) mod model;
pub(crate) mod queries;

pub use model::{Asset, AssetUse, AssetUser, AssetUserKind};
pub use queries::{add, is_used, remove, remove_all, uses_of};
