//! Inside a crate no two files import each other in a circle, so that each can be read after those that it stands on.
//!
//! What is imported through a file that gathers others counts as that file's: features import from where a thing is
//! defined, or the gathering file stands in a circle with everything that it gathers.

use super::imports::{self, ImportGraph};
use super::{Finding, Sources};
use std::collections::{BTreeSet, VecDeque};

pub(super) fn check(sources: &Sources) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, graph) in imports::of_crates(sources) {
        let prefix = format!("crates/{name}/src/");
        findings.extend(circles(&graph).iter().map(|circle| describe(&graph, circle, &prefix)));
    }
    findings
}

pub(super) fn summary(findings: &[&Finding]) -> Vec<String> {
    let files: usize = findings.iter().map(|finding| finding.files).sum();
    vec![format!("circles: {} (files in them: {files})", findings.len())]
}

/// One error for a circle: its files, and the imports of a shortest way around in it.
fn describe(graph: &ImportGraph<'_>, circle: &BTreeSet<usize>, prefix: &str) -> Finding {
    let short = |node: usize| graph.files[node].strip_prefix(prefix).unwrap_or(graph.files[node]);
    let way = shortest_way_around(graph, circle);
    let step = |index: usize| {
        let (node, next) = (way[index], way[(index + 1) % way.len()]);
        (node, graph.edges[node].get(&next).copied().unwrap_or_default())
    };
    let steps: Vec<String> = (0..way.len())
        .map(|index| {
            let (node, line) = step(index);
            format!("{}:{line}", short(node))
        })
        .collect();
    let mut names: Vec<&str> = circle.iter().map(|node| short(*node)).collect();
    names.sort_unstable();
    let (first, line) = step(0);
    let text = format!(
        "{} files import each other in a circle; a shortest one: {} → {}; all: {}",
        circle.len(),
        steps.join(" → "),
        short(first),
        names.join(", "),
    );
    Finding { files: circle.len(), ..Finding::error(graph.files[first], line, text) }
}

/// The strongly connected components of two files or more, by Tarjan's algorithm.
fn circles(graph: &ImportGraph<'_>) -> Vec<BTreeSet<usize>> {
    let mut search =
        Search { graph, order: vec![None; graph.files.len()], next: 0, stack: Vec::new(), found: Vec::new() };
    for node in 0..graph.files.len() {
        if search.order[node].is_none() {
            search.visit(node);
        }
    }
    search.found
}

struct Search<'graph, 'a> {
    graph: &'graph ImportGraph<'a>,
    /// In which order the files were reached.
    order: Vec<Option<usize>>,
    next: usize,
    /// The files whose circle is not complete yet.
    stack: Vec<usize>,
    found: Vec<BTreeSet<usize>>,
}

impl Search<'_, '_> {
    /// Visits a file and all that it imports; returns the earliest file still on the stack that it leads back to.
    fn visit(&mut self, node: usize) -> usize {
        let own = self.next;
        self.next += 1;
        self.order[node] = Some(own);
        self.stack.push(node);
        let mut earliest = own;
        for &target in self.graph.edges[node].keys() {
            match self.order[target] {
                None => earliest = earliest.min(self.visit(target)),
                Some(order) if self.stack.contains(&target) => earliest = earliest.min(order),
                Some(_) => {}
            }
        }
        if earliest == own {
            let start = self.stack.iter().rposition(|open| *open == node).unwrap_or_default();
            let component: BTreeSet<usize> = self.stack.drain(start..).collect();
            if component.len() > 1 {
                self.found.push(component);
            }
        }
        earliest
    }
}

/// The files of a shortest circle, each importing the next and the last the first.
fn shortest_way_around(graph: &ImportGraph<'_>, circle: &BTreeSet<usize>) -> Vec<usize> {
    let ways = circle.iter().filter_map(|start| shortest_way_from(graph, circle, *start));
    ways.min_by_key(|way| (way.len(), graph.files[way[0]])).unwrap_or_default()
}

fn shortest_way_from(graph: &ImportGraph<'_>, circle: &BTreeSet<usize>, start: usize) -> Option<Vec<usize>> {
    let mut came_from = vec![None; graph.files.len()];
    let mut open = VecDeque::from([start]);
    while let Some(node) = open.pop_front() {
        for &target in graph.edges[node].keys().filter(|target| circle.contains(target)) {
            if target == start {
                let mut way = vec![node];
                while let Some(before) = came_from[way[way.len() - 1]] {
                    way.push(before);
                }
                way.reverse();
                return Some(way);
            }
            if came_from[target].is_none() {
                came_from[target] = Some(node);
                open.push_back(target);
            }
        }
    }
    None
}
