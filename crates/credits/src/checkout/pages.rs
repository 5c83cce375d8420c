//! `/plans/confirm`: everything that a buyer should know, shown once more before the order is placed (特定商取引法, the
//! final confirmation screen), and `/welcome`: the page after paying.

use askama::Template;
use axum::Extension;
use axum::response::{IntoResponse as _, Redirect, Response};
use identity::sessions::Caller;
use kernel::{Ctx, Yen};
use payments::PaymentError;
use payments::subscriptions::ChangePreview;
use platform::Problem;
use platform::http::{Anyone, Form, Query};
use serde::Deserialize;
use time::OffsetDateTime;
use ui::{Messages, Page, arg, redirect_with_toast};

use super::api::{limit_asking, limit_opening};
use super::complete::complete;
use super::model::{Completion, CompletionState};
use super::open::{PurchaseRequest, open};
use crate::billing_error::BillingError;
use crate::plans;
use crate::plans::model::{Plan, PlanCode};
use crate::state::Billing;
use crate::subscriptions::change::{ChangeRequest, Effect, change as change_plan, effect_of, preview};
use crate::subscriptions::model::Subscription;
use crate::subscriptions::queries as subscription_queries;
use payments::subscriptions::BillingPeriod;
use ui::dates::day;

/// What is to begin, or to come instead of what there is.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Chosen {
    plan: PlanCode,
    period: Option<BillingPeriod>,
}

#[derive(Template)]
#[template(path = "checkout/confirm.html")]
struct ConfirmPage {
    t: Messages,
    plan: Plan,
    period: BillingPeriod,
    price: Yen,
    has_account: bool,
    change: Option<ShownChange>,
}

/// What becomes of the present plan.
struct ShownChange {
    present_name: String,
    present_price: Yen,
    is_now: bool,
    is_withdrawal: bool,
    /// What is charged at once, by the provider's own reckoning; nothing where it did not say.
    charge: Option<ChangePreview>,
    day: String,
}

impl ShownChange {
    /// Whether it would cost something now, and nobody knows how much.
    fn is_unknown(&self) -> bool {
        self.is_now && self.charge.is_none()
    }
}

impl ConfirmPage {
    fn here(&self) -> String {
        format!("/plans/confirm?plan={}&period={}", encode(self.plan.code.as_str()), self.period.as_str())
    }

    fn is_yearly(&self) -> bool {
        self.period == BillingPeriod::Year
    }

    fn renewal_words(&self) -> String {
        let key = if self.is_yearly() { "billing-confirm-renewal-year" } else { "billing-confirm-renewal-month" };
        self.t.say_with(key, arg("price", self.t.yen_amount(&self.price)))
    }
}

/// The live subscription of whoever asks.
async fn present(billing: &Billing, ctx: &Ctx) -> Result<Option<Subscription>, Problem> {
    let Some(user_id) = ctx.user_id() else { return Ok(None) };
    let mut tx = billing.app().db.begin_system(kernel::SystemReason::PlatformRules).await?;
    let live = subscription_queries::live_of(&mut tx, user_id).await?;
    tx.commit().await?;
    Ok(live)
}

pub(super) async fn confirm(
    Extension(billing): Extension<Billing>,
    Anyone(ctx): Anyone,
    caller: Caller,
    Query(chosen): Query<Chosen>,
) -> Result<Response, Problem> {
    if let Some(user) = ctx.user() {
        identity::require_active(user)?;
    }
    let mut tx = billing.app().db.begin_as(&ctx).await?;
    let all = plans::all(&mut tx).await?;
    tx.commit().await?;
    let find = |code: &PlanCode| all.iter().find(|plan| plan.code == *code);
    let plan = find(&chosen.plan).filter(|plan| plan.is_offered && !plan.price_month.is_zero());
    let plan = plan.cloned().ok_or_else(Problem::not_found)?;
    let live = present(&billing, &ctx).await?;
    let period = chosen.period.or(live.as_ref().map(|live| live.period)).unwrap_or(BillingPeriod::Month);
    let t = Messages::new(ctx.locale);
    let mut shown_change = None;
    if let Some(live) = &live {
        let before = find(&live.plan).ok_or_else(Problem::not_found)?;
        let Some(effect) = effect_of(live, before, &plan, period) else {
            return Ok(redirect_with_toast(&billing.app().config, "/plans", "success", "billing-toast-unchanged"));
        };
        let mut charge = None;
        if let (Effect::Now, Some(user_id)) = (effect, ctx.user_id()) {
            limit_asking(&billing, &ctx, &caller).await?;
            let request =
                ChangeRequest { plan: plan.code.clone(), period: Some(period), price_shown: None, charge_shown: None };
            charge = match preview(&billing, &ctx, user_id, &request).await {
                Ok((_, charge)) => charge,
                Err(BillingError::Payment(PaymentError::ProviderUnavailable(_))) => None,
                Err(fault) => return changed(&billing, Err(fault), "/plans"),
            };
        }
        shown_change = Some(ShownChange {
            present_name: before.name(ctx.locale).to_owned(),
            present_price: live.price,
            is_now: effect == Effect::Now,
            is_withdrawal: effect == Effect::Withdrawn,
            charge,
            day: day(ctx.locale, live.period_end),
        });
    }
    let price = plan.price(period);
    let body = ConfirmPage { t, plan, period, price, has_account: ctx.user().is_some(), change: shown_change };
    let page = Page::new(t.say("billing-confirm-title"), body.render().map_err(Problem::internal)?);
    Ok(page.private().into_response())
}

/// What the buyer agreed to.
#[derive(Clone, Debug, Deserialize)]
pub(super) struct Agreed {
    plan: PlanCode,
    period: BillingPeriod,
    price: i64,
    /// What was to be paid at once, and from which moment that was reckoned, in Unix seconds.
    charge: Option<i64>,
    prorated_at: Option<i64>,
}

impl Agreed {
    fn charge_shown(&self) -> Result<Option<ChangePreview>, Problem> {
        let (Some(charge), Some(seconds)) = (self.charge, self.prorated_at) else { return Ok(None) };
        let at = OffsetDateTime::from_unix_timestamp(seconds)
            .map_err(|_| Problem::invalid_field("prorated_at", "out_of_range"))?;
        Ok(Some(ChangePreview { amount: Yen(charge), at, is_change: true }))
    }
}

pub(super) async fn pay(
    Extension(billing): Extension<Billing>,
    Anyone(ctx): Anyone,
    caller: Caller,
    Form(agreed): Form<Agreed>,
) -> Result<Response, Problem> {
    if let Some(user) = ctx.user() {
        identity::require_active(user)?;
    }
    limit_opening(&billing, &ctx, &caller).await?;
    let back = format!("/plans/confirm?plan={}&period={}", encode(agreed.plan.as_str()), agreed.period.as_str());
    let shown = Some(Yen(agreed.price));
    if let (Some(user_id), Some(_)) = (ctx.user_id(), present(&billing, &ctx).await?) {
        let charge_shown = agreed.charge_shown()?;
        let request =
            ChangeRequest { plan: agreed.plan, period: Some(agreed.period), price_shown: shown, charge_shown };
        return changed(&billing, change_plan(&billing, &ctx, user_id, &request).await, &back);
    }
    let request =
        PurchaseRequest { plan: agreed.plan, period: agreed.period, user_id: ctx.user_id(), price_shown: shown };
    let config = &billing.app().config;
    match open(&billing, &ctx, &request).await {
        Ok(url) => Ok(Redirect::to(url.as_str()).into_response()),
        Err(BillingError::PriceChanged) => Ok(redirect_with_toast(config, &back, "danger", "toast-price-changed")),
        Err(BillingError::Payment(PaymentError::ProviderUnavailable(_))) => {
            Ok(redirect_with_toast(config, &back, "danger", "billing-toast-unavailable"))
        }
        Err(fault) => Err(fault.into()),
    }
}

fn encode(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

/// Where a change of plan leads.
fn changed(billing: &Billing, outcome: Result<Effect, BillingError>, back: &str) -> Result<Response, Problem> {
    let config = &billing.app().config;
    let settings = |kind, key| Ok(redirect_with_toast(config, "/admin/settings", kind, key));
    match outcome {
        Ok(Effect::Now) => settings("success", "billing-toast-changed-now"),
        Ok(Effect::NextPeriod) => settings("success", "billing-toast-changed-next"),
        Ok(Effect::Withdrawn) => settings("success", "billing-toast-withdrawn"),
        Err(BillingError::Unchanged) => settings("success", "billing-toast-unchanged"),
        Err(BillingError::Unpaid) => settings("danger", "billing-toast-unpaid"),
        Err(BillingError::PriceChanged) => Ok(redirect_with_toast(config, back, "danger", "toast-price-changed")),
        Err(BillingError::Payment(PaymentError::Declined(_))) => settings("danger", "billing-toast-declined"),
        Err(BillingError::Payment(PaymentError::ProviderUnavailable(_))) => {
            Ok(redirect_with_toast(config, back, "danger", "billing-toast-unavailable"))
        }
        Err(fault) => Err(fault.into()),
    }
}

#[derive(Template)]
#[template(path = "checkout/welcome.html")]
struct WelcomePage {
    t: Messages,
    completion: Completion,
    here: String,
    is_member: bool,
}

impl WelcomePage {
    fn is_pending(&self) -> bool {
        self.completion.state == CompletionState::Pending
    }

    fn is_given_back(&self) -> bool {
        self.completion.state == CompletionState::GivenBack
    }

    fn email(&self) -> &str {
        self.completion.email.as_deref().unwrap_or_default()
    }
}

#[derive(Debug, Deserialize)]
pub(super) struct ComesBack {
    #[serde(default)]
    session_id: String,
}

pub(super) async fn welcome(
    Extension(billing): Extension<Billing>,
    Anyone(ctx): Anyone,
    caller: Caller,
    Query(back): Query<ComesBack>,
) -> Result<Response, Problem> {
    limit_asking(&billing, &ctx, &caller).await?;
    let completion = complete(&billing, &ctx, &back.session_id).await?;
    let t = Messages::new(ctx.locale);
    let here = format!("/welcome?session_id={}", encode(&back.session_id));
    let body = WelcomePage { t, completion, here, is_member: ctx.user().is_some() };
    let title = t.say(if body.is_pending() { "welcome-pending-title" } else { "welcome-title" });
    let page = Page::new(title, body.render().map_err(Problem::internal)?).private().island("orders");
    Ok(page.into_response())
}
