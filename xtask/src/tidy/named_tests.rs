//! Every test that a document names exists: the last column of a table, where its head says *Test* or *Tests*.

use super::{Finding, SourceFile, Sources};
use std::collections::BTreeMap;

pub(super) fn check(sources: &Sources) -> Vec<Finding> {
    let functions = functions(sources);
    let documents = sources.with_extension("md").filter(|file| file.path.starts_with("docs/"));
    documents.flat_map(|document| unknown_tests(document, &functions)).collect()
}

/// The paths of the Rust files that declare each function.
fn functions(sources: &Sources) -> BTreeMap<&str, Vec<&str>> {
    let mut functions: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
    for file in sources.with_extension("rs") {
        for name in file.text.split("fn ").skip(1).filter_map(|rest| rest.split_once('(')).map(|(name, _)| name) {
            functions.entry(name).or_default().push(&file.path);
        }
    }
    functions
}

fn unknown_tests(document: &SourceFile, functions: &BTreeMap<&str, Vec<&str>>) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut names_tests = false;
    let mut was_row = false;
    for (index, line) in document.text.lines().enumerate() {
        let cell = line.trim_end().strip_suffix('|').and_then(|row| row.rsplit('|').next());
        if let Some(cell) = cell.filter(|_| line.starts_with('|')) {
            if !was_row {
                names_tests = matches!(cell.trim(), "Test" | "Tests");
            } else if names_tests {
                for name in cell.split('`').skip(1).step_by(2).filter(|name| is_test(name) && !exists(name, functions))
                {
                    findings.push(Finding::error(&document.path, index + 1, format!("there is no test `{name}`")));
                }
            }
        }
        was_row = line.starts_with('|');
    }
    findings
}

/// Whether a name in quotes can be a test's, and not a file's or a command's.
fn is_test(name: &str) -> bool {
    let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || matches!(c, '_' | ':' | '…');
    name.matches('_').count() > 1 && name.chars().all(is_plain)
}

/// `crate::place::name` stands in a file below a folder or file named as its first part; after `…` the end of the name is
/// enough.
fn exists(name: &str, functions: &BTreeMap<&str, Vec<&str>>) -> bool {
    if let Some(end) = name.strip_prefix('…') {
        return functions.keys().any(|function| function.ends_with(end));
    }
    let (place, function) = name.rsplit_once("::").unwrap_or(("", name));
    let first = place.split("::").next().unwrap_or_default();
    let is_there = |path: &&str| first.is_empty() || path.trim_end_matches(".rs").split('/').any(|part| part == first);
    functions.get(function).is_some_and(|paths| paths.iter().any(is_there))
}
