//! Cloth: what is woven, knitted or printed, as tiles that repeat.

pub(crate) mod cloth;
pub(crate) mod motif;
mod prints;
mod structure;
pub(crate) mod texel;
mod wagara;
mod weave;
