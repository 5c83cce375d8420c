//! From a brief to decisions: which known answer is meant, and what else the words and the seed decide.

pub(crate) mod answers;
pub(crate) mod design;
pub(crate) mod extra;
