//! Scalar mathematics that gives the same bits on every machine.
//!
//! The standard library's transcendental functions differ between platforms; these use additions, multiplications and
//! `floor` only, which IEEE 754 fixes.

use core::f32::consts::PI;

/// Sine of an angle in radians; absolute error below 2e-4, enough for drawing.
pub(crate) fn sin(angle: f32) -> f32 {
    let turns = angle * (0.5 / PI);
    let mut r = (turns - (turns + 0.5).floor()) * (2.0 * PI);
    if r > PI * 0.5 {
        r = PI - r;
    } else if r < -PI * 0.5 {
        r = -PI - r;
    }
    let s = r * r;
    r * (1.0 - s * (0.166_666_67 - s * (0.008_333_33 - s * 0.000_195_2)))
}

/// Cosine of an angle in radians.
pub(crate) fn cos(angle: f32) -> f32 {
    sin(angle + PI * 0.5)
}

/// The gaussian curve `e^(-x²)`, approximated by a rational function that reaches zero smoothly.
pub(crate) fn gaussian(x: f32) -> f32 {
    let s = x * x;
    let d = 1.0 + s * (0.25 + s * 0.031_25);
    1.0 / (d * d * d * d)
}

/// Linear blend from `a` to `b`.
pub(crate) fn mix(a: f32, b: f32, t: f32) -> f32 {
    a + (b - a) * t
}

/// Hermite step from 0 at `from` to 1 at `to`.
pub(crate) fn smoothstep(from: f32, to: f32, x: f32) -> f32 {
    let t = ((x - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// Position inside a period as `[0, 1)`.
pub(crate) fn fract(x: f32) -> f32 {
    x - x.floor()
}

/// Distance of a point to a segment, in the point's units.
pub(crate) fn segment_distance(px: f32, py: f32, ax: f32, ay: f32, bx: f32, by: f32) -> f32 {
    let (dx, dy) = (bx - ax, by - ay);
    let length_squared = (dx * dx + dy * dy).max(1e-9);
    let t = (((px - ax) * dx + (py - ay) * dy) / length_squared).clamp(0.0, 1.0);
    let (ex, ey) = (px - ax - dx * t, py - ay - dy * t);
    (ex * ex + ey * ey).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sine_follows_the_reference() {
        for i in -4000..4000 {
            let x = i as f32 * 0.01;
            assert!((f64::from(sin(x)) - libm::sin(f64::from(x))).abs() < 2e-4, "{x}");
        }
    }
}
