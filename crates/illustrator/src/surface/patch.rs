//! Coverage of a part of a layer.

/// A rectangle of coverage (0 to 255) inside a layer.
#[derive(Debug, Clone, Default)]
pub(crate) struct Patch {
    pub(crate) x: usize,
    pub(crate) y: usize,
    pub(crate) width: usize,
    pub(crate) height: usize,
    pub(crate) alpha: Vec<u8>,
}

impl Patch {
    /// Coverage at a pixel of the layer, 0 outside.
    pub(crate) fn at(&self, x: usize, y: usize) -> u8 {
        if x < self.x || y < self.y || x >= self.x + self.width || y >= self.y + self.height {
            return 0;
        }
        self.alpha.get((y - self.y) * self.width + (x - self.x)).copied().unwrap_or(0)
    }

    /// Keeps only what the other patch covers too.
    pub(crate) fn intersect(&mut self, other: &Patch) {
        self.combine(other, |a, b| (u16::from(a) * u16::from(b) / 255) as u8);
    }

    /// Removes what the other patch covers.
    pub(crate) fn subtract(&mut self, other: &Patch) {
        self.combine(other, |a, b| (u16::from(a) * u16::from(255 - b) / 255) as u8);
    }

    fn combine(&mut self, other: &Patch, op: impl Fn(u8, u8) -> u8) {
        let (x0, y0, width) = (self.x, self.y, self.width.max(1));
        for (i, a) in self.alpha.iter_mut().enumerate() {
            *a = op(*a, other.at(x0 + i % width, y0 + i / width));
        }
    }
}
