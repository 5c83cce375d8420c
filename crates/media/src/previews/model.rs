//! The files that are made of a picture.

use super::fingerprint::Fingerprint;
use crate::images::model::{PictureFormat, Size};
use serde::{Deserialize, Serialize};

/// The widths in pixels. A picture that is narrower keeps its own.
pub mod widths {
    /// The public preview.
    pub const PREVIEW_PX: u32 = 1280;
    /// The variants of the public preview, for `srcset`.
    pub const VARIANTS_PX: [u32; 3] = [320, 640, 1280];
    /// The private thumbnails.
    pub const THUMBNAILS_PX: [u32; 2] = [320, 640];
}

/// One file that was made of a picture.
#[derive(Clone, PartialEq, Eq)]
pub struct PreviewFile {
    /// The format of the file.
    pub format: PictureFormat,
    /// Its real size, which is never larger than the original's.
    pub size: Size,
    /// The encoded file.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for PreviewFile {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Size { width_px, height_px } = self.size;
        write!(formatter, "PreviewFile({} {width_px}×{height_px}, {} bytes)", self.format, self.bytes.len())
    }
}

/// Everything that may be shown in public: all of it is watermarked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PublicPreviews {
    /// The PNG, at most 1280 pixels wide.
    pub png: PreviewFile,
    /// WebP and JPEG at each of [`widths::VARIANTS_PX`]; widths that would enlarge fall together into one.
    pub variants: Vec<PreviewFile>,
    /// What to show while a file loads.
    pub placeholder: Placeholder,
    /// For finding the same picture again.
    pub fingerprint: Fingerprint,
}

/// Private, unmarked, small.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thumbnails {
    /// WebP at each of [`widths::THUMBNAILS_PX`]; widths that would enlarge fall together into one.
    pub files: Vec<PreviewFile>,
    /// What to show while a file loads.
    pub placeholder: Placeholder,
    /// For finding the same picture again.
    pub fingerprint: Fingerprint,
}

/// What stands in a picture's place until it has loaded: few enough bytes to be part of the page.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Placeholder {
    /// The colour that fills most of the picture, as `#rrggbb`.
    pub dominant_colour: String,
    /// The picture as 4 × 4 colours, row by row, each as `rrggbb`: 96 hexadecimal digits.
    pub grid: String,
}

impl Placeholder {
    /// The sixteen colours of the grid as `#rrggbb`, row by row from the top left.
    pub fn grid_colours(&self) -> impl Iterator<Item = String> + '_ {
        self.grid.as_bytes().chunks(6).map(|digits| format!("#{}", String::from_utf8_lossy(digits)))
    }
}
