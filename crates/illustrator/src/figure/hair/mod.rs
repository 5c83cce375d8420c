//! Hair: a mass behind the head, a mass on the crown, and strands.

mod masses;
pub(crate) mod paint;
