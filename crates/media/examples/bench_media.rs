//! Measures previews and packages on one thread and prints one JSON line each, in the form of `bench/peers/*.mjs`.
//!
//! `cargo run --release -p media --example bench_media -- <folder>` first writes `photo.jpg` and `picture.png` into the
//! folder, which the peers read, and then the results, so that quality can be compared.

use media::images::{Bitmap, PixelLayout, Size, decode, encode_jpeg, encode_png, encode_webp};
use media::packages::build_design_package;
use media::previews::{Watermark, make_preview_png, make_public_previews, make_thumbnails, shrink};
use media::provenance::{Claim, Seal, SigningIdentity, SourceType};
use std::path::Path;
use std::time::Instant;
use time::macros::datetime;

const ROUNDS: usize = 40;
const WARM_UP_ROUNDS: usize = 5;

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let folder = std::env::args().nth(1).ok_or("usage: bench_media <folder>")?;
    let folder = Path::new(&folder);
    let photo_path = folder.join("photo.jpg");
    if !photo_path.exists() {
        std::fs::write(&photo_path, encode_jpeg(&photograph(2560, 1600), 88)?)?;
    }
    let photo = std::fs::read(&photo_path)?;
    let picture = encode_png(&photograph(1024, 1536))?;
    std::fs::write(folder.join("picture.png"), &picture)?;

    let watermark = Watermark::default();
    let marked = || -> Result<Bitmap, Box<dyn std::error::Error>> {
        let mut preview = shrink(&photo, 1280)?;
        watermark.lay_over(&mut preview);
        Ok(preview)
    };
    let keep = |name: &str, bytes: &[u8]| std::fs::write(folder.join(name), bytes);
    keep("ours.png", &measure("preview_png", || Ok(make_preview_png(&photo, &watermark)?.bytes))?)?;
    keep("ours.jpeg", &measure("preview_jpeg", || Ok(encode_jpeg(&marked()?, 80)?))?)?;
    keep("ours.webp", &measure("preview_webp", || Ok(encode_webp(&marked()?, 80)?))?)?;
    let licence = "Licence terms, in the words that both sides have read. ".repeat(80);
    let at = datetime!(2026-11-21 0:00 UTC);
    measure("package_zip", || Ok(build_design_package(&picture, &licence, at)?.bytes))?;

    let preview = marked()?;
    measure("part_decode_and_shrink", || Ok(shrink(&photo, 1280)?.into_pixels()))?;
    measure("part_decode_whole", || Ok(decode(&photo)?.into_pixels()))?;
    measure("part_watermark", || {
        let mut copy = preview.clone();
        watermark.lay_over(&mut copy);
        Ok(copy.into_pixels())
    })?;
    measure("part_encode_png", || Ok(encode_png(&preview)?))?;
    measure("part_encode_jpeg", || Ok(encode_jpeg(&preview, 80)?))?;
    measure("part_encode_webp", || Ok(encode_webp(&preview, 80)?))?;
    measure("all_public_previews", || Ok(make_public_previews(&picture, &watermark)?.png.bytes))?;
    measure("all_thumbnails", || Ok(make_thumbnails(&picture)?.files.remove(0).bytes))?;
    let seal = Seal::new(SigningIdentity::generate(&[1; 32], "Open Wardrobe Market")?)?;
    let parent = seal.read_parent(&picture)?;
    let source_type = SourceType::AlgorithmicMedia;
    let claim = Claim { source_type, made_with: "sketch", parent: Some(&parent), steps: &[] };
    measure("part_seal_png", || Ok(seal.sign(&picture, &claim)?))?;
    Ok(())
}

/// Runs something some times and prints the median; gives the last result back.
#[expect(clippy::print_stdout, reason = "printing the figures is what this program is for")]
fn measure(
    name: &str,
    mut run: impl FnMut() -> Result<Vec<u8>, Box<dyn std::error::Error>>,
) -> Result<Vec<u8>, Box<dyn std::error::Error>> {
    for _ in 0..WARM_UP_ROUNDS {
        run()?;
    }
    let mut times_ms = Vec::with_capacity(ROUNDS);
    let mut result = Vec::new();
    for _ in 0..ROUNDS {
        let start = Instant::now();
        result = run()?;
        times_ms.push(start.elapsed().as_secs_f64() * 1000.0);
    }
    times_ms.sort_by(f64::total_cmp);
    println!(
        "{{\"name\":\"{name}\",\"peer\":null,\"msPerOp\":{:.3},\"msBest\":{:.3},\"bytes\":{},\"rounds\":{ROUNDS}}}",
        times_ms[ROUNDS / 2],
        times_ms[0],
        result.len()
    );
    Ok(result)
}

/// A picture with soft tones, cloth-like texture, edges and grain, so that encoders have what photographs give them.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "tones are clamped to a byte")]
fn photograph(width_px: u32, height_px: u32) -> Bitmap {
    let mut grain = 0x2545_f491_u32;
    let mut pixels = Vec::with_capacity((width_px * height_px * 3) as usize);
    for y in 0..height_px {
        for x in 0..width_px {
            grain ^= grain << 13;
            grain ^= grain >> 17;
            grain ^= grain << 5;
            let (u, v) = (f64::from(x) / f64::from(width_px), f64::from(y) / f64::from(height_px));
            let light = 190.0 - 90.0 * (u - 0.4).hypot(v - 0.3);
            let folds = 30.0 * ((u * 17.0 + (v * 9.0).sin() * 1.5) * 2.0).sin() * (v * 3.0).cos();
            let weave = 7.0 * (f64::from(x) * 0.9).sin() * (f64::from(y) * 0.8).sin();
            let figure = (u - 0.5).abs() < 0.16 + 0.05 * (v * 6.0).sin() && v > 0.12;
            let noise = f64::from(grain % 7) - 3.0;
            let tone = if figure { light * 0.55 + folds + weave } else { light + 8.0 * (u * 5.0).sin() };
            let tint = if figure { [1.15, 0.7, 0.75] } else { [1.0, 0.98, 0.93] };
            pixels.extend(tint.map(|part| (tone * part + noise).clamp(0.0, 255.0) as u8));
        }
    }
    let size = Size { width_px, height_px };
    Bitmap::new(size, PixelLayout::Rgb, pixels).unwrap_or_else(|| unreachable!("three bytes for every pixel"))
}
