//! What a picture is (from its bytes, never from what someone says it is), and its pixels.

pub(crate) mod decode;
pub(crate) mod encode;
pub(crate) mod header;
mod header_jpeg;
mod header_png;
mod header_webp;
pub(crate) mod inspect;
pub(crate) mod model;
pub(crate) mod orientation;
pub(crate) mod planes;
#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;

pub use decode::decode;
pub use encode::{EncodeError, encode_jpeg, encode_png, encode_webp};
pub use inspect::{inspect, inspect_declared};
pub use model::{Bitmap, ImageError, ImageFacts, PictureFormat, PixelLayout, Size, TooLarge, limits};
pub use orientation::Orientation;
