//! The plan that the demo's creator is on, with what it gives for a month: enough to try everything.

use anyhow::{Context as _, Result};
use credits::Amount;
use credits::lots::{self, LotSource, NewLot};
use credits::plans::{self, DunningState, PlanCode};
use kernel::{Locale, SystemReason, UserId, Yen};
use platform::App;
use serde_json::json;
use time::Duration;

/// The plan of somebody who makes and sells.
const PLAN: &str = "pro";
/// How long the image credits of the demo last: the period that they are a part of.
const PERIOD: Duration = Duration::days(31);
/// How long tokens last from their issue, as everybody's.
const TOKEN_LIFETIME: Duration = Duration::days(180);

/// Puts somebody on the plan and gives what comes with it, once; no money was paid for it.
pub(super) async fn give(app: &App, user_id: UserId) -> Result<()> {
    let ctx = app.ctx(kernel::Actor::System(SystemReason::Seed), Locale::Ja);
    let mut tx = app.db.begin_system(SystemReason::Seed).await?;
    if plans::plan_of(&mut tx, user_id).await?.plan.code.is_free() {
        let plan = plans::find(&mut tx, &PlanCode::from(PLAN)).await?.context("there is no such plan")?;
        plans::set_plan(&ctx, &mut tx, user_id, &plan.code, DunningState::Active).await?;
        let gifts =
            [(Amount::Images(plan.image_credits_month), PERIOD), (Amount::Tokens(plan.tokens_month), TOKEN_LIFETIME)];
        for (amount, lifetime) in gifts {
            let lot = NewLot {
                user_id,
                amount,
                source: LotSource::AdminAdjustment,
                business_key: format!("seed:{}:{user_id}", amount.unit()),
                paid: Yen::ZERO,
                payment_id: None,
                expires_at: Some(ctx.now() + lifetime),
                detail: json!({"reason": "demo"}),
            };
            lots::grant(&ctx, &mut tx, &lot).await?;
        }
    }
    tx.commit().await?;
    Ok(())
}
