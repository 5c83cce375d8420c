//! Public previews of a picture: smaller, watermarked over the whole area, in the formats that browsers read; and the
//! private thumbnails that its owner sees in lists, without a watermark.

mod blend;
pub(crate) mod error;
mod fingerprint;
mod glyphs;
mod make;
mod model;
mod placeholder;
pub(crate) mod resize;
mod shrink;
#[cfg(test)]
mod tests;
mod watermark;

pub use error::PreviewError;
pub use fingerprint::Fingerprint;
pub use make::{make_preview_png, make_public_previews, make_thumbnails};
pub use model::{Placeholder, PreviewFile, PublicPreviews, Thumbnails, widths};
pub use placeholder::placeholder_of;
pub use resize::resize_to_width;
pub use shrink::shrink;
pub use watermark::Watermark;
