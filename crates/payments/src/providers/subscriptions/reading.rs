//! Stripe's words about subscriptions, in ours. Pure.

use std::collections::BTreeMap;

use kernel::Yen;
use time::OffsetDateTime;

use crate::providers::code::ProviderCode;
use crate::providers::error::ProviderError;
use crate::providers::note;
use crate::providers::stripe::billing_objects::{
    Invoice, InvoiceLineItem, Phase, Price, Schedule, Subscription, SubscriptionSession, SubscriptionState,
};
use crate::providers::stripe::objects::{Expandable, SessionPaymentStatus, SessionStatus};
use crate::subscriptions::model::BillingPeriod;
use crate::subscriptions::snapshot::{
    BillingReason, CheckoutCompleted, CheckoutPayment, InvoiceLine, InvoiceSnapshot, InvoiceStatus, PlanTerms,
    SubscriptionCheckout, SubscriptionSnapshot, SubscriptionStatus,
};

/// Who was asked, and when.
pub(super) struct Asked<'a> {
    pub(super) provider: ProviderCode,
    pub(super) at: OffsetDateTime,
    /// The prices that the answer only names.
    pub(super) prices: &'a BTreeMap<String, Price>,
}

fn unreadable(what: &str) -> ProviderError {
    tracing::warn!(what, "a provider's answer lacks what a subscription needs");
    ProviderError::Unavailable("unreadable".to_owned())
}

fn moment(unix_seconds: i64) -> Result<OffsetDateTime, ProviderError> {
    OffsetDateTime::from_unix_timestamp(unix_seconds).map_err(|_| unreadable("time"))
}

/// The plan behind a price: by our note on it, else by our name of it.
fn plan_of(price: &Price) -> Option<String> {
    if let Some(code) = price.metadata.get(note::PLAN) {
        return Some(code.clone());
    }
    let named = price.lookup_key.as_deref()?.strip_prefix("machiya_")?;
    let (plan_and_period, _yen) = named.rsplit_once('_')?;
    plan_and_period.rsplit_once('_').map(|(plan, _period)| plan.to_owned())
}

fn period_of(price: &Price) -> BillingPeriod {
    match price.recurring.as_ref().map(|recurring| recurring.interval.as_str()) {
        Some("year") => BillingPeriod::Year,
        _ => BillingPeriod::Month,
    }
}

fn terms_of(price: &Price) -> PlanTerms {
    PlanTerms {
        plan_code: plan_of(price).unwrap_or_default(),
        period: period_of(price),
        price: Yen(price.unit_amount.unwrap_or_default()),
    }
}

fn shown<'a>(price: &'a Expandable<Price>, prices: &'a BTreeMap<String, Price>) -> Option<&'a Price> {
    price.object().or_else(|| prices.get(price.id()))
}

/// The phase that follows the present one, while the schedule is in force.
fn phase_to_come(schedule: &Schedule) -> Option<&Phase> {
    let present = schedule.current_phase.filter(|_| schedule.status == "active")?;
    schedule.phases.iter().find(|phase| phase.start_date >= present.end_date)
}

fn schedule_of(subscription: &Subscription) -> Option<&Schedule> {
    subscription.schedule.as_ref().and_then(Expandable::object)
}

/// The prices that a schedule only names.
pub(super) fn prices_to_come(subscription: &Subscription) -> Vec<String> {
    let phase = schedule_of(subscription).and_then(phase_to_come);
    let items = phase.map(|phase| phase.items.as_slice()).unwrap_or_default();
    items.iter().filter(|item| item.price.object().is_none()).map(|item| item.price.id().to_owned()).collect()
}

fn price_of_line(line: &InvoiceLineItem) -> Option<&Expandable<Price>> {
    line.pricing.as_ref()?.price_details.as_ref()?.price.as_ref()
}

/// The prices that the lines only name.
pub(super) fn prices_of_lines(invoice: &Invoice) -> Vec<String> {
    let lines = invoice.lines.as_ref().map(|lines| lines.data.as_slice()).unwrap_or_default();
    let named = lines.iter().filter_map(price_of_line).filter(|price| price.object().is_none());
    named.map(|price| price.id().to_owned()).collect()
}

pub(super) fn read_subscription(
    asked: &Asked<'_>,
    subscription: &Subscription,
) -> Result<SubscriptionSnapshot, ProviderError> {
    let item = subscription.items.data.first().ok_or_else(|| unreadable("item"))?;
    let present = terms_of(&item.price);
    let next = schedule_of(subscription)
        .and_then(phase_to_come)
        .and_then(|phase| shown(&phase.items.first()?.price, asked.prices))
        .map(terms_of)
        .filter(|next| *next != present);
    let ends = subscription.cancel_at.is_some_and(|at| at <= item.current_period_end);
    let over = subscription.ended_at.or(subscription.canceled_at);
    Ok(SubscriptionSnapshot {
        provider: asked.provider,
        as_of: asked.at,
        subscription_id: subscription.id.clone(),
        customer_id: subscription.customer.id().to_owned(),
        checkout_id: subscription.metadata.get(note::CHECKOUT).and_then(|id| id.parse().ok()),
        status: match subscription.status {
            SubscriptionState::Active => SubscriptionStatus::Active,
            SubscriptionState::Trialing => SubscriptionStatus::Trialing,
            SubscriptionState::PastDue => SubscriptionStatus::PastDue,
            SubscriptionState::Unpaid | SubscriptionState::Paused => SubscriptionStatus::Unpaid,
            SubscriptionState::Canceled | SubscriptionState::IncompleteExpired => SubscriptionStatus::Canceled,
            // A word that is new to us gives nothing away.
            SubscriptionState::Incomplete | SubscriptionState::Unknown => SubscriptionStatus::Incomplete,
        },
        plan_code: present.plan_code,
        period: present.period,
        price: present.price,
        period_start: moment(item.current_period_start)?,
        period_end: moment(item.current_period_end)?,
        next,
        cancel_at_period_end: subscription.cancel_at_period_end || ends,
        latest_invoice_id: subscription.latest_invoice.as_ref().map(|invoice| invoice.id().to_owned()),
        canceled_at: over.map(moment).transpose()?,
    })
}

pub(super) fn read_invoice(
    provider: ProviderCode,
    invoice: &Invoice,
    prices: &BTreeMap<String, Price>,
) -> Result<InvoiceSnapshot, ProviderError> {
    if invoice.currency != "jpy" {
        return Err(ProviderError::Misconfigured("invoice_not_in_yen".to_owned()));
    }
    let subscription = invoice.parent.as_ref().and_then(|parent| parent.subscription_details.as_ref());
    let lines = invoice.lines.as_ref().map(|lines| lines.data.as_slice()).unwrap_or_default();
    let mut read = Vec::with_capacity(lines.len());
    for line in lines {
        read.push(read_line(line, prices)?);
    }
    Ok(InvoiceSnapshot {
        provider,
        invoice_id: invoice.id.clone(),
        subscription_id: subscription
            .and_then(|details| details.subscription.as_ref())
            .map(|subscription| subscription.id().to_owned()),
        customer_id: invoice.customer.as_ref().map(|customer| customer.id().to_owned()),
        billing_reason: match invoice.billing_reason.as_deref() {
            Some("subscription_create") => BillingReason::SubscriptionCreate,
            Some("subscription_cycle") => BillingReason::SubscriptionCycle,
            Some("subscription_update") => BillingReason::SubscriptionUpdate,
            Some("manual") => BillingReason::Manual,
            _ => BillingReason::Other,
        },
        status: match invoice.status.as_deref() {
            Some("paid") => InvoiceStatus::Paid,
            Some("open") => InvoiceStatus::Open,
            Some("void") => InvoiceStatus::Void,
            Some("uncollectible") => InvoiceStatus::Uncollectible,
            _ => InvoiceStatus::Draft,
        },
        amount_paid: Yen(invoice.amount_paid),
        amount_due: Yen(invoice.amount_due),
        payment_intent_id: intent_of(invoice),
        lines: read,
        created_at: moment(invoice.created)?,
        paid_at: invoice.status_transitions.paid_at.map(moment).transpose()?,
        next_attempt_at: invoice.next_payment_attempt.map(moment).transpose()?,
        attempt_count: invoice.attempt_count,
    })
}

fn read_line(line: &InvoiceLineItem, prices: &BTreeMap<String, Price>) -> Result<InvoiceLine, ProviderError> {
    let price = price_of_line(line).and_then(|price| shown(price, prices));
    let plan_code = price.and_then(plan_of);
    let marks = line.parent.as_ref().map(|parent| (parent.subscription_item_details, parent.invoice_item_details));
    let (of_item, of_invoice_item) = marks.unwrap_or_default();
    Ok(InvoiceLine {
        description: line.description.clone().unwrap_or_default(),
        amount: Yen(line.amount),
        period: price.filter(|_| plan_code.is_some()).map(period_of),
        plan_code,
        period_start: moment(line.period.start)?,
        period_end: moment(line.period.end)?,
        is_proration: of_item.or(of_invoice_item).is_some_and(|mark| mark.proration),
    })
}

/// The payment that counts: the one that succeeded, else the newest attempt.
fn intent_of(invoice: &Invoice) -> Option<String> {
    let payments = invoice.payments.as_ref()?;
    let paid = payments.data.iter().find(|payment| payment.status == "paid").or_else(|| payments.data.first())?;
    Some(paid.payment.as_ref()?.payment_intent.as_ref()?.id().to_owned())
}

pub(super) fn read_checkout(
    asked: &Asked<'_>,
    session: SubscriptionSession,
    invoice: Option<InvoiceSnapshot>,
) -> Result<SubscriptionCheckout, ProviderError> {
    match session.status {
        SessionStatus::Open => return Ok(SubscriptionCheckout::Open),
        SessionStatus::Expired => return Ok(SubscriptionCheckout::Expired),
        SessionStatus::Complete => {}
        SessionStatus::Unknown => return Err(unreadable("session status")),
    }
    let subscription = session.subscription.as_ref().and_then(Expandable::object);
    let subscription = read_subscription(asked, subscription.ok_or_else(|| unreadable("subscription"))?)?;
    let checkout_id = session.metadata.get(note::CHECKOUT).and_then(|id| id.parse().ok());
    let typed = session.customer_details.and_then(|details| details.email).or(session.customer_email);
    Ok(SubscriptionCheckout::Completed(Box::new(CheckoutCompleted {
        provider: asked.provider,
        session_id: session.id,
        // Without our note the checkout is not ours, which the caller sees by the other note.
        checkout_id: checkout_id.unwrap_or_default(),
        email: typed.map(|email| email.trim().to_owned()).filter(|email| !email.is_empty()),
        customer_id: session.customer.map_or_else(|| subscription.customer_id.clone(), |one| one.id().to_owned()),
        payment_status: match session.payment_status {
            SessionPaymentStatus::Paid => CheckoutPayment::Paid,
            SessionPaymentStatus::NoPaymentRequired => CheckoutPayment::NotRequired,
            SessionPaymentStatus::Unpaid | SessionPaymentStatus::Unknown => CheckoutPayment::Unpaid,
        },
        subscription,
        invoice,
    })))
}
