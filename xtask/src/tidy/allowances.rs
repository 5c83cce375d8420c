//! Lints that are switched off say why.

use super::{Finding, Sources};

pub(super) fn check(sources: &Sources) -> Vec<Finding> {
    let mut findings = Vec::new();
    for file in sources.with_extension("rs") {
        let lines: Vec<&str> = file.text.lines().collect();
        for (index, line) in lines.iter().enumerate() {
            let line = line.trim_start();
            if !(line.starts_with("#[allow(") || line.starts_with("#![allow(")) {
                continue;
            }
            let end =
                lines[index..].iter().position(|line| line.trim_end().ends_with(']')).map_or(index, |at| index + at);
            if !lines[index..=end].iter().any(|line| line.contains("reason = ")) {
                findings.push(Finding::error(&file.path, index + 1, "an allowed lint needs a reason"));
            }
        }
    }
    findings
}
