//! Limits that more than one crate must agree on.

/// Items on a page when the caller does not say.
pub const PAGE_SIZE_DEFAULT: u32 = 24;
/// Items on a page at most (the specification's `MaxKeys` is 1,000).
pub const PAGE_SIZE_MAX: u32 = 1_000;
/// A JSON or form body at most.
pub const BODY_BYTES_MAX: usize = 256 * 1024;
/// A title at most, in characters.
pub const TITLE_CHARS_MAX: usize = 120;
/// The lowest price that a payment provider accepts (`reference/payments.md`), in yen.
pub const PRICE_YEN_MIN: i64 = 50;
/// The highest price of a product, in yen.
pub const PRICE_YEN_MAX: i64 = 9_999_999;
