//! What strangers may see of a picture: smaller, watermarked over its whole area, in the formats that browsers like;
//! and what the owner sees in lists: small, without a watermark, private.

mod blend;
mod fingerprint;
mod glyphs;
mod make;
mod model;
mod placeholder;
mod resize;
mod shrink;
#[cfg(test)]
mod tests;
mod watermark;

pub use fingerprint::Fingerprint;
pub use make::{PreviewError, make_preview_png, make_public_previews, make_thumbnails};
pub use model::{Placeholder, PreviewFile, PublicPreviews, Thumbnails, widths};
pub use placeholder::placeholder_of;
pub use resize::resize_to_width;
pub use shrink::shrink;
pub use watermark::Watermark;
