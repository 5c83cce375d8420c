//! From the colours that a file names to sRGB.

use moxcms::{
    CicpColorPrimaries, CicpProfile, ColorProfile, DataColorSpace, Layout, MatrixCoefficients, RenderingIntent,
    TransferCharacteristics, TransformOptions,
};

use crate::images::model::{Bitmap, ColourProfile, ImageError, PixelLayout};

/// The largest ICC profile that is read, in bytes (4 MiB); those of printing presses have up to 3.
const PROFILE_MAX_BYTES: usize = 4 * 1024 * 1024;

/// Pixels that are converted at once.
const BATCH_PIXELS: usize = 4_096;

/// H.273: unspecified, in both tables.
const UNSPECIFIED: u8 = 2;

/// Brings the pixels of a picture to sRGB. A profile that cannot be read, or is for other channels, changes nothing:
/// metadata never spoils a picture.
///
/// # Errors
/// `Unsupported` for HDR.
pub(super) fn to_srgb(bitmap: &mut Bitmap, profile: &ColourProfile) -> Result<(), ImageError> {
    let source = match profile {
        ColourProfile::Icc(icc) => read(icc),
        ColourProfile::CodePoints { primaries, transfer } => from_code_points(*primaries, *transfer)?,
    };
    let Some(source) = source else { return Ok(()) };
    let layout = match bitmap.layout() {
        PixelLayout::Rgb => Layout::Rgb,
        PixelLayout::Rgba => Layout::Rgba,
    };
    match source.color_space {
        DataColorSpace::Rgb => convert(bitmap.pixels_mut(), &source, layout),
        // The pixels of a grey file have the same value three times.
        DataColorSpace::Gray => convert_grey(bitmap, &source),
        _ => {}
    }
    Ok(())
}

/// Brings CMYK to sRGB: 4 bytes of ink per pixel (255 is all of it) to 3 bytes. `None` when the profile is not one of
/// CMYK or cannot be used.
pub(super) fn cmyk_to_srgb(inks: &[u8], icc: &[u8]) -> Option<Vec<u8>> {
    let source = read(icc).filter(|profile| profile.color_space == DataColorSpace::Cmyk)?;
    let transform = source.create_transform_8bit(Layout::Rgba, &srgb(), Layout::Rgb, options(&source)).ok()?;
    let mut pixels = vec![0; inks.len() / 4 * 3];
    let batches = inks.chunks(BATCH_PIXELS * 4).zip(pixels.chunks_mut(BATCH_PIXELS * 3));
    for (inks, pixels) in batches {
        transform.transform(inks, pixels).ok()?;
    }
    Some(pixels)
}

fn read(icc: &[u8]) -> Option<ColorProfile> {
    (icc.len() <= PROFILE_MAX_BYTES).then(|| ColorProfile::new_from_slice(icc).ok()).flatten()
}

/// `None` for sRGB, and where nothing is said.
fn from_code_points(primaries: u8, transfer: u8) -> Result<Option<ColorProfile>, ImageError> {
    let (Ok(color_primaries), Ok(transfer_characteristics)) =
        (CicpColorPrimaries::try_from(primaries), TransferCharacteristics::try_from(transfer))
    else {
        return Ok(None);
    };
    if matches!(transfer_characteristics, TransferCharacteristics::Smpte2084 | TransferCharacteristics::Hlg) {
        return Err(ImageError::Unsupported("HDR"));
    }
    // The curve of television is shown as that of sRGB everywhere, and so it is meant.
    let has_srgb_curve = matches!(transfer, 1 | 6 | 13 | UNSPECIFIED);
    if has_srgb_curve && matches!(primaries, 1 | UNSPECIFIED) {
        return Ok(None);
    }
    let transfer_characteristics =
        if has_srgb_curve { TransferCharacteristics::Srgb } else { transfer_characteristics };
    let color_primaries = if primaries == UNSPECIFIED { CicpColorPrimaries::Bt709 } else { color_primaries };
    let profile = ColorProfile::new_from_cicp(CicpProfile {
        color_primaries,
        transfer_characteristics,
        matrix_coefficients: MatrixCoefficients::Bt709,
        full_range: true,
    });
    Ok(profile.red_trc.is_some().then_some(profile))
}

fn srgb() -> ColorProfile {
    ColorProfile::new_srgb()
}

/// Colours are matched relative to the white of each medium, as browsers do.
fn options(source: &ColorProfile) -> TransformOptions {
    let is_device_of_inks = source.color_space == DataColorSpace::Cmyk;
    let intent = if is_device_of_inks { RenderingIntent::Perceptual } else { RenderingIntent::RelativeColorimetric };
    TransformOptions { rendering_intent: intent, ..TransformOptions::default() }
}

fn convert(pixels: &mut [u8], source: &ColorProfile, layout: Layout) {
    let Ok(transform) = source.create_transform_8bit(layout, &srgb(), layout, options(source)) else { return };
    let mut before = Vec::with_capacity(BATCH_PIXELS * 4);
    // Of 3 or 4 bytes per pixel there are as many in a batch.
    for batch in pixels.chunks_mut(BATCH_PIXELS * 12) {
        before.clear();
        before.extend_from_slice(batch);
        if transform.transform(&before, batch).is_err() {
            batch.copy_from_slice(&before);
        }
    }
}

fn convert_grey(bitmap: &mut Bitmap, source: &ColorProfile) {
    let Ok(transform) = source.create_transform_8bit(Layout::Gray, &srgb(), Layout::Rgb, options(source)) else {
        return;
    };
    let values: Vec<u8> = (0..=u8::MAX).collect();
    let mut table = vec![0; values.len() * 3];
    if transform.transform(&values, &mut table).is_err() {
        return;
    }
    let step = bitmap.layout().bytes_per_pixel();
    for pixel in bitmap.pixels_mut().chunks_exact_mut(step) {
        let at = usize::from(pixel[0]) * 3;
        pixel[..3].copy_from_slice(&table[at..at + 3]);
    }
}
