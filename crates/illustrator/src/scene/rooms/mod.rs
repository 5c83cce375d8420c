//! The composition of each mood's room.

pub(super) mod bold;
pub(super) mod calm;
pub(super) mod room;
pub(super) mod storied;
