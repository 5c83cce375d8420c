//! `/admin/settings`: the plan and what can be done with it, the balance by lot, packs, what was paid.

use askama::Template;
use axum::Extension;
use axum::response::{IntoResponse as _, Redirect, Response};
use kernel::{Tokens, Yen};
use payments::PaymentError;
use platform::Problem;
use platform::http::{Member, Query};
use serde::Deserialize;
use ui::{Messages, Page, arg, redirect_with_toast};

use super::overview::{Overview, tabs};
use super::queries::{self, LotRow, PaidRow, SubscriptionRow, TermsRow};
use crate::billing_error::BillingError;
use crate::lots::model::Amount;
use crate::plans;
use crate::plans::model::Plan;
use crate::state::Billing;
use crate::subscriptions::change::set_end;
use crate::subscriptions::portal::portal as portal_url;
use payments::subscriptions::BillingPeriod;
use ui::dates::day;

/// Payments on the page.
const PAYMENTS_SHOWN: i64 = 24;

/// A lot, as it is shown.
struct ShownLot {
    source: String,
    left: String,
    expires: String,
}

/// A payment, as it is shown.
struct ShownPayment {
    day: String,
    what: String,
    amount: String,
    state: String,
    badge: &'static str,
    paper_href: String,
}

/// The subscription, as it is shown.
struct ShownPlan {
    price: Yen,
    is_yearly: bool,
    renews: String,
    ends: String,
    next: String,
    keep_href: String,
    end_question: String,
}

#[derive(Template)]
#[template(path = "dashboard/settings.html")]
struct SettingsPage {
    t: Messages,
    tabs: Vec<(String, String, bool)>,
    overview: Overview,
    terms: TermsRow,
    /// What the plan brings from the next renewal on, where that is something else.
    coming: String,
    plan: Option<ShownPlan>,
    lots: Vec<ShownLot>,
    packs: Vec<(i32, Tokens, Yen)>,
    payments: Vec<ShownPayment>,
}

impl SettingsPage {
    fn history_words(&self) -> String {
        kept_for(self.t, self.terms.history_days)
    }
}

fn kept_for(t: Messages, history_days: Option<i32>) -> String {
    match history_days {
        Some(days) => t.say_with("admin-plan-history-days", arg("days", days)),
        None => t.say("admin-plan-history-ever"),
    }
}

/// What an edited plan brings from the next renewal on; empty where it brings what it does now.
fn coming_words(t: Messages, plan: &Plan, terms: &TermsRow, row: &SubscriptionRow) -> String {
    let gives_the_same = terms.tokens_month.is_none_or(|tokens| tokens == plan.tokens_month)
        && terms.image_credits_month.is_none_or(|images| images == plan.image_credits_month);
    let stays = gives_the_same && terms.history_days == plan.history_days && terms.page_limit == plan.page_limit;
    if stays || row.cancel_at_period_end || row.next_plan.is_some() {
        return String::new();
    }
    let args = arg("day", day(t.locale(), row.period_end))
        .arg("tokens", plan.tokens_month)
        .arg("images", plan.image_credits_month)
        .arg("history", kept_for(t, plan.history_days))
        .arg("pages", plan.page_limit);
    t.say_with("admin-plan-coming-words", args)
}

/// With what the buyer comes back from paying for a pack.
#[derive(Debug, Deserialize)]
pub(super) struct Look {
    #[serde(default)]
    credit: String,
}

pub(super) async fn show(
    Extension(billing): Extension<Billing>,
    member: Member,
    Query(look): Query<Look>,
) -> Result<Response, Problem> {
    let (ctx, user_id, t) = (&member.ctx, member.user.user_id, Messages::new(member.ctx.locale));
    let toast = match look.credit.as_str() {
        "success" => Some(("success", "billing-toast-pack-paid")),
        "canceled" => Some(("danger", "billing-toast-pack-cancelled")),
        _ => None,
    };
    if let Some((kind, key)) = toast {
        // Said once: the address without the word is what stays in the browser.
        return Ok(redirect_with_toast(&billing.app().config, "/admin/settings", kind, key));
    }
    let mut tx = billing.app().db.begin_as(ctx).await?;
    let overview = Overview::read(ctx, &mut tx, user_id).await?;
    let all = plans::all(&mut tx).await?;
    let subscription = queries::subscription(&mut tx, user_id).await?;
    let terms = queries::terms(&mut tx, user_id).await?.ok_or_else(Problem::not_found)?;
    let lots = queries::lots(&mut tx, user_id, ctx.now()).await?;
    let packs = plans::packs(&mut tx).await?;
    let paid = queries::paid(&mut tx, user_id, PAYMENTS_SHOWN).await?;
    tx.commit().await?;
    let body = SettingsPage {
        t,
        tabs: tabs(t, "/admin/settings"),
        coming: subscription
            .as_ref()
            .map(|row| coming_words(t, &overview.user_plan.plan, &terms, row))
            .unwrap_or_default(),
        terms,
        plan: subscription.map(|row| shown_plan(t, &overview, &all, &row)),
        overview,
        lots: lots.iter().map(|lot| shown_lot(t, lot)).collect(),
        packs: packs.iter().map(|pack| (pack.id, pack.tokens, pack.price)).collect(),
        payments: paid.iter().map(|row| shown_payment(t, &all, row)).collect(),
    };
    let page = Page::new(t.say("admin-settings-title"), body.render().map_err(Problem::internal)?);
    Ok(page.private().into_response())
}

fn name_of(t: Messages, all: &[Plan], code: &str) -> String {
    all.iter().find(|plan| plan.code.as_str() == code).map_or(code, |plan| plan.name(t.locale())).to_owned()
}

fn shown_plan(t: Messages, overview: &Overview, all: &[Plan], row: &SubscriptionRow) -> ShownPlan {
    let end = day(t.locale(), row.period_end);
    let renewal_price = row.next_price.unwrap_or(row.price);
    let renews = t.say_with("admin-plan-renewal-words", arg("day", &end).arg("price", t.yen_amount(&renewal_price)));
    let next = row.next_plan.as_deref().map(|plan| {
        let price = t.yen_amount(&renewal_price);
        t.say_with("billing-plan-and-price", arg("plan", name_of(t, all, plan)).arg("price", price))
    });
    ShownPlan {
        price: row.price,
        is_yearly: row.period == BillingPeriod::Year,
        renews: if row.cancel_at_period_end { String::new() } else { renews },
        ends: if row.cancel_at_period_end {
            t.say_with("admin-plan-ends-words", arg("day", &end))
        } else {
            String::new()
        },
        next: next.unwrap_or_default(),
        keep_href: format!("/plans/confirm?plan={}&period={}", overview.user_plan.plan.code, row.period.as_str()),
        end_question: t.say_with("admin-plan-cancel-consequence", arg("day", &end)),
    }
}

fn shown_lot(t: Messages, lot: &LotRow) -> ShownLot {
    let unit = match lot.amount {
        Amount::Tokens(tokens) => format!("{} {tokens}", t.say("admin-balance-tokens")),
        Amount::Images(images) => format!("{} {images}", t.say("admin-balance-images")),
    };
    ShownLot {
        source: t.say(&format!("admin-lots-{}", lot.source.replace('_', "-"))),
        left: unit,
        expires: lot.expires_at.map_or_else(|| t.say("admin-lots-never"), |at| day(t.locale(), at)),
    }
}

fn shown_payment(t: Messages, all: &[Plan], row: &PaidRow) -> ShownPayment {
    let what = match (&row.plan, row.from, row.until, row.tokens) {
        (Some(plan), Some(from), Some(until), _) => t.say_with(
            "admin-history-subscription",
            arg("plan", name_of(t, all, plan)).arg("from", day(t.locale(), from)).arg("until", day(t.locale(), until)),
        ),
        (.., tokens) => t.say_with("admin-history-pack", arg("tokens", tokens.unwrap_or_default())),
    };
    let badge = match row.state.as_str() {
        "paid" => "success",
        "open" => "warning",
        _ => "plain",
    };
    ShownPayment {
        day: day(t.locale(), row.at),
        what,
        amount: t.yen_amount(&row.amount),
        state: t.say(&format!("admin-history-state-{}", row.state)),
        badge,
        paper_href: row.paper_id.map(|id| format!("/invoices/{id}")).unwrap_or_default(),
    }
}

pub(super) async fn cancel(Extension(billing): Extension<Billing>, member: Member) -> Result<Response, Problem> {
    let outcome = set_end(&billing, &member.ctx, member.user.user_id, true).await;
    toast_of(&billing, outcome, "billing-toast-cancelled")
}

pub(super) async fn resume(Extension(billing): Extension<Billing>, member: Member) -> Result<Response, Problem> {
    let outcome = set_end(&billing, &member.ctx, member.user.user_id, false).await;
    toast_of(&billing, outcome, "billing-toast-resumed")
}

fn toast_of(billing: &Billing, outcome: Result<(), BillingError>, done: &str) -> Result<Response, Problem> {
    let say = |kind, key| Ok(redirect_with_toast(&billing.app().config, "/admin/settings", kind, key));
    match outcome {
        Ok(()) => say("success", done),
        Err(BillingError::NoSubscription | BillingError::Payment(PaymentError::SubscriptionOver)) => {
            say("danger", "billing-toast-over")
        }
        Err(BillingError::Payment(PaymentError::ProviderUnavailable(_))) => say("danger", "billing-toast-unavailable"),
        Err(fault) => Err(fault.into()),
    }
}

pub(super) async fn portal(Extension(billing): Extension<Billing>, member: Member) -> Result<Response, Problem> {
    match portal_url(&billing, member.user.user_id).await {
        Ok(url) => Ok(Redirect::to(url.as_str()).into_response()),
        Err(fault) => toast_of(&billing, Err(fault), ""),
    }
}
