//! The person: pose, limbs, head, hair, shoes. Drawing units: the figure is 900 tall, a head is 100, `y` points down,
//! the crown is at 0, the balance line at `x` = 0. Index 0 is the viewer's left.

pub(crate) mod body;
pub(crate) mod face;
pub(crate) mod hair;
pub(crate) mod limbs;
pub(crate) mod shoes;
