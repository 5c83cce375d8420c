//! Steps, answers and the tables of answers.

/// One of the five questions of the studio, in the order in which they are asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Step {
    /// The mood of the picture: backdrop, light, textile, styling.
    Vibe,
    /// The cut of the garment.
    Silhouette,
    /// The palette of cloth and backdrop.
    Colour,
    /// What the outfit is worn for: accessories, shoes, props.
    Occasion,
    /// The time of year: light, sleeves and layers, what drifts through the air.
    Season,
}

impl Step {
    /// All steps in the order in which the studio asks them.
    pub const ALL: [Step; 5] = [Step::Vibe, Step::Silhouette, Step::Colour, Step::Occasion, Step::Season];
}

/// One known answer to one step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Answer {
    /// Stable English slug, `[a-z0-9-]+`; what API clients send and what is stored.
    pub slug: &'static str,
    /// Label in Japanese.
    pub ja: &'static str,
    /// Label in English.
    pub en: &'static str,
    /// Words in either language, lower case, that select this answer in free text.
    pub keywords: &'static [&'static str],
    /// Colours as `#rrggbb`: the palette of a colour answer (cloth, second cloth, accent, ground), the mood colours of
    /// a vibe or season; empty for silhouettes and occasions.
    pub swatches: &'static [&'static str],
    /// SVG path data for a `viewBox="0 0 24 24"`, to be filled with `currentColor`; empty for colours.
    pub icon: &'static str,
}

/// The known answers of all five steps.
#[derive(Debug, Clone, Copy)]
pub struct Vocabulary {
    /// Answers to [`Step::Vibe`].
    pub vibes: &'static [Answer],
    /// Answers to [`Step::Silhouette`].
    pub silhouettes: &'static [Answer],
    /// Answers to [`Step::Colour`].
    pub colours: &'static [Answer],
    /// Answers to [`Step::Occasion`].
    pub occasions: &'static [Answer],
    /// Answers to [`Step::Season`].
    pub seasons: &'static [Answer],
}

impl Vocabulary {
    /// The answers of one step.
    #[must_use]
    pub fn answers(&self, step: Step) -> &'static [Answer] {
        match step {
            Step::Vibe => self.vibes,
            Step::Silhouette => self.silhouettes,
            Step::Colour => self.colours,
            Step::Occasion => self.occasions,
            Step::Season => self.seasons,
        }
    }
}
