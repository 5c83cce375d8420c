//! The query of a gallery page, and the cards on it.

use kernel::limits::PRICE_YEN_MAX;
use kernel::{Cursor, ProductId, UserId, Yen};
use platform::FieldProblem;
use platform::storage::StorageKey;
use platform::text::optional_line;
use serde::Deserialize;
use time::OffsetDateTime;

use crate::products::model::{LicenseType, ProductStatus};
use crate::products::terms::Terms;
use crate::publishing::tags::tag_slug;

/// Characters of a tag in a query at most.
const TAG_CHARS_MAX: usize = 60;

/// The query string of the gallery, unchecked.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct GalleryQuery {
    pub tag: String,
    pub min_price: String,
    pub max_price: String,
    pub free: String,
    pub license_type: String,
    pub cursor: String,
    pub limit: Option<u32>,
    pub fragment: String,
}

/// Which products a page shows.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct GalleryFilter {
    /// Only with this tag, folded.
    pub tag: Option<String>,
    /// Not cheaper.
    pub min_price: Option<Yen>,
    /// Not dearer.
    pub max_price: Option<Yen>,
    /// Only with this licence.
    pub license: Option<LicenseType>,
}

impl GalleryFilter {
    /// Reads a filter. What cannot be read is a problem, and left out of the filter.
    pub(super) fn read(query: &GalleryQuery) -> (Self, Vec<FieldProblem>) {
        let mut problems = Vec::new();
        let mut yen = |field: &str, text: &str| {
            let text = text.trim().replace([',', '，', '¥', '￥'], "");
            if text.is_empty() {
                return None;
            }
            let digits: String = unicode_normalization::UnicodeNormalization::nfkc(text.as_str()).collect();
            match digits.parse::<i64>() {
                Ok(amount) if (0..=PRICE_YEN_MAX).contains(&amount) => Some(Yen(amount)),
                Ok(_) => {
                    problems.push(FieldProblem::new(field, "out_of_range"));
                    None
                }
                Err(_) => {
                    problems.push(FieldProblem::new(field, "wrong_type"));
                    None
                }
            }
        };
        let (min_price, mut max_price) = (yen("minPrice", &query.min_price), yen("maxPrice", &query.max_price));
        if matches!(query.free.as_str(), "1" | "true" | "yes" | "on") {
            max_price = Some(Yen::ZERO);
        }
        let license = match query.license_type.as_str() {
            "" => None,
            text => text.parse().map_err(|()| problems.push(FieldProblem::new("licenseType", "unknown_value"))).ok(),
        };
        let tag = optional_line(&query.tag, TAG_CHARS_MAX)
            .map(|tag| Some(tag_slug(&tag)).filter(|tag| !tag.is_empty()))
            .map_err(|fault| problems.push(FieldProblem::text("tag", fault)))
            .unwrap_or_default();
        (Self { tag, min_price, max_price, license }, problems)
    }

    /// Whether it leaves nothing out.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The query string of this filter from a position on; empty for the first page without a filter.
    pub(super) fn query_string(&self, cursor: Option<&str>) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if let Some(tag) = &self.tag {
            query.append_pair("tag", tag);
        }
        if let Some(price) = self.min_price {
            query.append_pair("minPrice", &price.get().to_string());
        }
        if let Some(price) = self.max_price {
            query.append_pair("maxPrice", &price.get().to_string());
        }
        if let Some(license) = self.license {
            query.append_pair("licenseType", license.as_str());
        }
        if let Some(cursor) = cursor {
            query.append_pair("cursor", cursor);
        }
        let query = query.finish();
        if query.is_empty() { query } else { format!("?{query}") }
    }
}

/// The watermarked preview of a product's picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Preview {
    /// The PNG; WebP and JPEG variants are stored beside it.
    pub key: StorageKey,
    /// The width of the PNG in pixels.
    pub width: i32,
    /// The height of the PNG in pixels.
    pub height: i32,
    /// The widths of the variants in pixels.
    pub widths: Vec<i32>,
    /// The colour that fills most of the picture, as `#rrggbb`.
    pub dominant_colour: String,
}

/// A product as lists show it, whatever its kind.
#[derive(Clone, Debug)]
pub struct Card {
    /// The product.
    pub id: ProductId,
    /// Its address: `/d/{slug}`.
    pub slug: String,
    /// Its title.
    pub title: String,
    /// As the seller wrote them.
    pub tags: Vec<String>,
    /// The price; zero is free.
    pub price: Yen,
    /// The state of the listing.
    pub status: ProductStatus,
    /// The licence that it is sold under.
    pub terms: Terms,
    /// Who sells it.
    pub seller_id: UserId,
    /// The seller's display name.
    pub seller_name: String,
    /// When it was published.
    pub published_at: OffsetDateTime,
    /// Its preview; every design has one.
    pub preview: Option<Preview>,
}

impl Card {
    /// Its place in lists.
    pub(super) const fn position(&self) -> Cursor {
        Cursor { at: self.published_at, id: self.id.0 }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_filter_survives_its_own_query() {
        let query = GalleryQuery {
            tag: "ＫＩＭＯＮＯ".to_owned(),
            min_price: "１，０００".to_owned(),
            max_price: "¥5,000".to_owned(),
            license_type: "exclusive".to_owned(),
            ..GalleryQuery::default()
        };
        let (filter, problems) = GalleryFilter::read(&query);
        assert!(problems.is_empty(), "{problems:?}");
        assert_eq!(filter.query_string(None), "?tag=kimono&minPrice=1000&maxPrice=5000&licenseType=exclusive");
        assert_eq!(
            filter.query_string(Some("x")),
            "?tag=kimono&minPrice=1000&maxPrice=5000&licenseType=exclusive&cursor=x"
        );
        assert_eq!(GalleryFilter::default().query_string(None), "");
        let free = GalleryFilter::read(&GalleryQuery { free: "1".to_owned(), ..GalleryQuery::default() }).0;
        assert_eq!(free.max_price, Some(Yen::ZERO));
    }

    proptest! {
        #[test]
        fn any_query_is_read(tag in any::<String>(), min in any::<String>(), license in any::<String>()) {
            let query = GalleryQuery { tag, min_price: min, license_type: license, ..GalleryQuery::default() };
            let (filter, _) = GalleryFilter::read(&query);
            prop_assert!(filter.min_price.is_none_or(|price| (0..=PRICE_YEN_MAX).contains(&price.get())));
        }
    }
}
