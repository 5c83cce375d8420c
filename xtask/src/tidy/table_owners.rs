//! A table is read and written in one crate, the one that its migration is named after. Others ask that crate, or a
//! function of the schema `app`.

use super::migrations::{created_table, statements};
use super::module_tree::crate_of;
use super::tokens::{self, Kind, SQL, Token, is_at};
use super::{Finding, SourceFile, Sources};
use std::collections::{BTreeMap, BTreeSet};

/// Tables whose migration is named after none of the crates, since a database may bring them.
const GIVEN: [(&str, &str); 1] = [("auth.users", "identity")];

/// Crates whose subject is the database as a whole.
const EXEMPT: [&str; 2] = ["schema", "testkit"];

/// Files that still name tables of another crate, with how many such places each has. Most prove invariants across crates
/// or count for the operators' statistics. This list only shrinks: a file with more places is an error, and so is one
/// with fewer.
const ACROSS: [(&str, usize); 14] = [
    ("crates/credits/src/dashboard/queries.rs", 1),
    ("crates/credits/src/subscriptions/queries.rs", 1),
    ("crates/credits/src/subscriptions/rules/queries.rs", 7),
    ("crates/credits/src/verification/queries.rs", 7),
    ("crates/operators/src/stats/queries.rs", 14),
    ("crates/operators/src/users/queries.rs", 11),
    ("crates/orders/src/disputes/queries.rs", 2),
    ("crates/orders/src/purchases/queries.rs", 6),
    ("crates/orders/src/upkeep/queries.rs", 6),
    ("crates/orders/src/verification/queries.rs", 10),
    ("crates/payments/src/deferred_receipts/queries.rs", 3),
    ("crates/payments/src/erasure/queries.rs", 1),
    ("crates/payments/src/reconciliation/queries.rs", 14),
    ("crates/payments/src/tax_invoices/queries.rs", 1),
];

/// Which crate owns a table. Those of `public` are named without their schema.
type Owners = BTreeMap<String, String>;

pub(super) fn check(sources: &Sources) -> Vec<Finding> {
    let owners = owners(sources);
    let is_checked = |file: &&SourceFile| {
        let is_shipped = file.path.contains("/src/") && !file.is_test();
        is_shipped && !EXEMPT.contains(&crate_of(&file.path)) && file.path.ends_with("/queries.rs")
    };
    let mut findings = Vec::new();
    for file in sources.with_extension("rs").filter(|file| file.path.starts_with("crates/")).filter(is_checked) {
        let own = crate_of(&file.path);
        let known = ACROSS.iter().find(|(path, _)| *path == file.path).map_or(0, |(_, count)| *count);
        let mut found = Vec::new();
        for literal in tokens::of_rust(&file.text).iter().filter(|token| token.kind == Kind::Text) {
            for (line, table) in tables_in(&code(literal.text)) {
                if let Some(owner) = owners.get(&table).filter(|owner| *owner != own) {
                    let text = format!("the table {table} belongs to {owner}; ask that crate, or a function of `app`");
                    found.push(Finding::error(&file.path, literal.line + line - 1, text));
                }
            }
        }
        if found.len() > known {
            findings.append(&mut found);
        } else if found.len() < known {
            let text =
                format!("{} places name another crate's table, {known} are listed; shorten the list", found.len());
            findings.push(Finding::error(&file.path, 0, text));
        }
    }
    findings
}

/// What functions of migrations reach across is counted, not refused.
pub(super) fn summary(sources: &Sources) -> String {
    let owners = owners(sources);
    let mut across = BTreeSet::new();
    for (own, file) in migrations(sources) {
        for (line, body) in functions(&code(&file.text)) {
            let tables = tables_in(body).into_iter().map(|(_, table)| table);
            let others = tables.filter(|table| owners.get(table).is_some_and(|owner| owner != own));
            across.extend(others.map(|table| (&file.path, line, table)));
        }
    }
    let listed: usize = ACROSS.iter().map(|(_, count)| count).sum();
    format!("tables of another crate: {listed} places in queries, {} in functions of migrations", across.len())
}

/// The migrations, each with the crate that it is named after.
fn migrations(sources: &Sources) -> impl Iterator<Item = (&str, &SourceFile)> {
    sources.with_extension("sql").filter_map(|file| {
        let name = file.path.strip_prefix("migrations/")?;
        Some((name.split('_').nth(1)?, file))
    })
}

fn owners(sources: &Sources) -> Owners {
    let mut owners = Owners::new();
    for (owner, file) in migrations(sources) {
        let statements = statements(&file.text);
        let tables = statements.iter().filter_map(|(_, statement)| created_table(statement));
        owners.extend(tables.map(|table| (table.trim_start_matches("public.").to_owned(), owner.to_owned())));
    }
    owners.extend(GIVEN.map(|(table, owner)| (table.to_owned(), owner.to_owned())));
    owners
}

fn code(sql: &str) -> Vec<Token<'_>> {
    tokens::of(sql, &SQL).into_iter().filter(|token| matches!(token.kind, Kind::Word | Kind::Mark)).collect()
}

/// The tables that a text of SQL reads or writes, with its lines.
fn tables_in(tokens: &[Token<'_>]) -> Vec<(usize, String)> {
    let is_word = |at: usize, word: &str| tokens.get(at).is_some_and(|token| token.text.eq_ignore_ascii_case(word));
    let is_as = |at: usize| is_word(at, "as") || (is_word(at, "materialized") && at > 0);
    // `with x as (…)` is no table, even where there is one of that name.
    let named: BTreeSet<String> = (1..tokens.len())
        .filter(|at| is_at(tokens, *at, "(") && is_as(at - 1))
        .filter_map(|at| {
            (0..at).rev().find(|name| !["as", "materialized", "not"].iter().any(|word| is_word(*name, word)))
        })
        .map(|name| tokens[name].text.to_lowercase())
        .collect();
    let mut found = Vec::new();
    for at in 0..tokens.len() {
        let reads = is_word(at, "join") || is_word(at, "using") || is_word(at, "from");
        let is_distinct = is_word(at, "from") && at > 0 && is_word(at - 1, "distinct");
        let writes = is_word(at, "into") || is_word(at, "update") || is_word(at, "table");
        if !(reads || writes) || is_distinct {
            continue;
        }
        let mut name = at + 1;
        loop {
            while is_word(name, "only") || is_word(name, "lateral") {
                name += 1;
            }
            let Some((table, end)) = table_at(tokens, name) else { break };
            // `from f(…)` calls a function; `insert into t (…)` does not.
            let is_call = reads && is_at(tokens, end, "(");
            if !is_call && !named.contains(&table) {
                found.push((tokens[name].line, table));
            }
            // `from a, b as x, c`.
            let alias = end + usize::from(is_word(end, "as"));
            let comma = if is_at(tokens, alias, ",") { alias } else { alias + 1 };
            if !is_word(at, "from") || !is_at(tokens, comma, ",") {
                break;
            }
            name = comma + 1;
        }
    }
    found
}

/// The name of a table, without `public`, and the place behind it.
fn table_at(tokens: &[Token<'_>], at: usize) -> Option<(String, usize)> {
    let word =
        |at: usize| tokens.get(at).filter(|token| token.kind == Kind::Word).map(|token| token.text.to_lowercase());
    let first = word(at)?;
    match word(at + 2).filter(|_| is_at(tokens, at + 1, ".")) {
        Some(table) if first == "public" => Some((table, at + 3)),
        Some(table) => Some((format!("{first}.{table}"), at + 3)),
        None => Some((first, at + 1)),
    }
}

/// The functions of a migration: the line, and what stands between the dollars.
fn functions<'tokens, 'a>(tokens: &'tokens [Token<'a>]) -> Vec<(usize, &'tokens [Token<'a>])> {
    let is_word = |at: usize, word: &str| tokens.get(at).is_some_and(|token| token.text.eq_ignore_ascii_case(word));
    let is_created =
        |at: &usize| is_word(*at, "function") && *at > 0 && (is_word(at - 1, "create") || is_word(at - 1, "replace"));
    let body = |at: usize| {
        let open = (at..tokens.len()).find(|at| is_at(tokens, *at, "$"))?;
        // `$$` or `$tag$`.
        let length = (open + 1..tokens.len()).find(|at| is_at(tokens, *at, "$"))? + 1 - open;
        let is_tag = |at: &usize| {
            (0..length).all(|step| tokens.get(at + step).is_some_and(|token| token.text == tokens[open + step].text))
        };
        let end = (open + length..tokens.len()).find(is_tag)?;
        Some((tokens[at].line, &tokens[open + length..end]))
    };
    (0..tokens.len()).filter(is_created).filter_map(body).collect()
}
