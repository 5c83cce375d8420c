//! What comes in and what is made of it. The samples were written by other programs (Pillow, libavif), and the colours
//! that are expected of them were computed by others (Little CMS).

use super::*;
use crate::images::decode::decode;
use crate::images::model::{Bitmap, ImageError, PictureFormat, Size};
use crate::images::samples::{cutout, files, photo, png_chunk, png_with};
use proptest::prelude::*;

/// Four squares of one colour each, from the top left.
type Squares = [[u8; 3]; 4];

const COLOURS: Squares = [[200, 40, 40], [40, 180, 60], [40, 60, 200], [230, 220, 210]];
/// [`COLOURS`] in Display P3, as sRGB.
const WIDE: Squares = [[218, 0, 26], [0, 183, 30], [34, 61, 208], [232, 220, 209]];

macro_rules! sample {
    ($name:literal) => {
        include_bytes!(concat!("samples/", $name)).as_slice()
    };
}

fn import(bytes: &[u8]) -> NormalisedPicture {
    normalise(bytes, PictureUse::Exact).unwrap()
}

fn pixels(bytes: &[u8]) -> Bitmap {
    decode(&import(bytes).bytes).unwrap()
}

fn pixel(bitmap: &Bitmap, x: usize, y: usize) -> &[u8] {
    let step = bitmap.layout().bytes_per_pixel();
    let at = (y * bitmap.width_px() as usize + x) * step;
    &bitmap.pixels()[at..at + step]
}

fn squares(bitmap: &Bitmap) -> Vec<Vec<u8>> {
    [(8, 8), (24, 8), (8, 24), (24, 24)].map(|(x, y)| pixel(bitmap, x, y).to_vec()).to_vec()
}

#[track_caller]
fn assert_near(found: &[u8], expected: &[u8], most: u8) {
    let far = found.iter().zip(expected).any(|(one, other)| one.abs_diff(*other) > most);
    assert!(found.len() == expected.len() && !far, "{found:?} is not {expected:?}");
}

#[track_caller]
fn assert_squares(bytes: &[u8], expected: Squares, most: u8) {
    for (found, expected) in squares(&pixels(bytes)).iter().zip(expected) {
        assert_near(found, &expected, most);
    }
}

fn size(width_px: u32, height_px: u32) -> Size {
    Size { width_px, height_px }
}

fn svg(inside: &str) -> Vec<u8> {
    format!(r#"<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 100 50">{inside}</svg>"#)
        .into_bytes()
}

#[test]
fn every_kind_is_known_by_its_content() {
    let [png, jpeg, webp] = files(&photo(30, 20, 1));
    let drawing = svg("<rect width='100' height='50'/>");
    for (bytes, format, shown) in [
        (png.as_slice(), SourceFormat::Png, Some(size(30, 20))),
        (&jpeg, SourceFormat::Jpeg, Some(size(30, 20))),
        (&webp, SourceFormat::WebP, Some(size(30, 20))),
        (sample!("plain.avif"), SourceFormat::Avif, Some(size(32, 32))),
        (sample!("rotated.avif"), SourceFormat::Avif, Some(size(32, 48))),
        (&drawing, SourceFormat::Svg, None),
    ] {
        assert_eq!(inspect_source(bytes).unwrap(), SourceFacts { format, size: shown }, "{format:?}");
        assert_eq!(import(bytes).source, format);
    }
    let declared = b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- a > b -->\n<!DOCTYPE svg [ <!ENTITY a 'b'> ]>\n<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 1 1'/>";
    assert_eq!(inspect_source(declared).unwrap().format, SourceFormat::Svg);
    for no_picture in [b"".as_slice(), b"<html><svg/></html>", b"<svgfoo/>", b"%PDF-1.7", b"<?xml", b"<!--", b"GIF8"] {
        assert!(inspect_source(no_picture).is_err(), "{no_picture:?}");
    }
}

#[test]
fn photographs_become_jpeg_and_what_must_be_exact_stays_exact() {
    let [png, jpeg, webp] = files(&photo(40, 30, 1));
    let form = |bytes: &[u8], purpose| normalise(bytes, purpose).unwrap().format;
    assert_eq!(form(&png, PictureUse::Shown), PictureFormat::Png);
    assert_eq!(form(&jpeg, PictureUse::Shown), PictureFormat::Jpeg);
    assert_eq!(form(&webp, PictureUse::Shown), PictureFormat::Jpeg);
    assert_eq!(form(&files(&cutout(40, 30))[2], PictureUse::Shown), PictureFormat::Png);
    assert_eq!(form(sample!("plain.avif"), PictureUse::Shown), PictureFormat::Jpeg);
    assert_eq!(form(sample!("alpha.avif"), PictureUse::Shown), PictureFormat::Png);
    assert_eq!(form(&jpeg, PictureUse::Exact), PictureFormat::Png);
    assert!(decode(&import(&png).bytes).unwrap() == photo(40, 30, 1));
}

#[test]
fn inks_become_the_colours_that_a_press_would_print() {
    let naive = [[55, 215, 225], [226, 72, 187], [226, 207, 32], [97, 102, 107]];
    assert_squares(sample!("cmyk.jpg"), naive, 4);
    assert_squares(sample!("ycck.jpg"), naive, 4);
    let press = [[96, 144, 189], [214, 100, 126], [221, 198, 63], [107, 110, 117]];
    // Programs interpolate between the few points of this small profile each in their own way.
    assert_squares(sample!("cmyk_press.jpg"), press, 8);
}

#[test]
fn wide_colours_become_srgb() {
    let expected = [[138, 59, 62], [0, 163, 55], [34, 61, 208], [255, 0, 0]];
    assert_squares(sample!("p3.png"), expected, 2);
    assert_squares(sample!("p3.webp"), WIDE, 6);
    assert_squares(sample!("p3_444.avif"), WIDE, 6);
}

#[test]
fn code_points_of_a_png_come_before_its_profile() {
    let plain = files(&crate::images::samples::plain(4, 4, [128, 64, 64]))[0].clone();
    let coded = png_with(&plain, &[png_chunk(b"cICP", &[12, 13, 0, 1])]);
    assert_near(pixel(&pixels(&coded), 1, 1), &[138, 59, 62], 1);
    let srgb = png_with(&plain, &[png_chunk(b"cICP", &[1, 13, 0, 1])]);
    assert_eq!(pixel(&pixels(&srgb), 1, 1), [128, 64, 64]);
    let hdr = png_with(&plain, &[png_chunk(b"cICP", &[9, 16, 0, 1])]);
    assert_eq!(normalise(&hdr, PictureUse::Shown).unwrap_err(), ImageError::Unsupported("HDR"));
}

#[test]
fn a_profile_that_cannot_be_used_changes_nothing() {
    let jpeg = files(&photo(16, 16, 1))[1].clone();
    let with_profile = |icc: &[u8]| {
        let body = [b"ICC_PROFILE\0\x01\x01", icc].concat();
        crate::images::samples::jpeg_with(&jpeg, 0xe2, &body)
    };
    let plain = pixels(&jpeg);
    let mut broken = sample!("p3.icc").to_vec();
    broken.truncate(300);
    // One for inks has nothing to say of light, and noise nothing of anything.
    for icc in [broken.as_slice(), sample!("press.icc"), b"", &[0xff; 600]] {
        assert!(pixels(&with_profile(icc)) == plain);
    }
    assert!(pixels(&with_profile(sample!("p3.icc"))) != plain);
}

#[test]
fn sixteen_bits_become_eight() {
    let (mut file, mut samples) = (Vec::new(), Vec::new());
    for value in [0_u16, 257, 32_896, 65_535] {
        for channel in [value, 65_535 - value, 0x1234] {
            samples.extend(channel.to_be_bytes());
        }
    }
    let mut encoder = png::Encoder::new(&mut file, 4, 1);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Sixteen);
    encoder.write_header().unwrap().write_image_data(&samples).unwrap();
    let bitmap = pixels(&file);
    for (x, value) in [0_u8, 1, 128, 255].into_iter().enumerate() {
        assert_near(pixel(&bitmap, x, 0), &[value, 255 - value, 0x12], 1);
    }
}

#[test]
fn a_turned_photo_is_upright_and_forgets_where_it_was() {
    let source = sample!("rotated_gps.jpg");
    assert!(source.windows(8).any(|window| window == b"A camera"));
    for purpose in [PictureUse::Exact, PictureUse::Shown] {
        let picture = normalise(source, purpose).unwrap();
        assert_eq!(picture.size, size(32, 48));
        assert!(!picture.bytes.windows(4).any(|window| window == b"Exif" || window == b"eXIf"));
        assert!(!picture.bytes.windows(8).any(|window| window == b"A camera"));
        let bitmap = decode(&picture.bytes).unwrap();
        assert_near(pixel(&bitmap, 16, 8), &[200, 30, 30], 6);
        assert_near(pixel(&bitmap, 16, 40), &[255, 255, 255], 6);
    }
    let bitmap = pixels(sample!("rotated.avif"));
    assert_near(pixel(&bitmap, 16, 8), &[200, 30, 30], 6);
    assert_near(pixel(&bitmap, 16, 40), &[255, 255, 255], 6);
}

#[test]
fn avif_is_read_in_every_depth_and_layout() {
    for file in [sample!("plain.avif"), sample!("ten_bit.avif")] {
        assert_squares(file, COLOURS, 8);
    }
    assert_squares(sample!("lossless.avif"), COLOURS, 1);
    for (found, [red, green, blue]) in squares(&pixels(sample!("grey.avif"))).iter().zip(COLOURS) {
        let grey = (299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue)) / 1000;
        assert_near(found, &[u8::try_from(grey).unwrap(); 3], 4);
    }
    let bitmap = pixels(sample!("alpha.avif"));
    for (found, alpha) in squares(&bitmap).iter().zip([255, 128, 0, 255]) {
        assert_near(&found[3..], &[alpha], 3);
    }
    assert_near(&pixel(&bitmap, 24, 8)[..3], &COLOURS[1], 8);
    assert_eq!(normalise(sample!("hdr.avif"), PictureUse::Shown).unwrap_err(), ImageError::Unsupported("HDR"));
}

#[test]
fn nothing_that_moves_is_taken() {
    for (file, name) in [
        (sample!("animated.png"), "animated PNG"),
        (sample!("animated.webp"), "animated WebP"),
        (sample!("animated.avif"), "animated AVIF"),
        (sample!("animated.gif"), "GIF"),
    ] {
        assert_eq!(normalise(file, PictureUse::Shown).unwrap_err(), ImageError::Unsupported(name));
        assert_eq!(inspect_source(file).unwrap_err(), ImageError::Unsupported(name));
    }
}

#[test]
fn a_picture_is_at_most_4096_pixels_a_side() {
    let wide = files(&photo(5_000, 100, 1))[1].clone();
    let picture = normalise(&wide, PictureUse::Shown).unwrap();
    assert_eq!(picture.size, size(4_096, 82));
}

#[test]
fn a_drawing_is_drawn_large_and_see_through() {
    let picture = import(&svg("<rect x='50' width='50' height='50' fill='#c82828'/>"));
    assert_eq!((picture.format, picture.size), (PictureFormat::Png, size(2_048, 1_024)));
    let bitmap = decode(&picture.bytes).unwrap();
    assert_eq!(pixel(&bitmap, 500, 500)[3], 0);
    assert_eq!(pixel(&bitmap, 1_500, 500), [200, 40, 40, 255]);
}

#[test]
fn a_script_in_a_drawing_does_nothing() {
    let bitmap = pixels(&svg("<script>document.documentElement.innerHTML = ''</script>\
         <style>@import url(http://192.0.2.1/a.css); rect { fill: url(http://192.0.2.1/b.svg#c) #c82828 }</style>\
         <a href='javascript:alert(1)'><rect onload='alert(1)' width='100' height='50' style='fill: #c82828'/></a>"));
    assert_eq!(pixel(&bitmap, 1_000, 500), [200, 40, 40]);
}

#[test]
fn a_drawing_that_is_not_all_in_its_file_is_refused() {
    let rect = "<rect width='100' height='50'/>";
    for (inside, reason) in [
        ("<image href='http://192.0.2.1/a.png' width='9' height='9'/>", "SVG with pictures inside"),
        ("<image xlink:href='file:///etc/passwd' width='9' height='9'/>", "SVG with pictures inside"),
        ("<image href='data:image/png;base64,AAAA' width='9' height='9'/>", "SVG with pictures inside"),
        ("<use href='http://192.0.2.1/a.svg#b'/>", "SVG that refers to other files"),
        ("<use xlink:href='../a.svg#b'/>", "SVG that refers to other files"),
        ("<foreignObject><p>x</p></foreignObject>", "SVG with text that is not outlined"),
        ("<text y='20'>社名</text>", "SVG with text that is not outlined"),
        ("<filter id='f'><feImage href='a.png'/></filter>", "SVG with pictures inside"),
    ] {
        let refused = normalise(&svg(&format!("{rect}{inside}")), PictureUse::Exact).unwrap_err();
        assert_eq!(refused, ImageError::Unsupported(reason), "{inside}");
    }
    let external = b"<!DOCTYPE svg [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><desc>&x;</desc><rect width='9' height='9'/></svg>";
    assert!(normalise(external, PictureUse::Exact).is_err());
}

#[test]
fn a_drawing_that_never_ends_is_refused_at_once() {
    let started = std::time::Instant::now();
    let uses: String = (1..12)
        .map(|level| format!("<g id='l{level}'>{}</g>", format!("<use href='#l{}'/>", level - 1).repeat(10)))
        .collect();
    let entities = "<!DOCTYPE svg [<!ENTITY a 'aaaaaaaaaa'><!ENTITY b '&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;'><!ENTITY c '&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;'><!ENTITY d '&c;&c;&c;&c;&c;&c;&c;&c;&c;&c;'><!ENTITY e '&d;&d;&d;&d;&d;&d;&d;&d;&d;&d;'>]><svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><desc>&e;&e;&e;&e;&e;&e;</desc></svg>";
    let nested = |open: &str, close: &str, times: usize| {
        format!("{}{}{}", open.repeat(times), "<rect width='9' height='9'/>", close.repeat(times))
    };
    let layers = nested("<g opacity='0.9'><rect x='-200' y='-100' width='500' height='250'/>", "</g>", 20);
    let patterns: String = (1..9)
        .map(|level| {
            let inner = format!("<rect width='9' height='9' fill='url(#p{})'/>", level - 1).repeat(10);
            format!("<pattern id='p{level}' width='9' height='9' patternUnits='userSpaceOnUse'>{inner}</pattern>")
        })
        .collect();
    for (name, file) in [
        ("uses", svg(&format!("<rect id='l0' width='9' height='9'/>{uses}<use href='#l11'/>"))),
        ("a circle of uses", svg("<g id='a'><use href='#b'/></g><g id='b'><use href='#a'/></g><use href='#a'/>")),
        ("entities", entities.as_bytes().to_vec()),
        ("nesting", svg(&nested("<g>", "</g>", 20_000))),
        ("layers", svg(&layers)),
        ("covers", svg(&"<path d='M0 0h100v50h-100z' fill='#123'/>".repeat(2_000))),
        ("dashes", svg("<path d='M0 0h100M0 1h90000000' stroke='red' stroke-dasharray='0.0001'/>")),
        ("patterns", svg(&format!("{patterns}<rect width='100' height='50' fill='url(#p8)'/>"))),
        (
            "noise",
            svg(
                "<filter id='f'><feTurbulence numOctaves='999999' baseFrequency='1'/></filter><rect width='9' height='9' filter='url(#f)'/>",
            ),
        ),
        ("a megabyte", svg(&" ".repeat(1024 * 1024))),
    ] {
        match normalise(&file, PictureUse::Exact) {
            Err(_) => {}
            // What refers to itself is nothing, and nothing is quickly drawn.
            Ok(picture) => assert!(matches!(name, "a circle of uses" | "entities"), "{name}: {picture:?}"),
        }
    }
    assert!(started.elapsed() < std::time::Duration::from_secs(20), "{:?}", started.elapsed());
}

#[test]
fn a_bomb_is_refused_before_it_is_decoded() {
    let mut png = files(&photo(4, 4, 1))[0].clone();
    png[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
    let mut avif = sample!("plain.avif").to_vec();
    let ispe = avif.windows(4).position(|window| window == b"ispe").unwrap();
    avif[ispe + 8..ispe + 16].copy_from_slice(&[0, 0, 0x40, 0, 0, 0, 0x40, 0]);
    for bomb in [png, avif.clone()] {
        assert!(matches!(inspect_source(&bomb), Err(ImageError::TooLarge(_))), "{:?}", inspect_source(&bomb));
        assert!(matches!(normalise(&bomb, PictureUse::Shown), Err(ImageError::TooLarge(_))));
    }
    // The file says one size, and the coded picture another.
    avif[ispe + 8..ispe + 16].copy_from_slice(&[0, 0, 0, 31, 0, 0, 0, 32]);
    assert!(matches!(normalise(&avif, PictureUse::Shown), Err(ImageError::Damaged(_))));
}

#[test]
fn a_file_that_ends_too_early_is_no_picture() {
    for file in [sample!("alpha.avif"), sample!("p3.png"), sample!("cmyk_press.jpg"), sample!("p3.webp")] {
        for length in 0..file.len() - 1 {
            assert!(normalise(&file[..length], PictureUse::Shown).is_err(), "{length} of {}", file.len());
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn no_byte_that_is_changed_makes_more_than_an_error(which in 0..7_usize, at in any::<prop::sample::Index>(), value in any::<u8>(), more in any::<prop::sample::Index>()) {
        let mut file = [
            sample!("alpha.avif"), sample!("ten_bit.avif"), sample!("rotated.avif"), sample!("p3.png"),
            sample!("cmyk_press.jpg"), sample!("p3.webp"), sample!("ycck.jpg"),
        ][which].to_vec();
        let (at, more) = (at.index(file.len()), more.index(file.len()));
        file[at] = value;
        file[more] ^= value.rotate_left(3);
        if let Ok(picture) = normalise(&file, PictureUse::Shown) {
            prop_assert!(decode(&picture.bytes).is_ok());
        }
    }

    #[test]
    fn no_text_is_more_than_an_error(inside in "(<(g|rect|use|path|clipPath|mask)( (id|href|d|fill|mask|clip-path|width|height)='[#a-z0-9 .-]{0,6}')*/?>){0,8}") {
        let _ = normalise(&svg(&inside), PictureUse::Exact);
    }
}
