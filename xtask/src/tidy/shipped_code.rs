//! The tokens of a Rust file that end up in the program: without comments, and without items for tests.

use super::tokens::{self, Kind, Token, is_at};

/// The code of a file, without comments and without what stands under `#[cfg(test)]`.
pub(super) fn of(text: &str) -> Vec<Token<'_>> {
    let mut all = tokens::of_rust(text);
    all.retain(|token| token.kind != Kind::Comment);
    let mut kept = Vec::with_capacity(all.len());
    let mut at = 0;
    while at < all.len() {
        let is_inner = is_at(&all, at + 1, "!");
        match attribute_end(&all, at).filter(|end| is_for_tests(&all[at..*end])) {
            // `#![cfg(test)]` at the top: the whole file is for tests.
            Some(_) if is_inner && kept.is_empty() => return Vec::new(),
            Some(end) if !is_inner => at = item_end(&all, end),
            _ => {
                kept.push(all[at]);
                at += 1;
            }
        }
    }
    kept
}

/// The place behind the attribute that starts here, if one does.
pub(super) fn attribute_end(tokens: &[Token<'_>], at: usize) -> Option<usize> {
    let open = at + 1 + usize::from(is_at(tokens, at + 1, "!"));
    (is_at(tokens, at, "#") && is_at(tokens, open, "[")).then(|| closing(tokens, open) + 1)
}

/// Where the bracket that opens here is closed.
pub(super) fn closing(tokens: &[Token<'_>], open: usize) -> usize {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open).filter(|(_, token)| token.kind == Kind::Mark) {
        match token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" if depth <= 1 => return at,
            ")" | "]" | "}" => depth -= 1,
            _ => {}
        }
    }
    tokens.len()
}

/// `#[cfg(test)]`, and `#[cfg(all(test, …))]`; what stands under `any` or `not` may well be shipped.
fn is_for_tests(attribute: &[Token<'_>]) -> bool {
    let mut words = attribute.iter().filter(|token| token.kind == Kind::Word).map(|token| token.text);
    words.next() == Some("cfg")
        && attribute.iter().any(|token| token.is("test"))
        && !attribute.iter().any(|token| token.is("any") || token.is("not"))
}

/// The place behind the item, field or statement that follows an attribute.
fn item_end(tokens: &[Token<'_>], mut at: usize) -> usize {
    while let Some(end) = attribute_end(tokens, at) {
        at = end;
    }
    if is_at(tokens, at, "pub") {
        at += 1;
        if is_at(tokens, at, "(") {
            at = closing(tokens, at) + 1;
        }
    }
    let has = |offset: usize, words: &[&str]| words.iter().any(|word| is_at(tokens, at + offset, word));
    let is_constant = has(0, &["const"]) && !has(1, &["fn", "unsafe", "async", "extern"]);
    let ends_with_semicolon = is_constant || has(0, &["use", "static", "type", "let"]);
    let is_item = ends_with_semicolon
        || has(
            0,
            &["async", "const", "enum", "extern", "fn", "impl", "macro_rules", "mod", "struct", "trait", "unsafe"],
        );
    while let Some(token) = tokens.get(at).filter(|token| !matches!(token.text, ")" | "]" | "}")) {
        match token.text {
            _ if token.kind != Kind::Mark => at += 1,
            ";" => return at + 1,
            "," if !is_item => return at + 1,
            "{" if !ends_with_semicolon => return closing(tokens, at) + 1,
            "(" | "[" | "{" => at = closing(tokens, at) + 1,
            _ => at += 1,
        }
    }
    at
}
