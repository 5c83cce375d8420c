//! From a brief to decisions: which known answer is meant, and what else the words and the seed decide.

mod answers;
mod design;
mod extra;

pub(crate) use answers::{Cut, Occasion, Season, Vibe};
pub(crate) use design::{Design, HairStyle, Weight};
pub(crate) use extra::{Hat, SleeveWish};
