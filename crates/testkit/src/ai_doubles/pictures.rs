//! Picture files, sound and unsound, as a provider may send them.

/// What a provider puts where a picture belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureFile {
    /// A PNG of the shape that was asked for.
    Png,
    /// A JPEG, whatever was asked for; small, 3:4.
    Jpeg,
    /// A PNG of another shape than was asked for.
    WrongShape,
    /// The first half of a PNG.
    Truncated,
    /// A sentence, declared as a PNG.
    Text,
    /// A PNG whose header claims 30,000 × 30,000 pixels.
    Bomb,
    /// A JPEG, declared as a PNG.
    LyingType,
    /// Nothing.
    Empty,
}

const SMALL_JPEG: &[u8] = include_bytes!("small.jpg");

impl PictureFile {
    /// The file and the type that is claimed for it; `size_px` is what was asked for, `shade` makes it one of its kind.
    pub fn file(self, size_px: (u32, u32), shade: u32) -> (Vec<u8>, &'static str) {
        let (width, height) = size_px;
        match self {
            Self::Png => (png(width, height, shade), "image/png"),
            Self::Jpeg => (SMALL_JPEG.to_vec(), "image/jpeg"),
            Self::WrongShape => (png(height * 2, width, shade), "image/png"),
            Self::Truncated => {
                let mut whole = png(width, height, shade);
                whole.truncate(whole.len() / 2);
                (whole, "image/png")
            }
            Self::Text => (b"I cannot draw that, but here is a poem.".to_vec(), "image/png"),
            Self::Bomb => (bomb(), "image/png"),
            Self::LyingType => (SMALL_JPEG.to_vec(), "image/png"),
            Self::Empty => (Vec::new(), "image/png"),
        }
    }
}

/// A gradient, so that thumbnails and checksums have something to differ in.
pub fn png(width: u32, height: u32, shade: u32) -> Vec<u8> {
    let mut pixels = Vec::with_capacity((width * height * 3) as usize);
    for y in 0..height {
        for x in 0..width {
            let part = |part: u32, whole: u32| u8::try_from(part * 255 / whole.max(1)).unwrap_or(u8::MAX);
            pixels.extend([part(x, width), part(y, height), u8::try_from(shade % 256).unwrap_or_default()]);
        }
    }
    encode(width, height, &pixels)
}

fn encode(width: u32, height: u32, pixels: &[u8]) -> Vec<u8> {
    let mut file = Vec::new();
    let mut encoder = png::Encoder::new(&mut file, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    let written = encoder.write_header().and_then(|mut writer| writer.write_image_data(pixels));
    assert!(written.is_ok(), "a picture of {width} × {height} can be encoded");
    file
}

/// A sound file with a lie in its header: signature, header with a correct checksum, a little data.
fn bomb() -> Vec<u8> {
    let mut file = encode(1, 1, &[0, 0, 0]);
    file[16..20].copy_from_slice(&30_000_u32.to_be_bytes());
    file[20..24].copy_from_slice(&30_000_u32.to_be_bytes());
    let checksum = crc32(&file[12..29]);
    file[29..33].copy_from_slice(&checksum.to_be_bytes());
    file
}

/// The checksum of PNG chunks.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |crc: u32| if crc & 1 == 1 { 0xedb8_8320 ^ (crc >> 1) } else { crc >> 1 };
    let byte = |crc: u32, byte: &u8| (0..8).fold(crc ^ u32::from(*byte), |crc, _| step(crc));
    !bytes.iter().fold(u32::MAX, byte)
}

/// Width and height at the size `1K`, as `reference/ai-providers.md` has them, or a guess for another ratio.
pub(super) fn size_at_1k(ratio: &str) -> Option<(u32, u32)> {
    Some(match ratio {
        "1:1" => (1024, 1024),
        "2:3" => (848, 1264),
        "3:2" => (1264, 848),
        "3:4" => (896, 1200),
        "4:3" => (1200, 896),
        "4:5" => (928, 1152),
        "5:4" => (1152, 928),
        "9:16" => (768, 1376),
        "16:9" => (1376, 768),
        "21:9" => (1584, 672),
        _ => return None,
    })
}
