use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use kernel::Locale;

use super::*;

fn page(locale: Locale) -> String {
    let t = Messages::new(locale);
    let document: Value = serde_json::from_str(&DOCUMENT).unwrap();
    DocsTemplate { t, groups: groups(t, &document) }.render().unwrap()
}

#[test]
fn the_description_speaks_both_languages() {
    let (japanese, english) = (page(Locale::Ja), page(Locale::En));
    for (page, words) in [
        (&japanese, ["はじめに", "ログインすると", "カタログ", "注文", "説明は英語です"]),
        (&english, ["To begin with", "Log in", "Catalogue", "Orders", "Idempotency-Key"]),
    ] {
        for word in words {
            assert!(page.contains(word), "{word}");
        }
        assert!(!page.contains("docs-"), "every word is translated");
        assert!(page.contains("POST /api/checkout") && page.contains("GET /api/admin/users"));
    }
    assert!(!english.contains("説明"), "no word of the other language");
}

/// `docs/openapi.json` is what every HTTP test is compared with (`testkit::contract`).
#[test]
fn the_committed_document_is_that_of_the_program() {
    let written = format!("{}\n", serde_json::to_string_pretty(&document().unwrap()).unwrap());
    let path = workspace().join("docs/openapi.json");
    if std::env::var_os("MACHIYA_ACCEPT").is_some() {
        fs::write(&path, &written).unwrap();
    }
    assert!(
        fs::read_to_string(&path).unwrap_or_default() == written,
        "the API's document has changed; if that is meant, write it down with\n    \
         MACHIYA_ACCEPT=1 cargo nextest run -p machiya the_committed_document"
    );
}

#[test]
fn no_two_operations_have_the_same_id_and_every_answer_is_described() {
    let document = document().unwrap();
    let mut ids = BTreeSet::new();
    for (path, item) in document["paths"].as_object().unwrap() {
        for (method, operation) in item.as_object().unwrap() {
            assert!(ids.insert(operation["operationId"].as_str().unwrap().to_owned()), "{method} {path}");
            assert!(!operation["summary"].as_str().unwrap_or_default().is_empty(), "{method} {path} has no summary");
            let answers = operation["responses"].as_object().unwrap();
            assert!(answers.keys().any(|status| status.starts_with(['2', '3'])), "{method} {path} never succeeds");
            for (status, answer) in answers {
                assert!(!answer["description"].as_str().unwrap().is_empty(), "{method} {path} {status}");
            }
        }
    }
}

/// `merge` keeps the first of two schemas of one name without a word.
#[test]
fn no_two_schemas_have_the_same_name() {
    let mut places: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for path in sources(&workspace().join("crates")) {
        let text = fs::read_to_string(&path).unwrap();
        for declared in text.split("ToSchema)]\n").skip(1) {
            let at =
                ["struct ", "enum "].iter().filter_map(|word| Some(declared.find(word)? + word.len())).min().unwrap();
            let (attributes, rest) = declared.split_at(at);
            let own = attributes.split_once("schema(as = ").and_then(|(_, rest)| rest.split([',', ')']).next());
            let name = own.or_else(|| rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()).unwrap();
            places.entry(name.to_owned()).or_default().push(path.display().to_string());
        }
    }
    assert!(places.len() > 80, "{}", places.len());
    places.retain(|_, paths| paths.len() > 1);
    assert!(places.is_empty(), "{places:#?}");
}

#[test]
fn every_route_of_the_api_is_in_the_document() {
    let document = document().unwrap();
    let own = ["/api/docs", "/api/openapi.json"];
    let mut missing = Vec::new();
    for path in sources(&workspace().join("crates")) {
        let text = fs::read_to_string(&path).unwrap();
        for route in
            text.split(".route(").skip(1).filter_map(|rest| rest.trim_start().strip_prefix('"')?.split('"').next())
        {
            if route.starts_with("/api/") && !own.contains(&route) && document["paths"][route].is_null() {
                missing.push(format!("{route} ({})", path.display()));
            }
        }
    }
    assert_eq!(missing, Vec::<String>::new());
}

fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// The Rust files of the crates that ship, without tests.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let is_test = |path: &Path| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.ends_with("tests.rs") || ["tests", "testkit", "examples", "target"].contains(&name)
    };
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries
        .filter(|path| !is_test(path))
        .flat_map(|path| match path.extension() {
            _ if path.is_dir() => sources(&path),
            Some(extension) if extension == "rs" => vec![path],
            _ => Vec::new(),
        })
        .collect()
}
