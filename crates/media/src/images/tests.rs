//! What a file is found to be, how it is refused, and its pixels.

use super::samples::{cutout, files, jpeg_with, photo, png_chunk, png_with};
use super::*;
use proptest::prelude::*;
use std::time::{Duration, Instant};

fn size(width_px: u32, height_px: u32) -> Size {
    Size { width_px, height_px }
}

/// A PNG that says it is this large, with a little data behind it.
fn png_that_claims(width_px: u32, height_px: u32) -> Vec<u8> {
    let header = [&width_px.to_be_bytes()[..], &height_px.to_be_bytes(), &[8, 2, 0, 0, 0]].concat();
    let data = png_chunk(b"IDAT", &[0x78, 0x9c, 3, 0, 0, 0, 0, 1]);
    [b"\x89PNG\r\n\x1a\n".as_slice(), &png_chunk(b"IHDR", &header), &data, &png_chunk(b"IEND", b"")].concat()
}

#[test]
fn format_and_size_come_from_the_bytes() {
    let formats = [PictureFormat::Png, PictureFormat::Jpeg, PictureFormat::WebP];
    for (file, format) in files(&photo(123, 77, 1)).iter().zip(formats) {
        assert_eq!(inspect(file), Ok(ImageFacts { format, width_px: 123, height_px: 77 }));
        assert_eq!(inspect_declared(file, format.mime_type()).unwrap().format, format);
        assert_eq!(decode(file).unwrap().size(), size(123, 77));
    }
}

#[test]
fn a_lying_type_is_found() {
    let [png, jpeg, webp] = files(&photo(40, 30, 1));
    assert_eq!(inspect_declared(&png, "image/jpeg").unwrap_err().code(), "picture_type_mismatch");
    assert_eq!(inspect_declared(&jpeg, "image/webp").unwrap_err().code(), "picture_type_mismatch");
    assert_eq!(inspect_declared(&webp, "text/html").unwrap_err().code(), "picture_type_mismatch");
    assert!(inspect_declared(&jpeg, "image/JPG; charset=binary").is_ok());
    assert!(inspect_declared(&png, "application/octet-stream").is_ok());
}

#[test]
fn what_is_no_picture_is_told_apart_from_what_is_not_supported() {
    for bytes in [b"".as_slice(), b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"%PDF-1.7", b"hello, world, hello"] {
        assert_eq!(inspect(bytes).unwrap_err().code(), "not_a_picture", "{bytes:?}");
    }
    for bytes in [b"GIF89a\x01\0\x01\0\0\0\0".as_slice(), b"\0\0\0\x20ftypavif\0\0\0\0", b"\0\0\0\x18ftypheic\0\0\0\0"]
    {
        assert_eq!(inspect(bytes).unwrap_err().code(), "unsupported_picture", "{bytes:?}");
    }
    assert_eq!(inspect(b"\x89PNG").unwrap_err().code(), "picture_truncated");
}

#[test]
fn a_bomb_is_refused_in_less_than_a_millisecond() {
    let jpeg = {
        let mut jpeg = files(&photo(16, 16, 1))[1].clone();
        let frame = jpeg.windows(2).position(|pair| pair == [0xff, 0xc0]).unwrap();
        jpeg[frame + 5..frame + 9].copy_from_slice(&[0x75, 0x30, 0x75, 0x30]);
        jpeg
    };
    let webp = [b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0".as_slice(), &[0, 0, 0, 0, 0x2f, 0x75, 0, 0x2f, 0x75, 0]].concat();
    for bomb in [png_that_claims(30_000, 30_000), jpeg, webp] {
        let start = Instant::now();
        for _ in 0..100 {
            assert_eq!(decode(&bomb).unwrap_err(), ImageError::TooLarge(TooLarge::Side(30_000)));
        }
        assert!(start.elapsed() < Duration::from_millis(100), "{:?} for 100", start.elapsed());
    }
}

#[test]
fn each_cap_holds() {
    let code = |bytes: &[u8]| inspect(bytes).unwrap_err();
    assert_eq!(code(&png_that_claims(16_385, 1)), ImageError::TooLarge(TooLarge::Side(16_385)));
    assert_eq!(code(&png_that_claims(10_000, 5_001)), ImageError::TooLarge(TooLarge::Pixels(50_010_000)));
    assert!(inspect(&png_that_claims(10_000, 5_000)).is_ok());
    let mut huge = files(&photo(8, 8, 1))[0].clone();
    huge.resize(limits::FILE_MAX_BYTES + 1, 0);
    assert_eq!(code(&huge), ImageError::TooLarge(TooLarge::Bytes(huge.len())));
    assert_eq!(code(&png_that_claims(0, 5)).code(), "picture_damaged");
}

#[test]
fn a_file_that_ends_too_early_is_never_a_picture() {
    for file in files(&photo(90, 60, 1)) {
        for cut in (0..file.len()).rev().step_by(7) {
            let part = &file[..cut];
            assert!(inspect(part).is_err(), "{cut} of {} bytes", file.len());
            assert!(decode(part).is_err(), "{cut} of {} bytes", file.len());
        }
        assert_eq!(inspect(&file[..file.len() / 2]), Err(ImageError::Truncated));
    }
}

#[test]
fn missing_pixels_behind_a_proper_ending_are_found_by_decoding() {
    let [png, jpeg, webp] = files(&photo(200, 200, 1));
    let data = png.windows(4).position(|window| window == b"IDAT").unwrap();
    let data_end = png.len() - 12;
    let half = png_chunk(b"IDAT", &png[data + 4..data + 4 + (data_end - data) / 2]);
    let cut_png = [&png[..data - 4], &half, &png_chunk(b"IEND", b"")].concat();
    let cut_jpeg = [&jpeg[..jpeg.len() / 2], &[0xff, 0xd9]].concat();
    let mut cut_webp = webp[..(webp.len() / 2) & !1].to_vec();
    let length = u32::try_from(cut_webp.len()).unwrap();
    cut_webp[4..8].copy_from_slice(&(length - 8).to_le_bytes());
    cut_webp[16..20].copy_from_slice(&(length - 20).to_le_bytes());
    for file in [cut_png, cut_jpeg, cut_webp] {
        let error = decode(&file).unwrap_err();
        assert!(matches!(error, ImageError::Truncated | ImageError::Damaged(_)), "{error:?}");
    }
}

#[test]
fn png_comes_back_bit_for_bit() {
    for bitmap in [photo(61, 43, 3), cutout(61, 43)] {
        assert_eq!(decode(&encode_png(&bitmap).unwrap()).unwrap(), bitmap);
    }
}

#[test]
fn lossy_formats_stay_close() {
    let bitmap = photo(160, 120, 3);
    for file in &files(&bitmap)[1..] {
        let again = decode(file).unwrap();
        let sum: u64 = again.pixels().iter().zip(bitmap.pixels()).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
        assert!(sum / (bitmap.pixels().len() as u64) < 6, "mean difference {}", sum as f64 / 57_600.0);
    }
}

#[test]
fn sixteen_bits_palettes_and_grey_become_eight_bit_rgb() {
    let write = |color, depth, data: &[u8], palette: Option<(&[u8], &[u8])>| {
        let mut file = Vec::new();
        let mut encoder = png::Encoder::new(&mut file, 2, 1);
        encoder.set_color(color);
        encoder.set_depth(depth);
        if let Some((colours, alphas)) = palette {
            encoder.set_palette(colours);
            encoder.set_trns(alphas);
        }
        encoder.write_header().unwrap().write_image_data(data).unwrap();
        decode(&file).unwrap()
    };
    use png::{BitDepth, ColorType};
    let deep = write(ColorType::Rgb, BitDepth::Sixteen, &[255, 255, 128, 0, 0, 9, 1, 2, 3, 4, 5, 6], None);
    assert_eq!((deep.layout(), deep.pixels()), (PixelLayout::Rgb, [255, 128, 0, 1, 3, 5].as_slice()));
    let palette = Some(([10, 20, 30, 40, 50, 60].as_slice(), [255, 128].as_slice()));
    let indexed = write(ColorType::Indexed, BitDepth::One, &[0b0100_0000], palette);
    assert_eq!(
        (indexed.layout(), indexed.pixels()),
        (PixelLayout::Rgba, [10, 20, 30, 255, 40, 50, 60, 128].as_slice())
    );
    let grey = write(ColorType::Grayscale, BitDepth::Four, &[0xf0], None);
    assert_eq!(grey.pixels(), [255, 255, 255, 0, 0, 0]);
    let grey_alpha = write(ColorType::GrayscaleAlpha, BitDepth::Eight, &[7, 8, 9, 255], None);
    assert_eq!(grey_alpha.pixels(), [7, 7, 7, 8, 9, 9, 9, 255]);
    let idle_alpha = write(ColorType::Rgba, BitDepth::Eight, &[1, 2, 3, 255, 4, 5, 6, 255], None);
    assert_eq!((idle_alpha.layout(), idle_alpha.pixels()), (PixelLayout::Rgb, [1, 2, 3, 4, 5, 6].as_slice()));
}

#[test]
fn exif_turns_the_picture_upright() {
    // Stored as two rows of three: a b c / d e f.
    let glyph_rows: Vec<u8> = (1..=6).flat_map(|grey| [grey * 10; 3]).collect();
    let stored = Bitmap::new(size(3, 2), PixelLayout::Rgb, glyph_rows).unwrap();
    let png = encode_png(&stored).unwrap();
    let wanted: [(u8, u32, [u8; 6]); 8] = [
        (1, 3, [1, 2, 3, 4, 5, 6]),
        (2, 3, [3, 2, 1, 6, 5, 4]),
        (3, 3, [6, 5, 4, 3, 2, 1]),
        (4, 3, [4, 5, 6, 1, 2, 3]),
        (5, 2, [1, 4, 2, 5, 3, 6]),
        (6, 2, [4, 1, 5, 2, 6, 3]),
        (7, 2, [6, 3, 5, 2, 4, 1]),
        (8, 2, [3, 6, 2, 5, 1, 4]),
    ];
    for (code, width_px, order) in wanted {
        let mut exif = Orientation::Upright.to_exif();
        exif[18] = code;
        assert_eq!(Orientation::from_exif(&exif).to_exif(), exif);
        let turned_file = png_with(&png, &[png_chunk(b"eXIf", &exif)]);
        let turned = decode(&turned_file).unwrap();
        let greys: Vec<u8> = turned.pixels().chunks(3).map(|pixel| pixel[0] / 10).collect();
        assert_eq!((turned.width_px(), greys), (width_px, order.to_vec()), "orientation {code}");
        assert_eq!(inspect(&turned_file).unwrap().width_px, width_px);
    }
}

#[test]
fn exif_of_a_jpeg_counts_in_either_byte_order_and_broken_exif_does_not() {
    let jpeg = &files(&photo(30, 20, 1))[1];
    let big = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0\x06\0\0\0\0\0\0";
    assert_eq!(inspect(&jpeg_with(jpeg, 0xe1, big)).unwrap().size(), size(20, 30));
    assert_eq!(decode(&jpeg_with(jpeg, 0xe1, big)).unwrap().size(), size(20, 30));
    for broken in [b"Exif\0\0II".as_slice(), b"Exif\0\0MM\0\x2a\xff\xff\xff\xff", b"Exif\0\0", &big[..20]] {
        assert_eq!(inspect(&jpeg_with(jpeg, 0xe1, broken)).unwrap().size(), size(30, 20));
    }
}

#[test]
fn see_through_pixels_are_laid_over_white() {
    let bitmap = Bitmap::new(size(3, 1), PixelLayout::Rgba, vec![0, 0, 0, 0, 10, 20, 30, 255, 0, 100, 200, 128]);
    assert_eq!(bitmap.unwrap().flattened().pixels(), [255, 255, 255, 10, 20, 30, 127, 177, 227]);
}

#[test]
fn mime_types_are_read_as_people_write_them() {
    assert_eq!(PictureFormat::from_mime_type(" Image/PNG ; q=1"), Some(PictureFormat::Png));
    assert_eq!(PictureFormat::from_mime_type("image/svg+xml"), None);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    #[test]
    fn any_bytes_give_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..400), magic in 0..4_usize) {
        let magics: [&[u8]; 4] = [b"", b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff\xe0", b"RIFF\xff\0\0\0WEBP"];
        let bytes = [magics[magic], &bytes].concat();
        if let Ok(bitmap) = decode(&bytes) {
            prop_assert_eq!(inspect(&bytes).map(|facts| facts.size()), Ok(bitmap.size()));
        }
    }

    #[test]
    fn damaged_pictures_give_an_answer_of_the_announced_size(
        format in 0..3_usize,
        hits in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let mut file = files(&photo(48, 33, 2))[format].clone();
        for (at, value) in hits {
            let at = at.index(file.len());
            file[at] = value;
        }
        if let Ok(bitmap) = decode(&file) {
            prop_assert_eq!(inspect(&file).map(|facts| facts.size()), Ok(bitmap.size()));
        }
    }

    #[test]
    fn fitting_never_enlarges_and_keeps_the_shape(w in 1_u32..20_000, h in 1_u32..20_000, max in 1_u32..3_000) {
        let before = size(w, h);
        let after = before.fit_within(max, 16_383);
        prop_assert!(after.width_px <= w.min(max) && after.height_px <= h.min(16_383));
        prop_assert!(after.width_px >= 1 && after.height_px >= 1);
        let skew = (u64::from(after.width_px) * u64::from(h)).abs_diff(u64::from(after.height_px) * u64::from(w));
        prop_assert!(skew <= u64::from(w.max(h)), "{before:?} became {after:?}");
    }
}
