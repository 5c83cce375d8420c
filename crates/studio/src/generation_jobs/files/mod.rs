//! The files of generations.

pub(crate) mod queries;
