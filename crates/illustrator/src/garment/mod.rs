//! The outfit: pieces cut by the silhouette, falling and lit as cloth.

pub(crate) mod drape;
pub(crate) mod loft;
pub(crate) mod render;

mod atelier;
mod cut;
mod layers;
mod lower;
mod trims;
mod upper;

pub(crate) use atelier::{Atelier, Cloths};
