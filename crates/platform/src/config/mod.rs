//! Configuration: `machiya.toml`, overridden by the environment, every error at once.
//!
//! A setting has one name, `MACHIYA_…`, the same in the environment and (lower case, without the prefix) in the file.
//! The specifications' names are accepted beside it. `machiya config` prints every setting with its source; secrets are
//! never printed.

pub(crate) mod model;
mod read;
mod settings;
mod sources;
#[cfg(test)]
mod tests;

pub use model::*;
pub use read::SettingValue;
pub use settings::{SETTINGS, Setting};
pub use sources::ConfigErrors;
