//! From stored previews to what a page and the API show of them.

use media::images::PictureFormat;
use platform::App;
use platform::config::Config;
use platform::storage::StorageKey;
use ui::{Messages, Picture};

use super::model::Card;
use crate::products::{LicenseType, ProductStatus};
use crate::publishing::PreviewNames;

/// An address as the world sees it; paths are on our own origin.
pub fn absolute(config: &Config, address: String) -> String {
    if address.starts_with('/') { config.absolute_url(&address) } else { address }
}

/// The addresses of a preview's variants in one format, narrowest first.
pub(super) fn variants(app: &App, preview: &StorageKey, widths: &[i32], format: PictureFormat) -> Vec<(String, u32)> {
    let names = PreviewNames::beside(preview);
    widths
        .iter()
        .filter_map(|width| u32::try_from(*width).ok())
        .filter_map(|width| Some((app.storage.public_url(&names.variant(width, format).ok()?), width)))
        .collect()
}

/// The preview of a product as a page shows it.
pub fn picture_of(app: &App, card: &Card) -> Picture {
    let webp = variants(app, &card.preview_key, &card.preview_widths, PictureFormat::WebP);
    let jpeg = variants(app, &card.preview_key, &card.preview_widths, PictureFormat::Jpeg);
    // Where a browser knows no srcset, the middle one is a fair compromise.
    let fallback = jpeg.iter().find(|(_, width)| *width >= 640).or(jpeg.last()).map(|(address, _)| address.clone());
    let fallback = fallback.unwrap_or_else(|| app.storage.public_url(&card.preview_key));
    let pixels = |side: i32| u32::try_from(side).unwrap_or(1);
    Picture::new(&card.title, fallback, pixels(card.preview_width), pixels(card.preview_height))
        .with_ground(&card.dominant_colour)
        .with_webp(webp.iter().map(|(address, width)| (address.as_str(), *width)))
        .with_widths(jpeg.iter().map(|(address, width)| (address.as_str(), *width)))
}

/// A card, ready for its template.
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
        let badge = match (card.status, card.license) {
            (ProductStatus::SoldOut, _) => t.say("product-sold-out"),
            (_, Some(LicenseType::Exclusive)) => t.say("license-exclusive-name"),
            (_, Some(LicenseType::SingleUse)) => t.say("license-single-use-name"),
            _ => String::new(),
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
