//! From an AVIF file to pixels.

use re_rav1d::dav1d::pixel::YUVRange;
use re_rav1d::dav1d::{Decoder, Picture, PlanarImageComponent, Settings};

use super::avif_boxes::AvifFile;
use super::yuv::{Matrix, Planes, Samples, grey_to_bytes, to_rgb};
use crate::images::model::{Bitmap, ColourProfile, ImageError, PixelLayout, Size};

/// Decodes a picture, turned as it is to be shown, and the colours it says it is in.
pub(super) fn decode(bytes: &[u8]) -> Result<(Bitmap, Option<ColourProfile>), ImageError> {
    let file = AvifFile::read(bytes)?;
    let picture = decode_item(&file.colour, file.stored)?;
    let (coefficients, is_full) =
        file.matrix.unwrap_or_else(|| (picture.matrix_coefficients() as u8, picture.color_range() == YUVRange::Full));
    let profile = file.profile.clone().or_else(|| {
        let (primaries, transfer) = (picture.color_primaries() as u8, picture.transfer_characteristic() as u8);
        Some(ColourProfile::CodePoints { primaries, transfer })
    });
    let matrix = Matrix::new(coefficients, is_full, depth_of(&picture))?;
    let rgb = with_planes(&picture, file.stored, |planes| to_rgb(planes, &matrix));
    let alpha = file.alpha.as_deref().map(|alpha| decode_alpha(alpha, file.stored)).transpose()?;
    let (layout, pixels) = match alpha {
        Some(alpha) => (PixelLayout::Rgba, with_alpha(&rgb, &alpha, file.is_premultiplied)),
        None => (PixelLayout::Rgb, rgb),
    };
    let bitmap = Bitmap::new(file.stored, layout, pixels).ok_or_else(|| damaged("it is not as large as it says"))?;
    let upright = file.turns.iter().fold(bitmap, |bitmap, turn| turn.apply(bitmap));
    Ok((upright.without_idle_alpha(), profile))
}

fn decode_alpha(item: &[u8], stored: Size) -> Result<Vec<u8>, ImageError> {
    let picture = decode_item(item, stored)?;
    let is_full = picture.color_range() == YUVRange::Full;
    Ok(with_planes(&picture, stored, |planes| grey_to_bytes(planes, depth_of(&picture), is_full)))
}

/// Decodes the one frame of an item.
fn decode_item(item: &[u8], stored: Size) -> Result<Picture, ImageError> {
    let mut settings = Settings::new();
    settings.set_n_threads(1);
    settings.set_max_frame_delay(1);
    // Of a picture in several qualities the best one only.
    settings.set_all_layers(false);
    settings.set_frame_size_limit(u32::try_from(stored.pixels()).unwrap_or(u32::MAX));
    let broken = |error: re_rav1d::dav1d::Error| damaged(&error.to_string());
    let mut decoder = Decoder::with_settings(&settings).map_err(broken)?;
    match decoder.send_data(item.to_vec(), None, None, None) {
        Ok(()) | Err(re_rav1d::dav1d::Error::Again) => {}
        Err(error) => return Err(broken(error)),
    }
    let picture = match decoder.get_picture() {
        Ok(picture) => picture,
        Err(re_rav1d::dav1d::Error::Again) => return Err(ImageError::Truncated),
        Err(error) => return Err(broken(error)),
    };
    if (picture.width(), picture.height()) != (stored.width_px, stored.height_px) {
        return Err(damaged("a frame that is not as large as the file says"));
    }
    Ok(picture)
}

fn depth_of(picture: &Picture) -> u32 {
    picture.bits_per_component().map_or(8, |bits| u32::try_from(bits.0).unwrap_or(8))
}

/// Hands the channels of a decoded frame to `act`.
fn with_planes<T>(picture: &Picture, size: Size, act: impl FnOnce(&Planes<'_>) -> T) -> T {
    use re_rav1d::dav1d::PixelLayout as Layout;
    let (halves_width, halves_height, has_colour) = match picture.pixel_layout() {
        Layout::I400 => (false, false, false),
        Layout::I420 => (true, true, true),
        Layout::I422 => (true, false, true),
        Layout::I444 => (false, false, true),
    };
    let is_wide = picture.bit_depth() > 8;
    let stride = |component| picture.stride(component) as usize;
    let luma = picture.plane(PlanarImageComponent::Y);
    let chroma = has_colour.then(|| [PlanarImageComponent::U, PlanarImageComponent::V].map(|one| picture.plane(one)));
    let samples = |bytes, stride_bytes| Samples { bytes, stride_bytes, is_wide };
    let chroma = chroma.as_ref().map(|[u, v]| {
        let stride_bytes = stride(PlanarImageComponent::U);
        [samples(u.as_ref(), stride_bytes), samples(v.as_ref(), stride_bytes)]
    });
    let luma = samples(luma.as_ref(), stride(PlanarImageComponent::Y));
    act(&Planes { size, luma, chroma, halves_width, halves_height })
}

/// Adds the alpha; colours that were multiplied with it are divided again.
fn with_alpha(rgb: &[u8], alpha: &[u8], is_premultiplied: bool) -> Vec<u8> {
    let mut pixels = Vec::with_capacity(alpha.len() * 4);
    for (&[red, green, blue], &alpha) in rgb.as_chunks::<3>().0.iter().zip(alpha) {
        let straight = |channel: u8| {
            if !is_premultiplied || alpha == 0 {
                return channel;
            }
            let divided = (u32::from(channel) * 255 + u32::from(alpha) / 2) / u32::from(alpha);
            u8::try_from(divided).unwrap_or(u8::MAX)
        };
        pixels.extend([straight(red), straight(green), straight(blue), alpha]);
    }
    pixels
}

fn damaged(what: &str) -> ImageError {
    ImageError::Damaged(format!("AVIF: {what}"))
}
