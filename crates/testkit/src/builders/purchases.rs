//! Offers and orders through the API.

use kernel::GenerationId;
use serde_json::{Value, json};

use crate::app::{Answer, TestClient};

/// What a seller asks for a picture: a non-exclusive licence for ¥1,200 unless said otherwise.
#[derive(Clone, Debug)]
pub struct Offer(Value);

impl Offer {
    /// An offer of this picture.
    pub fn of(picture: GenerationId) -> Self {
        Self(json!({
            "historyId": picture, "priceCents": 1_200, "title": "庭のワンピース", "tags": ["春", "Dress"],
            "licenseType": "non-exclusive",
        }))
    }

    /// At this price, in yen.
    #[must_use]
    pub fn price(self, yen: i64) -> Self {
        self.with("priceCents", json!(yen))
    }

    /// Under this licence: `standard`, `non-exclusive`, `exclusive`, …
    #[must_use]
    pub fn license(self, license: &str) -> Self {
        self.with("licenseType", json!(license))
    }

    /// Under this title.
    #[must_use]
    pub fn title(self, title: &str) -> Self {
        self.with("title", json!(title))
    }

    /// With any field of the API.
    #[must_use]
    pub fn with(mut self, field: &str, value: Value) -> Self {
        self.0[field] = value;
        self
    }

    /// Publishes as the seller; the answer has the `listingId`.
    pub async fn publish(&self, seller: &TestClient) -> Answer {
        seller.post("/api/user-gallery/publish", &self.0).await
    }
}

/// Orders one product as the buyer; the answer has `orderId` and `url`.
pub async fn order(buyer: &TestClient, listing_id: &str) -> Answer {
    buyer.post("/api/checkout", &json!({"listingId": listing_id})).await
}
