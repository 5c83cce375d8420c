//! The dependency rule of DESIGN §2: which crate may use which.

use super::{Finding, Sources};
use std::collections::BTreeSet;

/// A crate and those directly below it. It may use everything below those, too.
const BELOW: [(&str, &[&str]); 18] = [
    ("kernel", &[]),
    ("platform", &["kernel"]),
    ("schema", &[]),
    ("ui", &["platform"]),
    ("identity", &["ui"]),
    ("ledger", &["identity"]),
    ("media", &["identity"]),
    ("payments", &["ledger"]),
    ("credits", &["payments"]),
    ("illustrator", &[]),
    ("studio", &["credits", "media", "illustrator"]),
    ("catalog", &["studio"]),
    ("orders", &["catalog"]),
    ("sellers", &["orders"]),
    ("pages", &["studio"]),
    ("discovery", &["catalog", "orders"]),
    ("trust", &["catalog", "orders"]),
    ("operators", &["sellers", "pages", "discovery", "trust"]),
];
/// Used by the one crate above it alone: knowing it is that crate's business.
const PRIVATE: [(&str, &str); 1] = [("illustrator", "studio")];
/// Uses everything; nothing uses it.
const PROGRAM: &str = "machiya";
/// What tests stand on: they may use it, the program may not, and it uses whatever it doubles.
const FOR_TESTS: [&str; 5] = ["testkit", "schema", "identity", "kernel", "platform"];

pub(super) fn check(sources: &Sources) -> Vec<Finding> {
    let manifests = sources.files.iter().filter_map(|file| {
        let name = file.path.strip_prefix("crates/")?.strip_suffix("/Cargo.toml")?;
        Some((name, file))
    });
    let members: Vec<_> = manifests.collect();
    let names: BTreeSet<&str> = members.iter().map(|(name, _)| *name).collect();
    let mut findings = Vec::new();
    for &(name, file) in &members {
        if !BELOW.iter().any(|(known, _)| *known == name) && name != PROGRAM && name != "testkit" {
            findings.push(Finding::error(
                &file.path,
                0,
                format!("the crate {name} has no place in the dependency rule"),
            ));
            // What it may use is unknown until it has one.
            continue;
        }
        for (line, for_tests, used) in dependencies(&file.text) {
            if names.contains(used) && used != name && !may_use(name, used, for_tests) {
                let rule = format!("{name} may not depend on {used} (DESIGN §2: downward only)");
                findings.push(Finding::error(&file.path, line, rule));
            }
        }
    }
    findings
}

fn may_use(name: &str, used: &str, for_tests: bool) -> bool {
    match (name, used) {
        (_, PROGRAM) => false,
        (_, "testkit") => for_tests,
        (PROGRAM | "testkit", _) => true,
        (_, used) if for_tests && FOR_TESTS.contains(&used) => true,
        (name, used) => everything_below(name).contains(used),
    }
}

fn everything_below(name: &str) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    let mut open = vec![name];
    while let Some(name) = open.pop() {
        let below = BELOW.iter().find(|(known, _)| *known == name).map_or(&[][..], |(_, below)| below);
        for &crate_below in below {
            if found.insert(crate_below) {
                open.push(crate_below);
            }
        }
    }
    found.retain(|below| !PRIVATE.iter().any(|(private, user)| private == below && *user != name));
    found
}

/// The dependencies of a manifest: line, whether for tests only, and name.
fn dependencies(manifest: &str) -> Vec<(usize, bool, &str)> {
    let mut section = "";
    let mut found = Vec::new();
    for (index, line) in manifest.lines().enumerate() {
        if let Some(header) = line.trim().strip_prefix('[') {
            section = header.trim_end_matches(']');
        } else if section.ends_with("dependencies")
            && let Some((key, _)) = line.split_once('=')
        {
            let name = key.trim().split('.').next().unwrap_or_default();
            found.push((index + 1, section.ends_with("dev-dependencies"), name));
        }
    }
    found
}
