//! Small drawings made from data: swatches, proportions, initials, the mark of the platform.

use std::fmt::Write as _;

use askama::filters::Safe;

/// A palette as a strip of colours, the first one widest. Colours that are not `#rrggbb` are left out.
pub fn swatch<S: AsRef<str>>(colours: impl IntoIterator<Item = S>) -> Safe<String> {
    let mut strips = String::new();
    let mut x = 0;
    for colour in colours {
        let colour = colour.as_ref();
        if !is_colour(colour) {
            continue;
        }
        let width = if x == 0 { 20 } else { 10 };
        // Writing to a String cannot fail.
        let _ = write!(strips, r#"<rect x="{x}" width="{width}" height="24" fill="{colour}"/>"#);
        x += width;
    }
    let across = x.max(1);
    Safe(format!(
        r#"<svg class="chip__swatch" viewBox="0 0 {across} 24" preserveAspectRatio="none" aria-hidden="true" focusable="false">{strips}</svg>"#
    ))
}

fn is_colour(text: &str) -> bool {
    text.strip_prefix('#').is_some_and(|hex| hex.len() == 6 && hex.bytes().all(|byte| byte.is_ascii_hexdigit()))
}

/// The outline of a proportion such as `3:4`, in a 24 × 24 box. Anything else draws a square.
pub fn ratio_shape(ratio: &str) -> Safe<String> {
    let (across, up) = ratio
        .split_once(':')
        .and_then(|(across, up)| Some((across.parse::<u32>().ok()?, up.parse::<u32>().ok()?)))
        .filter(|&(across, up)| (1..=64).contains(&across) && (1..=64).contains(&up))
        .unwrap_or((1, 1));
    let longest = across.max(up);
    let (width, height) = (18 * across / longest, 18 * up / longest);
    let (x, y) = ((24 - width) / 2, (24 - height) / 2);
    Safe(format!(
        r#"<svg class="icon" viewBox="0 0 24 24" aria-hidden="true" focusable="false"><rect class="ratio__shape" x="{x}" y="{y}" width="{width}" height="{height}" rx="1.5"/></svg>"#
    ))
}

/// The first letter of a name, upper case, for an avatar; `・` for a name without letters.
pub fn initial(name: &str) -> String {
    name.chars()
        .find(|letter| letter.is_alphanumeric())
        .map_or_else(|| "・".to_owned(), |letter| letter.to_uppercase().collect())
}

/// The mark of the platform: a roof and the three cloths of a noren.
pub fn brand_mark() -> Safe<&'static str> {
    Safe(
        r#"<svg class="brand__mark" viewBox="0 0 32 32" aria-hidden="true" focusable="false"><path class="brand__roof" d="M1 12.4 16 3.4l15 9v2.8H1z"/><path class="brand__cloth" d="M4 17.4h7.2v11.4c-2.5.6-4.8.6-7.2 0zM20.8 17.4H28v11.4c-2.5.6-4.8.6-7.2 0z"/><path class="brand__seal" d="M12.4 17.4h7.2v11.4c-2.5.6-4.8.6-7.2 0z"/></svg>"#,
    )
}

#[cfg(test)]
mod tests {
    use super::{initial, ratio_shape, swatch};

    #[test]
    fn a_swatch_shows_only_colours() {
        let drawn = swatch(["#112233", "url(x)", "#445566"]).0;
        assert_eq!(drawn.matches("<rect").count(), 2);
        assert!(!drawn.contains("url"), "{drawn}");
    }

    #[test]
    fn a_ratio_is_drawn_in_proportion_and_a_strange_one_as_a_square() {
        assert!(ratio_shape("9:16").0.contains(r#"width="10" height="18""#));
        assert!(ratio_shape("0:99999999999").0.contains(r#"width="18" height="18""#));
    }

    #[test]
    fn an_initial_is_a_letter() {
        assert_eq!(initial("  ada"), "A");
        assert_eq!(initial("さくら"), "さ");
        assert_eq!(initial("***"), "・");
    }
}
