//! The room behind the figure: its colours, its floor, and the composition that the mood asks for.

use super::rooms;
use super::stage::Stage;
use crate::colour::Rgb;
use crate::noise;
use crate::reading::{Design, Season, Vibe};
use crate::scalar::{bell, smoothstep};
use crate::surface::{Layer, P, p};
use crate::vocabulary::vocabulary;

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

/// Paints the room.
pub(crate) fn paint(canvas: &mut Layer, design: &Design, stage: &Stage) {
    let room = room(design);
    base(canvas, design, stage, &room);
    match design.vibe {
        Vibe::Minimal => rooms::minimal(canvas, design, stage, &room),
        Vibe::Street => rooms::street(canvas, design, stage, &room),
        Vibe::Elegant => rooms::elegant(canvas, stage, &room),
        Vibe::Romantic => rooms::romantic(canvas, design, stage, &room),
        Vibe::AvantGarde => rooms::avant_garde(canvas, design, stage, &room),
        Vibe::Sporty => rooms::sporty(canvas, design, stage, &room),
        Vibe::Vintage => rooms::vintage(canvas, stage, &room),
        Vibe::Edgy => rooms::edgy(canvas, design, stage),
        Vibe::Natural => rooms::natural(canvas, design, stage, &room),
        Vibe::Wa => rooms::wa(canvas, design, stage, &room),
        Vibe::Pop => rooms::pop(canvas, design, stage, &room),
        Vibe::Bohemian => rooms::bohemian(canvas, stage, &room),
    }
    vignette(canvas, stage);
}

/// Wall and floor with soft coloured light.
fn base(canvas: &mut Layer, design: &Design, stage: &Stage, room: &Room) {
    let mut dice = design.dice("room");
    let (w, h) = (stage.width, stage.height);
    let season = match design.season {
        Season::Spring => Rgb::hex("#fbe9ea"),
        Season::Summer => Rgb::hex("#fff6d8"),
        Season::Autumn => Rgb::hex("#f1c48e"),
        Season::Winter => Rgb::hex("#dbe7f5"),
        Season::Rainy => Rgb::hex("#a9b9cf"),
    };
    let lights: Vec<(P, f32, Rgb)> = [season, room.mood[1], design.palette.second, season]
        .into_iter()
        .map(|c| {
            (
                p(dice.range(-0.1, 1.1) * w, dice.range(-0.1, 0.9) * h),
                dice.range(0.40, 0.75) * w.max(h),
                room.wall.mix(c, 0.42),
            )
        })
        .collect();
    let (horizon, blend) = (stage.horizon, if design.vibe == Vibe::Minimal { 70.0 } else { 1.5 } * stage.scale);
    canvas.flood(|x, y| {
        let mut colour = room.wall;
        for (centre, reach, tint) in &lights {
            let (dx, dy) = ((x - centre.x) / reach, (y - centre.y) / reach);
            colour = colour.mix(*tint, 0.75 * bell((dx * dx + dy * dy).sqrt() * 1.6));
        }
        let wash = noise::fractal(x * 0.006, y * 0.006, 4, 0xbac);
        colour = colour.mix(Rgb([1.0; 3]), (0.06 * wash).max(0.0)).mix(Rgb([0.3, 0.27, 0.3]), (-0.06 * wash).max(0.0));
        let on_floor = smoothstep(horizon - blend, horizon + blend, y);
        let depth = ((y - horizon) / (h - horizon).max(1.0)).clamp(0.0, 1.0);
        let floor = room.floor.mix(colour, 0.30).mix(Rgb([1.0, 0.98, 0.95]), 0.10 * depth);
        let crease =
            bell((y - horizon) / (16.0 * stage.scale)) * 0.10 * f32::from(u8::from(blend < 20.0 * stage.scale));
        colour.mix(floor, on_floor).mix(Rgb([0.25, 0.22, 0.25]), crease)
    });
}

/// Darkens the corners and lights the figure's surroundings from the upper left.
fn vignette(canvas: &mut Layer, stage: &Stage) {
    let (w, h) = (stage.width, stage.height);
    let centre = p(stage.feet.x - w * 0.06, h * 0.42);
    let reach = w.max(h) * 0.75;
    let width = canvas.width.max(1);
    for (i, pixel) in canvas.pixels.iter_mut().enumerate() {
        let (x, y) = ((i % width) as f32, (i / width) as f32);
        let (dx, dy) = ((x - centre.x) / reach, (y - centre.y) / reach);
        let d = dx * dx + dy * dy;
        let k = 1.045 - 0.20 * smoothstep(0.05, 1.1, d);
        for v in pixel.iter_mut().take(3) {
            *v *= k;
        }
    }
}
