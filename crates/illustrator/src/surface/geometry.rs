//! Points, vectors and the map from drawing units to pixels.

/// A point or vector.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub(crate) struct P {
    pub(crate) x: f32,
    pub(crate) y: f32,
}

/// The point at `x`, `y`.
pub(crate) const fn p(x: f32, y: f32) -> P {
    P { x, y }
}

impl core::ops::Add for P {
    type Output = P;
    fn add(self, o: P) -> P {
        p(self.x + o.x, self.y + o.y)
    }
}

impl core::ops::Sub for P {
    type Output = P;
    fn sub(self, o: P) -> P {
        p(self.x - o.x, self.y - o.y)
    }
}

impl core::ops::Mul<f32> for P {
    type Output = P;
    fn mul(self, k: f32) -> P {
        p(self.x * k, self.y * k)
    }
}

impl P {
    pub(crate) fn lerp(self, o: P, t: f32) -> P {
        self + (o - self) * t
    }

    pub(crate) fn length(self) -> f32 {
        (self.x * self.x + self.y * self.y).sqrt()
    }

    pub(crate) fn unit(self) -> P {
        let length = self.length().max(1e-6);
        p(self.x / length, self.y / length)
    }

    /// Turned by a quarter, to the right of the direction of travel when y points down… seen from above.
    pub(crate) fn normal(self) -> P {
        let u = self.unit();
        p(-u.y, u.x)
    }

    pub(crate) fn rotate(self, angle: f32) -> P {
        let (s, c) = (crate::scalar::sin(angle), crate::scalar::cos(angle));
        p(self.x * c - self.y * s, self.x * s + self.y * c)
    }
}

/// Maps drawing units to pixels: scale, optional mirror, offset.
#[derive(Debug, Clone, Copy)]
pub(crate) struct View {
    pub(crate) scale: f32,
    pub(crate) mirror: bool,
    pub(crate) origin: P,
}

impl View {
    /// Pixels are the units.
    pub(crate) const PIXELS: View = View { scale: 1.0, mirror: false, origin: p(0.0, 0.0) };

    pub(crate) fn map(&self, q: P) -> P {
        let x = if self.mirror { -q.x } else { q.x };
        p(self.origin.x + x * self.scale, self.origin.y + q.y * self.scale)
    }
}
