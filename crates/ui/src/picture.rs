//! A picture as a page shows it: its addresses in several widths and formats, its size, its main colour.

use std::fmt::Write as _;

/// What `c::picture` and `c::picture_card` draw. Nothing on the page moves while it loads: the frame has the
/// proportion and the main colour from the start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Picture {
    /// What the picture shows, in the visitor's language; empty only where the words beside it say the same.
    pub alt: String,
    /// The address that every browser can read.
    pub src: String,
    /// The same in other widths, as in `<img srcset>`; may be empty.
    pub srcset: String,
    /// The same as WebP, as in `<source srcset>`; may be empty.
    pub srcset_webp: String,
    /// The width of `src` in pixels.
    pub width: u32,
    /// The height of `src` in pixels.
    pub height: u32,
    /// The main colour as `#rrggbb`; see [`Picture::with_ground`].
    pub ground: String,
}

impl Picture {
    /// One address and its size in pixels.
    pub fn new(alt: impl Into<String>, src: impl Into<String>, width: u32, height: u32) -> Self {
        Self { alt: alt.into(), src: src.into(), width, height, ground: "#d9cfbf".to_owned(), ..Self::default() }
    }

    /// Sets the main colour; anything but `#rrggbb` is ignored, because it comes from stored data.
    #[must_use]
    pub fn with_ground(mut self, ground: &str) -> Self {
        if ground.len() == 7 && ground.starts_with('#') && ground[1..].bytes().all(|byte| byte.is_ascii_hexdigit()) {
            ground.clone_into(&mut self.ground);
        }
        self
    }

    /// Adds the same picture in other widths: `(address, width in pixels)`.
    #[must_use]
    pub fn with_widths<'a>(mut self, widths: impl IntoIterator<Item = (&'a str, u32)>) -> Self {
        self.srcset = srcset(widths);
        self
    }

    /// Adds the same picture as WebP: `(address, width in pixels)`.
    #[must_use]
    pub fn with_webp<'a>(mut self, widths: impl IntoIterator<Item = (&'a str, u32)>) -> Self {
        self.srcset_webp = srcset(widths);
        self
    }

    /// Whether it is clearly wider than high (by a tenth or more), so that a grid of upright cards gives it two columns.
    pub const fn is_wide(&self) -> bool {
        self.width as u64 * 10 >= self.height as u64 * 11
    }

    /// The closest of the five proportions that frames come in: `1x1`, `3x4`, `4x3`, `9x16`, `16x9`.
    pub fn ratio_class(&self) -> &'static str {
        const FRAMES: [(&str, u64, u64); 5] =
            [("1x1", 1, 1), ("3x4", 3, 4), ("4x3", 4, 3), ("9x16", 9, 16), ("16x9", 16, 9)];
        let (width, height) = (u64::from(self.width.max(1)), u64::from(self.height.max(1)));
        // Compares width/height with each frame's as a ratio of products, in thousandths, larger over smaller.
        let distance = |&(_, across, up): &(&str, u64, u64)| {
            let (one, other) = (width * up, height * across);
            one.max(other) * 1_000 / one.min(other)
        };
        FRAMES.iter().min_by_key(|frame| distance(frame)).map_or("3x4", |frame| frame.0)
    }
}

fn srcset<'a>(widths: impl IntoIterator<Item = (&'a str, u32)>) -> String {
    let mut text = String::new();
    for (address, width) in widths {
        let separator = if text.is_empty() { "" } else { ", " };
        // Writing to a String cannot fail.
        let _ = write!(text, "{separator}{address} {width}w");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::Picture;

    #[test]
    fn the_frame_is_the_closest_proportion() {
        let class = |width, height| Picture::new("", "/p.png", width, height).ratio_class();
        assert_eq!(class(1024, 1024), "1x1");
        assert_eq!(class(864, 1184), "3x4");
        assert_eq!(class(1184, 864), "4x3");
        assert_eq!(class(768, 1344), "9x16");
        assert_eq!(class(1344, 768), "16x9");
        assert_eq!(class(0, 0), "1x1");
    }

    #[test]
    fn a_ground_that_is_no_colour_is_ignored() {
        let picture = Picture::new("", "/p.png", 3, 4);
        assert_eq!(picture.clone().with_ground("#12abEF").ground, "#12abEF");
        for bad in ["", "red", "#12345", "#12345g", "\"><svg>", "#1234567", "#あa1"] {
            assert_eq!(picture.clone().with_ground(bad).ground, picture.ground, "{bad}");
        }
    }

    #[test]
    fn widths_become_a_srcset() {
        let picture = Picture::new("", "/p.png", 3, 4).with_webp([("/a.webp", 320), ("/b.webp", 640)]);
        assert_eq!(picture.srcset_webp, "/a.webp 320w, /b.webp 640w");
    }
}
