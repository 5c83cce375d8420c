//! What `docs/SECURITY.md` promises is tested where it says.

use std::fs;
use std::path::{Path, PathBuf};

#[test]
fn every_test_that_the_security_page_names_exists() {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let page = fs::read_to_string(workspace.join("docs/SECURITY.md")).unwrap();
    let mut named = 0;
    let mut missing = Vec::new();
    for name in page.split('`').skip(1).step_by(2).filter(|name| name.contains("::") && !name.contains(' ')) {
        let parts: Vec<&str> = name.split("::").collect();
        let [krate, .., test] = parts.as_slice() else { continue };
        named += 1;
        if !has_function(&workspace.join("crates").join(krate), test) {
            missing.push(name);
        }
    }
    assert!(named > 60, "{named}");
    assert_eq!(missing, Vec::<&str>::new());
}

fn has_function(folder: &Path, name: &str) -> bool {
    let wanted = format!("fn {name}(");
    sources(folder).iter().any(|file| fs::read_to_string(file).is_ok_and(|text| text.contains(&wanted)))
}

fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path());
    entries
        .flat_map(|path| match path.extension() {
            _ if path.is_dir() => sources(&path),
            Some(extension) if extension == "rs" => vec![path],
            _ => Vec::new(),
        })
        .collect()
}
