//! Sizes, marks, hashes.

use super::*;
use crate::images::samples::{cutout, files, jpeg_with, photo, plain};
use crate::images::{Bitmap, Orientation, PictureFormat, PixelLayout, Size, decode, encode_jpeg, encode_png};
use proptest::prelude::*;

const SHAPES: [(u32, u32); 9] =
    [(1280, 800), (1024, 1024), (720, 1280), (1280, 1600), (300, 1280), (1280, 90), (90, 900), (64, 64), (640, 400)];

fn marked(bitmap: &Bitmap) -> Bitmap {
    let mut marked = bitmap.clone();
    Watermark::default().lay_over(&mut marked);
    marked
}

/// Whether any pixel in a box differs by more than a trace.
fn differs(one: &Bitmap, two: &Bitmap, (x0, y0): (u32, u32), (x1, y1): (u32, u32)) -> bool {
    let bytes = one.layout().bytes_per_pixel();
    (y0..y1).any(|y| {
        let row = y as usize * one.row_bytes();
        let range = row + x0 as usize * bytes..row + x1 as usize * bytes;
        one.pixels()[range.clone()].iter().zip(&two.pixels()[range]).any(|(a, b)| a.abs_diff(*b) > 8)
    })
}

#[test]
fn the_mark_covers_every_part_of_every_shape_on_any_ground() {
    for (width_px, height_px) in SHAPES {
        for colour in [[255; 3], [0; 3], [128; 3], [250, 240, 200]] {
            let before = plain(width_px, height_px, colour);
            let after = marked(&before);
            // Five capitals are two lines of text: a box of that side cannot lie between them.
            let capital_px = (width_px.min(height_px) / 18).clamp(8, 44);
            let step = (capital_px * 5).min(width_px).min(height_px);
            for top in (0..=height_px - step).step_by(step as usize).chain([height_px - step]) {
                for left in (0..=width_px - step).step_by(step as usize).chain([width_px - step]) {
                    let (from, to) = ((left, top), (left + step, top + step));
                    assert!(differs(&before, &after, from, to), "{width_px}×{height_px} {colour:?} at {left}, {top}");
                }
            }
        }
    }
}

#[test]
fn the_mark_is_faint_and_visible_on_light_and_dark() {
    let extremes = |ground: u8| {
        let after = marked(&plain(600, 600, [ground; 3]));
        let (low, high) = (after.pixels().iter().min().unwrap(), after.pixels().iter().max().unwrap());
        (*low, *high)
    };
    assert_eq!(extremes(0), (0, 46));
    let (low, high) = extremes(255);
    assert!((208..222).contains(&low) && high == 255, "{low} {high}");
    let (low, high) = extremes(128);
    assert!((100..118).contains(&low) && (145..156).contains(&high), "{low} {high}");
}

#[test]
fn a_cutout_is_marked_where_it_is_see_through_too() {
    let nothing = Bitmap::new(Size { width_px: 400, height_px: 400 }, PixelLayout::Rgba, vec![0; 640_000]).unwrap();
    let after = marked(&nothing);
    assert!(after.pixels().chunks(4).any(|pixel| pixel == [255, 255, 255, 46]));
    let opaque = cutout(400, 300);
    let after = marked(&opaque);
    assert_eq!(after.size(), opaque.size());
    assert!(differs(&opaque, &after, (0, 0), (100, 100)) && differs(&opaque, &after, (300, 200), (400, 300)));
}

#[test]
fn see_through_and_opaque_pixels_are_marked_alike() {
    let rgb = plain(200, 200, [90, 140, 30]);
    let with_alpha = rgb.pixels().as_chunks::<3>().0.iter().flat_map(|&[r, g, b]| [r, g, b, 255]).collect();
    let rgba = Bitmap::new(rgb.size(), PixelLayout::Rgba, with_alpha).unwrap();
    for (one, two) in marked(&rgb).pixels().chunks(3).zip(marked(&rgba).pixels().chunks(4)) {
        assert_eq!((one, 255), (&two[..3], two[3]));
    }
}

#[test]
fn any_text_can_be_a_mark() {
    let long = "MACHIYA ".repeat(200);
    for text in
        ["Machiya 2026", "é ß ＡＢＣ", "町家", "🎀", "A", ".", long.as_str(), "\u{202e}x\u{0}y", "© A&B - 0123456789!"]
    {
        let before = plain(300, 200, [60; 3]);
        let mut after = before.clone();
        Watermark::new(text).lay_over(&mut after);
        assert!(differs(&before, &after, (0, 0), (150, 100)), "{text:?}");
        assert!(differs(&before, &after, (150, 100), (300, 200)), "{text:?}");
    }
    for nothing in ["", "  \n\t ", "\u{301}"] {
        assert_eq!(Watermark::new(nothing).text(), "OPEN WARDROBE MARKET");
    }
}

#[test]
fn public_previews_have_the_widths_and_formats_of_the_gallery() {
    let original = encode_jpeg(&photo(1600, 900, 1), 90).unwrap();
    let previews = make_public_previews(&original, &Watermark::default()).unwrap();
    assert_eq!((previews.png.format, previews.png.size), (PictureFormat::Png, Size { width_px: 1280, height_px: 720 }));
    let listed: Vec<_> = previews.variants.iter().map(|file| (file.format, file.size.width_px)).collect();
    let wanted = [320, 640, 1280].into_iter().flat_map(|w| [(PictureFormat::WebP, w), (PictureFormat::Jpeg, w)]);
    assert_eq!(listed, wanted.collect::<Vec<_>>());
    for file in previews.variants.iter().chain([&previews.png]) {
        assert_eq!(decode(&file.bytes).unwrap().size(), file.size);
    }
    assert_eq!(previews, make_public_previews(&original, &Watermark::default()).unwrap());
    assert_eq!(previews.png, make_preview_png(&original, &Watermark::default()).unwrap());
}

#[test]
fn what_is_public_is_never_the_original() {
    let bitmap = photo(700, 500, 1);
    let original = encode_png(&bitmap).unwrap();
    let previews = make_public_previews(&original, &Watermark::default()).unwrap();
    for file in previews.variants.iter().chain([&previews.png]).filter(|file| file.size == bitmap.size()) {
        let shown = decode(&file.bytes).unwrap();
        assert!(differs(&bitmap, &shown, (0, 0), (200, 200)) && differs(&bitmap, &shown, (500, 300), (700, 500)));
    }
}

#[test]
fn a_small_picture_is_never_made_larger_and_gives_each_file_once() {
    for file in files(&photo(200, 310, 1)) {
        let previews = make_public_previews(&file, &Watermark::default()).unwrap();
        assert_eq!(previews.variants.len(), 2);
        assert!(previews.variants.iter().all(|file| file.size == Size { width_px: 200, height_px: 310 }));
        assert_eq!(make_thumbnails(&file).unwrap().files.len(), 1);
    }
}

#[test]
fn thumbnails_are_small_webp_without_a_mark() {
    let ground = plain(1000, 1000, [200, 30, 40]);
    let thumbnails = make_thumbnails(&encode_png(&ground).unwrap()).unwrap();
    assert_eq!(thumbnails.files.iter().map(|file| file.size.width_px).collect::<Vec<_>>(), [320, 640]);
    for file in &thumbnails.files {
        assert_eq!(file.format, PictureFormat::WebP);
        let pixels = decode(&file.bytes).unwrap();
        assert!(pixels.pixels().chunks(3).all(|p| p[0].abs_diff(200) < 6 && p[1].abs_diff(30) < 6), "a mark shows");
    }
}

#[test]
fn transparency_stays_in_png_and_webp_and_becomes_white_in_jpeg() {
    let previews = make_public_previews(&encode_png(&cutout(400, 200)).unwrap(), &Watermark::default()).unwrap();
    for file in previews.variants.iter().chain([&previews.png]) {
        let layout = decode(&file.bytes).unwrap().layout();
        let wanted = if file.format == PictureFormat::Jpeg { PixelLayout::Rgb } else { PixelLayout::Rgba };
        assert_eq!(layout, wanted, "{file:?}");
    }
}

#[test]
fn extreme_shapes_work() {
    for (width_px, height_px) in [(1, 1), (1, 4000), (4000, 1), (3, 16_384), (16_384, 3)] {
        let original = encode_png(&plain(width_px, height_px, [9, 99, 199])).unwrap();
        let previews = make_public_previews(&original, &Watermark::default()).unwrap();
        assert!(previews.png.size.width_px <= width_px && previews.png.size.height_px <= height_px);
    }
}

#[test]
fn the_same_picture_has_nearly_the_same_fingerprint() {
    let picture = photo(900, 700, 1);
    let fingerprint = Fingerprint::of(&picture).unwrap();
    let smaller = resize_to_width(&picture, 400).unwrap();
    let again = decode(&encode_jpeg(&smaller, 70).unwrap()).unwrap();
    let same = fingerprint.distance_bits(&Fingerprint::of(&again).unwrap());
    assert!(same <= Fingerprint::SAME_PICTURE_BITS, "{same} bits");
    for variant in 2..6 {
        let other = fingerprint.distance_bits(&Fingerprint::of(&photo(900, 700, variant)).unwrap());
        assert!(other > 3 * Fingerprint::SAME_PICTURE_BITS, "variant {variant}: {other} bits");
    }
    assert_eq!(Fingerprint::from_bytes(*fingerprint.as_bytes()), fingerprint);
}

#[test]
fn a_placeholder_names_the_colours_of_the_picture() {
    let placeholder = placeholder_of(&plain(300, 200, [200, 16, 32])).unwrap();
    assert_eq!(placeholder.dominant_colour, "#c81020");
    assert_eq!(placeholder.grid, "c81020".repeat(16));
    assert_eq!(placeholder.grid_colours().collect::<Vec<_>>(), vec!["#c81020"; 16]);
    let mut halves = plain(300, 200, [255, 255, 255]);
    let dark_bytes = halves.pixels().len() * 3 / 4;
    halves.pixels_mut()[..dark_bytes].fill(10);
    let placeholder = placeholder_of(&halves).unwrap();
    assert_eq!(placeholder.dominant_colour, "#0a0a0a");
    assert!(placeholder.grid.starts_with("0a0a0a") && placeholder.grid.ends_with("ffffff"));
}

#[test]
fn what_is_no_picture_has_no_preview() {
    let error = make_public_previews(b"not a picture at all", &Watermark::default()).unwrap_err();
    assert_eq!(error.code(), "not_a_picture");
    let whole = encode_png(&photo(100, 100, 1)).unwrap();
    assert_eq!(make_thumbnails(&whole[..whole.len() / 2]).unwrap_err().code(), "picture_truncated");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(60))]

    #[test]
    fn resizing_never_enlarges(width_px in 1_u32..300, height_px in 1_u32..300, to_px in 1_u32..400) {
        let smaller = resize_to_width(&photo(width_px, height_px, 1), to_px).unwrap();
        prop_assert!(smaller.width_px() <= width_px.min(to_px) && smaller.height_px() <= height_px);
        prop_assert_eq!(smaller.width_px(), width_px.min(to_px));
    }

    #[test]
    fn marking_is_a_function(width_px in 1_u32..200, height_px in 1_u32..200, text in ".{0,20}") {
        let once = { let mut b = photo(width_px, height_px, 1); Watermark::new(&text).lay_over(&mut b); b };
        let mut twice = photo(width_px, height_px, 1);
        let watermark = Watermark::new(&text);
        watermark.lay_over(&mut photo(width_px, height_px, 2));
        watermark.lay_over(&mut twice);
        prop_assert!(once == twice);
    }
}

#[test]
fn shrinking_a_jpeg_from_its_planes_is_decoding_and_resizing() {
    for (width_px, height_px) in [(800, 600), (801, 603), (333, 517)] {
        let [_, jpeg, _] = files(&photo(width_px, height_px, 1));
        let turned = jpeg_with(&jpeg, 0xe1, &[b"Exif\0\0".as_slice(), &turned_clockwise()].concat());
        for file in [jpeg, turned] {
            for to_px in [300, 157, 40] {
                let quick = shrink(&file, to_px).unwrap();
                let slow = resize_to_width(&decode(&file).unwrap(), to_px).unwrap();
                assert_eq!(quick.size(), slow.size());
                let error: u64 = quick.pixels().iter().zip(slow.pixels()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
                let mean = error as f64 / slow.pixels().len() as f64;
                assert!(mean < 1.5, "{width_px}×{height_px} to {to_px}: mean difference {mean}");
            }
        }
    }
}

fn turned_clockwise() -> [u8; 26] {
    let mut exif = Orientation::Upright.to_exif();
    exif[18] = 6;
    exif
}

#[test]
fn greyscale_and_full_colour_jpegs_shrink_too() {
    let grey: Vec<u8> = (0..200 * 100).map(|index| (index % 200) as u8).collect();
    let mut file = Vec::new();
    jpeg_encoder::Encoder::new(&mut file, 90).encode(&grey, 200, 100, jpeg_encoder::ColorType::Luma).unwrap();
    assert_eq!(shrink(&file, 50).unwrap().size(), Size { width_px: 50, height_px: 25 });
    for sampling in [jpeg_encoder::SamplingFactor::F_1_1, jpeg_encoder::SamplingFactor::F_2_1] {
        let bitmap = photo(200, 100, 1);
        let mut file = Vec::new();
        let mut encoder = jpeg_encoder::Encoder::new(&mut file, 95);
        encoder.set_sampling_factor(sampling);
        encoder.set_progressive(true);
        encoder.encode(bitmap.pixels(), 200, 100, jpeg_encoder::ColorType::Rgb).unwrap();
        let (quick, slow) = (shrink(&file, 64).unwrap(), resize_to_width(&bitmap, 64).unwrap());
        let error: u64 = quick.pixels().iter().zip(slow.pixels()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        assert!(error / (slow.pixels().len() as u64) < 4, "{error}");
    }
}
