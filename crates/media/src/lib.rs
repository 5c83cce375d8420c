//! Pictures: reading and writing them, previews and watermarks, provenance, and the packages that buyers download.
//!
//! The pixel work of the platform is pure: bytes in, bytes out, no clock, no randomness, no network, no files.
//!
//! - [`images`] tells from the bytes alone what a picture is, and turns it into pixels and back.
//! - [`previews`] makes the public previews: smaller, watermarked, in the formats that browsers read.
//! - [`provenance`] writes into a picture how it was made, and signs it.
//! - [`packages`] builds the ZIP that a buyer downloads.
//! - [`content_address`] names bytes by their SHA-256.
//!
//! What always holds: a picture is measured before it is decoded, so that no input takes more memory than the caps in
//! [`images::limits`] allow; a file that ends too early is an error and never a half grey picture; a preview is never
//! larger than its original; a prompt's text is never written into a file.
//!
//! Absent on purpose: SVG (a program, not a picture) and GIF (no use here); AVIF as an output (see the decision record
//! on preview formats).

pub mod content_address;
pub mod images;
pub mod packages;
pub mod previews;
pub mod provenance;
