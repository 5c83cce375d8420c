//! Links of the documentation lead somewhere.

use super::{Finding, SourceFile, Sources};

pub(super) fn check(sources: &Sources) -> Vec<Finding> {
    let documents = sources.with_extension("md");
    documents.flat_map(|document| broken_links(document, &sources.paths)).collect()
}

fn broken_links(document: &SourceFile, paths: &[String]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut in_code = false;
    for (index, line) in document.text.lines().enumerate() {
        in_code ^= line.trim_start().starts_with("```");
        let targets = line.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
        for target in targets.filter(|_| !in_code) {
            let file = target.split('#').next().unwrap_or_default();
            let is_elsewhere = target.contains("://") || target.starts_with("mailto:") || file.is_empty();
            if !is_elsewhere && !exists(&resolved(&document.path, file), paths) {
                findings.push(Finding::error(&document.path, index + 1, format!("the link to {target} leads nowhere")));
            }
        }
    }
    findings
}

/// The path from the root that a link in a document means.
fn resolved(document: &str, link: &str) -> String {
    let mut parts: Vec<&str> = if link.starts_with('/') { vec![] } else { document.split('/').collect() };
    parts.pop();
    for part in link.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

/// A file, or a folder with something in it.
fn exists(path: &str, paths: &[String]) -> bool {
    paths.iter().any(|known| known.strip_prefix(path).is_some_and(|rest| rest.is_empty() || rest.starts_with('/')))
}
