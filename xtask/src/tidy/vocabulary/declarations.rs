//! What a file declares, and as what.

use crate::tidy::tokens::{Kind, Token, is_at};
use std::collections::HashMap;

/// What a declared name stands for, as far as the refused words differ by it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Declared {
    Function,
    Type,
    /// One that is written out; others are found as files.
    Module,
    /// A constant, a variable, a field, a parameter or a variant; a table or a column.
    Other,
}

/// What names in a bracket are.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Inside {
    Fields,
    Variants,
    Parameters,
    Nothing,
}

/// The declared names of a Rust file, by the places of their tokens. Comments have to be out of them.
pub(super) fn of_rust(tokens: &[Token<'_>]) -> HashMap<usize, Declared> {
    let mut found = HashMap::new();
    let mut brackets: Vec<Inside> = Vec::new();
    // What the next bracket holds, after `struct`, `enum` and `fn`, and how deep in `<…>` that is said.
    let (mut coming, mut angles) = (Inside::Nothing, 0_usize);
    for (at, token) in tokens.iter().enumerate() {
        let inside = brackets.last().copied().unwrap_or(Inside::Nothing);
        match (token.kind, token.text) {
            (Kind::Word, "struct" | "union") => (coming, angles) = (Inside::Fields, 0),
            (Kind::Word, "enum") => (coming, angles) = (Inside::Variants, 0),
            (Kind::Word, "fn") => (coming, angles) = (Inside::Parameters, 0),
            (Kind::Word, "let") => bindings(tokens, at + 1, &mut found),
            (Kind::Mark, "<") => angles += 1,
            (Kind::Mark, ">") => angles = angles.saturating_sub(1),
            (Kind::Mark, open @ ("(" | "[" | "{")) => {
                let fits = match coming {
                    Inside::Parameters => open == "(" && angles == 0,
                    Inside::Fields | Inside::Variants => open == "{",
                    Inside::Nothing => false,
                };
                let variant_fields = inside == Inside::Variants && open == "{";
                brackets.push(if fits {
                    coming
                } else if variant_fields {
                    Inside::Fields
                } else {
                    Inside::Nothing
                });
                if fits {
                    coming = Inside::Nothing;
                }
            }
            (Kind::Mark, ")" | "]" | "}") => drop(brackets.pop()),
            (Kind::Mark, ";") => coming = Inside::Nothing,
            (Kind::Word, _) => {
                if let Some(what) = declared_at(tokens, at, inside) {
                    found.insert(at, what);
                }
            }
            _ => {}
        }
    }
    found
}

/// What the word at a place declares by what stands around it.
fn declared_at(tokens: &[Token<'_>], at: usize, inside: Inside) -> Option<Declared> {
    let before = at.checked_sub(1).map(|before| tokens[before])?;
    let follows = |words: &[&str]| words.iter().any(|word| before.is(word));
    let is_next = |mark: &str| is_at(tokens, at + 1, mark);
    if follows(&["fn"]) {
        return Some(Declared::Function);
    }
    if follows(&["struct", "enum", "trait", "type", "union"]) {
        return Some(Declared::Type);
    }
    if follows(&["mod"]) && is_next("{") {
        return Some(Declared::Module);
    }
    let is_other = match inside {
        Inside::Fields => is_next(":") && follows(&["{", ",", "]", ")", "pub"]),
        Inside::Parameters => is_next(":") && follows(&["(", ",", "]", "mut"]),
        Inside::Variants => follows(&["{", ",", "]"]),
        Inside::Nothing => {
            let is_closure = follows(&["|"]) && is_next("|");
            let is_loop = follows(&["for"]) && is_next("in");
            is_closure || is_loop
        }
    };
    (is_other || follows(&["const", "static"])).then_some(Declared::Other)
}

/// The variables that the pattern of a `let` binds.
fn bindings(tokens: &[Token<'_>], start: usize, found: &mut HashMap<usize, Declared>) {
    let mut depth = 0_usize;
    for at in start..tokens.len() {
        let token = tokens[at];
        match token.text {
            "(" | "[" | "{" => depth += 1,
            ")" | "]" | "}" => depth = depth.saturating_sub(1),
            "=" | ";" => return,
            ":" if depth == 0 => return,
            _ => {
                let is_variable = token.kind == Kind::Word && token.text.starts_with(|c: char| c.is_ascii_lowercase());
                let goes_on = ["::", "(", "{", "!", ":"].iter().any(|mark| is_at(tokens, at + 1, mark));
                // `let x: T` declares `x`; in `Foo { x: y }` it is `y` that is bound.
                if is_variable && (!goes_on || (depth == 0 && is_at(tokens, at + 1, ":"))) {
                    found.insert(at, Declared::Other);
                }
            }
        }
    }
}

/// The declared names of a script.
pub(super) fn of_script(tokens: &[Token<'_>]) -> HashMap<usize, Declared> {
    let declared = |at: usize| match tokens[at].text {
        "function" => Some(Declared::Function),
        "class" | "interface" | "type" | "enum" => Some(Declared::Type),
        "const" | "let" | "var" => Some(Declared::Other),
        _ => None,
    };
    let words = (1..tokens.len()).filter(|at| tokens[*at].kind == Kind::Word);
    words.filter_map(|at| Some((at, declared(at - 1)?))).collect()
}

/// The declared names of a migration: tables and their columns, functions, views, schemas, types, roles and the like.
pub(super) fn of_sql(tokens: &[Token<'_>]) -> HashMap<usize, Declared> {
    const THINGS: [&str; 9] = ["table", "function", "procedure", "view", "schema", "type", "index", "role", "trigger"];
    let mut found = HashMap::new();
    let is_word = |at: usize, words: &[&str]| {
        tokens.get(at).is_some_and(|token| words.iter().any(|word| token.text.eq_ignore_ascii_case(word)))
    };
    for at in 0..tokens.len() {
        let is_column = is_word(at, &["add"]) && is_word(at + 1, &["column"]);
        let created =
            is_word(at, &["create"]).then(|| (at + 1..at + 5).find(|thing| is_word(*thing, &THINGS))).flatten();
        let Some(thing) = created.or_else(|| is_column.then_some(at + 1)) else { continue };
        let mut name = thing + 1;
        while is_word(name, &["if", "not", "exists"]) {
            name += 1;
        }
        while is_at(tokens, name + 1, ".") {
            name += 2;
        }
        let is_function = is_word(thing, &["function", "procedure"]);
        found.insert(name, if is_function { Declared::Function } else { Declared::Other });
        if is_word(thing, &["table"]) && is_at(tokens, name + 1, "(") {
            columns(tokens, name + 1, &mut found);
        }
    }
    found
}

/// The columns of a table whose bracket opens here.
fn columns(tokens: &[Token<'_>], open: usize, found: &mut HashMap<usize, Declared>) {
    let mut depth = 0_usize;
    for (at, token) in tokens.iter().enumerate().skip(open) {
        match token.text {
            "(" => depth += 1,
            ")" if depth == 1 => return,
            ")" => depth -= 1,
            _ => {}
        }
        if depth == 1 && (at == open || token.is(",")) {
            found.insert(at + 1, Declared::Other);
        }
    }
}
