//! `xtask tidy`: the rules of the workspace that no compiler knows. Each rule is a function from the sources to
//! findings, in a file of its own.

mod allowances;
mod circles;
mod dependencies;
mod imports;
mod links;
mod locales;
mod migrations;
mod module_tree;
mod named_tests;
mod names;
mod queries_import;
mod shipped_code;
mod sizes;
mod sql_places;
mod table_owners;
#[cfg(test)]
mod tests;
mod tokens;
mod unfinished;
mod vocabulary;

use crate::workspace;
use clap::builder::PossibleValuesParser;
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

/// One place where a rule is broken.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Finding {
    pub(crate) path: String,
    /// Counted from one; zero for the file as a whole.
    pub(crate) line: usize,
    pub(crate) text: String,
    /// How many files it is about.
    pub(crate) files: usize,
}

impl Finding {
    fn error(path: &str, line: usize, text: impl Into<String>) -> Self {
        Self { path: path.to_owned(), line, text: text.into(), files: 1 }
    }
}

impl fmt::Display for Finding {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { path, line, text, .. } = self;
        if *line == 0 {
            write!(formatter, "error: {path}: {text}")
        } else {
            write!(formatter, "error: {path}:{line}: {text}")
        }
    }
}

/// A rule, under the name of its file.
struct Rule {
    name: &'static str,
    check: fn(&Sources) -> Vec<Finding>,
    /// The lines that it adds at the end, from its findings.
    summary: fn(&[&Finding]) -> Vec<String>,
}

const fn rule(name: &'static str, check: fn(&Sources) -> Vec<Finding>) -> Rule {
    Rule { name, check, summary: |_| Vec::new() }
}

const RULES: [Rule; 14] = [
    Rule { summary: circles::summary, ..rule("circles", circles::check) },
    rule("queries_import", queries_import::check),
    Rule { summary: vocabulary::summary, ..rule("vocabulary", vocabulary::check) },
    Rule { summary: sizes::summary, ..rule("sizes", sizes::check) },
    rule("dependencies", dependencies::check),
    rule("table_owners", table_owners::check),
    rule("names", names::check),
    rule("unfinished", unfinished::check),
    rule("allowances", allowances::check),
    rule("sql_places", sql_places::check),
    rule("locales", locales::check),
    rule("migrations", migrations::check),
    rule("links", links::check),
    rule("named_tests", named_tests::check),
];

/// What to look at, when it is not everything.
#[derive(clap::Args, Default)]
pub(crate) struct Options {
    /// Apply this rule alone.
    #[arg(long, value_name = "RULE", value_parser = PossibleValuesParser::new(RULES.map(|rule| rule.name)))]
    only: Option<String>,
    /// Print and count only findings in files whose path, from the root, begins so: `crates/identity`.
    #[arg(long, value_name = "PREFIX")]
    path: Option<String>,
}

/// Applies every rule to the workspace, prints the findings, and says whether there are none.
pub(crate) fn run() -> bool {
    run_limited(&Options::default())
}

/// Applies what the options ask for, prints its findings, and says whether there are none.
pub(crate) fn run_limited(options: &Options) -> bool {
    let sources = Sources::of_workspace();
    let (findings, mut summary) = apply(&sources, options);
    for finding in &findings {
        println!("{finding}");
    }
    // What migrations reach across is nobody's own, so those who look at a part do not see it.
    if options.path.is_none() && options.only.as_ref().is_none_or(|only| only == "table_owners") {
        summary.push(table_owners::summary(&sources));
    }
    for line in summary {
        println!("{line}");
    }
    println!("tidy: {} errors in {} files", findings.len(), sources.files.len());
    findings.is_empty()
}

/// The findings that the options ask for, sorted, and the lines about them.
fn apply(sources: &Sources, options: &Options) -> (Vec<Finding>, Vec<String>) {
    let (mut all, mut summary) = (Vec::new(), Vec::new());
    for rule in RULES.iter().filter(|rule| options.only.as_ref().is_none_or(|only| only == rule.name)) {
        let mut findings = (rule.check)(sources);
        findings.retain(|finding| options.path.as_ref().is_none_or(|prefix| finding.path.starts_with(prefix)));
        summary.extend((rule.summary)(&findings.iter().collect::<Vec<_>>()));
        all.append(&mut findings);
    }
    all.sort();
    (all, summary)
}
