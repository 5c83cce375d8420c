//! `GET /api/models`.

use axum::extract::State;
use axum::routing::get;
use axum::{Json as JsonBody, Router};
use credits::PriceId;
use credits::wallets::tokens_as_number;
use kernel::ImageCredits;
use platform::Problem;
use platform::http::Anyone;
use serde::Serialize;
use ui::Messages;

use super::messages;
use super::offers::{Offer, Offers, offers};
use crate::providers::model::ProviderKind;
use crate::state::Studio;

/// The routes of the models.
pub(crate) fn routes() -> Router<Studio> {
    Router::new().route("/api/models", get(list))
}

/// A price as it is shown before the button is pressed.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
struct PriceBody {
    /// Send it back as `priceId`: it is honoured for an hour after the price has changed.
    price_id: PriceId,
    /// Taken where there are enough; zero where they cannot pay for it.
    #[schema(value_type = i64)]
    image_credits: ImageCredits,
    /// Taken otherwise.
    #[schema(value_type = f64)]
    tokens: serde_json::Number,
}

/// A model that can be chosen.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
struct ModelBody {
    provider: ProviderKind,
    model: String,
    label: String,
    operations: Vec<String>,
    ratios: Vec<String>,
    /// Whether it is taken when none is chosen.
    is_default: bool,
    /// What a picture costs; absent when no price is set, and then none can be made.
    #[serde(skip_serializing_if = "Option::is_none")]
    price: Option<PriceBody>,
    /// The price as text, with what the caller has and what will be left.
    cost: String,
}

/// What the caller may still spend.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
struct BalanceBody {
    #[schema(value_type = i64)]
    image_credits: ImageCredits,
    #[schema(value_type = f64)]
    tokens: serde_json::Number,
}

/// Everything that can be chosen.
#[derive(Debug, Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
struct ModelsBody {
    items: Vec<ModelBody>,
    /// Absent without a session.
    #[serde(skip_serializing_if = "Option::is_none")]
    balance: Option<BalanceBody>,
}

/// The models that can be chosen here, with their prices.
#[utoipa::path(get, path = "/api/models", tag = "studio", responses((status = 200, body = ModelsBody)))]
async fn list(State(studio): State<Studio>, Anyone(ctx): Anyone) -> Result<JsonBody<ModelsBody>, Problem> {
    let mut tx = studio.app.db.begin_as(&ctx).await?;
    let offers = offers(&ctx, &mut tx, &studio.providers).await?;
    tx.commit().await?;
    let t = Messages::new(ctx.locale);
    let items = offers.models.iter().map(|offer| body(&t, offer, &offers)).collect();
    let balance = offers
        .balance
        .map(|left| BalanceBody { image_credits: left.image_credits, tokens: tokens_as_number(left.tokens) });
    Ok(JsonBody(ModelsBody { items, balance }))
}

fn body(t: &Messages, offer: &Offer, offers: &Offers) -> ModelBody {
    let price = offer.price.map(|price| PriceBody {
        price_id: price.id,
        image_credits: price.image_credits,
        tokens: tokens_as_number(price.tokens),
    });
    ModelBody {
        provider: offer.model.provider,
        model: offer.model.model.clone(),
        label: offer.model.label.clone(),
        operations: offer.model.operations.clone(),
        ratios: offer.model.ratios.clone(),
        is_default: offer.is_default,
        price,
        cost: messages::cost(t, Some(offer), offers).line,
    }
}

#[derive(utoipa::OpenApi)]
#[openapi(paths(list))]
struct ApiDoc;

/// The OpenAPI description of these routes.
pub(crate) fn openapi() -> utoipa::openapi::OpenApi {
    <ApiDoc as utoipa::OpenApi>::openapi()
}
