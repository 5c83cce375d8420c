//! The owner changes a subscription: another plan, cancel, resume. The requested change is saved with its idempotency key
//! first, then the provider is called, then its answer is saved; no transaction is open during the call.

use kernel::{Ctx, SystemReason, UserId, Yen};
use payments::PaymentError;
use payments::subscriptions::{ChangePreview, PlanChange, Proration, SubscriptionSnapshot};
use platform::Tx;
use platform::audit;
use serde::Serialize;
use serde_json::json;
use utoipa::ToSchema;

use super::follow;
use super::model::{Status, Subscription, Terms};
use super::queries::{self, Which};
use crate::billing_error::BillingError;
use crate::plans;
use crate::plans::model::{Plan, PlanCode};
use crate::state::Billing;
use payments::subscriptions::BillingPeriod;

/// When a change comes into force.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Effect {
    /// At once; the difference for the rest of the period is collected.
    Now,
    /// With the next period.
    NextPeriod,
    /// Nothing changes but that a change that waited is withdrawn.
    Withdrawn,
}

/// When another plan would come into force. A better plan, and a year instead of a month, begin at once; a smaller plan,
/// and a month instead of a year, when what is paid is used up.
pub fn effect_of(subscription: &Subscription, present: &Plan, wanted: &Plan, period: BillingPeriod) -> Option<Effect> {
    if wanted.code == present.code && period == subscription.period {
        let waits = subscription.next.is_some() || subscription.cancel_at_period_end;
        return waits.then_some(Effect::Withdrawn);
    }
    let waits_already =
        subscription.next.as_ref().is_some_and(|next| next.plan == wanted.code && next.period == period);
    if waits_already {
        return None;
    }
    let is_shorter = subscription.period == BillingPeriod::Year && period == BillingPeriod::Month;
    let is_better = wanted.price_month >= present.price_month && !is_shorter;
    Some(if is_better { Effect::Now } else { Effect::NextPeriod })
}

/// A change of plan or period that the owner asks for.
#[derive(Clone, Debug)]
pub struct ChangeRequest {
    /// The plan.
    pub plan: PlanCode,
    /// How often it is paid; as now where nothing is said.
    pub period: Option<BillingPeriod>,
    /// The price that was agreed to, where a page has shown one.
    pub price_shown: Option<Yen>,
    /// What was to be paid at once, where it was shown, and the moment from which it was reckoned.
    pub charge_shown: Option<ChangePreview>,
}

/// A change that passed the checks, with its effect.
struct Planned {
    subscription: Subscription,
    wanted: Plan,
    period: BillingPeriod,
    effect: Effect,
}

/// Checks a requested change and works out its effect, in the caller's transaction.
async fn plan(tx: &mut Tx, user_id: UserId, request: &ChangeRequest) -> Result<Planned, BillingError> {
    let subscription = queries::lock(tx, Which::LiveOf(user_id)).await?.ok_or(BillingError::NoSubscription)?;
    let period = request.period.unwrap_or(subscription.period);
    let all = plans::all(tx).await?;
    let find = |code: &PlanCode| all.iter().find(|plan| plan.code == *code);
    let wanted = find(&request.plan).filter(|plan| plan.is_offered && !plan.price_month.is_zero());
    let wanted = wanted.cloned().ok_or(BillingError::PlanUnavailable)?;
    let present = find(&subscription.plan).ok_or(BillingError::PlanUnavailable)?;
    if request.price_shown.is_some_and(|shown| shown != wanted.price(period)) {
        return Err(BillingError::PriceChanged);
    }
    let effect = effect_of(&subscription, present, &wanted, period).ok_or(BillingError::Unchanged)?;
    if subscription.status == Status::PastDue {
        return Err(BillingError::Unpaid);
    }
    Ok(Planned { subscription, wanted, period, effect })
}

impl Planned {
    /// What the provider is asked, under a key.
    fn asked(&self, ctx: &Ctx, shown: Option<&ChangePreview>, key: String) -> PlanChange {
        let subscription = &self.subscription;
        PlanChange {
            provider: subscription.provider,
            subscription_id: subscription.provider_subscription_id.clone(),
            plan_code: self.wanted.code.as_str().to_owned(),
            plan_name: self.wanted.name(ctx.locale).to_owned(),
            period: self.period,
            // What is in force keeps its price, also where the plan's has changed.
            price: if self.effect == Effect::Withdrawn { subscription.price } else { self.wanted.price(self.period) },
            proration: if self.effect == Effect::Now { Proration::InvoiceNow } else { Proration::NextPeriod },
            prorated_at: shown.map(|shown| shown.at),
            key,
        }
    }
}

/// What a change would cost at once, by the provider's own reckoning, and when it would come into force. Nothing changes.
///
/// # Errors
/// [`BillingError`].
pub async fn preview(
    billing: &Billing,
    ctx: &Ctx,
    user_id: UserId,
    request: &ChangeRequest,
) -> Result<(Effect, Option<ChangePreview>), BillingError> {
    let mut tx = billing.app().db.begin_system(SystemReason::PlatformRules).await?;
    let planned = plan(&mut tx, user_id, request).await?;
    tx.commit().await?;
    if planned.effect != Effect::Now {
        return Ok((planned.effect, None));
    }
    let asked = planned.asked(ctx, request.charge_shown.as_ref(), fresh_key(ctx));
    Ok((Effect::Now, Some(billing.payments().preview_change(&asked).await?)))
}

/// Whether what was shown is what will be charged: the provider reckons once more, from the moment that was shown.
async fn still_costs(billing: &Billing, asked: &PlanChange, shown: &ChangePreview) -> Result<bool, BillingError> {
    let asked = PlanChange { key: format!("{}:shown", asked.key), ..asked.clone() };
    match billing.payments().preview_change(&asked).await {
        Ok(now) => Ok(!now.is_change || now.amount == shown.amount),
        // Too long ago, or of a period that is over.
        Err(PaymentError::InvalidRequest("prorationDate")) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

/// Puts another plan in the place of the present one, now or with the next period.
///
/// # Errors
/// [`BillingError`]; after [`PaymentError::Declined`] nothing has changed.
pub async fn change(
    billing: &Billing,
    ctx: &Ctx,
    user_id: UserId,
    request: &ChangeRequest,
) -> Result<Effect, BillingError> {
    let mut tx = billing.app().db.begin_system(SystemReason::PlatformRules).await?;
    let planned = plan(&mut tx, user_id, request).await?;
    let (subscription, wanted, effect) = (&planned.subscription, &planned.wanted, planned.effect);
    let shown = request.charge_shown.as_ref().filter(|_| effect == Effect::Now);
    let from = shown.map_or_else(String::new, |shown| format!(":{}", shown.at.unix_timestamp()));
    let period = planned.period;
    let words = format!("change:{}:{}:{}{from}", wanted.code, period.as_str(), wanted.price(period).get());
    let key = queries::request_change(ctx, &mut tx, subscription.id, &words, &fresh_key(ctx)).await?;
    let facts = json!({"from": subscription.plan, "to": wanted.code, "period": period, "effect": effect});
    audit::record(ctx, &mut tx, "subscriptions.change", "subscription", Some(subscription.id.uuid()), &facts).await?;
    tx.commit().await?;
    let asked = planned.asked(ctx, shown, key.clone());
    if let Some(shown) = shown
        && !still_costs(billing, &asked, shown).await?
    {
        let mut tx = billing.app().db.begin_system(SystemReason::PlatformRules).await?;
        queries::clear_requested_change(&mut tx, subscription.id, &key).await?;
        tx.commit().await?;
        return Err(BillingError::PriceChanged);
    }
    let answer = billing.payments().change_plan(&asked).await;
    // A change that waits is withdrawn together with an end that was asked for.
    let answer = match answer {
        Ok(snapshot) if snapshot.cancel_at_period_end => {
            let key = format!("{key}:go_on");
            billing.payments().set_cancel_at_period_end(asked.provider, &asked.subscription_id, false, &key).await
        }
        answer => answer,
    };
    take_over(billing, ctx, subscription, &key, answer).await?;
    Ok(effect)
}

/// Lets the subscription end with its present period, or go on after all.
///
/// # Errors
/// [`BillingError`].
pub async fn set_end(billing: &Billing, ctx: &Ctx, user_id: UserId, ends: bool) -> Result<(), BillingError> {
    let mut tx = billing.app().db.begin_system(SystemReason::PlatformRules).await?;
    let subscription = queries::lock(&mut tx, Which::LiveOf(user_id)).await?.ok_or(BillingError::NoSubscription)?;
    let words = if ends { "cancel" } else { "resume" };
    let key = queries::request_change(ctx, &mut tx, subscription.id, words, &fresh_key(ctx)).await?;
    let action = if ends { "subscriptions.cancel" } else { "subscriptions.resume" };
    audit::record(ctx, &mut tx, action, "subscription", Some(subscription.id.uuid()), &json!({})).await?;
    tx.commit().await?;
    let name = &subscription.provider_subscription_id;
    let answer = billing.payments().set_cancel_at_period_end(subscription.provider, name, ends, &key).await;
    take_over(billing, ctx, &subscription, &key, answer).await
}

/// Saves what the provider answered. Without an answer the requested change keeps its key for the next try.
async fn take_over(
    billing: &Billing,
    ctx: &Ctx,
    subscription: &Subscription,
    key: &str,
    answer: Result<SubscriptionSnapshot, PaymentError>,
) -> Result<(), BillingError> {
    let mut tx = billing.app().db.begin_system(SystemReason::PlatformRules).await?;
    let name = &subscription.provider_subscription_id;
    match &answer {
        Ok(snapshot) => {
            if let Some(mut known) = queries::lock(&mut tx, Which::Id(subscription.id)).await? {
                let taken = follow::take(billing, ctx, &mut tx, &mut known, snapshot).await;
                taken.map_err(|error| payments_unsure(&error))?;
            }
            queries::clear_requested_change(&mut tx, subscription.id, key).await?;
        }
        Err(PaymentError::Declined(_) | PaymentError::SubscriptionOver) => {
            queries::clear_requested_change(&mut tx, subscription.id, key).await?;
        }
        Err(_) => {}
    }
    // The invoice of the change, and whatever else the answer does not tell.
    billing.payments().follow_subscription(ctx, &mut tx, subscription.provider, name).await?;
    tx.commit().await?;
    answer?;
    Ok(())
}

/// The change was made at the provider but could not be saved here; its webhook will bring it.
fn payments_unsure(error: &anyhow::Error) -> BillingError {
    tracing::error!(%error, "the answer of the provider could not be saved");
    BillingError::Payment(PaymentError::ProviderUnavailable("not_written".to_owned()))
}

fn fresh_key(ctx: &Ctx) -> String {
    format!("change-request:{}", ctx.random().uuid_v4())
}

impl Terms {
    /// Whether these are the terms of a plan for a period.
    pub fn are(&self, plan: &PlanCode, period: BillingPeriod) -> bool {
        self.plan == *plan && self.period == period
    }
}
