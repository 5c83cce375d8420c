//! Each rule against a small fixture: what it must find, and what it must leave alone.

use super::{Finding, SourceFile, Sources};

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
    let catalog =
        manifest("kernel.workspace = true\nstudio = { path = \"../studio\" }\nillustrator.workspace = true\n");
    let ledger = manifest("[dev-dependencies]\ntestkit.workspace = true\nschema.workspace = true\n");
    let media = manifest("testkit.workspace = true\nmachiya.workspace = true\n");
    let found = super::dependencies::check(&sources(&[
        ("crates/kernel/Cargo.toml", &kernel),
        ("crates/platform/Cargo.toml", &manifest("kernel.workspace = true\n")),
        ("crates/studio/Cargo.toml", &manifest("illustrator.workspace = true\n")),
        ("crates/illustrator/Cargo.toml", &manifest("")),
        ("crates/catalog/Cargo.toml", &catalog),
        ("crates/ledger/Cargo.toml", &ledger),
        ("crates/media/Cargo.toml", &media),
        ("crates/testkit/Cargo.toml", &manifest("kernel.workspace = true\n")),
        ("crates/schema/Cargo.toml", &manifest("")),
        ("crates/machiya/Cargo.toml", &manifest("catalog.workspace = true\n")),
        ("crates/attic/Cargo.toml", &manifest("catalog.workspace = true\n")),
    ]));
    let expected = [
        ("crates/kernel/Cargo.toml", 6),
        ("crates/catalog/Cargo.toml", 7),
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
fn long_files_and_functions_are_found_unless_they_are_tests() {
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
    assert!(found[0].text.starts_with("fn long has 74 lines"), "{}", found[0].text);
    let summary = super::sizes::summary(&found.iter().collect::<Vec<_>>());
    assert_eq!(summary, ["files over 400 lines: 1", "functions over 70 lines: 1"]);
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
        ("crates/a/src/page.html", "<h1>{{ t.say(\"first\") }}</h1><p>{{ t.say_with(\"fourth\", x) }}</p>\n"),
    ]));
    let texts: Vec<&str> = found.iter().map(|finding| finding.text.as_str()).collect();
    let expected = [
        "`first` is already in crates/ui/locales/ja/a.ftl:2",
        "lies in the folder of no language",
        "`third` is missing in `ja`",
        "`first.title` is missing in `en`",
        "no language has the message `fourth`",
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
fn tests_that_a_document_names_and_nobody_wrote_are_found() {
    let text = "| What | Tests |\n| --- | --- |\n| a | `a_failed_one_costs_nothing`, `orders::tests::one_is_sold_once` |\n\
                | b | `nobody_wrote_this_one`, `…costs_nothing` and `a/file.rs` |\n| c | `catalog::tests::one_is_sold_once` |\n\n\
                | What | Meaning |\n|---|---|\n| d | `not_a_test_at_all` |\n";
    let found = super::named_tests::check(&sources(&[
        ("docs/A.md", text),
        ("crates/studio/src/tests.rs", "#[test]\nfn a_failed_one_costs_nothing() {}"),
        ("crates/orders/src/tests.rs", "async fn one_is_sold_once() {}"),
    ]));
    assert_eq!(places(&found), [("docs/A.md", 4), ("docs/A.md", 5)]);
}

#[test]
fn links_that_lead_nowhere_are_found() {
    let text = "[a](../README.md) [b](adr/0001.md#why) [c](adr) [d](gone.md)\n```\n[e](in-code.md)\n```\n\
                ![f](https://example.org/x.png) [g](#here) [h](/README.md \"title\")\n";
    let found = super::links::check(&sources(&[("docs/A.md", text), ("README.md", ""), ("docs/adr/0001.md", "")]));
    assert_eq!(places(&found), [("docs/A.md", 1)]);
    assert!(found[0].text.contains("gone.md"));
}

/// The paths in a text of findings about circles: which files each holds.
fn circle_files(findings: &[Finding]) -> Vec<&str> {
    findings.iter().map(|finding| finding.text.rsplit("all: ").next().unwrap()).collect()
}

#[test]
fn tokens_tell_code_from_comments_and_quotes() {
    let text = "a /* b /* c */ d */ e // f\n\"g \\\" h\" r#\"i \" // j\"# b'\\'' 'k' '\"' 'l: r#type b\"m\" '\\u{1}' '語' n::o";
    let tokens = super::tokens::of_rust(text);
    let of = |kind| tokens.iter().filter(|token| token.kind == kind).map(|token| token.text).collect::<Vec<_>>();
    assert_eq!(of(super::tokens::Kind::Word), ["a", "e", "type", "n", "o"]);
    assert_eq!(of(super::tokens::Kind::Text), ["g \\\" h", "i \" // j", "m"]);
    assert_eq!(of(super::tokens::Kind::Comment), ["/* b /* c */ d */", "// f"]);
    assert_eq!(tokens.last().unwrap().line, 2);
    let shipped = "#[cfg(test)]\nuse a::{b, c};\n#[cfg(test)]\n#[x]\npub(crate) fn d() { e }\n#[cfg(not(test))]\nfn f() {}\n\
                   #[cfg(all(test, unix))]\nconst G: A = A { x: 1 };\nstruct S { #[cfg(test)] h: u8, i: u8 }\n#[cfg(test)]\nmod j { k }\nl";
    let kept: String = super::shipped_code::of(shipped).iter().map(|token| token.text).collect();
    assert_eq!(kept, "#[cfg(not(test))]fnf(){}structS{i:u8}l");
    assert!(super::shipped_code::of("#![cfg(test)]\nfn a() {}\n").is_empty());
}

#[test]
fn circles_are_found_with_a_shortest_way_around() {
    let found = super::circles::check(&sources(&[
        ("crates/a/src/lib.rs", "mod one;\nmod two;\nmod three;\nmod alone;\npub use self::alone::X;\n"),
        ("crates/a/src/one.rs", "use crate::{\n    two::{self, A},\n    alone,\n};\n"),
        ("crates/a/src/two.rs", "fn f() {\n    super::three::g();\n    super::three::g();\n}\n"),
        ("crates/a/src/three.rs", "use super::{two::h, one::*};\n"),
        ("crates/a/src/alone.rs", "// crate::one\nconst X: &str = \"crate::one\";\npub(in crate::one) fn f() {}\n"),
        ("crates/b/src/lib.rs", "mod one;\npub use one::One;\n"),
        ("crates/b/src/one.rs", "use crate::Other;\nuse a::lib;\n"),
    ]));
    assert_eq!(places(&found), [("crates/a/src/three.rs", 1), ("crates/b/src/lib.rs", 2)]);
    assert_eq!(circle_files(&found), ["one.rs, three.rs, two.rs", "lib.rs, one.rs"]);
    assert!(found[0].text.contains("three.rs:1 → two.rs:2 → three.rs;"), "{}", found[0].text);
    let summary = super::circles::summary(&found.iter().collect::<Vec<_>>());
    assert_eq!(summary, ["circles: 2 (files in them: 5)"]);
}

#[test]
fn declarations_tests_and_other_roots_make_no_circle() {
    let found = super::circles::check(&sources(&[
        // Declaring is not importing, and neither are tests, other crates and names in braces of other crates.
        (
            "crates/a/src/lib.rs",
            "mod child;\npub mod model;\n#[cfg(test)]\nmod fixture;\nuse b::{child::C, model};\nuse ::child::D;\n",
        ),
        ("crates/a/src/child.rs", "use crate::Top;\n#[cfg(test)]\nmod tests { use crate::child::x; }\n"),
        ("crates/a/src/model.rs", "pub struct M;\nfn f(a: A) { a.child::<u8>(); crate::model::g(); self::h(); }\n"),
        ("crates/a/src/fixture.rs", "use crate::model;\n"),
        ("crates/a/src/child/tests.rs", "use super::x;\n"),
        // A program of the crate has modules of its own.
        ("crates/a/src/bin/tool.rs", "mod part;\nfn main() { part::run(); }\n"),
        ("crates/a/src/bin/part.rs", "pub fn run() {}\n"),
    ]));
    assert_eq!(found, []);
}

#[test]
fn modules_are_found_in_files_folders_and_at_given_paths() {
    let found = super::circles::check(&sources(&[
        ("crates/a/src/main.rs", "mod x;\n#[path = \"odd/name.rs\"]\nmod y;\nmod inline {\n    pub mod deep;\n}\n"),
        ("crates/a/src/x/mod.rs", "mod inner;\npub fn f() { crate::y::g(); inner::z(); }\n"),
        ("crates/a/src/x/inner.rs", "macro_rules! m { () => { $crate::inline::deep::d() } }\n"),
        ("crates/a/src/odd/name.rs", "mod below;\nuse below as b;\n"),
        ("crates/a/src/odd/below.rs", "use crate::x::f;\n"),
        ("crates/a/src/inline/deep.rs", "use super::super::x::inner;\n"),
    ]));
    assert_eq!(circle_files(&found), ["inline/deep.rs, x/inner.rs", "odd/below.rs, odd/name.rs, x/mod.rs"]);
}

#[test]
fn queries_import_models_and_other_queries_alone() {
    let found = super::queries_import::check(&sources(&[
        ("crates/a/src/lib.rs", "mod buy;\nmod model;\nmod queries;\nmod api;\nmod other;\n"),
        (
            "crates/a/src/queries.rs",
            "use crate::model::M;\nuse crate::other::queries;\nuse crate::buy::B;\nuse crate::api;\n",
        ),
        ("crates/a/src/other/mod.rs", "pub mod queries;\n"),
        ("crates/a/src/other/queries.rs", "use crate::queries;\n"),
        ("crates/a/src/model.rs", "pub struct M;\n"),
        ("crates/a/src/buy.rs", "use crate::queries;\n"),
        ("crates/a/src/api.rs", ""),
    ]));
    assert_eq!(places(&found), [("crates/a/src/queries.rs", 4), ("crates/a/src/queries.rs", 3)]);
}

#[test]
fn old_words_are_found_by_what_they_name() {
    let distinctive = "use x::Shelf;\nfn a_wish(house_url: u8) {}\nlet warehouse = desktop;\n// a wish\nlet a = \"house\";\n\
                       struct PostFault;\nstruct Fault;\nlet fault = Stranger;\n";
    let ordinary = "fn tell<F: Fn(u8) -> u8>(told: u8) {\n    x.tell(told);\n    let (said, b): (u8, u8) = a;\n}\nstruct News {\n    \
                    heard: A,\n}\nenum E {\n    Told,\n    B { letters: u8 },\n}\nlet words = 1;\nstruct Words;\n\
                    f(Said { told: 1 });\nlet Some(paper) = papers else {};\n|bell| 1;\nfor guess in x {}\nfn judge() {}\n";
    let code = format!("let a = \"{}_in_doubt\";\n", "request");
    let found = super::vocabulary::check(&sources(&[
        ("crates/a/src/distinctive.rs", distinctive),
        ("crates/a/src/ordinary.rs", ordinary),
        ("crates/a/src/code.rs", &code),
        ("crates/operators/src/lib.rs", "fn judge() {}\nlet figures = 1;\n"),
    ]));
    let expected = [
        ("crates/a/src/code.rs", &[1][..]),
        ("crates/a/src/distinctive.rs", &[1, 2, 2, 6, 8]),
        ("crates/a/src/ordinary.rs", &[1, 1, 3, 5, 6, 9, 10, 13, 15, 16, 17]),
        ("crates/operators/src/lib.rs", &[1]),
    ];
    let expected: Vec<_> = expected.iter().flat_map(|(path, lines)| lines.iter().map(|line| (*path, *line))).collect();
    assert_eq!(places(&found), expected);
    let first_type = found.iter().find(|finding| finding.text.contains("Shelf")).unwrap();
    assert!(first_type.text.contains("ResponseCache"), "{}", first_type.text);
}

#[test]
fn old_words_are_found_in_every_language_and_in_names_of_files() {
    let found = super::vocabulary::check(&sources(&[
        ("crates/a/src/a/queries.rs", "sqlx::query!(\n    \"select\n    house.f()\");\n"),
        ("crates/a/src/keeping/mod.rs", ""),
        ("crates/a/src/keeping/a.rs", ""),
        ("crates/a/src/leave.rs", ""),
        ("crates/a/src/oidc/leave.rs", ""),
        ("crates/a/src/shop.rs", ""),
        (
            "crates/a/templates/a.html",
            "the desk <p class=\"way-back\">{{ wish }} desk</p>\n{# desk #}\n{% if desk > 1 %}desk{% endif %}\n",
        ),
        ("crates/market/Cargo.toml", "[package]\n"),
        ("crates/ui/locales/en/a.ftl", "told = Told\ntold-it = x\nthe-desk = x\n"),
        (
            "migrations/1_house_x.sql",
            "create table public.papers (\n  id int,\n  news text, -- a desk\n  check (tell > 1)\n);\nselect 'desk';\n",
        ),
        ("web/a.ts", "const told = 1; // desk\nlet a = 'desk';\ntell(desk);\n"),
    ]));
    let expected = [
        ("crates/a/src/a/queries.rs", 3),
        ("crates/a/src/keeping/mod.rs", 0),
        ("crates/a/src/oidc/leave.rs", 0),
        ("crates/a/src/shop.rs", 0),
        ("crates/a/templates/a.html", 1),
        ("crates/a/templates/a.html", 1),
        ("crates/a/templates/a.html", 3),
        ("crates/market/Cargo.toml", 0),
        ("crates/ui/locales/en/a.ftl", 1),
        ("crates/ui/locales/en/a.ftl", 3),
        ("migrations/1_house_x.sql", 0),
        ("migrations/1_house_x.sql", 1),
        ("migrations/1_house_x.sql", 3),
        ("web/a.ts", 1),
        ("web/a.ts", 3),
    ];
    assert_eq!(places(&found), expected);
}

#[test]
fn words_for_people_speak_of_the_program() {
    let found = super::vocabulary::check(&sources(&[
        (
            "README.md",
            "A Japanese town house.\nThe house pays.\n\"a quiet house on a hill\"\nMACHIYA_HOUSE_URL\nwarehouses\n",
        ),
        ("specs/1.md", "the house\n"),
        ("crates/a/src/a.rs", "//! A town house.\n/* one\n the house's */\nlet a = \"the house\";\n"),
        ("migrations/1_a_b.sql", "-- The House.\nselect 1;\n"),
    ]));
    let expected = [("README.md", 2), ("README.md", 4), ("crates/a/src/a.rs", 3), ("migrations/1_a_b.sql", 1)];
    assert_eq!(places(&found), expected);
}

#[test]
fn tables_of_other_crates_are_found_in_queries() {
    let orders = "create table public.orders (id int);\ncreate table public.items (id int);\n\
                  create function app.f() returns int language sql as $f$ select 1 from public.wallets $f$;\n";
    let queries = "sqlx::query!(\"select id from public.orders, items as i\n join wallets w on true\");\n\
                   query!(r#\"with items as (select 1) select \"from\" from items where a is distinct from orders\"#);\n\
                   query!(\"insert into orders (id) select * from orders(1)\");\nquery!(\"delete from only public.items\");\n\
                   query!(\"update auth.users set x = 'from orders'\"); // from orders\n";
    let all = sources(&[
        ("migrations/1_orders_create_orders.sql", orders),
        ("migrations/2_credits_create_wallets.sql", "create table public.wallets (id int);\n"),
        ("crates/credits/src/queries.rs", queries),
        ("crates/orders/src/queries.rs", "query!(\"select 1 from orders\");\n"),
        ("crates/credits/src/tests/queries.rs", queries),
        ("crates/testkit/src/queries.rs", queries),
    ]);
    let found = super::table_owners::check(&all);
    let path = "crates/credits/src/queries.rs";
    assert_eq!(places(&found), [(path, 1), (path, 1), (path, 4), (path, 5), (path, 6)]);
    assert!(found[4].text.contains("auth.users belongs to identity"), "{}", found[4].text);
    assert!(super::table_owners::summary(&all).ends_with(" 1 in functions of migrations"));
}

#[test]
fn one_rule_and_one_folder_can_be_looked_at_alone() {
    let many = "// line\n".repeat(401);
    let all = sources(&[("crates/a/src/utils.rs", &many), ("crates/b/src/utils.rs", "")]);
    let look = |only: Option<&str>, path: Option<&str>| {
        let options = super::Options { only: only.map(str::to_owned), path: path.map(str::to_owned) };
        let (findings, summary) = super::apply(&all, &options);
        (findings.into_iter().map(|finding| (finding.path, finding.line)).collect::<Vec<_>>(), summary.len())
    };
    let (a, b) = (("crates/a/src/utils.rs".to_owned(), 0), ("crates/b/src/utils.rs".to_owned(), 0));
    assert_eq!(look(Some("names"), None), (vec![a.clone(), b.clone()], 0));
    assert_eq!(look(Some("sizes"), None), (vec![a], 2));
    assert_eq!(look(Some("names"), Some("crates/b/")), (vec![b], 0));
    assert_eq!(look(None, Some("crates/c/")), (vec![], 4));
}
