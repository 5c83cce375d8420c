//! What a buyer of a product gets: the licence, and the goods, by kind of product.

use kernel::GenerationId;
use platform::DatabaseError;
use platform::storage::StorageKey;

use super::model::{LicenseType, ProductKind};

/// The licence that a product is sold under.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Terms {
    /// The licence of a design.
    Design(LicenseType),
    /// The licence of a prompt: any use of the buyer's own, without passing the prompt on.
    Prompt,
}

/// A design is recorded without its licence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a design has no licence type")]
pub struct MissingLicense;

impl From<MissingLicense> for DatabaseError {
    fn from(error: MissingLicense) -> Self {
        Self::Decode(Box::new(error))
    }
}

impl Terms {
    /// The terms as they are stored: a kind, and a licence type for designs.
    ///
    /// # Errors
    /// [`MissingLicense`] for a design without one; it is never taken for another licence.
    pub fn of(kind: ProductKind, license: Option<LicenseType>) -> Result<Self, MissingLicense> {
        match kind {
            ProductKind::Design => license.map(Self::Design).ok_or(MissingLicense),
            ProductKind::Prompt => Ok(Self::Prompt),
        }
    }

    /// What kind of product is sold under them.
    pub const fn kind(self) -> ProductKind {
        match self {
            Self::Design(_) => ProductKind::Design,
            Self::Prompt => ProductKind::Prompt,
        }
    }

    /// The licence type of a design.
    pub const fn license_type(self) -> Option<LicenseType> {
        match self {
            Self::Design(license) => Some(license),
            Self::Prompt => None,
        }
    }

    /// Whether the licence is sold to one buyer only.
    pub fn is_exclusive(self) -> bool {
        self == Self::Design(LicenseType::Exclusive)
    }

    /// Whether a buyer may need it a second time.
    pub fn is_repeatable(self) -> bool {
        self == Self::Design(LicenseType::SingleUse)
    }

    /// The key of a message about these terms: `license-exclusive-name`, `license-prompt-name`.
    pub fn message_key(self, part: &str) -> String {
        match self {
            Self::Design(license) => format!("license-{license}-{part}"),
            Self::Prompt => format!("license-prompt-{part}"),
        }
    }
}

/// What a buyer is given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fulfilment {
    /// The original of a design in a package with its licence.
    PicturePackage(PicturePackage),
    /// The text of a prompt.
    PromptVersion,
}

/// What goes into the package of a design.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PicturePackage {
    /// The generation that made the picture.
    pub generation_id: GenerationId,
    /// Where the original is stored.
    pub original_key: StorageKey,
    /// SHA-256 of the original.
    pub sha256: Vec<u8>,
    /// The prompt, which is part of what is sold.
    pub prompt: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_design_without_a_licence_is_an_error_and_no_other_licence() {
        assert_eq!(Terms::of(ProductKind::Design, None), Err(MissingLicense));
        for license in LicenseType::ALL {
            let terms = Terms::of(ProductKind::Design, Some(license)).unwrap();
            assert_eq!((terms.kind(), terms.license_type()), (ProductKind::Design, Some(license)));
        }
        assert_eq!(Terms::of(ProductKind::Prompt, None), Ok(Terms::Prompt));
    }
}
