//! The known answers of the five studio steps: stable slugs, labels in Japanese and English, swatches and icons.
//!
//! The tables are data. Their order is part of the contract: the resolved answer of a brief is an index into them, and
//! free text that matches nothing is spread over them by hash.

mod colours;
pub(crate) mod model;
mod occasions;
mod seasons;
mod silhouettes;
pub(crate) mod tables;
mod vibes;
