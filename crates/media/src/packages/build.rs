//! Writes the archive. The same content and time give the same bytes.

use super::model::{EntryContent, EntryName, Package, PackageEntry, PackageError};
use crate::content_address::ContentAddress;
use crate::images::inspect::inspect;
use std::collections::HashSet;
use std::io::{Cursor, Seek, Write};
use time::{Month, OffsetDateTime, PrimitiveDateTime, Time};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipWriter};

/// What headers and directory take beside the content.
const ROOM_FOR_HEADERS_BYTES: usize = 1024;

/// Builds the package of a design: `design.png` (or `.jpg`, `.webp`: what the bytes are), byte for byte the original,
/// and `LICENSE.txt`. `written_at` becomes the files' date, in its own offset, to two seconds.
///
/// # Errors
/// `Image` when the original is not a picture, `Write` when the archive cannot be written.
pub fn build_design_package(
    original: &[u8],
    licence_text: &str,
    written_at: OffsetDateTime,
) -> Result<Package, PackageError> {
    let facts = inspect(original)?;
    let picture_name = EntryName::new(&format!("design.{}", facts.format.extension()))?;
    let entries = [
        PackageEntry { name: picture_name.clone(), content: EntryContent::Stored(original) },
        PackageEntry { name: EntryName::new("LICENSE.txt")?, content: EntryContent::Text(licence_text) },
    ];
    let room = original.len() + licence_text.len() + ROOM_FOR_HEADERS_BYTES;
    let bytes = write_package(Cursor::new(Vec::with_capacity(room)), &entries, written_at)?.into_inner();
    Ok(Package { content: ContentAddress::of(&bytes), crc32: crc32fast::hash(&bytes), picture_name, bytes })
}

/// Writes entries as a ZIP into `sink`, one after the other, and gives the sink back. Nothing but the entry that is
/// being compressed is held in memory.
///
/// # Errors
/// `SameName` before anything is written; `Write` when the sink fails.
pub fn write_package<W: Write + Seek>(
    sink: W,
    entries: &[PackageEntry<'_>],
    written_at: OffsetDateTime,
) -> Result<W, PackageError> {
    let mut names = HashSet::with_capacity(entries.len());
    // Where files are unpacked, case often does not count.
    if let Some(twin) = entries.iter().find(|entry| !names.insert(entry.name.as_str().to_lowercase())) {
        return Err(PackageError::SameName(twin.name.clone()));
    }
    let failed = |cause: &dyn std::fmt::Display| PackageError::Write(cause.to_string());
    let options = SimpleFileOptions::default().last_modified_time(file_date(written_at)).unix_permissions(0o644);
    let mut archive = ZipWriter::new(sink);
    for entry in entries {
        let (method, content) = match entry.content {
            EntryContent::Stored(bytes) => (CompressionMethod::Stored, bytes),
            EntryContent::Text(text) => (CompressionMethod::Deflated, text.as_bytes()),
        };
        let large = u32::try_from(content.len()).is_err();
        let options = options.compression_method(method).large_file(large);
        archive.start_file(entry.name.as_str(), options).map_err(|cause| failed(&cause))?;
        archive.write_all(content).map_err(|cause| failed(&cause))?;
    }
    archive.finish().map_err(|cause| failed(&cause))
}

/// A ZIP knows the years 1980 to 2107; anything else becomes the nearest of them.
fn file_date(at: OffsetDateTime) -> DateTime {
    let civil = PrimitiveDateTime::new(at.date(), at.time());
    DateTime::try_from(civil).unwrap_or_else(|_| if at.year() < 1980 { DateTime::DEFAULT } else { last_date() })
}

fn last_date() -> DateTime {
    time::Date::from_calendar_date(2107, Month::December, 31)
        .ok()
        .and_then(|date| DateTime::try_from(PrimitiveDateTime::new(date, Time::MIDNIGHT)).ok())
        .unwrap_or(DateTime::DEFAULT)
}
