//! What a picture is (from its bytes, never from what someone says it is), and its pixels.

mod decode;
mod encode;
mod header_jpeg;
mod header_png;
mod header_webp;
mod inspect;
mod model;
mod orientation;
mod planes;
#[cfg(test)]
pub(crate) mod samples;
#[cfg(test)]
mod tests;

pub use decode::decode;
pub use encode::{EncodeError, encode_jpeg, encode_png, encode_webp};
pub(crate) use inspect::read_orientation;
pub use inspect::{inspect, inspect_declared};
pub use model::{Bitmap, ImageError, ImageFacts, PictureFormat, PixelLayout, Size, TooLarge, limits};
pub use orientation::Orientation;
pub(crate) use planes::{Plane, Planes, decode_planes};
