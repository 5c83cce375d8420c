//! The home-made words that go: each is refused as a name, and its finding says the field's word for it.

mod declarations;
mod prose;
mod reading;
mod table;

use super::{Finding, Sources};
use reading::Reader;

pub(super) fn check(sources: &Sources) -> Vec<Finding> {
    let mut reader = Reader::new(sources);
    for file in &sources.files {
        reader.read(file);
        prose::check(file, &mut reader.findings);
    }
    let mut findings = reader.findings;
    findings.sort();
    findings.dedup();
    findings
}

pub(super) fn summary(findings: &[&Finding]) -> Vec<String> {
    vec![format!("old words: {}", findings.len())]
}
