//! The whole picture: room, props, figure, air, finish.

mod accessories;
mod air;
mod backdrop;
pub(crate) mod draw;
mod figure;
mod finish;
mod props;
mod rooms;
mod samples;
mod stage;
