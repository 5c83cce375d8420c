//! The counts in what test runners print.

use std::ops::Add;

/// How many passed and how many did not.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) passed: u64,
    pub(super) failed: u64,
}

impl Add for Counts {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { passed: self.passed + other.passed, failed: self.failed + other.failed }
    }
}

impl Counts {
    /// A part that failed as a whole.
    pub(super) const FAILED: Self = Self { passed: 0, failed: 1 };

    /// `Summary [ 7.309s] 5 tests run: 3 passed (1 slow), 1 failed, 1 timed out, 0 skipped`, and when it was cut short
    /// `3/5 tests run: …`, where the rest counts as failed.
    pub(super) fn of_nextest(text: &str) -> Self {
        let summary = text.lines().rev().find_map(|line| line.trim_start().strip_prefix("Summary [")?.split_once(']'));
        let Some((run, results)) = summary.and_then(|(_, rest)| rest.split_once("run:")) else {
            return Self::default();
        };
        let number = |word: Option<&str>| word.and_then(|word| word.parse().ok()).unwrap_or(0);
        let mut counts = Self::default();
        for result in outside_brackets(results).split(',') {
            let mut words = result.split_whitespace();
            let count: u64 = number(words.next());
            match words.next() {
                Some("passed") => counts.passed += count,
                Some("failed" | "timed" | "exec") => counts.failed += count,
                _ => {}
            }
        }
        if let Some((done, all)) = run.split_whitespace().next().and_then(|count| count.split_once('/')) {
            counts.failed += number(Some(all)).saturating_sub(number(Some(done)));
        }
        counts
    }

    /// `test result: ok. 15 passed; 0 failed; …`, once for every test program.
    pub(super) fn of_cargo(text: &str) -> Self {
        let results = text.lines().filter_map(|line| line.trim().strip_prefix("test result: "));
        let counts = results.map(|line| Self { passed: before(line, "passed"), failed: before(line, "failed") });
        counts.fold(Self::default(), Add::add)
    }

    /// `# pass 12`, `# fail 0`, or with a sign before them, at the end of what `node --test` prints.
    pub(super) fn of_node(text: &str) -> Self {
        let last = |word: &str| {
            text.lines()
                .rev()
                .find_map(|line| line.trim().split_once(' ')?.1.strip_prefix(word)?.trim().parse().ok())
                .unwrap_or(0)
        };
        Self { passed: last("pass "), failed: last("fail ") + last("cancelled ") }
    }
}

fn before(line: &str, word: &str) -> u64 {
    let number =
        line.split(';').find_map(|part| part.trim().strip_suffix(word)?.trim().rsplit(' ').next()?.parse().ok());
    number.unwrap_or(0)
}

fn outside_brackets(text: &str) -> String {
    let mut depth = 0_u32;
    let mut kept = String::new();
    for character in text.chars() {
        match character {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            character if depth == 0 => kept.push(character),
            _ => {}
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nextest_summaries_are_read() {
        let read = |line: &str| {
            let counts = Counts::of_nextest(&format!("noise\n     Summary [   7.309s] {line}\nmore"));
            (counts.passed, counts.failed)
        };
        assert_eq!(read("5 tests run: 5 passed, 0 skipped"), (5, 0));
        assert_eq!(read("1 test run: 1 passed, 14 skipped"), (1, 0));
        assert_eq!(
            read("9 tests run: 4 passed (1 slow, 2 leaky), 3 failed, 1 timed out, 1 exec failed, 0 skipped"),
            (4, 5)
        );
        assert_eq!(read("3/10 tests run: 2 passed, 1 failed, 0 skipped"), (2, 8));
        assert_eq!(Counts::of_nextest("error: could not compile"), Counts::default());
    }

    #[test]
    fn results_of_cargo_and_node_are_read() {
        let cargo = "test result: ok. 15 passed; 0 failed; 1 ignored; 0 measured\ntest result: FAILED. 2 passed; 3 failed; 0 ignored";
        assert_eq!(Counts::of_cargo(cargo), Counts { passed: 17, failed: 3 });
        let node = "# tests 12\n# suites 0\n# pass 10\n# fail 1\n# cancelled 1\n";
        assert_eq!(Counts::of_node(node), Counts { passed: 10, failed: 2 });
        assert_eq!(Counts::of_node("ℹ tests 3\nℹ pass 3\nℹ fail 0\nℹ cancelled 0\n"), Counts { passed: 3, failed: 0 });
    }
}
