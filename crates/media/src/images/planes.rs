//! JPEG before its colours are put together: brightness and two colour differences, each at its own size. Making a
//! picture smaller from here saves enlarging the colours and converting pixels that are thrown away.

use super::decode::{jpeg_error, jpeg_options};
use super::header::Header;
use super::inspect::read_header;
use super::model::{ImageError, PictureFormat, Size};
use super::orientation::Orientation;
use zune_core::bytestream::ZCursor;
use zune_core::colorspace::ColorSpace;
use zune_jpeg::JpegDecoder;

/// One channel: 8 bits per sample, rows without gaps.
pub(crate) struct Plane {
    /// Samples per row and rows.
    pub(crate) size: Size,
    /// The part of the samples that the picture covers: the last one may reach beyond its edge.
    pub(crate) covered: (f64, f64),
    /// The samples, row by row.
    pub(crate) samples: Vec<u8>,
}

/// A decoded JPEG as brightness (Y) and colour differences (Cb, Cr; ITU-T T.871), as stored.
pub(crate) struct Planes {
    /// The size of the picture, before it is turned.
    pub(crate) stored: Size,
    /// How it wants to be turned.
    pub(crate) orientation: Orientation,
    /// Y, Cb, Cr.
    pub(crate) channels: [Plane; 3],
}

/// Decodes a JPEG into its planes. `None` for pictures that are not JPEG, or not of these three channels, or that are
/// not wanted in this form once their size is known; nothing is decoded then.
pub(crate) fn decode_planes(bytes: &[u8], is_wanted: impl FnOnce(Size) -> bool) -> Result<Option<Planes>, ImageError> {
    let (format, Header { stored, orientation }) = read_header(bytes)?;
    if format != PictureFormat::Jpeg || !is_wanted(orientation.turned(stored)) {
        return Ok(None);
    }
    let mut decoder = JpegDecoder::new_with_options(ZCursor::new(bytes), jpeg_options());
    decoder.decode_headers().map_err(|error| jpeg_error(&error))?;
    if decoder.input_colorspace() != Some(ColorSpace::YCbCr) {
        return Ok(None);
    }
    let mut raw = decoder.raw_output();
    let (Some(3), Some(layout)) = (raw.num_components(), raw.layout()) else { return Ok(None) };
    let widest = layout[..3].iter().map(|plane| plane.horizontal_sampling_factor).max().unwrap_or(1);
    let tallest = layout[..3].iter().map(|plane| plane.vertical_sampling_factor).max().unwrap_or(1);
    let mut channels = Vec::with_capacity(3);
    for plane in &layout[..3] {
        let (Ok(width_px), Ok(height_px)) = (u32::try_from(plane.width), u32::try_from(plane.height)) else {
            return Ok(None);
        };
        let covered = (
            part_of(stored.width_px, plane.horizontal_sampling_factor, widest),
            part_of(stored.height_px, plane.vertical_sampling_factor, tallest),
        );
        let samples = vec![0; plane.width * plane.height];
        channels.push(Plane { size: Size { width_px, height_px }, covered, samples });
    }
    let Ok(mut channels) = <[Plane; 3]>::try_from(channels) else { return Ok(None) };
    let strides: [usize; 3] = [layout[0].width, layout[1].width, layout[2].width];
    let [y, cb, cr] = &mut channels;
    let mut targets = [y.samples.as_mut_slice(), cb.samples.as_mut_slice(), cr.samples.as_mut_slice()];
    raw.decode_into_planes_strided(&mut targets, &strides).map_err(|error| jpeg_error(&error))?;
    Ok(Some(Planes { stored, orientation, channels }))
}

/// A side in samples of a channel, which may end between two.
fn part_of(side_px: u32, factor: usize, largest: usize) -> f64 {
    let number = |factor: usize| f64::from(u8::try_from(factor).unwrap_or(1));
    f64::from(side_px) * number(factor) / number(largest.max(1))
}
