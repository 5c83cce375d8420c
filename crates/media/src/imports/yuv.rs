//! From brightness and colour differences of 8 to 12 bits to RGB of 8 bits. (ITU-T H.273, §8.)

use crate::images::model::{ImageError, Size};

/// One channel of a decoded picture.
pub(super) struct Samples<'a> {
    /// The rows from the top.
    pub(super) bytes: &'a [u8],
    /// From one row to the next, in bytes.
    pub(super) stride_bytes: usize,
    /// Whether a sample takes two bytes.
    pub(super) is_wide: bool,
}

impl Samples<'_> {
    /// The sample at `x` of the row `y`; 0 outside, where a well-formed picture has none.
    fn at(&self, x: usize, y: usize) -> u16 {
        let row = y * self.stride_bytes;
        if self.is_wide {
            let at = row + 2 * x;
            self.bytes.get(at..at + 2).map_or(0, |raw| u16::from_ne_bytes([raw[0], raw[1]]))
        } else {
            self.bytes.get(row + x).copied().map_or(0, u16::from)
        }
    }
}

/// The channels of a picture.
pub(super) struct Planes<'a> {
    /// The size of the picture.
    pub(super) size: Size,
    /// The brightness.
    pub(super) luma: Samples<'a>,
    /// The two colour differences; nothing for a grey picture.
    pub(super) chroma: Option<[Samples<'a>; 2]>,
    /// Whether a colour difference holds for two pixels side by side.
    pub(super) halves_width: bool,
    /// Whether a colour difference holds for two pixels one below the other.
    pub(super) halves_height: bool,
}

/// What each value of a sample adds to red, green and blue, in units of one 8-bit step. Values that cannot be take the
/// nearest that can.
pub(super) struct Matrix {
    luma: Vec<f32>,
    red_of_v: Vec<f32>,
    green_of_u: Vec<f32>,
    green_of_v: Vec<f32>,
    blue_of_u: Vec<f32>,
    /// The three channels are green, blue and red themselves.
    is_identity: bool,
}

impl Matrix {
    /// The tables for a matrix (H.273, table 4) and a depth in bits.
    ///
    /// # Errors
    /// `Unsupported` for matrices that pictures are not made with.
    pub(super) fn new(coefficients: u8, is_full: bool, depth_bits: u32) -> Result<Self, ImageError> {
        let (red, blue) = match coefficients {
            0 | 1 => (0.2126, 0.0722),
            // Unspecified: what JPEG and every encoder take without being told.
            2 | 5 | 6 => (0.299, 0.114),
            4 => (0.30, 0.11),
            7 => (0.212, 0.087),
            9 => (0.2627, 0.0593),
            _ => return Err(ImageError::Unsupported("AVIF with these colour differences")),
        };
        let green = 1.0 - red - blue;
        let values = || (0_u16..1 << depth_bits).map(f32::from);
        let luma = scaled_luma(is_full, depth_bits);
        let difference = |factor: f32| {
            let step = f32::from(1_u16 << (depth_bits - 8));
            let range = if is_full { f32::from((1_u16 << depth_bits) - 1) } else { 224.0 * step };
            values().map(|value| (value - 128.0 * step) / range * 255.0 * factor).collect::<Vec<f32>>()
        };
        Ok(Self {
            luma,
            red_of_v: difference(2.0 * (1.0 - red)),
            green_of_u: difference(-2.0 * blue * (1.0 - blue) / green),
            green_of_v: difference(-2.0 * red * (1.0 - red) / green),
            blue_of_u: difference(2.0 * (1.0 - blue)),
            is_identity: coefficients == 0,
        })
    }
}

/// What each value of a brightness sample is in 8 bits, not rounded.
fn scaled_luma(is_full: bool, depth_bits: u32) -> Vec<f32> {
    let step = f32::from(1_u16 << (depth_bits - 8));
    let (black, range) =
        if is_full { (0.0, f32::from((1_u16 << depth_bits) - 1)) } else { (16.0 * step, 219.0 * step) };
    (0_u16..1 << depth_bits).map(|value| (f32::from(value) - black) / range * 255.0).collect()
}

/// The picture as RGB. Colour differences that are stored for two or four pixels hold for each of them.
pub(super) fn to_rgb(planes: &Planes<'_>, matrix: &Matrix) -> Vec<u8> {
    let (width, height) = (planes.size.width_px as usize, planes.size.height_px as usize);
    let of = |table: &[f32], sample: u16| table.get(usize::from(sample)).copied().unwrap_or(0.0);
    let mut pixels = Vec::with_capacity(width * height * 3);
    for y in 0..height {
        let chroma_y = y >> usize::from(planes.halves_height);
        for x in 0..width {
            let bright = planes.luma.at(x, y);
            let Some([u, v]) = &planes.chroma else {
                pixels.extend([to_byte(of(&matrix.luma, bright)); 3]);
                continue;
            };
            let chroma_x = x >> usize::from(planes.halves_width);
            let (u, v) = (u.at(chroma_x, chroma_y), v.at(chroma_x, chroma_y));
            let bright = of(&matrix.luma, bright);
            pixels.extend(if matrix.is_identity {
                [to_byte(of(&matrix.luma, v)), to_byte(bright), to_byte(of(&matrix.luma, u))]
            } else {
                [
                    to_byte(bright + of(&matrix.red_of_v, v)),
                    to_byte(bright + of(&matrix.green_of_u, u) + of(&matrix.green_of_v, v)),
                    to_byte(bright + of(&matrix.blue_of_u, u)),
                ]
            });
        }
    }
    pixels
}

/// The brightness alone, one byte per pixel.
pub(super) fn grey_to_bytes(planes: &Planes<'_>, depth_bits: u32, is_full: bool) -> Vec<u8> {
    let table: Vec<u8> = scaled_luma(is_full, depth_bits).into_iter().map(to_byte).collect();
    let (width, height) = (planes.size.width_px as usize, planes.size.height_px as usize);
    let sample = |x, y| table.get(usize::from(planes.luma.at(x, y))).copied().unwrap_or(0);
    (0..height).flat_map(|y| (0..width).map(move |x| (x, y))).map(|(x, y)| sample(x, y)).collect()
}

fn to_byte(value: f32) -> u8 {
    (value + 0.5).clamp(0.0, 255.0) as u8
}
