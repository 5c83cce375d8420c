//! Lays an edited picture over its source through a mask, so that what lies outside of the mask stays identical.

use media::images::{Bitmap, PixelLayout, Size};
use media::previews::{PreviewError, resize_to};

/// The width of the soft edge inside the mask, as a part of the longer edge of the picture.
const FEATHER_PART: u32 = 128;

/// How much of the edited picture shows at each pixel: 0 is the source, 255 the edit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct MaskValues {
    size: Size,
    values: Vec<u8>,
}

impl MaskValues {
    /// The lightness of a mask's pixels, brought to the size of the picture that it is for. A mask with transparency
    /// counts where it is opaque and light.
    pub(super) fn of(mask: &Bitmap, size: Size) -> Result<Self, PreviewError> {
        let mask = resize_to(&mask.clone().flattened(), size)?;
        let values = mask.pixels().chunks_exact(3).map(lightness).collect();
        Ok(Self { size, values })
    }

    /// White where the picture may change, black elsewhere.
    pub(super) fn white(&self) -> Option<Bitmap> {
        let pixels = self.values.iter().flat_map(|value| [*value; 3]).collect();
        Bitmap::new(self.size, PixelLayout::Rgb, pixels)
    }

    /// Transparent where the picture may change, opaque elsewhere.
    pub(super) fn transparent(&self) -> Option<Bitmap> {
        let pixels = self.values.iter().flat_map(|value| [0, 0, 0, 255 - *value]).collect();
        Bitmap::new(self.size, PixelLayout::Rgba, pixels)
    }

    /// The mask with an edge that grows softer towards the outside, and nowhere beyond it.
    fn feathered(&self) -> Vec<u8> {
        let radius = (self.size.width_px.max(self.size.height_px) / FEATHER_PART).max(1);
        let (width, height) = (index(self.size.width_px), index(self.size.height_px));
        let across = box_blur(&self.values, width, height, index(radius));
        let blurred =
            transpose(&box_blur(&transpose(&across, width, height), height, width, index(radius)), height, width);
        // A pixel whose whole neighbourhood is white is all edit; at the edge half of it is, which must fade to nothing.
        let fade = |blurred: u8| (u16::from(blurred).saturating_sub(127) * 2).min(255);
        let faded = blurred.iter().zip(&self.values).map(|(blurred, value)| fade(*blurred).min(u16::from(*value)));
        faded.map(|value| u8::try_from(value).unwrap_or(u8::MAX)).collect()
    }
}

/// The source with the edit where the mask is white. `edited` is scaled to the source's size; `None` where the mask was
/// made for another size.
///
/// # Errors
/// When the edit cannot be scaled.
pub(super) fn composite(source: &Bitmap, edited: &Bitmap, mask: &MaskValues) -> Result<Option<Bitmap>, PreviewError> {
    if mask.size != source.size() {
        return Ok(None);
    }
    let source = source.clone().flattened();
    let edited = resize_to(&edited.clone().flattened(), source.size())?;
    let mut pixels = source.pixels().to_vec();
    let shares = mask.feathered();
    for ((target, new), share) in pixels.chunks_exact_mut(3).zip(edited.pixels().chunks_exact(3)).zip(&shares) {
        let share = u32::from(*share);
        for (below, above) in target.iter_mut().zip(new) {
            let mixed = (u32::from(*below) * (255 - share) + u32::from(*above) * share + 127) / 255;
            *below = u8::try_from(mixed).unwrap_or(u8::MAX);
        }
    }
    Ok(Bitmap::new(source.size(), PixelLayout::Rgb, pixels))
}

/// ITU-R BT.601, in whole numbers.
fn lightness(pixel: &[u8]) -> u8 {
    let &[red, green, blue] = pixel else { return 0 };
    let sum = u32::from(red) * 299 + u32::from(green) * 587 + u32::from(blue) * 114;
    u8::try_from((sum + 500) / 1_000).unwrap_or(u8::MAX)
}

/// The mean of each value with `radius` neighbours on either side of its row; beyond the edge the last value repeats.
fn box_blur(values: &[u8], width: usize, height: usize, radius: usize) -> Vec<u8> {
    let mut blurred = Vec::with_capacity(values.len());
    for row in values.chunks_exact(width.max(1)).take(height) {
        let at = |place: isize| -> u32 {
            let last = isize::try_from(row.len() - 1).unwrap_or(0);
            let place = usize::try_from(place.clamp(0, last)).unwrap_or(0);
            row.get(place).copied().map_or(0, u32::from)
        };
        let reach = isize::try_from(radius).unwrap_or(0);
        let mut sum: u32 = (-reach..=reach).map(at).sum();
        let count = u32::try_from(2 * radius + 1).unwrap_or(1);
        for place in 0..isize::try_from(row.len()).unwrap_or(0) {
            blurred.push(u8::try_from((sum + count / 2) / count).unwrap_or(u8::MAX));
            sum = sum + at(place + reach + 1) - at(place - reach);
        }
    }
    blurred
}

fn transpose(values: &[u8], width: usize, height: usize) -> Vec<u8> {
    let at = |column: usize, row: usize| values.get(row * width + column).copied().unwrap_or(0);
    (0..width).flat_map(|column| (0..height).map(move |row| at(column, row))).collect()
}

fn index(pixels: u32) -> usize {
    usize::try_from(pixels).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn plain(size: Size, value: u8) -> Bitmap {
        Bitmap::new(size, PixelLayout::Rgb, vec![value; index(size.width_px) * index(size.height_px) * 3]).unwrap()
    }

    /// White from `left` to `right`.
    fn mask(size: Size, left: u32, right: u32) -> Bitmap {
        let column = |x: u32| if (left..right).contains(&x) { 255 } else { 0 };
        let row: Vec<u8> = (0..size.width_px).flat_map(|x| [column(x); 3]).collect();
        Bitmap::new(size, PixelLayout::Rgb, row.repeat(index(size.height_px))).unwrap()
    }

    #[test]
    fn inside_the_mask_is_the_edit_outside_the_source_and_the_edge_is_soft() {
        let size = Size { width_px: 512, height_px: 64 };
        let values = MaskValues::of(&mask(size, 100, 300), size).unwrap();
        let mixed = composite(&plain(size, 10), &plain(size, 210), &values).unwrap().unwrap();
        let at = |x: usize| mixed.pixels()[x * 3];
        assert_eq!((at(0), at(99), at(300), at(511)), (10, 10, 10, 10), "outside nothing changes");
        assert_eq!((at(110), at(200), at(290)), (210, 210, 210), "inside all of it is the edit");
        let edge: Vec<u8> = (100..108).map(at).collect();
        assert!(edge.is_sorted() && edge[0] < 100 && edge.iter().any(|value| (30..190).contains(value)), "{edge:?}");
    }

    #[test]
    fn an_edit_of_another_size_is_aligned_and_a_mask_of_another_size_is_scaled() {
        let size = Size { width_px: 60, height_px: 40 };
        let values = MaskValues::of(&mask(Size { width_px: 30, height_px: 20 }, 0, 30), size).unwrap();
        let edited = plain(Size { width_px: 96, height_px: 64 }, 99);
        let mixed = composite(&plain(size, 1), &edited, &values).unwrap().unwrap();
        assert_eq!((mixed.size(), mixed.pixels()[60 * 20 * 3 + 90]), (size, 99));
        let other = plain(Size { width_px: 61, height_px: 40 }, 1);
        assert!(composite(&other, &edited, &values).unwrap().is_none());
    }

    #[test]
    fn each_provider_reads_its_own_form_of_the_mask() {
        let size = Size { width_px: 4, height_px: 1 };
        let values = MaskValues::of(&mask(size, 1, 3), size).unwrap();
        assert_eq!(values.white().unwrap().pixels(), [0, 0, 0, 255, 255, 255, 255, 255, 255, 0, 0, 0]);
        let alpha: Vec<u8> = values.transparent().unwrap().pixels().chunks(4).map(|pixel| pixel[3]).collect();
        assert_eq!(alpha, [255, 0, 0, 255]);
    }

    proptest! {
        #[test]
        fn what_lies_outside_of_the_mask_never_changes(
            width in 1..40_u32, height in 1..40_u32, source in any::<u8>(), edit in any::<u8>(),
            bits in prop::collection::vec(any::<bool>(), 1600),
        ) {
            let size = Size { width_px: width, height_px: height };
            let area = index(width) * index(height);
            let pixels = bits.iter().take(area).flat_map(|bit| [if *bit { 255 } else { 0 }; 3]).collect();
            let values = MaskValues::of(&Bitmap::new(size, PixelLayout::Rgb, pixels).unwrap(), size).unwrap();
            let mixed = composite(&plain(size, source), &plain(size, edit), &values).unwrap().unwrap();
            for (place, bit) in bits.iter().take(area).enumerate() {
                if !bit {
                    prop_assert_eq!(mixed.pixels()[place * 3], source);
                }
            }
        }
    }
}
