//! machiya
