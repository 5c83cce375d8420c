//! How much work a drawing makes, counted before it is drawn.

use resvg::tiny_skia::PathSegment;
use resvg::usvg::{ClipPath, Group, Mask, Node, Paint, Path, Rect, Stroke, Tree, filter};

use crate::images::model::{ImageError, Size};

/// Pixels that are painted, over and over each other (1,000 million: some seconds).
const PAINTED_MAX: u64 = 1_000_000_000;
/// Pixels in layers that exist at the same time (48 million, 192 MB).
const LAYERED_MAX: u64 = 48_000_000;
/// Parts of outlines.
const SEGMENTS_MAX: u64 = 2_000_000;
/// What a dash of a stroke counts, in pixels.
const DASH_PIXELS: f32 = 20.0;

/// What may still be done.
struct Budget {
    canvas: Size,
    scale: f32,
    painted: u64,
    segments: u64,
}

/// Adds up what drawing `tree` at `scale` on `canvas` takes.
///
/// # Errors
/// `Unsupported` when that is too much, or there are filters whose work cannot be told.
pub(super) fn check_cost(tree: &Tree, scale: f32, canvas: Size) -> Result<(), ImageError> {
    let mut budget = Budget { canvas, scale, painted: PAINTED_MAX, segments: SEGMENTS_MAX };
    budget.group(tree.root(), 0)
}

impl Budget {
    fn group(&mut self, group: &Group, layered: u64) -> Result<(), ImageError> {
        let mut layered = layered;
        if group.should_isolate() {
            let layer = self.layer_pixels(group.abs_layer_bounding_box().to_rect());
            layered += layer;
            if layered > LAYERED_MAX {
                return Err(too_complex());
            }
            self.paint(2 * layer)?;
            for filter in group.filters() {
                self.filter(filter, layer)?;
            }
            if let Some(clip) = group.clip_path() {
                self.clip(clip, layered)?;
            }
            if let Some(mask) = group.mask() {
                self.mask(mask, layered)?;
            }
        }
        for child in group.children() {
            match child {
                Node::Group(child) => self.group(child, layered)?,
                Node::Path(path) => self.path(path, layered)?,
                Node::Image(_) | Node::Text(_) => return Err(ImageError::Unsupported("SVG with text or pictures")),
            }
        }
        Ok(())
    }

    fn clip(&mut self, clip: &ClipPath, layered: u64) -> Result<(), ImageError> {
        let layered = self.add_canvas(layered)?;
        self.group(clip.root(), layered)?;
        clip.clip_path().map_or(Ok(()), |inner| self.clip(inner, layered))
    }

    fn mask(&mut self, mask: &Mask, layered: u64) -> Result<(), ImageError> {
        let layered = self.add_canvas(layered)?;
        self.group(mask.root(), layered)?;
        mask.mask().map_or(Ok(()), |inner| self.mask(inner, layered))
    }

    fn filter(&mut self, filter: &filter::Filter, layer: u64) -> Result<(), ImageError> {
        for primitive in filter.primitives() {
            let passes = match primitive.kind() {
                filter::Kind::GaussianBlur(_) | filter::Kind::DropShadow(_) => 8,
                filter::Kind::Blend(_)
                | filter::Kind::ColorMatrix(_)
                | filter::Kind::ComponentTransfer(_)
                | filter::Kind::Composite(_)
                | filter::Kind::Flood(_)
                | filter::Kind::Merge(_)
                | filter::Kind::Offset(_) => 2,
                _ => return Err(ImageError::Unsupported("SVG with this kind of filter")),
            };
            self.paint(passes * layer)?;
        }
        Ok(())
    }

    fn path(&mut self, path: &Path, layered: u64) -> Result<(), ImageError> {
        let segments = path.data().segments().filter(|one| !matches!(one, PathSegment::Close)).count() as u64;
        self.segments = self.segments.checked_sub(segments).ok_or_else(too_complex)?;
        let area = self.visible_pixels(path.abs_stroke_bounding_box());
        if let Some(fill) = path.fill() {
            self.paint(area)?;
            self.pattern(fill.paint(), layered)?;
        }
        if let Some(stroke) = path.stroke() {
            self.paint(area)?;
            self.pattern(stroke.paint(), layered)?;
            self.dashes(path, stroke, segments)?;
        }
        // Even what is nowhere to be seen is looked at.
        self.paint(64 + segments)
    }

    /// A pattern is drawn into a tile each time that it is used.
    fn pattern(&mut self, paint: &Paint, layered: u64) -> Result<(), ImageError> {
        let Paint::Pattern(pattern) = paint else { return Ok(()) };
        let (sx, sy) = pattern.transform().get_scale();
        let (width, height) = (pattern.rect().width() * sx * self.scale, pattern.rect().height() * sy * self.scale);
        let tile = (width.abs() * height.abs()) as u64;
        let layered = layered.saturating_add(tile);
        if layered > LAYERED_MAX {
            return Err(too_complex());
        }
        self.paint(tile)?;
        self.group(pattern.root(), layered)
    }

    /// An outline is cut into as many dashes as it is long, seen or not.
    fn dashes(&mut self, path: &Path, stroke: &Stroke, segments: u64) -> Result<(), ImageError> {
        let Some(dashes) = stroke.dasharray() else { return Ok(()) };
        let bounds = path.data().bounds();
        let longest = bounds.width().hypot(bounds.height()) * segments as f32;
        let period: f32 = dashes.iter().sum::<f32>().max(f32::MIN_POSITIVE);
        let cuts = longest / period * dashes.len() as f32;
        self.paint((cuts * DASH_PIXELS) as u64)
    }

    fn paint(&mut self, pixels: u64) -> Result<(), ImageError> {
        self.painted = self.painted.checked_sub(pixels).ok_or_else(too_complex)?;
        Ok(())
    }

    fn add_canvas(&mut self, layered: u64) -> Result<u64, ImageError> {
        let layered = layered + self.canvas.pixels();
        self.paint(2 * self.canvas.pixels())?;
        if layered > LAYERED_MAX { Err(too_complex()) } else { Ok(layered) }
    }

    /// The part of a rectangle of the drawing that is on the canvas, in pixels.
    fn visible_pixels(&self, rect: Rect) -> u64 {
        let (width, height) = (self.canvas.width_px as f32, self.canvas.height_px as f32);
        self.pixels_within(rect, (0.0, 0.0), (width, height))
    }

    /// The renderer makes layers for what is up to two canvases away.
    fn layer_pixels(&self, rect: Rect) -> u64 {
        let (width, height) = (self.canvas.width_px as f32, self.canvas.height_px as f32);
        self.pixels_within(rect, (-2.0 * width, -2.0 * height), (3.0 * width, 3.0 * height))
    }

    fn pixels_within(&self, rect: Rect, from: (f32, f32), to: (f32, f32)) -> u64 {
        let clamped = |low: f32, high: f32, from: f32, to: f32| {
            ((high * self.scale).min(to) - (low * self.scale).max(from)).max(0.0).ceil() as u64 + 1
        };
        clamped(rect.left(), rect.right(), from.0, to.0) * clamped(rect.top(), rect.bottom(), from.1, to.1)
    }
}

fn too_complex() -> ImageError {
    ImageError::Unsupported("SVG that is too complex")
}
