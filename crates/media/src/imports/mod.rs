//! Pictures that people bring along: PNG, JPEG, WebP, AVIF and SVG, turned into one form.
//!
//! What always holds: the type is read from the content; the sizes are checked before anything is decoded; the result
//! is upright, 8-bit sRGB, and holds no metadata of the source; nothing outside of the file is read; a file that makes
//! too much work is refused before the work is done.
//!
//! Absent on purpose: animations (refused, all of them: a still that nobody chose is no help), HDR (its tones would
//! need an interpretation), AVIF in tiles, and text and pictures inside an SVG (there are no fonts to draw the one with,
//! and the other is a picture of its own to upload).

mod avif;
mod avif_boxes;
mod cmyk;
mod colour;
pub(crate) mod normalise;
pub(crate) mod source;
mod svg;
mod svg_cost;
#[cfg(test)]
mod tests;
mod yuv;

pub use normalise::{NormalisedPicture, PictureUse, normalise};
pub use source::{SourceFacts, SourceFormat, inspect_source};
