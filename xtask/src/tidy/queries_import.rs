//! `queries.rs` imports models, never verbs: a statement is read without knowing what it is used for.

use super::imports;
use super::{Finding, Sources};

/// What belongs to use cases and their callers.
const CALLERS: [&str; 3] = ["api.rs", "pages.rs", "jobs.rs"];

pub(super) fn check(sources: &Sources) -> Vec<Finding> {
    let mut findings = Vec::new();
    for graph in imports::of_crates(sources).values() {
        let name = |node: usize| graph.files[node].rsplit('/').next().unwrap_or_default();
        let is_caller = |node: usize| CALLERS.contains(&name(node));
        for (node, imports) in graph.edges.iter().enumerate().filter(|(node, _)| name(*node) == "queries.rs") {
            for (&target, &line) in imports.iter().filter(|(target, _)| name(**target) != "queries.rs") {
                let through = graph.edges[target].keys().find(|next| is_caller(**next) || name(**next) == "queries.rs");
                let why = match through {
                    _ if is_caller(target) => "which is no model".to_owned(),
                    Some(next) => format!("which is no model: it imports {}", graph.files[*next]),
                    None => continue,
                };
                let text = format!("queries import {}, {why}", graph.files[target]);
                findings.push(Finding::error(graph.files[node], line, text));
            }
        }
    }
    findings
}
