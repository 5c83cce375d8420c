//! Perceptual hashes: the same picture has nearly the same hash, however it was resized or encoded again.

use super::error::PreviewError;
use super::resize::resize_exactly;
use crate::images::model::{Bitmap, Size};
use fast_image_resize::FilterType;
use image::GrayImage;
use image_hasher::{HashAlg, HasherConfig};
use std::fmt;

/// The side of the grey copy that is hashed. Larger copies change nothing in a hash of 16 × 16.
const SAMPLE_SIDE_PX: u32 = 128;
const HASH_SIDE: u32 = 16;

/// 256 bits: the gradient of the picture's cosine transform. A resized JPEG of the same picture differs by about 8
/// bits, an unrelated picture by about 100.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct Fingerprint([u8; 32]);

impl Fingerprint {
    /// Two pictures whose fingerprints differ by no more bits than this are taken for the same one.
    pub const SAME_PICTURE_BITS: u32 = 20;

    /// The fingerprint of a picture.
    ///
    /// # Errors
    /// As [`resize_to_width`](super::resize_to_width).
    pub fn of(bitmap: &Bitmap) -> Result<Self, PreviewError> {
        let side = Size { width_px: SAMPLE_SIDE_PX, height_px: SAMPLE_SIDE_PX };
        let sample = resize_exactly(bitmap, side, FilterType::Box)?.flattened();
        let grey = sample.pixels().as_chunks::<3>().0.iter().map(|&pixel| luminance(pixel)).collect();
        let grey = GrayImage::from_raw(SAMPLE_SIDE_PX, SAMPLE_SIDE_PX, grey)
            .ok_or_else(|| PreviewError::from_cause("fingerprint sample"))?;
        let config = HasherConfig::with_bytes_type::<[u8; 32]>().hash_size(HASH_SIDE, HASH_SIDE);
        let hash = config.hash_alg(HashAlg::Gradient).preproc_dct().to_hasher().hash_image(&grey);
        Ok(Self(hash.into_inner()))
    }

    /// Takes the 32 bytes that were stored.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The 32 bytes to store.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// In how many of the 256 bits two fingerprints differ.
    #[must_use]
    pub fn distance_bits(&self, other: &Self) -> u32 {
        self.0.iter().zip(other.0).map(|(one, two)| (one ^ two).count_ones()).sum()
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Fingerprint({})", hex::encode(self.0))
    }
}

/// Rec. 601 weights in 256ths.
fn luminance([red, green, blue]: [u8; 3]) -> u8 {
    let sum = 77 * u32::from(red) + 150 * u32::from(green) + 29 * u32::from(blue);
    u8::try_from(sum >> 8).unwrap_or(u8::MAX)
}
