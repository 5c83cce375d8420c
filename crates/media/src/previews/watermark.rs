//! A text, repeated on a diagonal over the whole of a picture of any shape: white, with a thin dark edge so that it
//! shows on light ground too.

use super::blend::Tile;
use super::glyphs::{Outline, Point, lay_out};
use crate::images::model::{Bitmap, Size};
use std::sync::OnceLock;

/// The text when none is set, or when the one set has nothing to draw.
const TEXT_DEFAULT: &str = "OPEN WARDROBE MARKET";
/// Longer texts are cut, so that a tile stays small.
const LETTERS_MAX: usize = 40;
/// How much of the white is laid over a picture.
const WHITE_ALPHA: f32 = 0.18;
/// How much of the black edge.
const EDGE_ALPHA: f32 = 0.18;
/// The text rises by 30°.
const ANGLE_DEGREES: f32 = 30.0;
/// From one line of text to the next, in heights of a capital.
const LINE_PITCH: f32 = 2.5;
/// The space behind a text before it begins again, in heights of a capital.
const REPEAT_GAP: f32 = 0.9;
/// A shorter text is repeated inside its period until it is as long as this, in heights of a capital.
const PERIOD_MIN: f32 = 7.0;
/// Half the pen's width, in heights of a capital.
const PEN_RADIUS: f32 = 0.062;

/// The heights of a capital for which tiles are made: every 4 pixels from 8 to 44.
const CAPITAL_MIN_PX: u32 = 8;
const CAPITAL_STEP_PX: u32 = 4;
const CAPITAL_SIZES: usize = 10;
/// A capital is this part of a picture's shorter side.
const CAPITALS_PER_SIDE: u32 = 18;

/// A watermark, ready to be laid over pictures. Make one and keep it: its tiles are drawn on first use.
pub struct Watermark {
    text: String,
    tiles: [OnceLock<Tile>; CAPITAL_SIZES],
}

impl Default for Watermark {
    fn default() -> Self {
        Self::new(TEXT_DEFAULT)
    }
}

impl Watermark {
    /// A watermark of this text. Any text will do: what the built-in alphabet does not have becomes a lozenge, and an
    /// empty text becomes the platform's own.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let words: Vec<&str> = text.split_whitespace().collect();
        let text = words.join(" ");
        let drawable = !lay_out(&text, LETTERS_MAX).segments.is_empty();
        let text = if drawable { text } else { TEXT_DEFAULT.to_owned() };
        Self { text, tiles: [const { OnceLock::new() }; CAPITAL_SIZES] }
    }

    /// The text that is drawn.
    #[must_use]
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Lays the watermark over the whole picture. Its letters are sized by the picture's shorter side.
    pub fn lay_over(&self, bitmap: &mut Bitmap) {
        self.tile_for(bitmap.size()).lay_over(bitmap);
    }

    fn tile_for(&self, size: Size) -> &Tile {
        let wanted_px = size.width_px.min(size.height_px) / CAPITALS_PER_SIDE;
        let index = (wanted_px.saturating_sub(CAPITAL_MIN_PX) / CAPITAL_STEP_PX) as usize;
        let index = index.min(CAPITAL_SIZES - 1);
        self.tiles[index].get_or_init(|| draw_tile(&self.text, 8.0 + 4.0 * f32::from(u8::try_from(index).unwrap_or(0))))
    }
}

impl std::fmt::Debug for Watermark {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "Watermark({:?})", self.text)
    }
}

/// A tile under the pen: for each pixel, how much of it the stroke and the stroke with its edge cover (0 to 1).
struct Sheet {
    width: usize,
    height: usize,
    stroke: Vec<f32>,
    edged: Vec<f32>,
}

/// Draws one period of the text. The tile's diagonal is exactly one period long, so that the text runs on from tile to
/// tile along it; further lines are set off by equal parts of the width.
fn draw_tile(text: &str, capital_px: f32) -> Tile {
    let once = lay_out(text, LETTERS_MAX);
    let gap = REPEAT_GAP * 100.0;
    let repeats = (PERIOD_MIN * 100.0 / (once.length + gap)).ceil().max(1.0);
    let period_px = repeats * (once.length + gap) / 100.0 * capital_px;
    let (sine, cosine) = ANGLE_DEGREES.to_radians().sin_cos();
    let (width, height) = (to_pixels(period_px * cosine), to_pixels(period_px * sine));
    let mut sheet = Sheet { width, height, stroke: vec![0.0; width * height], edged: vec![0.0; width * height] };

    let lines = (period_px * sine * cosine / (LINE_PITCH * capital_px)).round().max(1.0);
    let mut line = 0.0;
    while line < lines {
        let start = from_pixels(width) * line / lines;
        let mut repeat = 0.0;
        while repeat < repeats {
            // The rounding of the tile to whole pixels is taken up by the gap.
            draw_text(&mut sheet, &once, capital_px, start, repeat * (once.length + gap));
            repeat += 1.0;
        }
        line += 1.0;
    }
    let pixels: Vec<(u8, u8)> = sheet.stroke.iter().zip(&sheet.edged).map(|(s, e)| ink(*s, *e)).collect();
    Tile::new(width, height, &pixels)
}

/// Draws a laid-out text on the line that begins at (`start_px`, 0) and rises along the tile's diagonal.
fn draw_text(sheet: &mut Sheet, outline: &Outline, capital_px: f32, start_px: f32, offset: f32) {
    let (width, height) = (from_pixels(sheet.width), from_pixels(sheet.height));
    let diagonal = width.hypot(height);
    let (cosine, sine) = (width / diagonal, height / diagonal);
    let scale = capital_px / 100.0;
    let placed = |(x, y): Point| {
        let (along, down) = ((x + offset) * scale, (y - 50.0) * scale);
        (start_px + along * cosine + down * sine, -along * sine + down * cosine)
    };
    for &(from, to) in &outline.segments {
        sheet.draw_segment(placed(from), placed(to), capital_px * PEN_RADIUS);
    }
}

impl Sheet {
    /// Draws a straight piece with round ends. What leaves the tile on one side comes in on the other.
    fn draw_segment(&mut self, from: Point, to: Point, radius: f32) {
        let edge = (radius * 0.45).max(0.9);
        let reach = radius + edge + 1.0;
        let (left, right) = (from.0.min(to.0) - reach, from.0.max(to.0) + reach);
        let (top, bottom) = (from.1.min(to.1) - reach, from.1.max(to.1) + reach);
        let (mut y, x_first) = (top.floor(), left.floor());
        while y <= bottom {
            let row = wrapped(y, self.height) * self.width;
            let mut x = x_first;
            while x <= right {
                let away = distance((x + 0.5, y + 0.5), from, to);
                let at = row + wrapped(x, self.width);
                self.stroke[at] = self.stroke[at].max((radius + 0.5 - away).clamp(0.0, 1.0));
                self.edged[at] = self.edged[at].max((radius + edge + 0.5 - away).clamp(0.0, 1.0));
                x += 1.0;
            }
            y += 1.0;
        }
    }
}

/// How far a point is from a straight piece.
fn distance(point: Point, from: Point, to: Point) -> f32 {
    let (dx, dy) = (to.0 - from.0, to.1 - from.1);
    let length_squared = dx.mul_add(dx, dy * dy).max(f32::MIN_POSITIVE);
    let along = (((point.0 - from.0) * dx + (point.1 - from.1) * dy) / length_squared).clamp(0.0, 1.0);
    (point.0 - from.0 - along * dx).hypot(point.1 - from.1 - along * dy)
}

/// Alpha and premultiplied grey of a pixel that stroke and edge cover so far.
fn ink(stroke: f32, edged: f32) -> (u8, u8) {
    let white = WHITE_ALPHA * stroke;
    let black = EDGE_ALPHA * (edged - stroke).max(0.0);
    (to_byte(white + black), to_byte(white))
}

const fn to_byte(part: f32) -> u8 {
    (part * 255.0 + 0.5).clamp(0.0, 255.0) as u8
}

const fn to_pixels(length: f32) -> usize {
    length.round().clamp(1.0, 8192.0) as usize
}

const fn from_pixels(pixels: usize) -> f32 {
    pixels as f32
}

/// A whole coordinate brought into the tile.
fn wrapped(coordinate: f32, side: usize) -> usize {
    to_index(coordinate.rem_euclid(from_pixels(side))).min(side - 1)
}

const fn to_index(coordinate: f32) -> usize {
    coordinate as usize
}
