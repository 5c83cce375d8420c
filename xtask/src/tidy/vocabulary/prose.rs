//! Comments and documents do not call the program by the building either: the town house that lends its name is the
//! only one.

use crate::tidy::tokens::{self, Kind, SQL};
use crate::tidy::{Finding, SourceFile};

/// Written in two parts, so that this file does not find itself.
const WORD: &str = concat!("ho", "use");

/// What is meant literally: the building, and the pass phrases of examples.
const LITERAL: [&str; 4] = ["town ", "in-", "a quiet ", "another "];

pub(super) fn check(file: &SourceFile, findings: &mut Vec<Finding>) {
    let is_document = file.extension() == "md" && (file.path.starts_with("docs/") || file.path.starts_with("README"));
    if is_document {
        look(file, 1, &file.text, findings);
        return;
    }
    if !mentions(&file.text) {
        return;
    }
    let tokens = match file.extension() {
        "rs" => tokens::of_rust(&file.text),
        "sql" => tokens::of(&file.text, &SQL),
        _ => return,
    };
    for comment in tokens.iter().filter(|token| token.kind == Kind::Comment) {
        look(file, comment.line, comment.text, findings);
    }
}

fn look(file: &SourceFile, first_line: usize, text: &str, findings: &mut Vec<Finding>) {
    for (index, line) in text.lines().enumerate() {
        if says_it(line) {
            let text = format!("`{WORD}` in words for people: say the program, the platform or Machiya");
            findings.push(Finding::error(&file.path, first_line + index, text));
        }
    }
}

/// Whether the word is there at all; most texts have none, and this is quicker than to read each.
fn mentions(text: &str) -> bool {
    [WORD, concat!("Ho", "use"), concat!("HO", "USE")].iter().any(|word| text.contains(word))
}

fn says_it(line: &str) -> bool {
    if !mentions(line) {
        return false;
    }
    let line = line.to_lowercase();
    line.match_indices(WORD).any(|(start, _)| {
        let (before, after) = (&line[..start], &line[start + WORD.len()..]);
        !before.ends_with(char::is_alphanumeric)
            && !after.starts_with(char::is_alphanumeric)
            && !LITERAL.iter().any(|literal| before.ends_with(literal))
    })
}
