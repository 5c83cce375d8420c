//! From the bytes that a provider sent to the files that are stored: decoded, cropped, signed, with thumbnails. Pure and
//! slow, so it runs on a blocking thread.

use media::content_address::ContentAddress;
use media::images::{Bitmap, EncodeError, ImageError, PictureFormat, Size, decode, encode_png, inspect};
use media::previews::{PreviewError, PreviewFile, make_thumbnails, resize_to};
use media::provenance::{Claim, ProvenanceError, Seal, SourceType, Step};

use super::composite::composite;
use super::inputs::SourcePicture;
use crate::output_size::OutputSize;
use crate::providers::model::{MadePicture, ProviderKind};

/// A picture that is fit to be kept.
pub(super) struct CheckedPicture {
    /// The original as it is stored, sold and delivered: signed, without foreign metadata.
    pub original: Vec<u8>,
    pub format: PictureFormat,
    pub size: Size,
    /// Smallest first.
    pub thumbnails: Vec<PreviewFile>,
    /// The colour that fills most of it, as `#rrggbb`.
    pub ground: String,
}

/// Why what a provider sent is not kept.
#[derive(Debug, thiserror::Error)]
pub(super) enum CheckError {
    /// It is not a picture, or not a whole or reasonable one.
    #[error(transparent)]
    Picture(#[from] ImageError),
    /// It could not be written or made small.
    #[error(transparent)]
    Encode(#[from] EncodeError),
    /// It could not be made small.
    #[error(transparent)]
    Preview(#[from] PreviewError),
    /// It could not be sealed.
    #[error(transparent)]
    Seal(#[from] ProvenanceError),
}

/// How far a picture's shape may be from the requested one, in thousandths: providers round to multiples of 16.
const SHAPE_TOLERANCE: u64 = 30;

/// What a picture is to become, and what it was made from.
pub(super) struct Target<'a> {
    pub size: OutputSize,
    pub provider: ProviderKind,
    pub model: &'a str,
    /// The picture that was changed.
    pub source: Option<&'a SourcePicture>,
}

/// Checks `made` and prepares all that is stored of it. What the provider claims about the type is not believed.
pub(super) fn check_picture(
    made: &MadePicture,
    target: &Target<'_>,
    seal: &Seal,
) -> Result<CheckedPicture, CheckError> {
    let facts = inspect(&made.bytes)?;
    // Only decoding to the end shows that the file is whole.
    let bitmap = decode(&made.bytes)?;
    let changed = fit(&bitmap, target)?.map(|bitmap| encode_png(&bitmap)).transpose()?;
    let picture = changed.as_deref().unwrap_or(&made.bytes);

    let parent = target.source.map(|source| seal.read_parent(&source.file)).transpose()?;
    let source_type = match (target.provider, target.source) {
        (ProviderKind::Sketch, _) => SourceType::AlgorithmicMedia,
        // Behind a mask a part of the source is left, whoever made it.
        (_, Some(SourcePicture { mask: Some(_), .. })) => SourceType::CompositeWithTrainedAlgorithmicMedia,
        (ProviderKind::Gemini | ProviderKind::OpenAi, _) => SourceType::TrainedAlgorithmicMedia,
    };
    let claim = Claim { source_type, made_with: target.model, parent: parent.as_ref(), steps: &[Step::Edited] };
    let original = seal.sign(picture, &claim)?;
    let thumbnails = make_thumbnails(&original)?;
    let sealed = inspect(&original)?;
    Ok(CheckedPicture {
        format: if changed.is_some() { PictureFormat::Png } else { facts.format },
        size: sealed.size(),
        thumbnails: thumbnails.files,
        ground: thumbnails.placeholder.dominant_colour,
        original,
    })
}

/// The picture as it was asked for; `None` when it is that already. Behind a mask the source stays; an exact size is
/// cropped around the middle and scaled; a shape is cropped only where the provider ignored it.
fn fit(bitmap: &Bitmap, target: &Target<'_>) -> Result<Option<Bitmap>, CheckError> {
    if let Some(SourcePicture { file, mask: Some(mask) }) = target.source {
        let source = decode(file)?;
        let edited = crop_to(bitmap, (source.width_px(), source.height_px()), 0);
        return Ok(composite(&source, edited.as_ref().unwrap_or(bitmap), mask)?);
    }
    match target.size {
        OutputSize::Ratio(ratio) => Ok(crop_to(bitmap, ratio.parts(), SHAPE_TOLERANCE)),
        OutputSize::Exact { width_px, height_px } => {
            let size = Size { width_px, height_px };
            if bitmap.size() == size {
                return Ok(None);
            }
            let cropped = crop_to(bitmap, (width_px, height_px), 0);
            Ok(Some(resize_to(cropped.as_ref().unwrap_or(bitmap), size)?))
        }
    }
}

impl CheckedPicture {
    /// SHA-256 of the original as stored.
    pub(super) fn sha256(&self) -> [u8; 32] {
        *ContentAddress::of(&self.original).as_bytes()
    }
}

/// The middle of the picture in the shape of `parts`; `None` when it has that shape already, within `tolerance`
/// thousandths.
fn crop_to(bitmap: &Bitmap, parts: (u32, u32), tolerance: u64) -> Option<Bitmap> {
    let (ratio_width, ratio_height) = parts;
    let (width, height) = (u64::from(bitmap.width_px()), u64::from(bitmap.height_px()));
    let (is, should_be) = (width * u64::from(ratio_height), height * u64::from(ratio_width));
    if is.abs_diff(should_be) * 1_000 <= tolerance * is.max(should_be) {
        return None;
    }
    let (new_width, new_height) = if is > should_be {
        ((height * u64::from(ratio_width) / u64::from(ratio_height)).max(1), height)
    } else {
        (width, (width * u64::from(ratio_height) / u64::from(ratio_width)).max(1))
    };
    let (left, top) = ((width - new_width) / 2, (height - new_height) / 2);
    let bytes_per_pixel = bitmap.layout().bytes_per_pixel();
    let index = |pixels: u64| usize::try_from(pixels).unwrap_or(usize::MAX);
    let mut pixels = Vec::with_capacity(index(new_width * new_height).saturating_mul(bytes_per_pixel));
    for row in bitmap.pixels().chunks_exact(bitmap.row_bytes()).skip(index(top)).take(index(new_height)) {
        let from = index(left) * bytes_per_pixel;
        pixels.extend_from_slice(row.get(from..from + index(new_width) * bytes_per_pixel)?);
    }
    let size = Size { width_px: u32::try_from(new_width).ok()?, height_px: u32::try_from(new_height).ok()? };
    Bitmap::new(size, bitmap.layout(), pixels)
}

#[cfg(test)]
mod tests {
    use media::images::PixelLayout;
    use proptest::prelude::*;

    use super::*;
    use crate::aspect_ratio::AspectRatio;

    fn blank(width_px: u32, height_px: u32) -> Bitmap {
        let pixels = vec![7; (width_px * height_px * 3) as usize];
        Bitmap::new(Size { width_px, height_px }, PixelLayout::Rgb, pixels).unwrap()
    }

    #[test]
    fn what_providers_round_is_left_alone_and_another_shape_is_cut() {
        assert!(crop_to(&blank(896, 1200), (3, 4), SHAPE_TOLERANCE).is_none());
        assert!(crop_to(&blank(768, 1376), (9, 16), SHAPE_TOLERANCE).is_none());
        let cut = crop_to(&blank(1024, 1536), (3, 4), SHAPE_TOLERANCE).unwrap();
        assert_eq!((cut.width_px(), cut.height_px()), (1024, 1365));
        let cut = crop_to(&blank(1536, 1024), (9, 16), SHAPE_TOLERANCE).unwrap();
        assert_eq!((cut.width_px(), cut.height_px()), (576, 1024));
    }

    #[test]
    fn the_middle_is_kept() {
        let mut wide = blank(6, 2);
        for (index, byte) in wide.pixels_mut().iter_mut().enumerate() {
            *byte = u8::try_from(index / 3 % 6).unwrap();
        }
        let cut = crop_to(&wide, (1, 1), SHAPE_TOLERANCE).unwrap();
        assert_eq!(cut.pixels(), [2, 2, 2, 3, 3, 3, 2, 2, 2, 3, 3, 3]);
    }

    #[test]
    fn an_exact_size_is_cropped_and_scaled_to_the_pixel() {
        let target = |width_px, height_px| Target {
            size: OutputSize::Exact { width_px, height_px },
            provider: ProviderKind::Gemini,
            model: "m",
            source: None,
        };
        let fitted = fit(&blank(1376, 768), &target(750, 400)).unwrap().unwrap();
        assert_eq!((fitted.width_px(), fitted.height_px()), (750, 400));
        let fitted = fit(&blank(100, 80), &target(1200, 628)).unwrap().unwrap();
        assert_eq!((fitted.width_px(), fitted.height_px()), (1200, 628), "what is too small is enlarged");
        assert!(fit(&blank(750, 400), &target(750, 400)).unwrap().is_none());
    }

    proptest! {
        #[test]
        fn no_shape_is_too_odd(width in 1..200_u32, height in 1..200_u32, which in 0..10_usize) {
            let ratio = AspectRatio::ALL[which];
            if let Some(cut) = crop_to(&blank(width, height), ratio.parts(), SHAPE_TOLERANCE) {
                prop_assert!(cut.width_px() <= width && cut.height_px() <= height);
            }
        }
    }
}
