//! The room behind the figure: its colours, its floor, and the composition that the mood asks for.

use super::rooms::room::{Room, room};
use super::rooms::{bold, calm, storied};
use super::stage::Stage;
use crate::colour::Rgb;
use crate::noise;
use crate::reading::answers::{Season, Vibe};
use crate::reading::design::Design;
use crate::scalar::{gaussian, smoothstep};
use crate::surface::geometry::{P, p};
use crate::surface::layer::Layer;

/// Paints the room.
pub(crate) fn paint(canvas: &mut Layer, design: &Design, stage: &Stage) {
    let room = room(design);
    base(canvas, design, stage, &room);
    match design.vibe {
        Vibe::Minimal => calm::minimal(canvas, design, stage, &room),
        Vibe::Street => bold::street(canvas, design, stage, &room),
        Vibe::Elegant => calm::elegant(canvas, stage, &room),
        Vibe::Romantic => calm::romantic(canvas, design, stage, &room),
        Vibe::AvantGarde => bold::avant_garde(canvas, design, stage, &room),
        Vibe::Sporty => bold::sporty(canvas, design, stage, &room),
        Vibe::Vintage => storied::vintage(canvas, stage, &room),
        Vibe::Edgy => bold::edgy(canvas, design, stage),
        Vibe::Natural => calm::natural(canvas, design, stage, &room),
        Vibe::Wa => storied::wa(canvas, design, stage, &room),
        Vibe::Pop => bold::pop(canvas, design, stage, &room),
        Vibe::Bohemian => storied::bohemian(canvas, stage, &room),
    }
    vignette(canvas, stage);
}

/// Wall and floor with soft coloured light.
fn base(canvas: &mut Layer, design: &Design, stage: &Stage, room: &Room) {
    let mut rng = design.rng("room");
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
                p(rng.range(-0.1, 1.1) * w, rng.range(-0.1, 0.9) * h),
                rng.range(0.40, 0.75) * w.max(h),
                room.wall.mix(c, 0.42),
            )
        })
        .collect();
    let (horizon, blend) = (stage.horizon, if design.vibe == Vibe::Minimal { 70.0 } else { 1.5 } * stage.scale);
    canvas.flood(|x, y| {
        let mut colour = room.wall;
        for (centre, reach, tint) in &lights {
            let (dx, dy) = ((x - centre.x) / reach, (y - centre.y) / reach);
            colour = colour.mix(*tint, 0.75 * gaussian((dx * dx + dy * dy).sqrt() * 1.6));
        }
        let wash = noise::fractal(x * 0.006, y * 0.006, 4, 0xbac);
        colour = colour.mix(Rgb([1.0; 3]), (0.06 * wash).max(0.0)).mix(Rgb([0.3, 0.27, 0.3]), (-0.06 * wash).max(0.0));
        let on_floor = smoothstep(horizon - blend, horizon + blend, y);
        let depth = ((y - horizon) / (h - horizon).max(1.0)).clamp(0.0, 1.0);
        let floor = room.floor.mix(colour, 0.30).mix(Rgb([1.0, 0.98, 0.95]), 0.10 * depth);
        let crease =
            gaussian((y - horizon) / (16.0 * stage.scale)) * 0.10 * f32::from(u8::from(blend < 20.0 * stage.scale));
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
