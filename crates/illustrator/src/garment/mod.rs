//! The outfit: pieces cut by the silhouette, falling and lit as cloth.

pub(crate) mod drape;
pub(crate) mod loft;
pub(crate) mod render;

mod cut;
mod layers;
mod lower;
pub(crate) mod tailor;
mod trims;
mod upper;
