//! The offer that a seller makes, checked.

use std::collections::BTreeSet;

use kernel::limits::{PRICE_YEN_MAX, PRICE_YEN_MIN, TITLE_CHARS_MAX};
use kernel::{ProductId, Yen};
use media::previews::{Fingerprint, Placeholder};
use platform::FieldProblem;
use platform::storage::StorageKey;
use platform::text::{clean_line, clean_paragraphs};

use super::tags::{Tag, tag_slug};
use crate::products::model::LicenseType;

/// Tags of a product at most.
const TAGS_MAX: usize = 10;
/// Characters of a tag at most.
const TAG_CHARS_MAX: usize = 30;
/// Characters of a description at most.
const DESCRIPTION_CHARS_MAX: usize = 4_000;
/// Copies of a licence that may be sold at most, where the seller sets a limit.
const SALES_MAX: i64 = 1_000_000;

/// An offer as it was sent, unchecked.
#[derive(Clone, Debug, Default)]
pub struct OfferInput {
    /// The title; one line.
    pub title: String,
    /// The description; may have several lines.
    pub description: String,
    /// The price in yen; zero is free.
    pub price_yen: i64,
    /// `exclusive`, `non-exclusive` or `single-use`.
    pub license_type: String,
    /// How many licences may be sold; none for any number.
    pub max_sales: Option<i64>,
    /// What it is found by.
    pub tags: Vec<String>,
}

/// A valid offer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// One line, 1 to 120 characters.
    pub title: String,
    /// Up to 4,000 characters, may be empty.
    pub description: String,
    /// Free, or ¥50 and more.
    pub price: Yen,
    /// The licence.
    pub license: LicenseType,
    /// How many licences may be sold; one for an exclusive licence.
    pub max_sales: Option<i32>,
    /// At most ten, each once.
    pub tags: Vec<Tag>,
}

/// A picture that was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Published {
    /// The product.
    pub product_id: ProductId,
    /// Its address: `/d/{slug}`.
    pub slug: String,
    /// The address of the watermarked preview.
    pub preview_url: String,
}

impl Offer {
    /// Checks an offer and names every field that is wrong, as the API names them.
    ///
    /// # Errors
    /// Every field that is not acceptable.
    pub fn check(input: &OfferInput) -> Result<Self, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let title = clean_line(&input.title, TITLE_CHARS_MAX)
            .map_err(|fault| problems.push(FieldProblem::text("title", fault)))
            .unwrap_or_default();
        let description = clean_paragraphs(&input.description, DESCRIPTION_CHARS_MAX)
            .map_err(|fault| problems.push(FieldProblem::text("description", fault)))
            .unwrap_or_default();
        if input.price_yen != 0 && input.price_yen < PRICE_YEN_MIN {
            problems.push(FieldProblem::new("priceCents", "price_too_low").with("min", PRICE_YEN_MIN));
        } else if input.price_yen > PRICE_YEN_MAX {
            problems.push(FieldProblem::new("priceCents", "too_large").with("max", Yen(PRICE_YEN_MAX)));
        }
        let license = input.license_type.parse().unwrap_or_else(|()| {
            problems.push(FieldProblem::new("licenseType", "unknown_value"));
            LicenseType::NonExclusive
        });
        let max_sales = check_max_sales(license, input.max_sales).unwrap_or_else(|problem| {
            problems.push(problem);
            None
        });
        let tags = check_tags(&input.tags).unwrap_or_else(|problem| {
            problems.push(problem);
            Vec::new()
        });
        if problems.is_empty() {
            Ok(Self { title, description, price: Yen(input.price_yen), license, max_sales, tags })
        } else {
            Err(problems)
        }
    }

    /// The tags as the seller wrote them.
    pub fn tag_names(&self) -> Vec<String> {
        self.tags.iter().map(|tag| tag.name.clone()).collect()
    }
}

fn check_max_sales(license: LicenseType, wanted: Option<i64>) -> Result<Option<i32>, FieldProblem> {
    let problem = |code| FieldProblem::new("maxSales", code);
    match (license, wanted) {
        (LicenseType::Exclusive, None | Some(1)) => Ok(Some(1)),
        (LicenseType::Exclusive, Some(_)) => Err(problem("exclusive_is_sold_once")),
        (_, None) => Ok(None),
        (_, Some(count)) if count < 1 => Err(problem("too_small").with("min", 1)),
        (_, Some(count)) if count > SALES_MAX => Err(problem("too_large").with("max", Yen(SALES_MAX))),
        (_, Some(count)) => Ok(i32::try_from(count).ok()),
    }
}

fn check_tags(names: &[String]) -> Result<Vec<Tag>, FieldProblem> {
    let mut seen = BTreeSet::new();
    let mut tags = Vec::new();
    for name in names.iter().filter(|name| !name.trim().is_empty()) {
        if tags.len() == TAGS_MAX {
            return Err(FieldProblem::new("tags", "too_many").with("max", TAGS_MAX));
        }
        let name = clean_line(name, TAG_CHARS_MAX).map_err(|fault| FieldProblem::text("tags", fault))?;
        let slug = tag_slug(&name);
        if slug.is_empty() || slug.chars().count() > 2 * TAG_CHARS_MAX {
            return Err(FieldProblem::new("tags", "too_long").with("max", TAG_CHARS_MAX));
        }
        if seen.insert(slug.clone()) {
            tags.push(Tag { name, slug });
        }
    }
    Ok(tags)
}

/// The stored previews of a picture.
#[derive(Clone, Debug)]
pub(crate) struct StoredPreviews {
    pub(crate) png_key: StorageKey,
    pub(crate) width: i32,
    pub(crate) height: i32,
    pub(crate) widths: Vec<i32>,
    pub(crate) placeholder: Placeholder,
    pub(crate) fingerprint: Fingerprint,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn input() -> OfferInput {
        OfferInput {
            title: "庭のワンピース".to_owned(),
            price_yen: 1_200,
            license_type: "non-exclusive".to_owned(),
            ..OfferInput::default()
        }
    }

    fn codes(input: &OfferInput) -> Vec<(String, &'static str)> {
        Offer::check(input).err().unwrap_or_default().into_iter().map(|p| (p.field, p.code)).collect()
    }

    #[test]
    fn a_price_is_free_or_payable() {
        for (price, ok) in [(0, true), (49, false), (50, true), (-1, false), (9_999_999, true), (10_000_000, false)] {
            assert_eq!(Offer::check(&OfferInput { price_yen: price, ..input() }).is_ok(), ok, "{price}");
        }
    }

    #[test]
    fn an_exclusive_licence_is_sold_once() {
        let exclusive = |max_sales| OfferInput { license_type: "exclusive".to_owned(), max_sales, ..input() };
        assert_eq!(Offer::check(&exclusive(None)).map(|offer| offer.max_sales), Ok(Some(1)));
        assert_eq!(Offer::check(&exclusive(Some(1))).map(|offer| offer.max_sales), Ok(Some(1)));
        assert_eq!(codes(&exclusive(Some(2))), [("maxSales".to_owned(), "exclusive_is_sold_once")]);
    }

    #[test]
    fn everything_that_is_wrong_is_reported_at_once() {
        let bad = OfferInput {
            title: "\u{202e}evil".to_owned(),
            description: "a\u{0}".to_owned(),
            price_yen: 49,
            license_type: "mine".to_owned(),
            max_sales: Some(0),
            tags: vec!["x".repeat(31)],
        };
        let fields: Vec<String> = codes(&bad).into_iter().map(|(field, _)| field).collect();
        assert_eq!(fields, ["title", "description", "priceCents", "licenseType", "maxSales", "tags"]);
    }

    #[test]
    fn tags_are_folded_and_counted() {
        let tags = |names: &[&str]| OfferInput { tags: names.iter().map(|n| (*n).to_owned()).collect(), ..input() };
        let offer = Offer::check(&tags(&["Kimono", "ｋｉｍｏｎｏ", " 春 ", ""])).unwrap();
        assert_eq!(offer.tag_names(), ["Kimono", "春"]);
        assert_eq!(offer.tags[0].slug, "kimono");
        let many: Vec<String> = (0..11).map(|number| format!("t{number}")).collect();
        assert_eq!(codes(&OfferInput { tags: many, ..input() }), [("tags".to_owned(), "too_many")]);
    }

    proptest! {
        #[test]
        fn what_is_accepted_fits_the_tables(
            title in any::<String>(), description in any::<String>(), price_yen in any::<i64>(),
            license in prop::sample::select(vec!["exclusive", "non-exclusive", "single-use", "x"]),
            max_sales in prop::option::of(any::<i64>()), tags in prop::collection::vec(any::<String>(), 0..12),
        ) {
            let input = OfferInput { title, description, price_yen, license_type: license.to_owned(), max_sales, tags };
            if let Ok(offer) = Offer::check(&input) {
                prop_assert!((1..=120).contains(&offer.title.chars().count()));
                prop_assert!(offer.price == Yen::ZERO || (50..=9_999_999).contains(&offer.price.get()));
                prop_assert!(offer.max_sales.is_none_or(|count| (1..=1_000_000).contains(&count)));
                prop_assert!(offer.license != LicenseType::Exclusive || offer.max_sales == Some(1));
                prop_assert!(offer.tags.len() <= 10);
                prop_assert!(offer.tags.iter().all(|tag| (1..=60).contains(&tag.slug.chars().count())));
            }
        }
    }
}
