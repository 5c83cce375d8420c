//! Entries and their names.

use crate::content_address::ContentAddress;
use crate::images::model::ImageError;
use std::fmt;

/// The longest entry name, in bytes.
const NAME_MAX_BYTES: usize = 160;
/// Names that Windows keeps for devices, whatever their extension.
const DEVICE_NAMES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// A name inside a ZIP that is safe to unpack anywhere: relative, inside the folder, the same on every system.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct EntryName(String);

impl EntryName {
    /// Checks a name. Folders are separated by `/`.
    ///
    /// # Errors
    /// `EntryName` for names that are empty, longer than 160 bytes, absolute, that step out of their folder (`..`),
    /// that hold `\`, `:` or another character with a meaning on some system, control or direction-changing
    /// characters, or that Windows would change or refuse.
    pub fn new(name: &str) -> Result<Self, PackageError> {
        let error = || PackageError::EntryName(name.chars().take(40).flat_map(char::escape_default).collect());
        let fits = !name.is_empty() && name.len() <= NAME_MAX_BYTES;
        if fits && name.split('/').all(is_safe_part) { Ok(Self(name.to_owned())) } else { Err(error()) }
    }

    /// The name as it stands in the archive.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for EntryName {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// Whether one folder or file name is safe. An empty part means a leading, trailing or doubled `/`.
fn is_safe_part(part: &str) -> bool {
    let stem = part.split('.').next().unwrap_or_default().to_ascii_lowercase();
    let numbered_device = stem.len() == 4
        && (stem.starts_with("com") || stem.starts_with("lpt"))
        && stem.ends_with(|last: char| last.is_ascii_digit());
    !part.is_empty()
        && !part.ends_with(['.', ' '])
        && !part.starts_with(' ')
        && !part.chars().any(is_forbidden)
        && !DEVICE_NAMES.contains(&stem.as_str())
        && !numbered_device
}

fn is_forbidden(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\\' | ':' | '*' | '?' | '"' | '<' | '>' | '|')
        || matches!(letter, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// What an entry holds, which decides how it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryContent<'a> {
    /// Bytes that are compressed already, such as a picture: stored as they are.
    Stored(&'a [u8]),
    /// Text, in UTF-8: deflated.
    Text(&'a str),
}

/// One file of a package.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PackageEntry<'a> {
    /// Its name in the archive.
    pub name: EntryName,
    /// What it holds.
    pub content: EntryContent<'a>,
}

/// A finished archive.
#[derive(Clone, PartialEq, Eq)]
pub struct Package {
    /// The ZIP file.
    pub bytes: Vec<u8>,
    /// The SHA-256 of the ZIP file.
    pub content: ContentAddress,
    /// Its CRC-32 (the one of ZIP and PNG).
    pub crc32: u32,
    /// The name of the picture's entry: `design.` and the extension of its real type.
    pub picture_name: EntryName,
}

impl fmt::Debug for Package {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Package({} bytes, {}, sha256 {})", self.bytes.len(), self.picture_name, self.content)
    }
}

/// Why there is no package.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PackageError {
    /// A name that would not be safe to unpack. Holds the escaped beginning of it.
    #[error("not a safe name for a file in a package: {0}")]
    EntryName(String),
    /// Two entries have the same name, or names that differ in letter case only.
    #[error("two files in a package have the same name: {0}")]
    SameName(EntryName),
    /// The picture to deliver is none.
    #[error(transparent)]
    Image(#[from] ImageError),
    /// The archive could not be written.
    #[error("the package could not be written: {0}")]
    Write(String),
}

impl PackageError {
    /// The stable code: `unsafe_entry_name`, `duplicate_entry_name`, `package_not_written`, or that of the image error.
    #[must_use]
    pub const fn code(&self) -> &'static str {
        match self {
            Self::EntryName(_) => "unsafe_entry_name",
            Self::SameName(_) => "duplicate_entry_name",
            Self::Image(error) => error.code(),
            Self::Write(_) => "package_not_written",
        }
    }
}
