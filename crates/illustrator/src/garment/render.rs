//! Painting a loft as lit cloth.

use super::drape::Drape;
use super::loft::Loft;
use crate::colour::Rgb;
use crate::noise;
use crate::scalar::{mix, smoothstep};
use crate::surface::geometry::{P, View};
use crate::surface::layer::Layer;
use crate::surface::outline::Outline;
use crate::surface::patch::Patch;
use crate::textile::cloth::Cloth;

/// Where the light comes from, in pixel space, towards the viewer; a unit vector.
const LIGHT: [f32; 3] = [-0.47, -0.50, 0.727];
/// Half way between the light and the viewer.
const HALF: [f32; 3] = [-0.253, -0.269, 0.929];

/// A piece of the figure or the outfit.
pub(crate) struct Piece<'a> {
    pub(crate) loft: &'a Loft,
    pub(crate) drape: &'a Drape,
    pub(crate) cloth: &'a Cloth,
    /// Part of the loft that is painted, as `v` from and to.
    pub(crate) span: (f32, f32),
    /// What is cut away, for example a neckline.
    pub(crate) cut: Option<&'a Outline>,
    /// What the piece is limited to.
    pub(crate) within: Option<&'a Outline>,
}

struct Field {
    width: usize,
    height: usize,
    uv: Vec<[f32; 2]>,
}

/// Paints a piece; a soft shadow falls on what lies below it, `lift` units away.
pub(crate) fn paint(layer: &mut Layer, view: &View, piece: &Piece<'_>, lift: f32) {
    let outline = piece.loft.outline_between(piece.span.0, piece.span.1);
    let mut patch = outline.cover(view, layer.width, layer.height);
    if let Some(cut) = piece.cut {
        patch.subtract(&cut.cover(view, layer.width, layer.height));
    }
    if let Some(within) = piece.within {
        patch.intersect(&within.cover(view, layer.width, layer.height));
    }
    if patch.width == 0 {
        return;
    }
    if lift > 0.0 {
        let reach = lift * view.scale;
        layer.shade_below(&patch, (reach * 0.7, reach), reach, Rgb([0.42, 0.36, 0.44]), 0.55);
    }
    let field = unfold(piece.loft, view, &patch, piece.span);
    light(layer, view, piece, &patch, &field);
}

/// Finds (`u`, `v`) for every pixel of the patch by drawing the loft's mesh.
fn unfold(loft: &Loft, view: &View, patch: &Patch, span: (f32, f32)) -> Field {
    let (width, height) = (patch.width, patch.height);
    let mut field = Field { width, height, uv: vec![[f32::NAN; 2]; width * height] };
    let (across, down) = (14, 44);
    let corner = |i: usize, j: usize| {
        let u = -1.06 + 2.12 * i as f32 / across as f32;
        let v = mix(span.0 - 0.015, span.1 + 0.015, j as f32 / down as f32);
        let q = view.map(loft.at(u, v)) - crate::surface::geometry::p(patch.x as f32, patch.y as f32);
        (q, [u, v])
    };
    for j in 0..down {
        for i in 0..across {
            let (a, b, c, d) = (corner(i, j), corner(i + 1, j), corner(i, j + 1), corner(i + 1, j + 1));
            triangle(&mut field, a, b, c);
            triangle(&mut field, b, d, c);
        }
    }
    spread(&mut field);
    field
}

type Corner = (P, [f32; 2]);

fn triangle(field: &mut Field, a: Corner, b: Corner, c: Corner) {
    let area = (b.0.x - a.0.x) * (c.0.y - a.0.y) - (c.0.x - a.0.x) * (b.0.y - a.0.y);
    if area.abs() < 1e-4 {
        return;
    }
    let low = |p: f32, q: f32, r: f32| p.min(q).min(r);
    let high = |p: f32, q: f32, r: f32| p.max(q).max(r);
    let y0 = low(a.0.y, b.0.y, c.0.y).floor().max(0.0) as usize;
    let y1 = (high(a.0.y, b.0.y, c.0.y).ceil().max(0.0) as usize).min(field.height);
    let x0 = low(a.0.x, b.0.x, c.0.x).floor().max(0.0) as usize;
    let x1 = (high(a.0.x, b.0.x, c.0.x).ceil().max(0.0) as usize).min(field.width);
    for y in y0..y1 {
        for x in x0..x1 {
            let (px, py) = (x as f32 + 0.5, y as f32 + 0.5);
            let wb = ((px - a.0.x) * (c.0.y - a.0.y) - (c.0.x - a.0.x) * (py - a.0.y)) / area;
            let wc = ((b.0.x - a.0.x) * (py - a.0.y) - (px - a.0.x) * (b.0.y - a.0.y)) / area;
            if wb < -0.001 || wc < -0.001 || wb + wc > 1.001 {
                continue;
            }
            let wa = 1.0 - wb - wc;
            if let Some(uv) = field.uv.get_mut(y * field.width + x) {
                *uv = [a.1[0] * wa + b.1[0] * wb + c.1[0] * wc, a.1[1] * wa + b.1[1] * wb + c.1[1] * wc];
            }
        }
    }
}

/// Gives pixels beside the mesh the coordinates of their neighbour, so that soft edges have some.
fn spread(field: &mut Field) {
    let width = field.width.max(1);
    for line in field.uv.chunks_mut(width) {
        let mut last = [f32::NAN; 2];
        for uv in line.iter_mut() {
            if uv[0].is_nan() { *uv = last } else { last = *uv }
        }
        last = [f32::NAN; 2];
        for uv in line.iter_mut().rev() {
            if uv[0].is_nan() { *uv = last } else { last = *uv }
        }
    }
    for i in width..field.uv.len() {
        let above = field.uv.get(i - width).copied().unwrap_or([0.0; 2]);
        if let Some(uv) = field.uv.get_mut(i)
            && uv[0].is_nan()
        {
            *uv = above;
        }
    }
    for uv in &mut field.uv {
        if uv[0].is_nan() {
            *uv = [0.0, 0.0];
        }
    }
}

fn light(layer: &mut Layer, view: &View, piece: &Piece<'_>, patch: &Patch, field: &Field) {
    let loft = piece.loft;
    let (width, scale) = (field.width, view.scale);
    let halves: Vec<f32> = (0..=64).map(|i| loft.half_width(i as f32 / 64.0)).collect();
    let half_at = |v: f32| {
        let position = (v * 64.0).clamp(0.0, 63.999);
        let i = position as usize;
        let a = halves.get(i).copied().unwrap_or(1.0);
        mix(a, halves.get(i + 1).copied().unwrap_or(a), position - i as f32)
    };
    let mut heights = Vec::with_capacity(field.uv.len());
    let mut threads = Vec::with_capacity(field.uv.len());
    for [u, v] in &field.uv {
        let half = half_at(*v);
        let (cx, cy) = (u * half, v * loft.length);
        let plain = piece.drape.height(*u, *v, cx, cy, half);
        // Folds pull the pattern along: where the cloth turns away, more of it lies under each pixel.
        let texel = piece.cloth.sample(cx + plain * 0.22, cy + plain * 0.12);
        heights.push((plain + texel.bump * piece.cloth.bump_depth) * scale);
        threads.push(texel);
    }
    let height_at = |i: usize| heights.get(i).copied().unwrap_or(0.0);
    layer.paint(patch, |px, py| {
        let (x, y) = (px as usize - patch.x, py as usize - patch.y);
        let i = y * width + x;
        let (left, right) = (i - usize::from(x > 0), i + usize::from(x + 1 < width));
        let (up, down) = (if y > 0 { i - width } else { i }, if y + 1 < field.height { i + width } else { i });
        let slope_x = (height_at(right) - height_at(left)) / (right - left).max(1) as f32;
        let slope_y = (height_at(down) - height_at(up)) / ((down - up) / width).max(1) as f32;
        let texel = threads.get(i).copied().unwrap_or_default();
        let v = field.uv.get(i).map_or(0.0, |uv| uv[1]);
        let base = piece.cloth.colour(&texel, v);
        let wash = noise::fractal(px * 0.018, py * 0.018, 3, 0x0a51);
        (toned(base, piece.cloth, slope_x, slope_y, wash), texel.alpha)
    });
}

/// The colour of cloth under the light for a surface slope.
fn toned(base: Rgb, cloth: &Cloth, slope_x: f32, slope_y: f32, wash: f32) -> Rgb {
    let length = (slope_x * slope_x + slope_y * slope_y + 1.0).sqrt();
    let n = [-slope_x / length, -slope_y / length, 1.0 / length];
    let lit = n[0] * LIGHT[0] + n[1] * LIGHT[1] + n[2] * LIGHT[2] - LIGHT[2] + 0.05 * wash;
    let shadow = base.times(cloth.shadow);
    let mut colour = if lit < 0.0 {
        let smooth = (-lit * 1.15).min(1.0);
        let stepped = 0.5 * smoothstep(0.16, 0.26, smooth) + 0.5 * smoothstep(0.45, 0.60, smooth);
        base.mix(shadow, mix(smooth, stepped, 0.38))
    } else {
        base.mix(Rgb([1.0, 0.985, 0.95]), (lit * cloth.highlight).min(0.6))
    };
    if cloth.gloss > 0.0 {
        let facing = (n[0] * HALF[0] + n[1] * HALF[1] + n[2] * HALF[2]).max(0.0);
        let f2 = facing * facing;
        let (f4, f8) = (f2 * f2, f2 * f2 * f2 * f2);
        let shine = f8 * f8 * f4;
        colour = colour.mix(Rgb([1.0, 0.98, 0.95]), cloth.gloss * 0.55 * smoothstep(0.55, 1.0, shine));
    }
    colour
}
