//! Pictures as values: formats, sizes, pixels, and what can be wrong with a file.

use serde::{Deserialize, Serialize};
use std::fmt;

/// How large a picture may be. Checked from the header, before a single pixel is decoded.
pub mod limits {
    /// The longest side, in pixels.
    pub const SIDE_MAX_PX: u32 = 16_384;
    /// All pixels together (50 megapixels; 200 MB as RGBA).
    pub const PIXELS_MAX: u64 = 50_000_000;
    /// The file, in bytes (40 MiB).
    pub const FILE_MAX_BYTES: usize = 40 * 1024 * 1024;
}

/// The picture formats that the platform takes in and gives out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum PictureFormat {
    /// Portable Network Graphics.
    Png,
    /// JPEG, baseline or progressive.
    Jpeg,
    /// WebP, lossy or lossless, one frame.
    WebP,
}

impl PictureFormat {
    /// The MIME type, such as `image/png`.
    #[must_use]
    pub const fn mime_type(self) -> &'static str {
        match self {
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::WebP => "image/webp",
        }
    }

    /// The file name extension without the dot: `png`, `jpg`, `webp`.
    #[must_use]
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Png => "png",
            Self::Jpeg => "jpg",
            Self::WebP => "webp",
        }
    }

    /// The format that a MIME type names; parameters and letter case do not matter. `None` for all other types.
    #[must_use]
    pub fn from_mime_type(mime_type: &str) -> Option<Self> {
        let essence = mime_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match essence.as_str() {
            "image/png" | "image/x-png" => Some(Self::Png),
            "image/jpeg" | "image/jpg" | "image/pjpeg" => Some(Self::Jpeg),
            "image/webp" => Some(Self::WebP),
            _ => None,
        }
    }
}

impl fmt::Display for PictureFormat {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Png => "PNG",
            Self::Jpeg => "JPEG",
            Self::WebP => "WebP",
        })
    }
}

/// Width and height in pixels, both at least 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Size {
    /// Width in pixels.
    pub width_px: u32,
    /// Height in pixels.
    pub height_px: u32,
}

impl Size {
    /// Width times height.
    #[must_use]
    pub const fn pixels(self) -> u64 {
        self.width_px as u64 * self.height_px as u64
    }

    /// The same shape, at most `width_max_px` wide and never larger than before.
    #[must_use]
    pub fn fit_width(self, width_max_px: u32) -> Self {
        self.fit_within(width_max_px, u32::MAX)
    }

    /// The same shape inside a box, never larger than before; each side stays at least 1.
    #[must_use]
    pub fn fit_within(self, width_max_px: u32, height_max_px: u32) -> Self {
        let (width, height) = (u64::from(self.width_px), u64::from(self.height_px));
        let (width_max, height_max) = (u64::from(width_max_px.max(1)), u64::from(height_max_px.max(1)));
        if width <= width_max && height <= height_max {
            return self;
        }
        let shrunk = |side: u64, target: u64, from: u64| u32::try_from(((side * target + from / 2) / from).max(1));
        let fitted = if width * height_max >= height * width_max {
            shrunk(height, width_max, width).map(|height_px| Self { width_px: width_max_px.max(1), height_px })
        } else {
            shrunk(width, height_max, height).map(|width_px| Self { width_px, height_px: height_max_px.max(1) })
        };
        fitted.unwrap_or(self)
    }
}

/// What the header of a file says, as it would be shown (turned as its orientation asks).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ImageFacts {
    /// The real format, from the first bytes.
    pub format: PictureFormat,
    /// Width in pixels, as shown.
    pub width_px: u32,
    /// Height in pixels, as shown.
    pub height_px: u32,
}

impl ImageFacts {
    /// Width and height together.
    #[must_use]
    pub const fn size(&self) -> Size {
        Size { width_px: self.width_px, height_px: self.height_px }
    }
}

/// Which cap a picture breaks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TooLarge {
    /// The file has more bytes than [`limits::FILE_MAX_BYTES`].
    Bytes(usize),
    /// A side is longer than [`limits::SIDE_MAX_PX`].
    Side(u32),
    /// There are more pixels than [`limits::PIXELS_MAX`].
    Pixels(u64),
}

/// Why bytes are not a picture that the platform takes. Each has a stable code for the API and the language files.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ImageError {
    /// The bytes are no picture at all.
    #[error("these bytes are not a picture")]
    NotAPicture,
    /// The file, or the picture that it claims to hold, is larger than the caps.
    #[error("the picture is too large: {0:?}")]
    TooLarge(TooLarge),
    /// The file ends before the picture does.
    #[error("the picture file ends too early")]
    Truncated,
    /// The declared MIME type is not what the bytes are.
    #[error("declared as another type, but the bytes are {actual}")]
    TypeMismatch {
        /// What the bytes really are.
        actual: PictureFormat,
    },
    /// A picture, but of a kind that the platform does not take.
    #[error("this kind of picture is not supported: {0}")]
    Unsupported(&'static str),
    /// The right format and length, but the data inside is broken.
    #[error("the picture is damaged: {0}")]
    Damaged(String),
}

impl ImageError {
    /// The stable code: `not_a_picture`, `picture_too_large`, `picture_truncated`, `picture_type_mismatch`,
    /// `unsupported_picture` or `picture_damaged`.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::NotAPicture => "not_a_picture",
            Self::TooLarge(_) => "picture_too_large",
            Self::Truncated => "picture_truncated",
            Self::TypeMismatch { .. } => "picture_type_mismatch",
            Self::Unsupported(_) => "unsupported_picture",
            Self::Damaged(_) => "picture_damaged",
        }
    }
}

/// The colours in which a file says that its pixels are, where they are not sRGB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum ColourProfile {
    /// An ICC profile, as it stands in the file.
    Icc(Vec<u8>),
    /// Primaries and transfer characteristics by their numbers in ITU-T H.273.
    CodePoints {
        /// Table 2 of H.273: 1 are those of sRGB, 12 those of Display P3.
        primaries: u8,
        /// Table 3 of H.273: 13 is that of sRGB, 16 and 18 are those of HDR.
        transfer: u8,
    },
}

/// How the bytes of a [`Bitmap`] are laid out: rows from the top, no gaps, 8 bits per channel, sRGB.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PixelLayout {
    /// Red, green, blue.
    Rgb,
    /// Red, green, blue and straight (not premultiplied) alpha.
    Rgba,
}

impl PixelLayout {
    /// 3 or 4.
    #[must_use]
    pub const fn bytes_per_pixel(self) -> usize {
        match self {
            Self::Rgb => 3,
            Self::Rgba => 4,
        }
    }
}

/// Decoded pixels. The buffer always has exactly `width × height × bytes per pixel` bytes.
#[derive(Clone, PartialEq, Eq)]
pub struct Bitmap {
    size: Size,
    layout: PixelLayout,
    pixels: Vec<u8>,
}

impl Bitmap {
    /// Takes pixels over. `None` when a side is 0 or the buffer does not fit the size.
    #[must_use]
    pub fn new(size: Size, layout: PixelLayout, pixels: Vec<u8>) -> Option<Self> {
        let wanted = usize::try_from(size.pixels()).ok()?.checked_mul(layout.bytes_per_pixel())?;
        (size.pixels() > 0 && pixels.len() == wanted).then_some(Self { size, layout, pixels })
    }

    /// Width and height in pixels.
    #[must_use]
    pub const fn size(&self) -> Size {
        self.size
    }

    /// Width in pixels.
    #[must_use]
    pub const fn width_px(&self) -> u32 {
        self.size.width_px
    }

    /// Height in pixels.
    #[must_use]
    pub const fn height_px(&self) -> u32 {
        self.size.height_px
    }

    /// RGB or RGBA.
    #[must_use]
    pub const fn layout(&self) -> PixelLayout {
        self.layout
    }

    /// The pixels, row by row from the top.
    #[must_use]
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// The pixels, to be changed in place; the length stays as it is.
    pub fn pixels_mut(&mut self) -> &mut [u8] {
        &mut self.pixels
    }

    /// Gives the buffer away.
    #[must_use]
    pub fn into_pixels(self) -> Vec<u8> {
        self.pixels
    }

    /// Bytes in one row.
    #[must_use]
    pub const fn row_bytes(&self) -> usize {
        self.size.width_px as usize * self.layout.bytes_per_pixel()
    }

    /// The same picture without transparency: laid over white where it was see-through.
    #[must_use]
    pub fn flattened(self) -> Self {
        if self.layout == PixelLayout::Rgb {
            return self;
        }
        let mut pixels = Vec::with_capacity(self.pixels.len() / 4 * 3);
        for pixel in self.pixels.as_chunks::<4>().0 {
            let [red, green, blue, alpha] = *pixel;
            pixels.extend([red, green, blue].map(|channel| over_white(channel, alpha)));
        }
        Self { size: self.size, layout: PixelLayout::Rgb, pixels }
    }

    /// Drops an alpha channel that is opaque everywhere: three quarters of the work for all that follows.
    #[must_use]
    pub fn without_idle_alpha(self) -> Self {
        let opaque = self.layout == PixelLayout::Rgba && self.pixels.as_chunks::<4>().0.iter().all(|p| p[3] == 255);
        if opaque { self.flattened() } else { self }
    }
}

/// One channel of a see-through pixel laid over white, rounded.
fn over_white(channel: u8, alpha: u8) -> u8 {
    let (channel, alpha) = (u32::from(channel), u32::from(alpha));
    u8::try_from((channel * alpha + 255 * (255 - alpha) + 127) / 255).unwrap_or(u8::MAX)
}

impl fmt::Debug for Bitmap {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Bitmap({}×{} {:?})", self.size.width_px, self.size.height_px, self.layout)
    }
}
