//! The embedded picture maker: from a brief to a fashion illustration, without a trained model.
//!
//! It draws one figure in one outfit: the cut follows the silhouette, the cloth the colours and the mood, accessories
//! and props the occasion, light, layers and the air the season, the room the mood. What always holds: no input or
//! output besides the arguments, no clock, no fonts, no randomness but the brief's seed; equal briefs give identical
//! bytes on every machine, and no brief panics. Absent on purpose: learning, text in pictures, photographs.

#![allow(
    clippy::cast_possible_wrap,
    reason = "sides are at most MAX_LONG_EDGE_PX, so every index and coordinate fits into 32 bits with its sign"
)]

mod brief;
mod colour;
mod figure;
mod garment;
mod noise;
mod picture;
mod reading;
mod rng;
mod scalar;
mod scene;
mod surface;
mod textile;
mod vocabulary;

pub use brief::{Aspect, Brief, MAX_LONG_EDGE_PX, MIN_LONG_EDGE_PX};
pub use picture::Picture;
pub use vocabulary::model::{Answer, Step, Vocabulary};
pub use vocabulary::tables::vocabulary;

/// Draws the picture that a brief asks for: 8-bit RGB of [`Aspect::size_px`]. About a second per 1.2 megapixels.
#[must_use]
pub fn illustrate(brief: &Brief) -> Picture {
    let (width_px, height_px) = brief.aspect.size_px(brief.long_edge_px);
    let design = reading::design::Design::read(brief);
    scene::draw::draw(&design, width_px as usize, height_px as usize)
}
