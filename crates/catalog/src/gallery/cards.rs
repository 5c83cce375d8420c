//! From stored previews to what a page and the API show of them.

use media::images::PictureFormat;
use platform::App;
use platform::config::Config;
use ui::{Messages, Picture};

use super::model::{Card, Preview};
use crate::products::model::{LicenseType, ProductStatus};
use crate::products::terms::Terms;
use crate::publishing::preview_names::PreviewNames;

/// A complete address; a path is on our own origin.
pub fn absolute(config: &Config, address: String) -> String {
    if address.starts_with('/') { config.absolute_url(&address) } else { address }
}

/// The addresses of a preview's variants in one format, narrowest first.
pub(super) fn variants(app: &App, preview: &Preview, format: PictureFormat) -> Vec<(String, u32)> {
    let names = PreviewNames::beside(&preview.key);
    preview
        .widths
        .iter()
        .filter_map(|width| u32::try_from(*width).ok())
        .filter_map(|width| Some((app.storage.public_url(&names.variant(width, format).ok()?), width)))
        .collect()
}

/// The preview of a product as a page shows it; an empty frame for a product without a picture.
pub fn picture_of(app: &App, card: &Card) -> Picture {
    let Some(preview) = &card.preview else { return Picture::new(&card.title, "", 3, 4) };
    let webp = variants(app, preview, PictureFormat::WebP);
    let jpeg = variants(app, preview, PictureFormat::Jpeg);
    // For browsers without srcset, a middle width.
    let fallback = jpeg.iter().find(|(_, width)| *width >= 640).or(jpeg.last()).map(|(address, _)| address.clone());
    let fallback = fallback.unwrap_or_else(|| app.storage.public_url(&preview.key));
    let pixels = |side: i32| u32::try_from(side).unwrap_or(1);
    Picture::new(&card.title, fallback, pixels(preview.width), pixels(preview.height))
        .with_ground(&preview.dominant_colour)
        .with_webp(webp.iter().map(|(address, width)| (address.as_str(), *width)))
        .with_widths(jpeg.iter().map(|(address, width)| (address.as_str(), *width)))
}

/// What a licence allows, in three short points.
pub fn license_words(t: Messages, terms: Terms) -> Vec<String> {
    ["one", "two", "three"].map(|part| t.say(&terms.message_key(part))).into()
}

/// A card in the reader's language, for its template.
pub(crate) struct ShownCard {
    pub href: String,
    pub title: String,
    pub maker: String,
    pub price: String,
    pub badge: String,
    pub picture: Picture,
}

impl ShownCard {
    /// Shows a card in a language.
    pub(crate) fn new(app: &App, t: Messages, card: &Card) -> Self {
        let badge = match (card.status, card.terms) {
            (ProductStatus::SoldOut, _) => t.say("product-sold-out"),
            // The usual licence of a design needs no badge.
            (_, Terms::Design(LicenseType::NonExclusive)) => String::new(),
            (_, terms) => t.say(&terms.message_key("name")),
        };
        Self {
            href: format!("/d/{}", card.slug),
            title: card.title.clone(),
            maker: card.seller_name.clone(),
            price: t.yen(&card.price),
            badge,
            picture: picture_of(app, card),
        }
    }

    /// Shows several.
    pub(crate) fn all(app: &App, t: Messages, cards: &[Card]) -> Vec<Self> {
        cards.iter().map(|card| Self::new(app, t, card)).collect()
    }
}
