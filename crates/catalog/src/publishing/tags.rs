//! Tags, as sellers write them and as they are compared.

use unicode_normalization::UnicodeNormalization as _;

/// A tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    /// As the seller wrote it.
    pub name: String,
    /// Folded for comparison: NFKC, lower case.
    pub slug: String,
}

/// A tag folded for comparison: `Ｋｉｍｏｎｏ` and `kimono` are one.
pub fn tag_slug(name: &str) -> String {
    name.nfkc().flat_map(char::to_lowercase).collect::<String>().trim().to_owned()
}
