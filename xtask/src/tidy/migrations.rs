//! A table comes with its row security and its grants, in the same file.

use super::{Finding, SourceFile, Sources};

pub(super) fn check(sources: &Sources) -> Vec<Finding> {
    let migrations = sources.with_extension("sql").filter(|file| file.path.starts_with("migrations/"));
    migrations.flat_map(of_file).collect()
}

/// Tables that nobody may touch but through functions of their owner. This list only shrinks.
const UNGRANTED: [&str; 1] = ["auth.users"];

fn of_file(file: &SourceFile) -> Vec<Finding> {
    let statements = with_loops_unrolled(statements(&file.text));
    let has = |is_it: &dyn Fn(&str) -> bool| statements.iter().any(|(_, statement)| is_it(statement));
    let mut findings = Vec::new();
    for (line, table) in statements.iter().filter_map(|(line, statement)| Some((*line, created_table(statement)?))) {
        let alters = |what: &str| {
            let (plain, only) = (format!("alter table {table} {what}"), format!("alter table only {table} {what}"));
            has(&|statement| statement.contains(&plain) || statement.contains(&only))
        };
        // `revoke all on a, b from …` and `grant select (x, y) on table a to …`.
        let names = |verb: &str, to: &str| {
            has(&|statement| {
                statement.split(&format!("{verb} ")).skip(1).any(|rest| {
                    let objects =
                        rest.split_once(" on ").and_then(|(_, rest)| rest.split_once(to)).map(|(objects, _)| objects);
                    objects.is_some_and(|objects| {
                        objects.trim_start_matches("table ").split(", ").any(|object| object == table)
                    })
                })
            })
        };
        let missing = [
            (alters("enable row level security"), "ENABLE ROW LEVEL SECURITY"),
            (alters("force row level security"), "FORCE ROW LEVEL SECURITY"),
            (names("revoke", " from "), "REVOKE"),
            (names("grant", " to ") || UNGRANTED.contains(&table), "GRANT"),
        ];
        let missing: Vec<&str> = missing.iter().filter(|(there, _)| !there).map(|(_, what)| *what).collect();
        if !missing.is_empty() {
            findings.push(Finding::error(&file.path, line, format!("table {table} lacks {}", missing.join(", "))));
        }
    }
    findings
}

/// The statements with the line they start on: lower case, without comments, one blank between words. A block of code
/// falls apart at its semicolons, which is what makes its statements visible.
pub(super) fn statements(text: &str) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let (mut start, mut words) = (0, Vec::new());
    for (index, line) in text.lines().enumerate() {
        let code = line.split("--").next().unwrap_or_default().to_lowercase();
        for (part_index, part) in code.split(';').enumerate() {
            if part_index > 0 && !words.is_empty() {
                found.push((start, std::mem::take(&mut words).join(" ")));
            }
            if words.is_empty() {
                start = index + 1;
            }
            words.extend(part.split_whitespace().map(str::to_owned));
        }
    }
    found
}

/// Adds what a loop over table names executes: `foreach name in array array['a', 'b'] loop execute format('… %I …', name)`.
fn with_loops_unrolled(statements: Vec<(usize, String)>) -> Vec<(usize, String)> {
    let mut names: Vec<String> = Vec::new();
    let mut all = Vec::new();
    for (line, statement) in statements {
        if let Some(list) = statement.split_once("foreach ").and_then(|(_, rest)| rest.split(['[', ']']).nth(1)) {
            names = list.split(',').map(|name| name.trim().trim_matches('\'').to_owned()).collect();
        } else if statement.contains("end loop") {
            names.clear();
        }
        if let Some(template) = statement.split_once("execute format('").and_then(|(_, rest)| rest.split('\'').next()) {
            all.extend(names.iter().map(|name| (line, template.replace("%i", name))));
        }
        all.push((line, statement));
    }
    all
}

pub(super) fn created_table(statement: &str) -> Option<&str> {
    let (before, rest) = statement.split_once("create ")?;
    let rest = rest.strip_prefix("unlogged ").unwrap_or(rest).strip_prefix("table ")?;
    let rest = rest.strip_prefix("if not exists ").unwrap_or(rest);
    // A name in quotes, as in `execute 'create table …'`, is built elsewhere.
    (!before.ends_with('\'')).then(|| rest.split([' ', '(']).next()).flatten()
}
