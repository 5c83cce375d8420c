//! What a picture says about itself: how it was made, as C2PA content credentials (signed) and as the IPTC digital
//! source type in XMP (readable by everything else).
//!
//! The order matters: old metadata off, XMP in, signature last. Whatever changes a byte afterwards breaks the seal.
//! Nothing that a person wrote goes in: [`Claim`] has no room for a title or a prompt.

mod identity;
mod metadata;
mod model;
mod seal;
#[cfg(test)]
mod tests;
mod verify;

pub use identity::SigningIdentity;
pub use metadata::replace_metadata;
pub use model::{Claim, Credentials, ProvenanceError, SourceType, Step, Trust};
pub use seal::{Parent, Seal};
pub use verify::verify;
