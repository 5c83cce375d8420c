//! Measures previews and packages on one thread and prints one JSON line each, in the form of `bench/peers/*.mjs`.
//!
//! `cargo run --release -p media --example bench_media -- <folder>` first writes `photo.jpg`, `mark.png` and `picture.png`
//! into the folder, which the peers read, and then the results, so that quality can be compared.

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
    // The peer lays the same mark over its pictures: its own pixels, so that sizes can be compared.
    let size = shrink(&photo, 1280)?.size();
    let nothing = vec![0; size.pixels() as usize * 4];
    let mut mark = Bitmap::new(size, PixelLayout::Rgba, nothing).ok_or("no room for the mark")?;
    watermark.lay_over(&mut mark);
    std::fs::write(folder.join("mark.png"), encode_png(&mark)?)?;
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

/// A picture with the statistics of a photograph: tones at every scale, each half as strong as the one twice as large,
/// a figure with an edge, and a little grain.
fn photograph(width_px: u32, height_px: u32) -> Bitmap {
    let mut grain = 0x2545_f491_u32;
    let mut pixels = Vec::with_capacity((width_px * height_px * 3) as usize);
    for y in 0..height_px {
        for x in 0..width_px {
            grain ^= grain << 13;
            grain ^= grain >> 17;
            grain ^= grain << 5;
            let (u, v) = (f64::from(x) / f64::from(width_px), f64::from(y) / f64::from(width_px));
            let light = 175.0 - 90.0 * (u - 0.4).hypot(v - 0.2);
            let figure = (u - 0.5).abs() < 0.16 + 0.05 * (v * 9.0).sin() && v > 0.08;
            let tone = light * if figure { 0.6 } else { 1.0 } + octaves(u, v, if figure { 60.0 } else { 36.0 });
            let tint = if figure { [1.15, 0.7, 0.75] } else { [1.0, 0.98, 0.9] };
            let noise = f64::from(grain % 5) - 2.0;
            pixels.extend(tint.map(|part| (tone * part + noise).clamp(0.0, 255.0) as u8));
        }
    }
    let size = Size { width_px, height_px };
    Bitmap::new(size, PixelLayout::Rgb, pixels).unwrap_or_else(|| unreachable!("three bytes for every pixel"))
}

/// Smooth noise of eight sizes on top of each other.
fn octaves(u: f64, v: f64, strength: f64) -> f64 {
    let (mut sum, mut scale, mut weight) = (0.0, 4.0, strength);
    for _ in 0..8 {
        sum += weight * smooth_noise(u * scale, v * scale);
        scale *= 2.0;
        weight *= 0.5;
    }
    sum
}

/// Between −1 and 1, changing smoothly from whole number to whole number.
fn smooth_noise(x: f64, y: f64) -> f64 {
    let (left, top) = (x.floor(), y.floor());
    let ease = |t: f64| t * t * (3.0 - 2.0 * t);
    let (right_part, bottom_part) = (ease(x - left), ease(y - top));
    let mix = |one: f64, two: f64, part: f64| one + (two - one) * part;
    let upper = mix(lattice(left, top), lattice(left + 1.0, top), right_part);
    let lower = mix(lattice(left, top + 1.0), lattice(left + 1.0, top + 1.0), right_part);
    mix(upper, lower, bottom_part)
}

/// A fixed random number for a pair of whole numbers, from −1 to 1.
fn lattice(x: f64, y: f64) -> f64 {
    let mut hash = (x as u32).wrapping_mul(0x9e37_79b1) ^ (y as u32).wrapping_mul(0x85eb_ca77);
    hash ^= hash >> 15;
    hash = hash.wrapping_mul(0x2c1b_3c6d);
    hash ^= hash >> 12;
    f64::from(hash % 20_001) / 10_000.0 - 1.0
}
