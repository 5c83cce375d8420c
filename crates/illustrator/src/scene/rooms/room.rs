//! The colours of a room, and the shapes that all rooms share.

use crate::colour::Rgb;
use crate::reading::answers::Vibe;
use crate::reading::design::Design;
use crate::scene::stage::Stage;
use crate::surface::geometry::View;
use crate::surface::layer::Layer;
use crate::surface::outline::Outline;
use crate::vocabulary::tables::vocabulary;

/// Colours of the room.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Room {
    pub(crate) wall: Rgb,
    pub(crate) floor: Rgb,
    /// The mood's own colours.
    pub(crate) mood: [Rgb; 3],
}

/// Mixes the room's colours from the palette's ground, the mood and the season.
pub(crate) fn room(design: &Design) -> Room {
    let v = vocabulary();
    let mood = v.vibes.get(design.vibe as usize).map_or(&[][..], |a| a.swatches);
    let mood = [0, 1, 2].map(|i| mood.get(i).map_or(Rgb([0.8; 3]), |h| Rgb::hex(h)));
    let season = v.seasons.get(design.season as usize).map_or(&[][..], |a| a.swatches);
    let season = season.first().map_or(Rgb([0.8; 3]), |h| Rgb::hex(h));
    let dark = design.vibe == Vibe::Edgy;
    let wall =
        design.palette.ground.mix(mood[0], if dark { 0.80 } else { 0.38 }).mix(season, if dark { 0.06 } else { 0.24 });
    // The garment must stand out: the wall moves away from the cloth's lightness.
    let gap = wall.lightness() - design.palette.main.lightness();
    let wall = if gap.abs() > 0.13 {
        wall
    } else if dark {
        wall.shift(-0.10, 1.0)
    } else if gap >= -0.02 && wall.lightness() < 0.84 {
        wall.shift(0.10, 1.0)
    } else {
        wall.shift(-0.13, 1.05)
    };
    let floor = wall.shift(if dark { -0.05 } else { -0.075 }, 1.1);
    Room { wall, floor, mood }
}

pub(super) const PIXELS: &View = &View::PIXELS;

pub(super) fn wall_above(stage: &Stage) -> Outline {
    Outline::rectangle(0.0, 0.0, stage.width, stage.horizon)
}

pub(super) fn ring_shadow(canvas: &mut Layer, outline: &Outline, stage: &Stage, strength: f32) {
    let patch = outline.cover(PIXELS, canvas.width, canvas.height);
    let reach = 9.0 * stage.scale;
    canvas.shade_below(&patch, (reach, reach), reach, Rgb([0.5, 0.46, 0.5]), strength);
}
