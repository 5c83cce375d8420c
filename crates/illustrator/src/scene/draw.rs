//! Draws the whole picture, layer by layer.

use super::stage::Stage;
use super::{air, backdrop, figure, finish, props, samples};
use crate::colour::Rgb;
use crate::picture::Picture;
use crate::reading::design::Design;
use crate::surface::geometry::{View, p};
use crate::surface::layer::Layer;
use crate::surface::outline::Outline;
use crate::surface::patch::Patch;
use crate::surface::softness::blurred;

/// Draws a design on a surface of the given size.
pub(crate) fn draw(design: &Design, width: usize, height: usize) -> Picture {
    let stage = Stage::compose(design, width, height);
    let mut canvas = Layer::new(width, height);
    backdrop::paint(&mut canvas, design, &stage);
    props::paint::paint(&mut canvas, design, &stage);
    air::behind(&mut canvas, design, &stage);
    samples::paint(&mut canvas, design, &stage);
    let mut person = Layer::new(width, height);
    let body = figure::pose(design);
    figure::paint(&mut person, &stage.view, design, &body);
    let shape = person.opacity();
    ground_shadow(&mut canvas, &stage, &shape);
    let reach = stage.scale * 16.0;
    canvas.shade_below(&shape, (reach * 1.2, reach * 0.5), reach, Rgb([0.50, 0.46, 0.52]), 0.30);
    canvas.stack(&person);
    air::before(&mut canvas, design, &stage);
    finish::develop(&canvas, design)
}

/// The shadow on the floor: the figure's shape laid down to the right, and a dark touch where it stands.
fn ground_shadow(canvas: &mut Layer, stage: &Stage, shape: &Patch) {
    let (width, height) = (canvas.width, canvas.height);
    let mut laid = Patch { x: 0, y: 0, width, height, alpha: vec![0; width * height] };
    let floor = stage.feet.y - 8.0 * stage.scale;
    for y in (stage.horizon.max(0.0) as usize)..height {
        let rise = (floor - y as f32) * 5.2;
        let source_y = floor - rise;
        if rise < -30.0 || source_y < 0.0 || source_y >= height as f32 {
            continue;
        }
        let fade = (1.0 - rise.abs() / (620.0 * stage.scale)).clamp(0.0, 1.0);
        for x in 0..width {
            let source_x = x as f32 - rise * 0.34;
            if source_x < 0.0 || source_x >= width as f32 {
                continue;
            }
            let cover = f32::from(shape.at(source_x as usize, source_y as usize)) * fade;
            if let Some(a) = laid.alpha.get_mut(y * width + x) {
                *a = cover as u8;
            }
        }
    }
    let soft = blurred(&laid, (5.0 * stage.scale).max(1.0), (width, height));
    canvas.shade_below(&soft, (0.0, 0.0), 1.0, Rgb([0.45, 0.41, 0.48]), 0.62);
    for (x, up) in [(-14.0, 10.0), (16.0, 8.0)] {
        let spot = Outline::ellipse(stage.at(x, up) + p(0.0, 0.0), 74.0 * stage.scale, 9.0 * stage.scale, 0.0);
        let patch = spot.cover(&View::PIXELS, width, height);
        canvas.shade_below(&patch, (0.0, 0.0), 7.0 * stage.scale, Rgb([0.40, 0.36, 0.42]), 0.40);
    }
}
