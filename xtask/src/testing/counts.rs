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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn results_of_cargo_and_node_are_read() {
        let cargo = "test result: ok. 15 passed; 0 failed; 1 ignored; 0 measured\ntest result: FAILED. 2 passed; 3 failed; 0 ignored";
        assert_eq!(Counts::of_cargo(cargo), Counts { passed: 17, failed: 3 });
        let node = "# tests 12\n# suites 0\n# pass 10\n# fail 1\n# cancelled 1\n";
        assert_eq!(Counts::of_node(node), Counts { passed: 10, failed: 2 });
        assert_eq!(Counts::of_node("ℹ tests 3\nℹ pass 3\nℹ fail 0\nℹ cancelled 0\n"), Counts { passed: 3, failed: 0 });
    }
}
