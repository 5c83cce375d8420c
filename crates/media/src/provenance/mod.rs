//! Statements in a picture of how it was made: C2PA content credentials (signed), and the IPTC digital source type in
//! XMP (readable by everything else).
//!
//! The order matters: old metadata off, XMP in, signature last. Whatever changes a byte afterwards invalidates the signature.
//! Nothing that a person wrote goes in: [`Claim`] has no room for a title or a prompt.

mod context;
mod identity;
mod metadata;
pub(crate) mod model;
mod seal;
#[cfg(test)]
mod tests;
mod verify;

pub use identity::SigningIdentity;
pub use metadata::replace_metadata;
pub use model::{Claim, Credentials, Parent, ProvenanceError, SourceType, Step, Trust};
pub use seal::Seal;
pub use verify::verify;
