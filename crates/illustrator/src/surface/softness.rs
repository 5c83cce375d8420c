//! Blur and shadows.

use super::layer::Layer;
use super::patch::Patch;
use crate::colour::Rgb;

/// Blurs coverage three times with a box, close to a Gaussian of the given radius in pixels; the patch grows by the
/// margin that the blur needs, up to the surface's edges.
pub(crate) fn blurred(patch: &Patch, radius_px: f32, surface: (usize, usize)) -> Patch {
    let reach = (radius_px.max(0.0) as usize).max(1);
    let margin = reach * 3;
    let (x0, y0) = (patch.x.saturating_sub(margin), patch.y.saturating_sub(margin));
    let (x1, y1) = ((patch.x + patch.width + margin).min(surface.0), (patch.y + patch.height + margin).min(surface.1));
    if patch.width == 0 || x1 <= x0 || y1 <= y0 {
        return Patch::default();
    }
    let (width, height) = (x1 - x0, y1 - y0);
    let mut field = vec![0.0_f32; width * height];
    for (row, line) in patch.alpha.chunks(patch.width).enumerate() {
        let start = (patch.y + row - y0) * width + (patch.x - x0);
        if let Some(target) = field.get_mut(start..start + line.len()) {
            for (t, s) in target.iter_mut().zip(line) {
                *t = f32::from(*s);
            }
        }
    }
    for _ in 0..3 {
        box_rows(&mut field, width, reach);
        box_columns(&mut field, width, height, reach);
    }
    Patch { x: x0, y: y0, width, height, alpha: field.iter().map(|v| v.clamp(0.0, 255.0) as u8).collect() }
}

/// Averages every row of a field over `2·reach + 1` samples, zero outside.
pub(crate) fn box_rows(field: &mut [f32], width: usize, reach: usize) {
    let scale = 1.0 / (2 * reach + 1) as f32;
    let mut line = vec![0.0; width];
    for row in field.chunks_mut(width) {
        line.copy_from_slice(row);
        let mut sum: f32 = line.iter().take(reach).sum();
        for i in 0..width {
            sum += line.get(i + reach).copied().unwrap_or(0.0);
            if let Some(gone) = i.checked_sub(reach + 1).and_then(|j| line.get(j)) {
                sum -= gone;
            }
            if let Some(v) = row.get_mut(i) {
                *v = sum * scale;
            }
        }
    }
}

/// Averages every column of a field over `2·reach + 1` samples, zero outside.
pub(crate) fn box_columns(field: &mut [f32], width: usize, height: usize, reach: usize) {
    let scale = 1.0 / (2 * reach + 1) as f32;
    let source = field.to_vec();
    let mut sums = vec![0.0_f32; width];
    let row = |y: usize| source.get(y * width..(y + 1) * width).unwrap_or(&[]);
    for y in 0..reach.min(height) {
        sums.iter_mut().zip(row(y)).for_each(|(s, v)| *s += v);
    }
    for y in 0..height {
        if y + reach < height {
            sums.iter_mut().zip(row(y + reach)).for_each(|(s, v)| *s += v);
        }
        if y > reach {
            sums.iter_mut().zip(row(y - reach - 1)).for_each(|(s, v)| *s -= v);
        }
        if let Some(target) = field.get_mut(y * width..(y + 1) * width) {
            target.iter_mut().zip(&sums).for_each(|(t, s)| *t = s * scale);
        }
    }
}

impl Layer {
    /// Darkens what is already on the layer where the shifted, blurred patch lies, without adding opacity.
    pub(crate) fn shade_below(
        &mut self,
        patch: &Patch,
        shift_px: (f32, f32),
        radius_px: f32,
        tint: Rgb,
        strength: f32,
    ) {
        let soft = blurred(patch, radius_px, (self.width, self.height));
        if soft.width == 0 {
            return;
        }
        let (dx, dy) = (shift_px.0 as isize, shift_px.1 as isize);
        for row in 0..soft.height {
            let y = (soft.y + row) as isize + dy;
            if y < 0 || y >= self.height as isize {
                continue;
            }
            for column in 0..soft.width {
                let x = (soft.x + column) as isize + dx;
                if x < 0 || x >= self.width as isize {
                    continue;
                }
                let cover = soft.alpha.get(row * soft.width + column).copied().unwrap_or(0);
                if cover == 0 {
                    continue;
                }
                let k = strength * f32::from(cover) / 255.0;
                if let Some(pixel) = self.pixels.get_mut(y as usize * self.width + x as usize) {
                    for (v, t) in pixel.iter_mut().zip(tint.0) {
                        *v *= 1.0 - k * (1.0 - t);
                    }
                }
            }
        }
    }

    /// Lays a blurred patch of one colour onto the layer.
    pub(crate) fn glow(&mut self, patch: &Patch, radius_px: f32, colour: Rgb, opacity: f32) {
        let soft = blurred(patch, radius_px, (self.width, self.height));
        self.paint(&soft, |_, _| (colour, opacity));
    }
}
