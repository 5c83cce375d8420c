//! Names that say nothing about the business.

use super::{Finding, Sources};

const FORBIDDEN: [&str; 11] =
    ["util", "utils", "utilities", "helper", "helpers", "common", "misc", "service", "services", "manager", "managers"];

pub(super) fn check(sources: &Sources) -> Vec<Finding> {
    let says_nothing = |path: &&String| {
        path.split('/').any(|part| {
            let stem = part.split('.').next().unwrap_or(part);
            FORBIDDEN.contains(&stem)
        })
    };
    let finding = |path: &String| Finding::error(path, 0, "the name says nothing; call it by what it is about");
    sources.paths.iter().filter(says_nothing).map(finding).collect()
}
