//! Numbers as operators read them.

use kernel::Yen;

/// A whole number with its thousands apart, as amounts are shown: `1,234,567`.
pub(crate) fn number(value: i64) -> String {
    Yen(value).to_string()
}
