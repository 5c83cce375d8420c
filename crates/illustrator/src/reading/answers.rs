//! Which known answer a text means.

use crate::brief::Brief;
use crate::rng::{Rng, text_hash};
use crate::vocabulary::model::{Answer, Step};
use crate::vocabulary::tables::vocabulary;
use unicode_normalization::UnicodeNormalization as _;

/// Moods, in the order of the vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Vibe {
    Minimal,
    Street,
    Elegant,
    Romantic,
    AvantGarde,
    Sporty,
    Vintage,
    Edgy,
    Natural,
    Wa,
    Pop,
    Bohemian,
}

/// Cuts, in the order of the vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Cut {
    ALine,
    Slim,
    Oversized,
    FitAndFlare,
    HLine,
    Cocoon,
    Mermaid,
    KimonoWrap,
    WidePants,
    Mini,
    Trench,
    ShirtDress,
    Empire,
    PleatedSet,
    Jumpsuit,
    Tiered,
    Cape,
}

/// Occasions, in the order of the vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Occasion {
    Daily,
    Office,
    Party,
    Wedding,
    Travel,
    Outdoor,
    Date,
    Ceremony,
    Festival,
    Lounge,
    Sports,
}

/// Seasons, in the order of the vocabulary.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Season {
    Spring,
    Summer,
    Autumn,
    Winter,
    Rainy,
}

pub(crate) const VIBES: [Vibe; 12] = [
    Vibe::Minimal,
    Vibe::Street,
    Vibe::Elegant,
    Vibe::Romantic,
    Vibe::AvantGarde,
    Vibe::Sporty,
    Vibe::Vintage,
    Vibe::Edgy,
    Vibe::Natural,
    Vibe::Wa,
    Vibe::Pop,
    Vibe::Bohemian,
];
pub(crate) const CUTS: [Cut; 17] = [
    Cut::ALine,
    Cut::Slim,
    Cut::Oversized,
    Cut::FitAndFlare,
    Cut::HLine,
    Cut::Cocoon,
    Cut::Mermaid,
    Cut::KimonoWrap,
    Cut::WidePants,
    Cut::Mini,
    Cut::Trench,
    Cut::ShirtDress,
    Cut::Empire,
    Cut::PleatedSet,
    Cut::Jumpsuit,
    Cut::Tiered,
    Cut::Cape,
];
pub(crate) const OCCASIONS: [Occasion; 11] = [
    Occasion::Daily,
    Occasion::Office,
    Occasion::Party,
    Occasion::Wedding,
    Occasion::Travel,
    Occasion::Outdoor,
    Occasion::Date,
    Occasion::Ceremony,
    Occasion::Festival,
    Occasion::Lounge,
    Occasion::Sports,
];
pub(crate) const SEASONS: [Season; 5] = [Season::Spring, Season::Summer, Season::Autumn, Season::Winter, Season::Rainy];

/// A text understood: the index of the known answer, and a number that is 0 for a known answer and otherwise stands
/// for the text, so that two unknown texts differ in the picture.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Understood {
    pub(crate) index: usize,
    pub(crate) twist: u64,
}

/// Text as it is compared: compatibility forms folded, lower case, trimmed, at most 2,000 characters.
pub(crate) fn folded(text: &str) -> String {
    text.chars().take(2000).nfkc().collect::<String>().to_lowercase().trim().to_owned()
}

/// Whether folded text holds a keyword; Latin keywords match at the start of a word only.
pub(crate) fn mentions(text: &str, keyword: &str) -> bool {
    if !keyword.is_ascii() {
        return text.contains(keyword);
    }
    text.match_indices(keyword)
        .any(|(at, _)| !text.get(..at).unwrap_or("").ends_with(|c: char| c.is_ascii_alphanumeric()))
}

/// The known answer that a text means.
pub(crate) fn understand(answers: &[Answer], text: &str) -> Understood {
    let text = folded(text);
    let exact = |a: &Answer| a.slug == text || a.ja.to_lowercase() == text || a.en.to_lowercase() == text;
    if let Some(index) = answers.iter().position(exact) {
        return Understood { index, twist: 0 };
    }
    let twist = text_hash(&text) | 1;
    let mut best: Option<(usize, usize)> = None;
    for (index, answer) in answers.iter().enumerate() {
        for keyword in answer.keywords.iter().filter(|k| mentions(&text, k)) {
            if best.is_none_or(|(length, _)| keyword.len() > length) {
                best = Some((keyword.len(), index));
            }
        }
    }
    let spread = (twist >> 7) % (answers.len().max(1) as u64);
    Understood { index: best.map_or(spread as usize, |(_, index)| index), twist }
}

/// The answer to a step, or one chosen by the seed where there is none.
pub(crate) fn answer_to(brief: &Brief, step: Step) -> Understood {
    let answers = vocabulary().answers(step);
    let (text, name) = match step {
        Step::Vibe => (brief.vibe.as_deref(), "vibe"),
        Step::Silhouette => (brief.silhouette.as_deref(), "silhouette"),
        Step::Colour => (brief.colours.first().map(String::as_str), "colour"),
        Step::Occasion => (brief.occasion.as_deref(), "occasion"),
        Step::Season => (brief.season.as_deref(), "season"),
    };
    match text.map(str::trim).filter(|t| !t.is_empty()) {
        Some(text) => understand(answers, text),
        None => Understood { index: Rng::new(brief.seed, name).below(answers.len()), twist: 0 },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_table_has_its_enum() {
        let v = vocabulary();
        assert_eq!(v.vibes.len(), VIBES.len());
        assert_eq!(v.silhouettes.len(), CUTS.len());
        assert_eq!(v.occasions.len(), OCCASIONS.len());
        assert_eq!(v.seasons.len(), SEASONS.len());
    }

    #[test]
    fn words_in_both_languages_are_understood() {
        let v = vocabulary();
        let slug = |answers: &[Answer], text: &str| answers[understand(answers, text).index].slug;
        assert_eq!(slug(v.vibes, "大正ロマンの和風"), "romantic");
        assert_eq!(slug(v.vibes, "Ｓｔｒｅｅｔ"), "street");
        assert_eq!(slug(v.silhouettes, "ゆったりしたシルエット"), "oversized");
        assert_eq!(slug(v.seasons, "late fall"), "autumn");
        assert_eq!(slug(v.colours, "ネイビー"), "navy");
        assert_eq!(understand(v.vibes, "minimal").twist, 0);
        assert_ne!(understand(v.vibes, "quiet luxury").twist, 0);
    }
}
