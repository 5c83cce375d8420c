//! Stored files: in a folder, or in a bucket at any S3.
//!
//! Keys are made by the platform, never by a client ([`StorageKey`]). What is below `public/` and `catalog/` may be read
//! by everyone; all else leaves only by a signed, short-lived link.
//!
//! Absent on purpose: renaming and overwriting. A key is written once; what changes gets another key.

pub(crate) mod backend;
pub(crate) mod file;
pub(crate) mod key;
pub(crate) mod links;
mod range;
mod serve;
mod transfer;

pub use backend::{Storage, StorageError, StorageOutage, StoredFile};
pub use file::{LINK_LIFETIME_MAX, NewFile, cache_control_of, content_type_of};
pub use key::{KeyError, StorageKey};
pub use links::LinkSigner;
pub use serve::routes;
pub use transfer::{FileWriter, OpenFile};
