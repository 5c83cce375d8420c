//! The page of a subscription's clock: `GET` and `POST /sandbox/subscriptions/{id}`. A year of subscription in a minute,
//! without a script. Whoever knows the name of the subscription may see and submit it, as with a checkout page.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kernel::{Ctx, Locale, Yen};
use platform::http::{Anyone, Form, Path, Problem, Query};
use serde::Deserialize;
use time::OffsetDateTime;
use time::macros::offset;
use ui::{Messages, Page};

use super::model::{ClockAction, Invoice, Subscription};
use super::provider::LoadedSubscription;
use super::queries;
use super::queries::EventRow;
use super::times::months_later;
use crate::providers::sandbox::handle::Sandbox;
use crate::providers::sandbox::responses::{lead_to, sandbox_of};
use crate::state::Payments;
use crate::subscriptions::model::BillingPeriod;

/// Invoices on the page.
const INVOICES_SHOWN: i64 = 24;

/// The furthest that a clock may run ahead: twenty years, in seconds.
const AHEAD_MAX_SECONDS: i64 = 20 * 366 * 24 * 3_600;

/// Where the page of a subscription is.
pub(super) fn path_of(subscription_id: &str) -> String {
    format!("/sandbox/subscriptions/{subscription_id}")
}

/// What the page was opened with.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Opened {
    /// Where the way back leads, when that is within the platform.
    #[serde(rename = "return")]
    back: Option<String>,
    note: Option<String>,
}

/// What was submitted.
#[derive(Debug, Deserialize)]
pub(crate) struct Submitted {
    action: ClockAction,
    #[serde(default)]
    back: String,
}

#[derive(Template)]
#[template(path = "providers/sandbox/subscriptions/clock.html")]
struct ClockPage {
    t: Messages,
    action: String,
    back: String,
    too_late: bool,
    plan: String,
    price: Yen,
    yearly: bool,
    next: Option<(String, Yen)>,
    status: String,
    clock: String,
    period: String,
    ends: bool,
    card_works: bool,
    next_attempt: String,
    email: String,
    invoices: Vec<InvoiceRow>,
    events: Vec<EventShown>,
}

struct InvoiceRow {
    date: String,
    reason: String,
    amount: Yen,
    status: String,
    badge: &'static str,
}

struct EventShown {
    kind: String,
    time: String,
    state: String,
    badge: &'static str,
}

impl ClockPage {
    fn is(&self, status: &str) -> bool {
        self.status == status
    }
}

/// Shows the subscription, its invoices, and its events.
pub(crate) async fn show(
    State(payments): State<Payments>,
    Anyone(ctx): Anyone,
    Path(id): Path<String>,
    Query(opened): Query<Opened>,
) -> Result<Page, Problem> {
    let sandbox = sandbox_of(&payments)?;
    let mut tx = sandbox.begin().await?;
    let loaded = sandbox.load_subscription(&ctx, &mut tx, &id).await?.ok_or_else(Problem::not_found)?;
    sandbox.save_changes(&ctx, &mut tx, &loaded.run).await?;
    let invoices = queries::newest_invoices(&mut tx, &id, INVOICES_SHOWN).await?;
    let events = queries::newest_events(&mut tx, &id).await?;
    tx.commit().await?;
    let t = Messages::new(ctx.locale);
    let page = ClockPage {
        action: path_of(&id),
        back: return_href(&payments, opened.back.as_deref()),
        too_late: opened.note.as_deref() == Some("too_late"),
        invoices: invoices.iter().map(|invoice| invoice_row(t, invoice)).collect(),
        events: events.iter().map(|event| event_row(t, event)).collect(),
        ..facts(t, sandbox, &loaded)
    };
    let body = page.render().map_err(|error| Problem::internal(anyhow::Error::new(error)))?;
    Ok(Page::new(t.say("sandbox-clock-title"), body).private())
}

fn facts(t: Messages, sandbox: &Sandbox, opened: &LoadedSubscription) -> ClockPage {
    let subscription = &opened.run.subscription;
    let clock = if subscription.is_over() {
        subscription.canceled_at.unwrap_or(subscription.period_end)
    } else {
        sandbox.clock_of(subscription)
    };
    let attempt = opened.run.open.as_ref().and_then(|invoice| invoice.next_attempt_at);
    ClockPage {
        t,
        action: String::new(),
        back: String::new(),
        too_late: false,
        plan: subscription.plan_name.clone(),
        price: subscription.price,
        yearly: subscription.period == BillingPeriod::Year,
        next: subscription.next_plan.as_ref().map(|next| (next.plan_name.clone(), next.price_jpy)),
        status: subscription.status.clone(),
        clock: moment(t, clock),
        period: format!("{} – {}", day(t, subscription.period_start), day(t, subscription.period_end)),
        ends: subscription.cancel_at_period_end && !subscription.is_over(),
        card_works: opened.customer.card_works,
        next_attempt: attempt.map(|at| day(t, at)).unwrap_or_default(),
        email: opened.customer.email.clone(),
        invoices: Vec::new(),
        events: Vec::new(),
    }
}

fn invoice_row(t: Messages, invoice: &Invoice) -> InvoiceRow {
    let (badge, key) = match invoice.status.as_str() {
        "paid" if invoice.refunded >= invoice.amount && invoice.amount > Yen::ZERO => {
            ("plain", "sandbox-invoice-refunded")
        }
        "paid" => ("success", "sandbox-invoice-paid"),
        "open" => ("warning", "sandbox-invoice-open"),
        _ => ("plain", "sandbox-invoice-void"),
    };
    let reason = match invoice.billing_reason.as_str() {
        "subscription_create" => "sandbox-reason-create",
        "subscription_cycle" => "sandbox-reason-cycle",
        _ => "sandbox-reason-update",
    };
    InvoiceRow {
        date: day(t, invoice.created_at),
        reason: t.say(reason),
        amount: invoice.amount,
        status: t.say(key),
        badge,
    }
}

fn event_row(t: Messages, event: &EventRow) -> EventShown {
    let (badge, state) = match (event.delivered_at, event.last_status) {
        (Some(_), _) => ("success", t.say("sandbox-event-delivered")),
        (None, _) if event.attempts > 0 => ("warning", t.say("sandbox-event-again")),
        (None, _) => ("plain", t.say("sandbox-event-waiting")),
    };
    EventShown { kind: event.event_type.clone(), time: moment(t, event.created_at), state, badge }
}

fn day(t: Messages, at: OffsetDateTime) -> String {
    let date = at.to_offset(offset!(+9)).date();
    match t.locale() {
        Locale::Ja => format!("{}年{}月{}日", date.year(), u8::from(date.month()), date.day()),
        Locale::En => format!("{} {} {}", date.day(), date.month(), date.year()),
    }
}

/// A minute in Japan, as people write it.
pub(crate) fn moment(t: Messages, at: OffsetDateTime) -> String {
    let local = at.to_offset(offset!(+9));
    format!("{} {}:{:02}", day(t, at), local.hour(), local.minute())
}

/// A way back that leads into the platform, and nowhere else.
fn return_href(payments: &Payments, asked: Option<&str>) -> String {
    let home = payments.installation();
    let within = |path: &str| path.starts_with('/') && !path.starts_with("//") && !path.contains('\\');
    match asked {
        Some(address) => match address.strip_prefix(&home) {
            Some("") => "/".to_owned(),
            Some(path) if within(path) => path.to_owned(),
            None if within(address) => address.to_owned(),
            _ => String::new(),
        },
        None => String::new(),
    }
}

/// Does what was submitted, then shows the page again.
pub(crate) async fn submit(
    State(payments): State<Payments>,
    Anyone(ctx): Anyone,
    Path(id): Path<String>,
    Form(submitted): Form<Submitted>,
) -> Result<Response, Problem> {
    let sandbox = sandbox_of(&payments)?;
    let done = act(sandbox, &ctx, &id, submitted.action).await?;
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    if !done {
        query.append_pair("note", "too_late");
    }
    let back = return_href(&payments, Some(submitted.back.as_str()).filter(|back| !back.is_empty()));
    if !back.is_empty() {
        query.append_pair("return", &back);
    }
    let query = query.finish();
    let here = path_of(&id);
    lead_to(&if query.is_empty() { here } else { format!("{here}?{query}") })
}

/// Changes the rows as the action says; false when the action has no place in the present state.
async fn act(sandbox: &Sandbox, ctx: &Ctx, id: &str, action: ClockAction) -> Result<bool, Problem> {
    let mut tx = sandbox.begin().await?;
    let mut opened = sandbox.load_subscription(ctx, &mut tx, id).await?.ok_or_else(Problem::not_found)?;
    let now = sandbox.clock_of(&opened.run.subscription);
    let done = !opened.run.subscription.is_over() && allowed(&opened, action);
    if done {
        let mut texts = sandbox.texts(ctx, &opened.customer);
        let billing = &mut opened.run;
        match action {
            ClockAction::RenewNow => {
                let until = billing.subscription.period_end;
                set_clock(&mut billing.subscription, now, until);
                billing.run_until(until, &mut texts);
            }
            ClockAction::AdvanceMonth => {
                let until = months_later(now, 1);
                set_clock(&mut billing.subscription, now, until);
                billing.run_until(until, &mut texts);
            }
            ClockAction::RunOut => {
                let mut at = now;
                while let Some(attempt) = billing.open.as_ref().and_then(|invoice| invoice.next_attempt_at) {
                    set_clock(&mut billing.subscription, at, attempt);
                    billing.run_until(attempt, &mut texts);
                    at = attempt.max(at);
                }
            }
            ClockAction::FailCard | ClockAction::RepairCard => {
                billing.card_works = action == ClockAction::RepairCard;
                queries::set_card(ctx, &mut tx, &opened.customer.id, billing.card_works).await?;
                if billing.card_works {
                    billing.collect(now);
                }
            }
            ClockAction::CancelNow => billing.end(now),
        }
    }
    sandbox.save_changes(ctx, &mut tx, &opened.run).await?;
    tx.commit().await?;
    Ok(done)
}

fn allowed(opened: &LoadedSubscription, action: ClockAction) -> bool {
    let subscription = &opened.run.subscription;
    match action {
        ClockAction::RenewNow => subscription.status == "active" && has_room(subscription),
        ClockAction::AdvanceMonth => has_room(subscription),
        ClockAction::FailCard => opened.customer.card_works,
        ClockAction::RepairCard => !opened.customer.card_works,
        ClockAction::RunOut => subscription.status == "past_due",
        ClockAction::CancelNow => true,
    }
}

fn has_room(subscription: &Subscription) -> bool {
    subscription.clock_ahead_seconds < AHEAD_MAX_SECONDS
}

/// Lets the clock run ahead to `until`; it never goes back.
fn set_clock(subscription: &mut Subscription, now: OffsetDateTime, until: OffsetDateTime) {
    subscription.clock_ahead_seconds += (until - now).whole_seconds().max(0) + i64::from(until > now);
}
