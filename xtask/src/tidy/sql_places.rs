//! SQL is written in files called `queries.rs`, so that whoever changes a table finds every statement on it.

use super::{Finding, SourceFile, Sources};

const MARKS: [&str; 6] = ["sqlx::query", "sqlx::raw_sql", "query!(", "query_as!(", "query_scalar!(", "QueryBuilder::"];

/// Where SQL is the subject itself. This list only shrinks: a place without SQL in it is an error, too.
const PLACES: [&str; 2] = ["crates/platform/src/db/bootstrap.rs", "crates/schema/src/lib.rs"];

pub(super) fn check(sources: &Sources) -> Vec<Finding> {
    let crates = || {
        // What an example measures is the database itself.
        let is_measured = |file: &&SourceFile| file.path.contains("/examples/");
        sources
            .with_extension("rs")
            .filter(|file| file.path.starts_with("crates/"))
            .filter(move |file| !is_measured(file))
    };
    let mut findings = Vec::new();
    for file in crates().filter(|file| !file.is_test() && !file.path.ends_with("/queries.rs")) {
        if !PLACES.contains(&file.path.as_str()) {
            findings.extend(lines_with_sql(file).into_iter().map(|line| {
                Finding::error(
                    &file.path,
                    line,
                    "SQL outside queries.rs; move the statement into the feature's queries",
                )
            }));
        }
    }
    let is_stale = |place: &&&str| crates().all(|file| file.path != **place || lines_with_sql(file).is_empty());
    let stale = PLACES.iter().filter(is_stale);
    findings
        .extend(stale.map(|place| Finding::error(place, 0, "holds no SQL any more; take it off the list of places")));
    findings
}

fn lines_with_sql(file: &SourceFile) -> Vec<usize> {
    let code = file.text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
    code.filter(|(_, line)| MARKS.iter().any(|mark| line.contains(mark))).map(|(index, _)| index + 1).collect()
}
