//! A small alphabet of strokes, so that a watermark needs no font: capitals, digits and a little punctuation.
//!
//! Units are hundredths of the height of a capital; x runs to the right, y runs down from the top of a capital. Angles
//! are in degrees from the right, growing clockwise.

use unicode_normalization::UnicodeNormalization as _;
use unicode_normalization::char::is_combining_mark;

/// A point in the alphabet's units.
pub(super) type Point = (f32, f32);

/// One movement of the pen.
enum Stroke {
    Line(&'static [Point]),
    Arc { centre: Point, radius: Point, from_degrees: f32, to_degrees: f32 },
}

struct Glyph {
    width: f32,
    strokes: &'static [Stroke],
}

/// Space between letters, between words, and behind a text before it begins again.
const LETTER_GAP: f32 = 24.0;
const WORD_GAP: f32 = 52.0;
/// What an arc is cut into, per full turn.
const ARC_STEPS: f32 = 36.0;

/// A text as straight pieces of pen stroke, laid out on one line.
pub(super) struct Outline {
    /// Start and end of each piece.
    pub(super) segments: Vec<(Point, Point)>,
    /// How long the line is.
    pub(super) length: f32,
}

/// Lays a text out. Small letters become capitals, accents fall off, wide letters become plain ones; what the alphabet
/// does not have is drawn as a lozenge.
pub(super) fn lay_out(text: &str, letters_max: usize) -> Outline {
    let mut segments = Vec::new();
    let mut pen = 0.0;
    let characters = text.nfkd().filter(|letter| !is_combining_mark(*letter)).flat_map(char::to_uppercase);
    for letter in characters.take(letters_max) {
        if letter.is_whitespace() {
            pen += WORD_GAP;
            continue;
        }
        let glyph = glyph_for(letter);
        for stroke in glyph.strokes {
            draw(stroke, pen, &mut segments);
        }
        pen += glyph.width + LETTER_GAP;
    }
    Outline { segments, length: pen }
}

fn draw(stroke: &Stroke, pen: f32, segments: &mut Vec<(Point, Point)>) {
    let moved = |(x, y): Point| (x + pen, y);
    match stroke {
        Stroke::Line(points) => segments.extend(points.windows(2).map(|pair| (moved(pair[0]), moved(pair[1])))),
        Stroke::Arc { centre, radius, from_degrees, to_degrees } => {
            let turn = to_degrees - from_degrees;
            let steps = (turn.abs() / 360.0 * ARC_STEPS).ceil().max(1.0);
            let at = |step: f32| {
                let (sine, cosine) = (from_degrees + turn * step / steps).to_radians().sin_cos();
                moved((centre.0 + radius.0 * cosine, centre.1 + radius.1 * sine))
            };
            let mut step = 0.0;
            while step < steps {
                segments.push((at(step), at(step + 1.0)));
                step += 1.0;
            }
        }
    }
}

const fn arc(centre: Point, radius: Point, from_degrees: f32, to_degrees: f32) -> Stroke {
    Stroke::Arc { centre, radius, from_degrees, to_degrees }
}

macro_rules! glyph {
    ($width:expr, $($stroke:expr),+) => {{
        const STROKES: &[Stroke] = &[$($stroke),+];
        Glyph { width: $width, strokes: STROKES }
    }};
}

macro_rules! line {
    ($($x:literal $y:literal),+) => { Stroke::Line(&[$(($x as f32, $y as f32)),+]) };
}

fn glyph_for(letter: char) -> Glyph {
    match letter {
        'A'..='M' => first_half(letter),
        'N'..='Z' => second_half(letter),
        '0'..='9' => digit(letter),
        _ => sign(letter),
    }
}

fn first_half(letter: char) -> Glyph {
    match letter {
        'A' => glyph!(74.0, line!(0 100, 37 0, 74 100), line!(13 66, 61 66)),
        'B' => glyph!(
            60.0,
            line!(34 0, 0 0, 0 100, 36 100),
            line!(0 48, 36 48),
            arc((34.0, 24.0), (24.0, 24.0), -90.0, 90.0),
            arc((35.0, 74.0), (25.0, 26.0), -90.0, 90.0)
        ),
        'C' => glyph!(74.0, arc((45.0, 50.0), (45.0, 50.0), 50.0, 310.0)),
        'D' => glyph!(70.0, line!(30 0, 0 0, 0 100, 30 100), arc((30.0, 50.0), (40.0, 50.0), -90.0, 90.0)),
        'E' => glyph!(54.0, line!(54 0, 0 0, 0 100, 54 100), line!(0 49, 46 49)),
        'F' => glyph!(52.0, line!(52 0, 0 0, 0 100), line!(0 49, 44 49)),
        'G' => glyph!(84.0, line!(48 50, 84 50), arc((42.0, 50.0), (42.0, 50.0), 0.0, 312.0)),
        'H' => glyph!(66.0, line!(0 0, 0 100), line!(66 0, 66 100), line!(0 49, 66 49)),
        'I' => glyph!(4.0, line!(2 0, 2 100)),
        'J' => glyph!(44.0, line!(44 0, 44 72), arc((22.0, 72.0), (22.0, 28.0), 0.0, 170.0)),
        'K' => glyph!(62.0, line!(0 0, 0 100), line!(58 0, 0 60), line!(20 39, 62 100)),
        'L' => glyph!(50.0, line!(0 0, 0 100, 50 100)),
        _ => glyph!(84.0, line!(0 100, 0 0, 42 70, 84 0, 84 100)),
    }
}

fn second_half(letter: char) -> Glyph {
    match letter {
        'N' => glyph!(68.0, line!(0 100, 0 0, 68 100, 68 0)),
        'O' => glyph!(90.0, arc((45.0, 50.0), (45.0, 50.0), 0.0, 360.0)),
        'P' => glyph!(58.0, line!(32 54, 0 54), line!(0 100, 0 0, 32 0), arc((32.0, 27.0), (26.0, 27.0), -90.0, 90.0)),
        'Q' => glyph!(90.0, arc((45.0, 50.0), (45.0, 50.0), 0.0, 360.0), line!(56 70, 86 104)),
        'R' => glyph!(
            60.0,
            line!(32 54, 0 54),
            line!(0 100, 0 0, 32 0),
            arc((32.0, 27.0), (26.0, 27.0), -90.0, 90.0),
            line!(28 54, 60 100)
        ),
        'S' => {
            glyph!(60.0, arc((30.0, 25.0), (26.0, 25.0), -35.0, -270.0), arc((30.0, 75.0), (29.0, 25.0), -90.0, 145.0))
        }
        'T' => glyph!(66.0, line!(0 0, 66 0), line!(33 0, 33 100)),
        'U' => glyph!(64.0, line!(0 0, 0 68), arc((32.0, 68.0), (32.0, 32.0), 180.0, 0.0), line!(64 68, 64 0)),
        'V' => glyph!(72.0, line!(0 0, 36 100, 72 0)),
        'W' => glyph!(104.0, line!(0 0, 27 100, 52 22, 77 100, 104 0)),
        'X' => glyph!(66.0, line!(0 0, 66 100), line!(66 0, 0 100)),
        'Y' => glyph!(68.0, line!(0 0, 34 50, 68 0), line!(34 50, 34 100)),
        _ => glyph!(62.0, line!(0 0, 62 0, 0 100, 62 100)),
    }
}

fn digit(letter: char) -> Glyph {
    match letter {
        '0' => glyph!(62.0, arc((31.0, 50.0), (31.0, 50.0), 0.0, 360.0)),
        '1' => glyph!(26.0, line!(0 22, 24 0, 24 100)),
        '2' => glyph!(60.0, arc((29.0, 29.0), (29.0, 29.0), -170.0, 40.0), line!(51 48, 0 100, 60 100)),
        '3' => {
            glyph!(58.0, arc((28.0, 25.0), (25.0, 25.0), -160.0, 90.0), arc((28.0, 75.0), (30.0, 25.0), -90.0, 160.0))
        }
        '4' => glyph!(64.0, line!(46 100, 46 0, 0 70, 64 70)),
        '5' => glyph!(59.0, line!(54 0, 10 0, 6 45), arc((28.0, 68.0), (31.0, 32.0), -135.0, 140.0)),
        '6' => glyph!(62.0, arc((31.0, 68.0), (31.0, 32.0), 0.0, 360.0), line!(46 0, 5 54)),
        '7' => glyph!(60.0, line!(0 0, 60 0, 20 100)),
        '8' => glyph!(60.0, arc((30.0, 25.0), (25.0, 25.0), 0.0, 360.0), arc((30.0, 75.0), (30.0, 25.0), 0.0, 360.0)),
        _ => glyph!(62.0, arc((31.0, 32.0), (31.0, 32.0), 0.0, 360.0), line!(57 46, 16 100)),
    }
}

fn sign(letter: char) -> Glyph {
    match letter {
        '-' | '‐' | '–' | '—' => glyph!(36.0, line!(0 52, 36 52)),
        '.' | ',' => glyph!(4.0, line!(2 98, 2 100)),
        '·' | '•' | '・' => glyph!(6.0, line!(3 49, 3 51)),
        ':' => glyph!(4.0, line!(2 30, 2 32), line!(2 98, 2 100)),
        '/' | '⁄' => glyph!(44.0, line!(0 100, 44 0)),
        '\'' | '’' => glyph!(4.0, line!(2 0, 2 22)),
        '!' => glyph!(4.0, line!(2 0, 2 68), line!(2 98, 2 100)),
        '+' => glyph!(50.0, line!(0 52, 50 52), line!(25 27, 25 77)),
        '&' => glyph!(
            72.0,
            line!(72 100, 16 34, 12 22, 16 8, 30 0, 44 8, 47 20, 40 34, 10 58, 0 76, 8 92, 26 100, 44 96, 60 80, 68 58)
        ),
        '©' => {
            glyph!(100.0, arc((50.0, 50.0), (50.0, 50.0), 0.0, 360.0), arc((50.0, 50.0), (24.0, 26.0), 50.0, 310.0))
        }
        _ => glyph!(50.0, line!(0 50, 25 25, 50 50, 25 75, 0 50)),
    }
}
