//! Lattice noise.

use crate::scalar::mix;

fn lattice(x: i32, y: i32, seed: u32) -> f32 {
    let mut h = (x as u32).wrapping_mul(0x8da6_b343) ^ (y as u32).wrapping_mul(0xd816_3841) ^ seed;
    h = (h ^ (h >> 15)).wrapping_mul(0x2c1b_3c6d);
    h = (h ^ (h >> 12)).wrapping_mul(0x297a_2d39);
    h ^= h >> 15;
    (h >> 8) as f32 / 8_388_608.0 - 1.0
}

/// White noise in `[-1, 1)` for a cell.
pub(crate) fn white(x: i32, y: i32, seed: u32) -> f32 {
    lattice(x, y, seed)
}

/// Smooth value noise in `[-1, 1]`; features are one unit wide.
pub(crate) fn value(x: f32, y: f32, seed: u32) -> f32 {
    let (fx, fy) = (x.floor(), y.floor());
    let (tx, ty) = (x - fx, y - fy);
    let (sx, sy) = (tx * tx * (3.0 - 2.0 * tx), ty * ty * (3.0 - 2.0 * ty));
    let (ix, iy) = (fx as i32, fy as i32);
    let top = mix(lattice(ix, iy, seed), lattice(ix.wrapping_add(1), iy, seed), sx);
    let bottom = mix(lattice(ix, iy.wrapping_add(1), seed), lattice(ix.wrapping_add(1), iy.wrapping_add(1), seed), sx);
    mix(top, bottom, sy)
}

/// Sum of octaves of value noise, in about `[-1, 1]`.
pub(crate) fn fractal(x: f32, y: f32, octaves: u32, seed: u32) -> f32 {
    let (mut sum, mut amplitude, mut frequency) = (0.0, 0.5, 1.0);
    for octave in 0..octaves {
        let turned = (x * 0.8 - y * 0.6, x * 0.6 + y * 0.8);
        let (px, py) = if octave % 2 == 0 { (x, y) } else { turned };
        sum += amplitude * value(px * frequency, py * frequency, seed.wrapping_add(octave * 7919));
        amplitude *= 0.5;
        frequency *= 2.03;
    }
    sum
}
