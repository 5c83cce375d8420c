//! Layers of pixels.

use super::geometry::{P, View, p};
use super::outline::Outline;
use super::patch::Patch;
use crate::colour::Rgb;

/// A layer: gamma-encoded sRGB, multiplied by alpha.
#[derive(Debug, Clone)]
pub(crate) struct Layer {
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) pixels: Vec<[f32; 4]>,
}

impl Layer {
    /// An empty layer.
    pub(crate) fn new(width: usize, height: usize) -> Self {
        Self { width, height, pixels: vec![[0.0; 4]; width * height] }
    }

    /// Fills every pixel; the shader gets the pixel's centre.
    pub(crate) fn flood(&mut self, shade: impl Fn(f32, f32) -> Rgb) {
        let width = self.width.max(1);
        for (i, pixel) in self.pixels.iter_mut().enumerate() {
            let Rgb([r, g, b]) = shade((i % width) as f32 + 0.5, (i / width) as f32 + 0.5);
            *pixel = [r, g, b, 1.0];
        }
    }

    /// Paints a patch; the shader gets the pixel's centre and answers colour and opacity.
    pub(crate) fn paint(&mut self, patch: &Patch, shade: impl Fn(f32, f32) -> (Rgb, f32)) {
        if patch.width == 0 {
            return;
        }
        for (row, line) in patch.alpha.chunks(patch.width).enumerate() {
            let y = patch.y + row;
            let start = y * self.width + patch.x;
            let Some(target) = self.pixels.get_mut(start..start + patch.width) else { continue };
            for (column, (cover, pixel)) in line.iter().zip(target).enumerate() {
                if *cover == 0 {
                    continue;
                }
                let (colour, opacity) = shade((patch.x + column) as f32 + 0.5, y as f32 + 0.5);
                over(pixel, colour, opacity * (f32::from(*cover) / 255.0));
            }
        }
    }

    /// Fills an outline with one colour.
    pub(crate) fn fill(&mut self, outline: &Outline, view: &View, colour: Rgb, opacity: f32) {
        let patch = outline.cover(view, self.width, self.height);
        self.paint(&patch, |_, _| (colour, opacity));
    }

    /// Fills an outline with a gradient between two points given in drawing units.
    pub(crate) fn fill_gradient(&mut self, outline: &Outline, view: &View, from: (P, Rgb, f32), to: (P, Rgb, f32)) {
        let patch = outline.cover(view, self.width, self.height);
        let (a, b) = (view.map(from.0), view.map(to.0));
        let axis = b - a;
        let length_squared = (axis.x * axis.x + axis.y * axis.y).max(1e-6);
        self.paint(&patch, |x, y| {
            let q = p(x, y) - a;
            let t = ((q.x * axis.x + q.y * axis.y) / length_squared).clamp(0.0, 1.0);
            (from.1.mix(to.1, t), from.2 + (to.2 - from.2) * t)
        });
    }

    /// Puts another layer of the same size on top.
    pub(crate) fn stack(&mut self, top: &Layer) {
        for (below, above) in self.pixels.iter_mut().zip(&top.pixels) {
            let rest = 1.0 - above[3];
            for (b, a) in below.iter_mut().zip(above) {
                *b = *a + *b * rest;
            }
        }
    }

    /// The opacity of the layer as a patch.
    pub(crate) fn opacity(&self) -> Patch {
        let alpha = self.pixels.iter().map(|q| (q[3] * 255.0 + 0.5).clamp(0.0, 255.0) as u8).collect();
        Patch { x: 0, y: 0, width: self.width, height: self.height, alpha }
    }
}

fn over(pixel: &mut [f32; 4], Rgb([r, g, b]): Rgb, alpha: f32) {
    let rest = 1.0 - alpha;
    let [pr, pg, pb, pa] = *pixel;
    *pixel = [r * alpha + pr * rest, g * alpha + pg * rest, b * alpha + pb * rest, alpha + pa * rest];
}
