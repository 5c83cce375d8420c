//! The chips of the five steps: the illustrator's vocabulary in the visitor's language, and what a visitor chose.

use illustrator::vocabulary;
use kernel::Locale;

use super::model::{Answers, Step};

/// One chip.
#[derive(Clone, Debug)]
pub(crate) struct Chip {
    /// What the API takes and what is stored.
    pub value: String,
    /// What the visitor reads.
    pub label: String,
    /// SVG path data for a box of 24 × 24; empty for colours.
    pub icon: &'static str,
    /// Colours as `#rrggbb`; empty for all but colours.
    pub swatches: &'static [&'static str],
    /// Whether it is chosen.
    pub chosen: bool,
}

const fn step_of(step: Step) -> illustrator::Step {
    match step {
        Step::Vibe => illustrator::Step::Vibe,
        Step::Silhouette => illustrator::Step::Silhouette,
        Step::Color => illustrator::Step::Colour,
        Step::Occasion => illustrator::Step::Occasion,
        Step::Season => illustrator::Step::Season,
    }
}

/// The chips of a step, those that were chosen marked; an own answer that the platform does not offer comes last.
pub(crate) fn chips(step: Step, answers: &Answers, locale: Locale) -> Vec<Chip> {
    let known = vocabulary().answers(step_of(step));
    let chosen = answers.at(step);
    let own =
        chosen.iter().filter(|value| !value.is_empty() && known.iter().all(|answer| answer.slug != value.as_str()));
    let own =
        own.map(|value| Chip { value: value.clone(), label: value.clone(), icon: "", swatches: &[], chosen: true });
    let offered = known.iter().map(|answer| Chip {
        value: answer.slug.to_owned(),
        label: label_of(answer, locale).to_owned(),
        icon: answer.icon,
        swatches: answer.swatches,
        chosen: chosen.iter().any(|value| value == answer.slug),
    });
    offered.chain(own).collect()
}

/// What the visitor reads for a stored answer: its label, or the answer itself.
pub(crate) fn label(step: Step, value: &str, locale: Locale) -> String {
    let known = vocabulary().answers(step_of(step)).iter().find(|answer| answer.slug == value);
    known.map_or_else(|| value.to_owned(), |answer| label_of(answer, locale).to_owned())
}

const fn label_of(answer: &illustrator::Answer, locale: Locale) -> &'static str {
    match locale {
        Locale::Ja => answer.ja,
        Locale::En => answer.en,
    }
}
