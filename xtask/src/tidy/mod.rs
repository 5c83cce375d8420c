//! `xtask tidy`: the rules of the house that no compiler knows. Each rule is a function from the sources to findings,
//! in a file of its own.

mod allowances;
mod dependencies;
mod links;
mod locales;
mod migrations;
mod names;
mod sizes;
mod sql_places;
#[cfg(test)]
mod tests;
mod unfinished;

use crate::workspace;
use std::fmt;
use std::path::{Path, PathBuf};

/// Files that rules read; pictures and fonts are not among them.
const TEXT: [&str; 14] =
    ["css", "ftl", "html", "js", "json", "md", "mjs", "rs", "sh", "sql", "svg", "toml", "ts", "yml"];

/// A text file of the workspace.
pub(crate) struct SourceFile {
    /// Its path from the root of the workspace, with `/`.
    pub(crate) path: String,
    pub(crate) text: String,
}

impl SourceFile {
    fn extension(&self) -> &str {
        Path::new(&self.path).extension().and_then(|extension| extension.to_str()).unwrap_or_default()
    }

    /// Whether it holds tests: they may be long, and speak SQL of their own.
    fn is_test(&self) -> bool {
        let name = self.path.rsplit('/').next().unwrap_or_default();
        name.ends_with("tests.rs")
            || name.starts_with("test_")
            || self.path.ends_with(".test.mjs")
            || self.path.split('/').any(|part| part == "tests" || part == "testkit")
    }
}

/// Everything that the rules look at.
pub(crate) struct Sources {
    pub(crate) files: Vec<SourceFile>,
    /// Every file's path, the pictures' too, for links.
    pub(crate) paths: Vec<String>,
}

impl Sources {
    fn of_workspace() -> Self {
        let root = workspace::root();
        let all = workspace::files();
        let relative = |path: &PathBuf| path.strip_prefix(&root).unwrap_or(path).to_string_lossy().into_owned();
        let paths: Vec<String> = all.iter().map(relative).collect();
        let read = |path: &PathBuf| {
            let known = path.extension().is_some_and(|extension| TEXT.iter().any(|text| extension == *text));
            let text = if known { std::fs::read_to_string(path).ok()? } else { return None };
            Some(SourceFile { path: relative(path), text })
        };
        Self { files: all.iter().filter_map(read).collect(), paths }
    }

    fn with_extension<'a>(&'a self, extension: &'a str) -> impl Iterator<Item = &'a SourceFile> {
        self.files.iter().filter(move |file| file.extension() == extension)
    }
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Severity {
    /// Worth a look.
    Warning,
    /// Breaks a rule.
    Error,
}

/// One place that a rule points at.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    pub(crate) severity: Severity,
    pub(crate) path: String,
    /// Counted from one; zero for the file as a whole.
    pub(crate) line: usize,
    pub(crate) text: String,
}

impl Finding {
    fn error(path: &str, line: usize, text: impl Into<String>) -> Self {
        Self { severity: Severity::Error, path: path.to_owned(), line, text: text.into() }
    }

    fn warning(path: &str, line: usize, text: impl Into<String>) -> Self {
        Self { severity: Severity::Warning, ..Self::error(path, line, text) }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { severity, path, line, text } = self;
        let word = if *severity == Severity::Error { "error" } else { "warning" };
        if *line == 0 {
            write!(formatter, "{word}: {path}: {text}")
        } else {
            write!(formatter, "{word}: {path}:{line}: {text}")
        }
    }
}

const RULES: [fn(&Sources) -> Vec<Finding>; 9] = [
    dependencies::check,
    names::check,
    sizes::check,
    unfinished::check,
    allowances::check,
    sql_places::check,
    locales::check,
    migrations::check,
    links::check,
];

/// Applies every rule to the workspace, prints the findings, and says whether there was no error.
pub(crate) fn run() -> bool {
    let sources = Sources::of_workspace();
    let mut findings: Vec<Finding> = RULES.iter().flat_map(|rule| rule(&sources)).collect();
    findings.sort();
    for finding in &findings {
        println!("{finding}");
    }
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    println!("tidy: {errors} errors, {} warnings in {} files", findings.len() - errors, sources.files.len());
    errors == 0
}
