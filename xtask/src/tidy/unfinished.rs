//! Marks of unfinished work. What is missing is an issue, not a comment.

use super::{Finding, SourceFile, Sources};

/// Written in two parts, so that this file does not find itself.
const MARKS: [&str; 3] = [concat!("TO", "DO"), concat!("FIX", "ME"), concat!("X", "XX")];

pub(super) fn check(sources: &Sources) -> Vec<Finding> {
    let mut findings = Vec::new();
    // Most files hold none, and to know that is quicker than to take their lines apart.
    let may_hold = |file: &&SourceFile| MARKS.iter().any(|mark| file.text.contains(mark));
    let is_written = |file: &&SourceFile| file.extension() != "json" && file.extension() != "svg";
    for file in sources.files.iter().filter(is_written).filter(may_hold) {
        for (index, line) in file.text.lines().enumerate() {
            let is_word =
                |mark: &&&str| line.split(|c: char| !c.is_alphanumeric() && c != '_').any(|word| word == **mark);
            if let Some(mark) = MARKS.iter().find(is_word) {
                findings.push(Finding::error(&file.path, index + 1, format!("{mark}: finish it, or open an issue")));
            }
        }
    }
    findings
}
