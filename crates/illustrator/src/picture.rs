//! The finished picture.

/// An opaque picture: 8 bits per channel, red, green, blue, rows from the top, gamma-encoded sRGB.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Picture {
    /// Width in pixels.
    pub width_px: u32,
    /// Height in pixels.
    pub height_px: u32,
    /// `width_px × height_px × 3` bytes.
    pub rgb: Vec<u8>,
}

impl Picture {
    /// The picture as a PNG file (8-bit RGB, sRGB chunk, no metadata).
    #[must_use]
    pub fn encode_png(&self) -> Vec<u8> {
        let mut file = Vec::with_capacity(self.rgb.len() / 2);
        let mut encoder = png::Encoder::new(&mut file, self.width_px, self.height_px);
        encoder.set_color(png::ColorType::Rgb);
        encoder.set_depth(png::BitDepth::Eight);
        encoder.set_source_srgb(png::SrgbRenderingIntent::Perceptual);
        encoder.set_compression(png::Compression::Fast);
        let written = encoder.write_header().and_then(|mut writer| {
            writer.write_image_data(&self.rgb)?;
            writer.finish()
        });
        debug_assert!(written.is_ok(), "writing a well-sized picture to memory cannot fail");
        file
    }
}
