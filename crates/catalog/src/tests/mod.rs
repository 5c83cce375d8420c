//! The catalogue end to end: real HTTP, a real database, real files.

mod fixture;
mod gallery;
mod limits;
mod publishing;
mod views;
