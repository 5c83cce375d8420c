//! From answers to the text that a model is given, exactly as the wardrobe market's specification has it (§3).

use super::model::Answers;

/// What no picture may show; it ends every wardrobe prompt.
pub(crate) const NEGATIVE: &str =
    "no text, no words, no logos, no brands, no celebrities, no multiple people, no watermark, no signature";

/// The prompt for `answers`. The same answers give the same text, byte for byte as the specification's JavaScript
/// gives it: a missing or empty answer leaves no trace, the first entry of a step counts, all colours are joined, and
/// the whole is trimmed the way `String.prototype.trim` does.
pub(crate) fn build_prompt(answers: &Answers) -> String {
    let vibe = first(&answers.vibe);
    let silhouette = first(&answers.silhouette);
    let palette = answers.color.join(", ");
    let occasion = first(&answers.occasion);
    let season = first(&answers.season);

    let core: Vec<String> = [
        Some("single model, one person only, full-body fashion photography".to_owned()),
        Some("studio lighting, clean minimal background, high detail".to_owned()),
        vibe.map(|vibe| format!("{vibe} vibe")),
        silhouette.map(|silhouette| format!("{silhouette} silhouette")),
        Some(palette).filter(|palette| !palette.is_empty()).map(|palette| format!("palette: {palette}")),
        occasion.map(|occasion| format!("for {occasion}")),
        season.map(str::to_owned),
    ]
    .into_iter()
    .flatten()
    .collect();

    let whole = format!("{}. {NEGATIVE}. {}", core.join(", "), answers.extra);
    trim_like_javascript(&whole).to_owned()
}

/// The text that is sent to a provider: picture APIs have no field for a negative prompt, so it follows the prompt.
pub(crate) fn text_for_model(prompt: &str, negative: Option<&str>) -> String {
    match negative.filter(|negative| !negative.is_empty()) {
        Some(negative) => format!("{prompt}. {negative}"),
        None => prompt.to_owned(),
    }
}

/// `list?.[0]` under `filter(Boolean)`: an empty first entry is falsy, and the second entry does not step in for it.
fn first(list: &[String]) -> Option<&str> {
    list.first().map(String::as_str).filter(|entry| !entry.is_empty())
}

/// ECMAScript's WhiteSpace and LineTerminator. Rust's `trim` differs twice: it keeps U+FEFF and cuts U+0085.
fn trim_like_javascript(text: &str) -> &str {
    text.trim_matches(|char: char| char == '\u{feff}' || (char.is_whitespace() && char != '\u{85}'))
}
