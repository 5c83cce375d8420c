//! Edits a plan, and writes down who did it and why.

use credits::CreditError;
use credits::plans::{self, Plan};
use kernel::{Ctx, Locale};
use platform::{Problem, Tx, audit};
use serde_json::{Value, json};

use super::model::PlanChange;

fn as_json(plan: &Plan) -> Value {
    json!({
        "tokensMilli": plan.tokens_month.get(), "imageCredits": plan.image_credits_month.get(),
        "historyDays": plan.history_days, "pages": plan.page_limit,
        "benefits": {"ja": plan.benefits(Locale::Ja), "en": plan.benefits(Locale::En)},
    })
}

/// Sets what a plan brings. Says whether anything changed; where nothing does, nothing is written down.
///
/// # Errors
/// 404 for no such plan.
pub async fn change(ctx: &Ctx, tx: &mut Tx, change: &PlanChange) -> Result<bool, Problem> {
    let before = plans::find(tx, &change.edit.code).await?.ok_or_else(Problem::not_found)?;
    let is_changed = plans::edit(ctx, tx, &change.edit).await.map_err(|error| match error {
        CreditError::Malformed => Problem::invalid_field("benefitsEn", "out_of_range"),
        error => error.into(),
    })?;
    if is_changed {
        let after = plans::find(tx, &change.edit.code).await?.ok_or_else(Problem::not_found)?;
        let diff = json!({
            "reason": change.reason, "plan": change.edit.code, "from": as_json(&before), "to": as_json(&after),
        });
        audit::record(ctx, tx, "plans.change", "subscription_plan", None, &diff).await?;
    }
    Ok(is_changed)
}
