//! The studio: people make pictures here and keep them.

pub mod providers;
pub mod wardrobe;
