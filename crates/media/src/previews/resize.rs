//! Smaller, never larger, with Lanczos3.

use super::error::PreviewError;
use crate::images::model::{Bitmap, PixelLayout, Size};
use fast_image_resize::images::{Image, ImageRef};
use fast_image_resize::{FilterType, PixelType, ResizeAlg, ResizeOptions, Resizer};

/// The picture at most `width_max_px` wide, its shape kept. A narrower picture comes back as it is.
///
/// # Errors
/// When the resizer refuses the buffer; with a well-formed [`Bitmap`] it does not.
pub fn resize_to_width(bitmap: &Bitmap, width_max_px: u32) -> Result<Bitmap, PreviewError> {
    let target = bitmap.size().fit_width(width_max_px);
    if target == bitmap.size() {
        return Ok(bitmap.clone());
    }
    resize_exactly(bitmap, target, FilterType::Lanczos3)
}

/// The picture at exactly this size, stretched if the shape differs.
pub(crate) fn resize_exactly(bitmap: &Bitmap, target: Size, filter: FilterType) -> Result<Bitmap, PreviewError> {
    let pixel_type = match bitmap.layout() {
        PixelLayout::Rgb => PixelType::U8x3,
        PixelLayout::Rgba => PixelType::U8x4,
    };
    let source = ImageRef::new(bitmap.width_px(), bitmap.height_px(), bitmap.pixels(), pixel_type)
        .map_err(PreviewError::from_cause)?;
    let mut smaller = Image::new(target.width_px, target.height_px, pixel_type);
    // Colours of see-through pixels must not bleed: the resizer works on premultiplied alpha by default.
    let options = ResizeOptions::new().resize_alg(ResizeAlg::Convolution(filter));
    Resizer::new().resize(&source, &mut smaller, &options).map_err(PreviewError::from_cause)?;
    Bitmap::new(target, bitmap.layout(), smaller.into_vec()).ok_or_else(|| PreviewError::from_cause("resized size"))
}
