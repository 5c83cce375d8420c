//! The `Range` header (RFC 9110, §14): which part of a file a client asks for.

use std::ops::Range;

/// What a client asks for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Requested {
    /// The whole file: the header is not understood.
    Whole,
    /// These bytes, all of them inside the file.
    Part(Range<u64>),
    /// Bytes that the file does not have, or several ranges at once, which are not served.
    Unsatisfiable,
}

/// Reads the header for a file of `size_bytes`. A unit other than bytes and a header that breaks the syntax are passed
/// over, as the RFC says.
pub(super) fn requested(header: &str, size_bytes: u64) -> Requested {
    let Some(ranges) = header.trim().strip_prefix("bytes=") else { return Requested::Whole };
    if ranges.contains(',') {
        return Requested::Unsatisfiable;
    }
    let Some((first, last)) = ranges.split_once('-') else { return Requested::Whole };
    match (number(first), number(last)) {
        (Some(first), Some(last)) if first <= last => part(first, last.saturating_add(1), size_bytes),
        (Some(first), None) if last.trim().is_empty() => part(first, size_bytes, size_bytes),
        (None, Some(length)) if first.trim().is_empty() => {
            let first = size_bytes.saturating_sub(length);
            // The last 0 bytes are none.
            if length == 0 { Requested::Unsatisfiable } else { part(first, size_bytes, size_bytes) }
        }
        _ => Requested::Whole,
    }
}

fn part(first: u64, end: u64, size_bytes: u64) -> Requested {
    if first < size_bytes { Requested::Part(first..end.min(size_bytes)) } else { Requested::Unsatisfiable }
}

/// Digits only: a sign or a space between them is no number here. What is too large for the type is the largest.
fn number(digits: &str) -> Option<u64> {
    let digits = digits.trim();
    let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| digits.parse().unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_range_is_read_as_the_rfc_says() {
        for (header, expected) in [
            ("bytes=0-499", Requested::Part(0..500)),
            ("bytes=500-999", Requested::Part(500..1000)),
            ("bytes=-500", Requested::Part(9500..10_000)),
            ("bytes=9500-", Requested::Part(9500..10_000)),
            ("bytes=0-0", Requested::Part(0..1)),
            ("bytes=-1", Requested::Part(9999..10_000)),
            ("bytes=9999-20000", Requested::Part(9999..10_000)),
            ("bytes=-20000", Requested::Part(0..10_000)),
            ("bytes=0-99999999999999999999999", Requested::Part(0..10_000)),
            ("bytes=10000-", Requested::Unsatisfiable),
            ("bytes=10000-10001", Requested::Unsatisfiable),
            ("bytes=-0", Requested::Unsatisfiable),
            ("bytes=0-0,-1", Requested::Unsatisfiable),
            ("bytes=5-2", Requested::Whole),
            ("bytes=-", Requested::Whole),
            ("bytes=", Requested::Whole),
            ("bytes=a-b", Requested::Whole),
            ("bytes=+1-2", Requested::Whole),
            ("bytes=1", Requested::Whole),
            ("items=0-1", Requested::Whole),
            ("", Requested::Whole),
        ] {
            assert_eq!(requested(header, 10_000), expected, "{header}");
        }
        assert_eq!(requested("bytes=0-", 0), Requested::Unsatisfiable);
    }

    proptest! {
        #[test]
        fn no_header_reaches_outside_the_file(header in "(bytes=)?[0-9,\\- ]{0,24}|\\PC{0,24}", size in 0..1_000_u64) {
            if let Requested::Part(range) = requested(&header, size) {
                prop_assert!(range.start < range.end && range.end <= size, "{header}: {range:?} of {size}");
            }
        }
    }
}
