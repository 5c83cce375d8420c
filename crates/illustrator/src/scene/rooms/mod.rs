//! The composition of each mood's room.

mod bold;
mod calm;
mod storied;

pub(super) use bold::{avant_garde, edgy, pop, sporty, street};
pub(super) use calm::{elegant, minimal, natural, romantic};
pub(super) use storied::{bohemian, vintage, wa};

use super::stage::Stage;
use crate::colour::Rgb;
use crate::surface::{Layer, Outline, View};

const PIXELS: &View = &View::PIXELS;

fn wall_above(stage: &Stage) -> Outline {
    Outline::rectangle(0.0, 0.0, stage.width, stage.horizon)
}

fn ring_shadow(canvas: &mut Layer, outline: &Outline, stage: &Stage, strength: f32) {
    let patch = outline.cover(PIXELS, canvas.width, canvas.height);
    let reach = 9.0 * stage.scale;
    canvas.shade_below(&patch, (reach, reach), reach, Rgb([0.5, 0.46, 0.5]), strength);
}
