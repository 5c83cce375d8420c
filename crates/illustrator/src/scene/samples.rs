//! Beside the figure, where the picture is wide enough: a hanging length of the cloth and cards of its colours.

use super::stage::Stage;
use crate::colour::Rgb;
use crate::garment::drape::{Drape, Fold};
use crate::garment::loft::{Loft, row};
use crate::garment::render::{Piece, paint as paint_piece};
use crate::reading::design::Design;
use crate::surface::geometry::{View, p};
use crate::surface::ink::{Pen, draw_line};
use crate::surface::layer::Layer;
use crate::surface::outline::Outline;
use crate::textile::cloth::Cloth;
use crate::textile::texel::Inks;

/// Paints the samples into the stage's panel.
pub(crate) fn paint(canvas: &mut Layer, design: &Design, stage: &Stage) {
    let Some((left, right)) = stage.panel else { return };
    let room = right - left;
    let unit = stage.scale;
    let height = stage.height;
    let cards = (room * 0.30).clamp(height * 0.07, height * 0.15);
    let length = (room - cards * 1.35).min(height * 0.62);
    let inner_left = stage.free_side > 0.0;
    let start = if inner_left { left } else { right - length };
    if length > height * 0.12 {
        drape_of_cloth(canvas, design, stage, start, length);
    }
    let x = if inner_left { start + length + cards * 0.35 } else { start - cards * 1.35 };
    colour_cards(canvas, design, x, height * 0.30, cards, unit);
}

fn inks(design: &Design) -> Inks {
    Inks { base: design.palette.main, second: design.palette.second, accent: design.palette.accent }
}

/// The cloth over a rail, gathered by its own weight.
fn drape_of_cloth(canvas: &mut Layer, design: &Design, stage: &Stage, left: f32, width: f32) {
    let unit = stage.scale * 1.35;
    let (top, bottom) = (stage.height * 0.17, stage.height * 0.80);
    let view = View { scale: unit, mirror: false, origin: p(left + width * 0.5, top) };
    let (half, drop) = (width * 0.5 / unit, (bottom - top) / unit);
    let cloth = Cloth::woven(design.motif, inks(design), design.gloss, unit, 1.15);
    let rows = [
        row(p(-half * 0.92, 0.0), p(half * 0.92, 0.0), 1.0),
        row(p(-half * 0.86, drop * 0.18), p(half * 0.88, drop * 0.16), 3.0),
        row(p(-half * 0.90, drop * 0.55), p(half * 0.90, drop * 0.52), 5.0),
        row(p(-half, drop), p(half * 0.98, drop * 0.93), 9.0),
    ];
    let count = (half / 13.0).clamp(3.0, 9.0);
    let loft = Loft::through(&rows).with_hem(count, 6.0, 0.4);
    let folds = vec![
        Fold::Flare { count, from: -0.9, depth: 5.2, phase: 0.4 },
        Fold::Gather { at: 0.0, reach: 0.5, count: 15.0, depth: 2.6 },
        Fold::Drag { from: (-0.9, 0.02), to: (0.7, 0.40), width: 16.0, depth: 4.0 },
    ];
    let drape = Drape { round: 0.10, wrinkle: 1.6, folds, seed: (design.seed >> 9) as u32 };
    let patch = loft.outline_between(0.0, 1.0).cover(&view, canvas.width, canvas.height);
    let reach = 12.0 * stage.scale;
    canvas.shade_below(&patch, (reach, reach), reach, Rgb([0.45, 0.41, 0.47]), 0.55);
    paint_piece(
        canvas,
        &view,
        &Piece { loft: &loft, drape: &drape, cloth: &cloth, span: (0.0, 1.0), cut: None, within: None },
        0.0,
    );
    let ink = design.palette.main.ink();
    for u in [-1.0, 1.0] {
        draw_line(canvas, &view, &loft.down(u, 0.0, 1.0), Pen::even(ink, 1.4).faint(0.6));
    }
    draw_line(canvas, &view, &loft.across(1.0, -1.0, 1.0), Pen::even(ink, 1.4).faint(0.6));
    let wood = Rgb::hex("#a67c52");
    let rail = Outline::rectangle(-half * 1.06, -5.0, half * 1.06, 4.0);
    let shade = rail.cover(&view, canvas.width, canvas.height);
    canvas.shade_below(&shade, (2.0 * unit, 5.0 * unit), 4.0 * unit, Rgb([0.4, 0.36, 0.4]), 0.6);
    canvas.fill_gradient(
        &rail,
        &view,
        (p(0.0, -5.0), wood.shift(0.12, 1.0), 1.0),
        (p(0.0, 4.0), wood.shift(-0.10, 1.0), 1.0),
    );
    for x in [-half * 0.98, half * 0.98] {
        draw_line(
            canvas,
            &view,
            &[p(x, -5.0), p(x * 0.6, -60.0), p(0.0, -110.0)],
            Pen::even(Rgb::hex("#5b4a3d"), 1.4).faint(0.75),
        );
    }
    let nail = Outline::ellipse(p(0.0, -110.0), 4.0, 4.0, 0.0);
    canvas.fill(&nail, &view, Rgb::hex("#5b4a3d"), 1.0);
}

/// Cards of cloth and colour with pinked edges.
fn colour_cards(canvas: &mut Layer, design: &Design, x: f32, y: f32, size: f32, unit: f32) {
    let colours = [design.palette.main, design.palette.second, design.palette.accent];
    let cloth = Cloth::woven(design.motif, inks(design), design.gloss, unit, 0.8);
    for (i, colour) in colours.into_iter().enumerate() {
        let top = y + i as f32 * size * 1.28;
        let lean = [0.035, -0.028, 0.02].get(i).copied().unwrap_or(0.0);
        let centre = p(x + size * 0.5, top + size * 0.5);
        let mut points = vec![];
        let teeth = 14;
        for (side, corner) in [p(-0.5, -0.5), p(0.5, -0.5), p(0.5, 0.5), p(-0.5, 0.5)].into_iter().enumerate() {
            let along = [p(1.0, 0.0), p(0.0, 1.0), p(-1.0, 0.0), p(0.0, -1.0)].get(side).copied().unwrap_or_default();
            for k in 0..teeth {
                let t = k as f32 / teeth as f32;
                let inset = if k % 2 == 0 { 0.0 } else { 0.026 };
                let q = corner + along * t + p(-along.y, along.x) * inset;
                points.push(centre + q.rotate(lean) * size);
            }
        }
        let card = Outline::polygon(&points);
        let patch = card.cover(&View::PIXELS, canvas.width, canvas.height);
        canvas.shade_below(&patch, (size * 0.03, size * 0.05), size * 0.05, Rgb([0.45, 0.41, 0.46]), 0.5);
        canvas.paint(&patch, |px, py| {
            let q = (p(px, py) - centre).rotate(-lean) * (1.0 / unit);
            let texel = cloth.sample(q.x, q.y);
            let base = if i == 0 { cloth.colour(&texel, 0.2) } else { colour };
            let weave = 0.02 * crate::noise::white(px as i32, py as i32, 4);
            (base.mix(Rgb([1.0; 3]), (0.06 - 0.10 * (py - top) / size + weave).max(0.0)), 1.0)
        });
    }
}
