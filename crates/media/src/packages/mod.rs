//! What a buyer downloads: a ZIP with the picture exactly as it was sold, and the licence.

mod build;
mod model;
#[cfg(test)]
mod tests;

pub use build::{build_design_package, write_package};
pub use model::{EntryContent, EntryName, Package, PackageEntry, PackageError};
