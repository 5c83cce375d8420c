//! States and licences as types, and the small pure rules about them.

use std::fmt;
use std::str::FromStr;

use kernel::Random;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

kernel::typed_id! {
    /// Pictures that descend from one another or are the same picture (`design_lineages`).
    LineageId,
}

/// What kind of thing a product is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
#[sqlx(type_name = "text", rename_all = "kebab-case")]
pub enum ProductKind {
    /// A picture and a licence to use it.
    Design,
    /// The text of a prompt.
    Prompt,
}

/// What a buyer may do with a design. `orders::licences` has the full terms of every edition.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "kebab-case")]
#[sqlx(type_name = "text", rename_all = "kebab-case")]
pub enum LicenseType {
    /// Sold once, to one buyer; afterwards no listing of the picture or of its derivatives is offered any more.
    Exclusive,
    /// Sold to any number of buyers, or to `max_sales` of them, each for any number of uses.
    NonExclusive,
    /// Sold like a non-exclusive licence, but each covers one project of the buyer.
    SingleUse,
}

impl LicenseType {
    /// In the order in which a seller is offered them.
    pub const ALL: [Self; 3] = [Self::NonExclusive, Self::Exclusive, Self::SingleUse];

    /// The name in the API and the database.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Exclusive => "exclusive",
            Self::NonExclusive => "non-exclusive",
            Self::SingleUse => "single-use",
        }
    }
}

impl FromStr for LicenseType {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        Self::ALL.into_iter().find(|license| license.as_str() == text).ok_or(())
    }
}

impl fmt::Display for LicenseType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// The edition of the licence terms of new product versions. `orders::licences` has the texts of every edition.
pub const LICENSE_TERMS_EDITION: &str = "2026-11";

/// The state of a listing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum ProductStatus {
    /// Not published yet.
    Draft,
    /// For sale.
    Active,
    /// Withdrawn by its seller.
    Paused,
    /// `max_sales` licences are sold, or an exclusive licence of its lineage.
    SoldOut,
    /// Withdrawn by an operator.
    Suspended,
    /// Deleted by its seller.
    Deleted,
}

/// Crockford's base 32 alphabet, which leaves out letters that look like digits.
const READABLE: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A code of `length` characters of Crockford's base 32 (at most 16), five random bits each.
pub fn readable_code(random: &Random, length: usize) -> String {
    let bytes: [u8; 16] = random.bytes();
    bytes.iter().take(length).map(|byte| char::from(READABLE[usize::from(byte & 31)])).collect()
}

/// The address of a product: the ASCII words of its title and a code of 40 random bits, `linen-coat-7k3qz9ab`.
pub fn slug_for(random: &Random, title: &str) -> String {
    let code = readable_code(random, 8).to_ascii_lowercase();
    let mut words = String::new();
    for c in title.chars().map(|c| c.to_ascii_lowercase()) {
        if c.is_ascii_alphanumeric() {
            words.push(c);
        } else if !words.is_empty() && !words.ends_with('-') {
            words.push('-');
        }
        if words.len() >= 40 {
            break;
        }
    }
    let words = words.trim_matches('-');
    if words.is_empty() { format!("d-{code}") } else { format!("{words}-{code}") }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_slug_keeps_the_words_that_an_address_can_hold() {
        let random = Random::seeded(1);
        assert!(slug_for(&random, "  Linen Coat, 2026! ").starts_with("linen-coat-2026-"));
        assert!(slug_for(&random, "藍染のワンピース").starts_with("d-"));
    }

    #[test]
    fn licences_have_the_names_of_the_specification() {
        for license in LicenseType::ALL {
            assert_eq!(license.as_str().parse(), Ok(license));
            assert_eq!(serde_json::to_value(license).unwrap(), license.as_str());
        }
        assert!("royalty-free".parse::<LicenseType>().is_err());
    }

    proptest! {
        #[test]
        fn any_title_gives_an_address(title in any::<String>(), seed in any::<u64>()) {
            let slug = slug_for(&Random::seeded(seed), &title);
            prop_assert!((3..=80).contains(&slug.len()));
            prop_assert!(slug.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-'));
            prop_assert!(!slug.starts_with('-') && !slug.contains("--"));
        }

        #[test]
        fn a_code_has_only_clear_letters(seed in any::<u64>()) {
            let code = readable_code(&Random::seeded(seed), 8);
            prop_assert_eq!(code.len(), 8);
            prop_assert!(!code.contains(['I', 'L', 'O', 'U']));
        }
    }
}
