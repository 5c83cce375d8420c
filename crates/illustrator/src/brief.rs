//! The brief: every input that decides a picture.

/// The shape of the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Aspect {
    /// Width to height 1:1.
    #[default]
    Square,
    /// Width to height 2:3.
    Portrait2x3,
    /// Width to height 3:2.
    Landscape3x2,
    /// Width to height 3:4.
    Portrait3x4,
    /// Width to height 4:3.
    Landscape4x3,
    /// Width to height 4:5.
    Portrait4x5,
    /// Width to height 5:4.
    Landscape5x4,
    /// Width to height 9:16.
    Portrait9x16,
    /// Width to height 16:9.
    Landscape16x9,
    /// Width to height 21:9.
    Landscape21x9,
}

impl Aspect {
    /// All shapes, square first.
    pub const ALL: [Aspect; 10] = [
        Aspect::Square,
        Aspect::Portrait2x3,
        Aspect::Landscape3x2,
        Aspect::Portrait3x4,
        Aspect::Landscape4x3,
        Aspect::Portrait4x5,
        Aspect::Landscape5x4,
        Aspect::Portrait9x16,
        Aspect::Landscape16x9,
        Aspect::Landscape21x9,
    ];

    /// Width and height as written, for example `(21, 9)`.
    #[must_use]
    pub fn ratio(self) -> (u32, u32) {
        match self {
            Aspect::Square => (1, 1),
            Aspect::Portrait2x3 => (2, 3),
            Aspect::Landscape3x2 => (3, 2),
            Aspect::Portrait3x4 => (3, 4),
            Aspect::Landscape4x3 => (4, 3),
            Aspect::Portrait4x5 => (4, 5),
            Aspect::Landscape5x4 => (5, 4),
            Aspect::Portrait9x16 => (9, 16),
            Aspect::Landscape16x9 => (16, 9),
            Aspect::Landscape21x9 => (21, 9),
        }
    }

    /// The shape written as `"3:4"`; `None` for any other text.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (width, height) = text.trim().split_once(':')?;
        let pair = (width.parse().ok()?, height.parse().ok()?);
        Self::ALL.into_iter().find(|aspect| aspect.ratio() == pair)
    }

    /// Width and height in pixels with the exact ratio, the longer edge as near below `long_edge_px` as that allows.
    /// The edge is taken as [`MIN_LONG_EDGE_PX`] to [`MAX_LONG_EDGE_PX`].
    #[must_use]
    pub fn size_px(self, long_edge_px: u32) -> (u32, u32) {
        let (width, height) = self.ratio();
        let shared = if self == Aspect::Landscape21x9 { 3 } else { 1 };
        let (width, height) = (width / shared, height / shared);
        let unit = long_edge_px.clamp(MIN_LONG_EDGE_PX, MAX_LONG_EDGE_PX) / width.max(height);
        (width * unit, height * unit)
    }
}

impl core::fmt::Display for Aspect {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        let (width, height) = self.ratio();
        write!(f, "{width}:{height}")
    }
}

/// The shortest long edge that is drawn, in pixels.
pub const MIN_LONG_EDGE_PX: u32 = 64;
/// The longest long edge that is drawn, in pixels; memory is about 60 bytes per pixel.
pub const MAX_LONG_EDGE_PX: u32 = 4096;

/// Everything that decides a picture. Equal briefs give identical bytes on every machine.
///
/// An answer is a slug or label of [`crate::vocabulary()`], or any other text: it is searched for known words in
/// Japanese and English, and what stays unknown is mapped by its hash. A missing answer is chosen by the seed.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Brief {
    /// The mood of the picture, an answer to [`crate::Step::Vibe`].
    pub vibe: Option<String>,
    /// The cut of the garment, an answer to [`crate::Step::Silhouette`].
    pub silhouette: Option<String>,
    /// Colours, the leading one first; `#rrggbb` is understood too. Those after the fourth are ignored.
    pub colours: Vec<String>,
    /// What the outfit is for.
    pub occasion: Option<String>,
    /// Time of year.
    pub season: Option<String>,
    /// Free line, in which words such as "lace", "デニム", "stripe" or "ribbon" select details; any other text varies
    /// the drawing by its hash. Read up to 2,000 characters.
    pub extra: String,
    /// Shape of the picture.
    pub aspect: Aspect,
    /// Variation: another seed gives another drawing of the same answers.
    pub seed: u64,
    /// Longer edge in pixels, see [`Aspect::size_px`].
    pub long_edge_px: u32,
}
