//! What stands and hangs in the room for the occasion.

mod celebrations;
mod indoors;
mod outdoors;
pub(super) mod paint;
