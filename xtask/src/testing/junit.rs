//! What nextest writes about a run (JUnit XML): every test with its result and its duration.

use super::counts::Counts;
use anyhow::{Context, Result};
use std::fmt::Write as _;

/// A test that ran.
#[derive(Debug, PartialEq)]
pub(super) struct TestCase {
    /// Crate, test program and test.
    pub(super) name: String,
    pub(super) seconds: f64,
    pub(super) has_passed: bool,
}

/// The tests of a run, the slowest first.
///
/// # Errors
/// When the text is not such a report.
pub(super) fn read(text: &str) -> Result<Vec<TestCase>> {
    let document = roxmltree::Document::parse(text).context("the report of the tests is not XML")?;
    let mut cases = Vec::new();
    for case in document.descendants().filter(|node| node.has_tag_name("testcase")) {
        let attribute = |name| case.attribute(name).with_context(|| format!("a test without its {name}"));
        cases.push(TestCase {
            name: format!("{} {}", attribute("classname")?, attribute("name")?),
            seconds: attribute("time")?.parse().context("a duration that is no number")?,
            has_passed: !case.children().any(|node| node.has_tag_name("failure") || node.has_tag_name("error")),
        });
    }
    cases.sort_by(|one, other| other.seconds.total_cmp(&one.seconds));
    Ok(cases)
}

pub(super) fn counts(cases: &[TestCase]) -> Counts {
    let passed = cases.iter().filter(|case| case.has_passed).count();
    Counts { passed: passed as u64, failed: (cases.len() - passed) as u64 }
}

/// The ten slowest, a line each.
pub(super) fn slowest(cases: &[TestCase]) -> String {
    cases.iter().take(10).fold(String::new(), |mut lines, TestCase { name, seconds, .. }| {
        // Writing into a text cannot fail.
        let _ = writeln!(lines, "{seconds:>8.1} s  {name}");
        lines
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_and_durations_are_read_from_the_report() {
        let text = r#"<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="nextest-run" tests="3" failures="2" errors="0" time="9.5">
    <testsuite name="orders" tests="2" disabled="0" errors="0" failures="1">
        <testcase name="tests::sold_once" classname="orders" time="0.250"></testcase>
        <testcase name="tests::paid" classname="orders" time="1.500">
            <failure message="thread panicked" type="test failure">left &lt; right</failure><system-err>…</system-err>
        </testcase>
    </testsuite>
    <testsuite name="machiya::browser" tests="1">
        <testcase name="walk" classname="machiya::browser" time="7.000"><error type="execution failure"/></testcase>
    </testsuite>
</testsuites>"#;
        let cases = read(text).unwrap();
        assert_eq!(counts(&cases), Counts { passed: 1, failed: 2 });
        assert_eq!(
            slowest(&cases),
            "     7.0 s  machiya::browser walk\n     1.5 s  orders tests::paid\n     0.2 s  orders tests::sold_once\n"
        );
        assert!(read("no XML").is_err());
        assert!(read("<testcase/>").is_err());
    }
}
