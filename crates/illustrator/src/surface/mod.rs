//! The drawing surface: layers of pixels, outlines filled with paint, ink lines, soft shadows.

pub(crate) mod geometry;
pub(crate) mod ink;
pub(crate) mod layer;
pub(crate) mod outline;
pub(crate) mod patch;
pub(crate) mod softness;
