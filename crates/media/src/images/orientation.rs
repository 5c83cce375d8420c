//! The EXIF orientation: how a stored picture wants to be turned before it is shown. (CIPA DC-008, tag 0x0112.)

use super::model::{Bitmap, Size};

const ORIENTATION_TAG: u16 = 0x0112;
/// A directory longer than this is not one.
const ENTRIES_MAX: usize = 512;

/// The eight ways in which a camera may have been held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Orientation {
    /// 1: as stored.
    #[default]
    Upright,
    /// 2: mirrored left to right.
    Mirrored,
    /// 3: turned by 180°.
    UpsideDown,
    /// 4: mirrored top to bottom.
    Flipped,
    /// 5: mirrored along the diagonal from top left.
    Transposed,
    /// 6: to be turned clockwise by 90°.
    Clockwise,
    /// 7: mirrored along the diagonal from top right.
    Transversed,
    /// 8: to be turned counter-clockwise by 90°.
    CounterClockwise,
}

impl Orientation {
    /// Reads the orientation out of an EXIF block (a TIFF header and its first directory). Whatever is broken or
    /// missing there means upright: metadata never spoils a picture.
    #[must_use]
    pub fn from_exif(tiff: &[u8]) -> Self {
        read_tag(tiff).map_or(Self::Upright, Self::from_code)
    }

    /// The smallest EXIF block that says this: one directory with one entry.
    #[must_use]
    pub const fn to_exif(self) -> [u8; 26] {
        let code = self.code();
        [
            b'I', b'I', 0x2a, 0, 8, 0, 0, 0, // little-endian, the directory at 8
            1, 0, // one entry
            0x12, 0x01, 3, 0, 1, 0, 0, 0, code, 0, 0, 0, // orientation, one short
            0, 0, 0, 0, // no further directory
        ]
    }

    const fn code(self) -> u8 {
        match self {
            Self::Upright => 1,
            Self::Mirrored => 2,
            Self::UpsideDown => 3,
            Self::Flipped => 4,
            Self::Transposed => 5,
            Self::Clockwise => 6,
            Self::Transversed => 7,
            Self::CounterClockwise => 8,
        }
    }

    const fn from_code(code: u16) -> Self {
        match code {
            2 => Self::Mirrored,
            3 => Self::UpsideDown,
            4 => Self::Flipped,
            5 => Self::Transposed,
            6 => Self::Clockwise,
            7 => Self::Transversed,
            8 => Self::CounterClockwise,
            _ => Self::Upright,
        }
    }

    /// Whether width and height change places.
    #[must_use]
    pub const fn swaps_sides(self) -> bool {
        matches!(self, Self::Transposed | Self::Clockwise | Self::Transversed | Self::CounterClockwise)
    }

    /// The size after turning.
    #[must_use]
    pub const fn turned(self, stored: Size) -> Size {
        if self.swaps_sides() { Size { width_px: stored.height_px, height_px: stored.width_px } } else { stored }
    }

    /// Turns a picture upright.
    #[must_use]
    pub fn apply(self, bitmap: Bitmap) -> Bitmap {
        if self == Self::Upright {
            return bitmap;
        }
        match bitmap.layout().bytes_per_pixel() {
            3 => self.apply_sized::<3>(bitmap),
            _ => self.apply_sized::<4>(bitmap),
        }
    }

    fn apply_sized<const N: usize>(self, bitmap: Bitmap) -> Bitmap {
        let turned = self.turned(bitmap.size());
        let (stored_width, stored_height) = (bitmap.width_px() as usize, bitmap.height_px() as usize);
        let (source, _) = bitmap.pixels().as_chunks::<N>();
        let mut pixels = Vec::with_capacity(bitmap.pixels().len());
        for y in 0..turned.height_px as usize {
            for x in 0..turned.width_px as usize {
                let (from_x, from_y) = match self {
                    Self::Upright => (x, y),
                    Self::Mirrored => (stored_width - 1 - x, y),
                    Self::UpsideDown => (stored_width - 1 - x, stored_height - 1 - y),
                    Self::Flipped => (x, stored_height - 1 - y),
                    Self::Transposed => (y, x),
                    Self::Clockwise => (y, stored_height - 1 - x),
                    Self::Transversed => (stored_width - 1 - y, stored_height - 1 - x),
                    Self::CounterClockwise => (stored_width - 1 - y, x),
                };
                pixels.extend_from_slice(&source[from_y * stored_width + from_x]);
            }
        }
        let layout = bitmap.layout();
        Bitmap::new(turned, layout, pixels).unwrap_or(bitmap)
    }
}

/// The value of the orientation tag in the first directory, if there is one.
fn read_tag(tiff: &[u8]) -> Option<u16> {
    let little = match tiff.get(..4)? {
        [b'I', b'I', 0x2a, 0] => true,
        [b'M', b'M', 0, 0x2a] => false,
        _ => return None,
    };
    let u16_at = |at: usize| {
        let raw = tiff.get(at..at.checked_add(2)?)?;
        let raw = [raw[0], raw[1]];
        Some(if little { u16::from_le_bytes(raw) } else { u16::from_be_bytes(raw) })
    };
    let high_first = |at: usize| -> Option<usize> {
        let (first, second) = (usize::from(u16_at(at)?), usize::from(u16_at(at.checked_add(2)?)?));
        Some(if little { second << 16 | first } else { first << 16 | second })
    };
    let directory = high_first(4)?;
    let entries = usize::from(u16_at(directory)?).min(ENTRIES_MAX);
    (0..entries).find_map(|index| {
        let entry = directory.checked_add(2 + index * 12)?;
        (u16_at(entry)? == ORIENTATION_TAG).then(|| u16_at(entry + 8)).flatten()
    })
}
