//! testkit

pub mod cluster;
