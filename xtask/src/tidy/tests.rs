//! Each rule against a small fixture: what it must find, and what it must leave alone.

use super::{Finding, Severity, SourceFile, Sources};

fn sources(files: &[(&str, &str)]) -> Sources {
    let file = |(path, text): &(&str, &str)| SourceFile { path: (*path).to_owned(), text: (*text).to_owned() };
    Sources {
        files: files.iter().map(file).collect(),
        paths: files.iter().map(|(path, _)| (*path).to_owned()).collect(),
    }
}

/// The places that a rule points at.
fn places(findings: &[Finding]) -> Vec<(&str, usize)> {
    findings.iter().map(|finding| (finding.path.as_str(), finding.line)).collect()
}

#[test]
fn a_crate_uses_only_those_below_it() {
    let manifest = |dependencies: &str| format!("[package]\nname = \"x\"\n\n[dependencies]\n{dependencies}");
    let kernel = manifest("rand.workspace = true\nplatform.workspace = true\n");
    let market = manifest("kernel.workspace = true\nstudio = { path = \"../studio\" }\nillustrator.workspace = true\n");
    let ledger = manifest("[dev-dependencies]\ntestkit.workspace = true\nschema.workspace = true\n");
    let media = manifest("testkit.workspace = true\nmachiya.workspace = true\n");
    let found = super::dependencies::check(&sources(&[
        ("crates/kernel/Cargo.toml", &kernel),
        ("crates/platform/Cargo.toml", &manifest("kernel.workspace = true\n")),
        ("crates/studio/Cargo.toml", &manifest("illustrator.workspace = true\n")),
        ("crates/illustrator/Cargo.toml", &manifest("")),
        ("crates/market/Cargo.toml", &market),
        ("crates/ledger/Cargo.toml", &ledger),
        ("crates/media/Cargo.toml", &media),
        ("crates/testkit/Cargo.toml", &manifest("kernel.workspace = true\n")),
        ("crates/schema/Cargo.toml", &manifest("")),
        ("crates/machiya/Cargo.toml", &manifest("market.workspace = true\n")),
        ("crates/attic/Cargo.toml", &manifest("")),
    ]));
    let expected = [
        ("crates/kernel/Cargo.toml", 6),
        ("crates/market/Cargo.toml", 7),
        ("crates/media/Cargo.toml", 5),
        ("crates/media/Cargo.toml", 6),
        ("crates/attic/Cargo.toml", 0),
    ];
    assert_eq!(places(&found), expected);
}

#[test]
fn names_that_say_nothing_are_found_as_files_and_as_folders() {
    let found = super::names::check(&sources(&[
        ("crates/a/src/utils.rs", ""),
        ("web/helpers/x.ts", ""),
        ("crates/a/src/commons.rs", ""),
        ("crates/a/src/service_worker.rs", ""),
    ]));
    assert_eq!(places(&found), [("crates/a/src/utils.rs", 0), ("web/helpers/x.ts", 0)]);
}

#[test]
fn long_files_and_functions_are_warned_of_unless_they_are_tests() {
    let body = "    let x = 1;\n".repeat(70);
    let long = format!(
        "impl A {{\n    pub(crate) async fn long<'a>(\n        x: u8,\n    ) {{\n{body}    }}\n\n    fn short() {{\n    }}\n}}\n"
    );
    let many = "// line\n".repeat(401);
    let found = super::sizes::check(&sources(&[
        ("crates/a/src/long.rs", &long),
        ("crates/a/src/many.rs", &many),
        ("crates/a/src/many/tests.rs", &many),
        ("crates/a/src/fits.rs", &"// line\n".repeat(400)),
    ]));
    assert_eq!(places(&found), [("crates/a/src/long.rs", 2), ("crates/a/src/many.rs", 0)]);
    assert!(found.iter().all(|finding| finding.severity == Severity::Warning));
    assert!(found[0].text.starts_with("fn long has 74 lines"), "{}", found[0].text);
}

#[test]
fn unfinished_work_and_unexplained_allowances_are_found() {
    let unfinished = format!("fn a() {{}}\n// {}: later\nlet todo_list = 1;\n", concat!("TO", "DO"));
    assert_eq!(
        places(&super::unfinished::check(&sources(&[("crates/a/src/a.rs", &unfinished)]))),
        [("crates/a/src/a.rs", 2)]
    );

    let allowed = "#[allow(dead_code)]\nfn a() {}\n#[allow(\n    dead_code,\n    reason = \"because\"\n)]\nfn b() {}\n#![allow(x)]\n";
    let found = super::allowances::check(&sources(&[("crates/a/src/a.rs", allowed)]));
    assert_eq!(places(&found), [("crates/a/src/a.rs", 1), ("crates/a/src/a.rs", 8)]);
}

#[test]
fn sql_outside_queries_is_found_and_stale_places_are_too() {
    let sql = "fn a() {\n    sqlx::query!(\"select 1\");\n}\n";
    let found = super::sql_places::check(&sources(&[
        ("crates/a/src/publish.rs", sql),
        ("crates/a/src/queries.rs", sql),
        ("crates/a/src/tests.rs", sql),
        ("crates/testkit/src/app.rs", sql),
        ("crates/platform/src/db/bootstrap.rs", "// sqlx::query is not called here\n"),
        ("crates/schema/src/lib.rs", sql),
    ]));
    assert_eq!(places(&found), [("crates/a/src/publish.rs", 2), ("crates/platform/src/db/bootstrap.rs", 0)]);
}

#[test]
fn messages_missing_in_a_language_or_said_twice_are_found() {
    let found = super::locales::check(&sources(&[
        (
            "crates/ui/locales/ja/a.ftl",
            "# a = comment\nfirst = 一\n    .title = 題\nsecond = { $n ->\n    [one] x = y\n   *[other] z\n}\nfirst = 二\n",
        ),
        ("crates/ui/locales/en/a.ftl", "first = one\n"),
        ("crates/ui/locales/en/b.ftl", "second = two\nthird = three\n"),
        ("crates/ui/locales/fr/a.ftl", "first = un\n"),
    ]));
    let texts: Vec<&str> = found.iter().map(|finding| finding.text.as_str()).collect();
    let expected = [
        "`first` is already in crates/ui/locales/ja/a.ftl:2",
        "lies in the folder of no language",
        "`third` is missing in `ja`",
        "`first.title` is missing in `en`",
    ];
    assert_eq!(texts, expected);
}

#[test]
fn tables_without_row_security_or_grants_are_found() {
    let whole = "-- create table comment (x);\ncreate table public.a (\n  id int -- one; two\n);\nalter table public.a enable row level security;\n\
                 alter table public.a\n  force row level security;\nrevoke all on public.b, public.a from public, anon;\n\
                 grant select (id) on table public.a to anon;\n";
    let half = "create table if not exists public.c (id int);\nalter table public.c enable row level security;\n\
                grant select on public.cc to anon;\ndo $$ begin\n  create table d(id int);\nend $$;\n";
    let looped = "create table public.e (id int);\ncreate table public.f (id int);\ndo $$ declare name text; begin\n\
                  foreach name in array array['e',\n 'x'] loop\n  execute format('alter table public.%I enable row level security', name);\n\
                  execute format('alter table public.%I force row level security', name);\n\
                  execute format('revoke all on public.%I from public', name);\nend loop; end $$;\n\
                  grant select on public.e, public.f to anon;\n";
    let migrations = [("migrations/1.sql", whole), ("migrations/2.sql", half), ("migrations/3.sql", looped)];
    let found = super::migrations::check(&sources(&migrations));
    assert_eq!(places(&found), [("migrations/2.sql", 1), ("migrations/2.sql", 4), ("migrations/3.sql", 2)]);
    assert_eq!(found[0].text, "table public.c lacks FORCE ROW LEVEL SECURITY, REVOKE, GRANT");
    assert!(found[1].text.starts_with("table d lacks ENABLE"));
}

#[test]
fn links_that_lead_nowhere_are_found() {
    let text = "[a](../README.md) [b](adr/0001.md#why) [c](adr) [d](gone.md)\n```\n[e](in-code.md)\n```\n\
                ![f](https://example.org/x.png) [g](#here) [h](/README.md \"title\")\n";
    let found = super::links::check(&sources(&[("docs/A.md", text), ("README.md", ""), ("docs/adr/0001.md", "")]));
    assert_eq!(places(&found), [("docs/A.md", 1)]);
    assert!(found[0].text.contains("gone.md"));
}
