//! `POST /api/admin/credits`.

use axum::extract::State;
use kernel::{SystemReason, UserId};
use platform::http::{Json, Operator};
use platform::{App, Problem};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::model::CorrectionForm;

/// A correction: exactly one of `tokens` and `imageCredits`.
#[derive(Clone, Debug, Deserialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct CorrectionBody {
    user_id: UserId,
    /// Whole tokens; below zero takes.
    #[serde(default)]
    tokens: Option<i64>,
    /// Image credits; below zero takes.
    #[serde(default)]
    image_credits: Option<i64>,
    /// Why; the person reads it on the statement.
    reason: String,
    /// How many days a gift lasts; 180 where nothing is said.
    #[serde(default)]
    expires_in_days: Option<i64>,
}

/// What can be spent afterwards.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = CreditAdjustmentBalance)]
#[serde(rename_all = "camelCase")]
pub(super) struct BalanceBody {
    user_id: UserId,
    /// Whole tokens.
    tokens: i64,
    image_credits: i64,
}

/// Gives or takes credits.
#[utoipa::path(post, path = "/api/admin/credits", tag = "operators", request_body = CorrectionBody,
  responses((status = 200, body = BalanceBody), (status = 404, description = "for whoever is no operator, and for nobody"),
            (status = 409, description = "too_few_credits"), (status = 422)))]
pub(super) async fn correct(
    State(app): State<App>,
    Operator(member): Operator,
    Json(body): Json<CorrectionBody>,
) -> Result<axum::Json<BalanceBody>, Problem> {
    let (unit, amount) = match (body.tokens, body.image_credits) {
        (Some(tokens), None) => ("token", tokens),
        (None, Some(images)) => ("image", images),
        _ => return Err(Problem::invalid_field("tokens", "one_of_two")),
    };
    let form = CorrectionForm {
        unit: unit.to_owned(),
        amount: amount.to_string(),
        reason: body.reason,
        days: body.expires_in_days.map(|days| days.to_string()).unwrap_or_default(),
    };
    let correction = form.read(body.user_id).map_err(Problem::invalid)?;
    let mut tx = app.db.begin_system(SystemReason::Operator).await?;
    super::correct(&member.ctx, &mut tx, &correction).await?;
    let balance = credits::wallets::balance(&mut tx, body.user_id, member.ctx.now()).await?;
    tx.commit().await?;
    Ok(axum::Json(BalanceBody {
        user_id: body.user_id,
        tokens: balance.tokens.get() / 1_000,
        image_credits: balance.image_credits.get(),
    }))
}

/// What this part of the API says of itself.
#[derive(utoipa::OpenApi)]
#[openapi(paths(correct), components(schemas(CorrectionBody, BalanceBody)))]
pub(super) struct Described;
