//! Where the previews of a picture are stored.

use kernel::UserId;
use media::images::PictureFormat;
use platform::storage::{KeyError, StorageKey};
use time::OffsetDateTime;

/// Where the previews of a picture are stored: `public/yyyy/mm/{uid}/{name}.png` and `{name}_w{width}.webp|jpg` beside it. They
/// follow from the original's own name, so that every attempt to publish it writes the same files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PreviewNames {
    stem: String,
}

impl PreviewNames {
    /// The names for an original.
    pub(crate) fn of(original: &StorageKey, owner_id: UserId, created_at: OffsetDateTime) -> Self {
        let name = original.file_name();
        let name = name.rsplit_once('.').map_or(name, |(stem, _)| stem);
        let (year, month) = (created_at.year(), u8::from(created_at.month()));
        Self { stem: format!("public/{year:04}/{month:02}/{owner_id}/{name}") }
    }

    /// The names beside a stored preview.
    pub(crate) fn beside(preview: &StorageKey) -> Self {
        let stem = preview.as_str();
        Self { stem: stem.strip_suffix(".png").unwrap_or(stem).to_owned() }
    }

    /// The key of the PNG.
    pub(crate) fn png(&self) -> Result<StorageKey, KeyError> {
        StorageKey::new(format!("{}.png", self.stem))
    }

    /// The key of a variant.
    pub(crate) fn variant(&self, width_px: u32, format: PictureFormat) -> Result<StorageKey, KeyError> {
        StorageKey::new(format!("{}_w{width_px}.{}", self.stem, format.extension()))
    }
}

#[cfg(test)]
mod tests {
    use time::macros::datetime;
    use uuid::Uuid;

    use super::*;

    #[test]
    fn names_follow_from_the_original() {
        let owner = UserId(Uuid::from_u128(7));
        let original = StorageKey::new(format!("usergen/{owner}/2026/11/1763690000000_abc.webp")).unwrap();
        let names = PreviewNames::of(&original, owner, datetime!(2026-11-20 03:00 UTC));
        let png = names.png().unwrap();
        assert_eq!(png.as_str(), format!("public/2026/11/{owner}/1763690000000_abc.png"));
        assert_eq!(PreviewNames::beside(&png), names);
        let variant = names.variant(640, PictureFormat::Jpeg).unwrap();
        assert_eq!(variant.as_str(), format!("public/2026/11/{owner}/1763690000000_abc_w640.jpg"));
        assert!(png.is_public() && variant.is_public() && !original.is_public());
    }
}
