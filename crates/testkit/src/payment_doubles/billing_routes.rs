//! The calls about subscriptions, read as strictly as the others.

use serde_json::{Value, json};

use super::billing::period_later;
use super::billing_objects as objects;
use super::billing_records::{PriceRecord, ScheduleRecord, SubscriptionSessionRecord};
use super::form::{self, BadField, Form, integer, metadata, required};
use super::world::{World, absolute_url};

const SESSION_FIELDS: &[&str] = &[
    "mode",
    "success_url",
    "cancel_url",
    "client_reference_id",
    "line_items[*][price]",
    "line_items[*][quantity]",
    "metadata[*]",
    "subscription_data[metadata][*]",
    "customer",
    "customer_email",
    "locale",
    "expires_at",
];
const PRICE_FIELDS: &[&str] = &[
    "currency",
    "unit_amount",
    "recurring[interval]",
    "product_data[name]",
    "lookup_key",
    "transfer_lookup_key",
    "metadata[*]",
];
const SUBSCRIPTION_FIELDS: &[&str] = &[
    "items[*][id]",
    "items[*][price]",
    "items[*][quantity]",
    "proration_behavior",
    "payment_behavior",
    "proration_date",
    "cancel_at_period_end",
    "metadata[*]",
];
const PREVIEW_FIELDS: &[&str] = &[
    "subscription",
    "subscription_details[items][*][id]",
    "subscription_details[items][*][price]",
    "subscription_details[proration_behavior]",
    "subscription_details[proration_date]",
];
const SCHEDULE_FIELDS: &[&str] = &[
    "end_behavior",
    "phases[*][items][*][price]",
    "phases[*][items][*][quantity]",
    "phases[*][start_date]",
    "phases[*][end_date]",
    "phases[*][duration][interval]",
    "phases[*][duration][interval_count]",
    "phases[*][proration_behavior]",
];

/// What a call about subscriptions leads to.
pub(super) enum Billed {
    /// This object.
    Object(Value),
    /// There is no such object.
    Missing(&'static str),
    /// A field is wrong.
    Bad(BadField),
    /// The card said no.
    Declined,
}

impl From<Result<Value, BadField>> for Billed {
    fn from(result: Result<Value, BadField>) -> Self {
        match result {
            Ok(object) => Self::Object(object),
            Err(bad) => Self::Bad(bad),
        }
    }
}

fn found(object: Option<Value>, what: &'static str) -> Billed {
    object.map_or(Billed::Missing(what), Billed::Object)
}

/// A `GET`; nothing when the path is not about subscriptions.
pub(super) fn read(world: &World, parts: &[&str], pairs: &Form) -> Option<Billed> {
    let expands = |wanted: &str| pairs.iter().any(|(name, value)| name.starts_with("expand[") && value == wanted);
    Some(match parts {
        ["checkout", "sessions", id] if world.billing.sessions.contains_key(*id) => {
            found(objects::session(world, id, expands("subscription.schedule")), "checkout.session")
        }
        ["prices", id] => found(objects::price(world, id), "price"),
        ["prices"] => {
            let named = |key: &Option<String>| {
                pairs.iter().any(|(name, value)| name.starts_with("lookup_keys[") && Some(value) == key.as_ref())
            };
            let ids = world.billing.prices.values().filter(|price| named(&price.lookup_key));
            list(ids.filter_map(|price| objects::price(world, &price.id)), "/v1/prices")
        }
        ["subscriptions", id] => found(objects::subscription(world, id, expands("schedule")), "subscription"),
        ["invoices", id, "lines"] => match world.billing.invoices.get(*id) {
            Some(invoice) => {
                let lines = invoice.lines.iter().enumerate();
                list(lines.map(|(number, line)| objects::line(invoice, number, line)), "/v1/invoices/lines")
            }
            None => Billed::Missing("invoice"),
        },
        ["invoices", id] => found(objects::invoice(world, id, expands("payments")), "invoice"),
        ["invoices"] => {
            let wanted = pairs.get("subscription");
            let of_it = world.billing.invoices.values().rev().filter(|one| Some(&one.subscription_id) == wanted);
            let with_payments = expands("data.payments");
            list(of_it.filter_map(|one| objects::invoice(world, &one.id, with_payments)), "/v1/invoices")
        }
        ["payment_intents", id] => {
            let invoice = world.billing.invoices.values().find(|invoice| invoice.payment_intent_id == *id)?;
            Billed::Object(objects::intent(invoice, world.fees_are_late))
        }
        _ => return None,
    })
}

fn list(data: impl Iterator<Item = Value>, url: &str) -> Billed {
    let data: Vec<Value> = data.collect();
    Billed::Object(json!({"object": "list", "data": data, "has_more": false, "url": url}))
}

/// A `POST`; nothing when the path is not about subscriptions.
pub(super) fn write(world: &mut World, parts: &[&str], body: &[u8], now: i64) -> Option<Billed> {
    Some(match parts {
        ["checkout", "sessions"] => {
            let asked: Form = url::form_urlencoded::parse(body).into_owned().collect();
            if asked.get("mode").map(String::as_str) != Some("subscription") {
                return None;
            }
            Billed::from(form::read(body, SESSION_FIELDS).and_then(|form| create_session(world, &form, now)))
        }
        ["checkout", "sessions", id, "expire"] => {
            let session = world.billing.sessions.get_mut(*id)?;
            session.status = "expired";
            found(objects::session(world, id, false), "checkout.session")
        }
        ["prices"] => Billed::from(form::read(body, PRICE_FIELDS).and_then(|form| create_price(world, &form))),
        ["customers", id] => {
            let notes = form::read(body, &["metadata[*]"]).and_then(|form| metadata(&form, "metadata"));
            match (notes, world.billing.customers.get_mut(*id)) {
                (Err(bad), _) => Billed::Bad(bad),
                (_, None) => Billed::Missing("customer"),
                (Ok(notes), Some(customer)) => {
                    customer.metadata.extend(notes);
                    Billed::Object(json!({"id": customer.id, "object": "customer", "metadata": customer.metadata}))
                }
            }
        }
        ["billing_portal", "sessions"] => {
            Billed::from(form::read(body, &["customer", "return_url"]).and_then(|form| open_portal(world, &form)))
        }
        ["subscriptions", id] => match form::read(body, SUBSCRIPTION_FIELDS) {
            Ok(form) => change_subscription(world, id, &form, now),
            Err(bad) => Billed::Bad(bad),
        },
        ["invoices", "create_preview"] => {
            Billed::from(form::read(body, PREVIEW_FIELDS).and_then(|form| preview(world, &form)))
        }
        ["subscription_schedules"] => {
            Billed::from(form::read(body, &["from_subscription"]).and_then(|form| create_schedule(world, &form)))
        }
        ["subscription_schedules", id, "release"] => release(world, id),
        ["subscription_schedules", id] => match form::read(body, SCHEDULE_FIELDS) {
            Ok(form) => Billed::from(plan_phases(world, id, &form)),
            Err(bad) => Billed::Bad(bad),
        },
        ["invoices", id, "void"] => void(world, id, now),
        _ => return None,
    })
}

/// `DELETE /v1/subscriptions/{id}`.
pub(super) fn delete(world: &mut World, parts: &[&str], now: i64) -> Billed {
    match parts {
        ["subscriptions", id] => {
            let living = world.billing.subscriptions.get(*id).is_some_and(|one| one.status != "canceled");
            let ended = living.then(|| world.cancel(id, now)).flatten();
            found(ended.and_then(|()| objects::subscription(world, id, false)), "subscription")
        }
        _ => Billed::Missing("path"),
    }
}

fn create_session(world: &mut World, form: &Form, now: i64) -> Result<Value, BadField> {
    let success_url = absolute_url(form, "success_url")?;
    absolute_url(form, "cancel_url")?;
    let price_id = required(form, "line_items[0][price]")?.to_owned();
    if !world.billing.prices.contains_key(&price_id) {
        return Err(BadField::new("resource_missing", "line_items[0][price]", "No such price"));
    }
    if integer(form, "line_items[0][quantity]")? != 1 {
        return Err(BadField::new("parameter_invalid", "line_items[0][quantity]", "this double sells one"));
    }
    let (customer_id, customer_email) = (form.get("customer").cloned(), form.get("customer_email").cloned());
    if customer_id.is_some() && customer_email.is_some() {
        return Err(BadField::new(
            "parameter_invalid",
            "customer_email",
            "You may only specify one of these parameters",
        ));
    }
    if customer_id.as_ref().is_some_and(|id| !world.billing.customers.contains_key(id)) {
        return Err(BadField::new("resource_missing", "customer", "No such customer"));
    }
    let id = world.next_id("cs_test_");
    let session = SubscriptionSessionRecord {
        id: id.clone(),
        status: "open",
        price_id,
        customer_id,
        customer_email,
        client_reference_id: form.get("client_reference_id").cloned(),
        metadata: metadata(form, "metadata")?,
        subscription_metadata: metadata(form, "subscription_data[metadata]")?,
        subscription_id: None,
        invoice_id: None,
        success_url,
        created: now,
        expires_at: now + 86_400,
    };
    world.billing.sessions.insert(id.clone(), session);
    objects::session(world, &id, false).ok_or_else(|| BadField::new("resource_missing", "id", "No such session"))
}

fn create_price(world: &mut World, form: &Form) -> Result<Value, BadField> {
    if required(form, "currency")? != "jpy" {
        return Err(BadField::new("parameter_invalid", "currency", "Invalid currency"));
    }
    let interval = required(form, "recurring[interval]")?.to_owned();
    if !["month", "year"].contains(&interval.as_str()) {
        return Err(BadField::new("parameter_invalid", "recurring[interval]", "Invalid interval"));
    }
    let lookup_key = form.get("lookup_key").cloned();
    let transfers = form.get("transfer_lookup_key").map(String::as_str) == Some("true");
    for price in
        world.billing.prices.values_mut().filter(|one| one.lookup_key.is_some() && one.lookup_key == lookup_key)
    {
        if !transfers {
            return Err(BadField::new(
                "resource_already_exists",
                "lookup_key",
                "A price already uses that lookup key.",
            ));
        }
        price.lookup_key = None;
    }
    let price = PriceRecord {
        id: world.next_id("price_"),
        lookup_key,
        unit_amount: integer(form, "unit_amount")?,
        interval,
        product_name: required(form, "product_data[name]")?.to_owned(),
        metadata: metadata(form, "metadata")?,
    };
    let id = price.id.clone();
    world.billing.prices.insert(id.clone(), price);
    objects::price(world, &id).ok_or_else(|| BadField::new("resource_missing", "id", "No such price"))
}

fn open_portal(world: &mut World, form: &Form) -> Result<Value, BadField> {
    let customer = required(form, "customer")?;
    if !world.billing.customers.contains_key(customer) {
        return Err(BadField::new("resource_missing", "customer", "No such customer"));
    }
    absolute_url(form, "return_url")?;
    world.billing.portals += 1;
    let url = format!("https://billing.stripe.com/p/session/test_{}", world.billing.portals);
    Ok(json!({"id": "bps_1", "object": "billing_portal.session", "customer": customer, "url": url}))
}

fn change_subscription(world: &mut World, id: &str, form: &Form, now: i64) -> Billed {
    let Some(subscription) = world.billing.subscriptions.get(id) else { return Billed::Missing("subscription") };
    if subscription.status == "canceled" {
        let message = "A canceled subscription can only update its cancellation_details and metadata.";
        return Billed::Bad(BadField::new("resource_state_invalid", "id", message));
    }
    if let Some(cancel) = form.get("cancel_at_period_end") {
        if subscription.schedule_id.is_some() {
            let message = "The subscription is managed by the subscription schedule, and updating any cancelation \
                           behavior directly is not allowed.";
            return Billed::Bad(BadField::new("resource_state_invalid", "cancel_at_period_end", message));
        }
        let cancel = cancel == "true";
        if let Some(subscription) = world.billing.subscriptions.get_mut(id) {
            subscription.cancel_at_period_end = cancel;
        }
        world.tell_subscription("customer.subscription.updated", id, now);
    }
    if let Some(price_id) = form.get("items[0][price]") {
        let item = id.replacen("sub_", "si_", 1);
        if form.get("items[0][id]") != Some(&item) || !world.billing.prices.contains_key(price_id) {
            return Billed::Bad(BadField::new("resource_missing", "items[0]", "No such subscription item or price"));
        }
        let behaviours = ["proration_behavior", "payment_behavior"].map(|name| form.get(name).map(String::as_str));
        if behaviours != [Some("always_invoice"), Some("error_if_incomplete")] {
            return Billed::Bad(BadField::new("parameter_invalid", "payment_behavior", "this double knows one way"));
        }
        let from = form.get("proration_date").and_then(|text| text.parse().ok()).unwrap_or(now);
        if world.change_price(id, price_id, now, from) == Some(false) {
            return Billed::Declined;
        }
    }
    found(objects::subscription(world, id, false), "subscription")
}

/// What another price would cost from a moment on; nothing changes.
fn preview(world: &World, form: &Form) -> Result<Value, BadField> {
    let id = required(form, "subscription")?;
    let price_id = required(form, "subscription_details[items][0][price]")?;
    let from = integer(form, "subscription_details[proration_date]")?;
    let item = required(form, "subscription_details[items][0][id]")?;
    if required(form, "subscription_details[proration_behavior]")? != "always_invoice" {
        return Err(BadField::new("parameter_invalid", "proration_behavior", "this double knows one way"));
    }
    let missing = |what: &str| BadField::new("resource_missing", what, format!("No such {what}"));
    if item != id.replacen("sub_", "si_", 1) || !world.billing.prices.contains_key(price_id) {
        return Err(missing("subscription item or price"));
    }
    let (lines, _) = world.prorated(id, price_id, from).ok_or_else(|| missing("subscription"))?;
    let total: i64 = lines.iter().map(|line| line.amount).sum();
    Ok(json!({
        "id": "upcoming_in_1", "object": "invoice", "currency": "jpy", "status": "draft",
        "billing_reason": "subscription_update", "amount_due": total.max(0), "total": total,
    }))
}

fn create_schedule(world: &mut World, form: &Form) -> Result<Value, BadField> {
    let id = required(form, "from_subscription")?;
    let missing = || BadField::new("resource_missing", "from_subscription", "No such subscription");
    let subscription = world.billing.subscriptions.get(id).ok_or_else(missing)?.clone();
    if subscription.schedule_id.is_some() {
        let message = "You cannot migrate a subscription that is already attached to a schedule";
        return Err(BadField::new("resource_state_invalid", "from_subscription", message));
    }
    let record = ScheduleRecord {
        id: world.next_id("sub_sched_"),
        status: "active",
        phases: vec![(subscription.period_start, subscription.period_end, subscription.price_id)],
    };
    if let Some(subscription) = world.billing.subscriptions.get_mut(id) {
        subscription.schedule_id = Some(record.id.clone());
    }
    let shown = objects::schedule(&record);
    world.billing.schedules.insert(record.id.clone(), record);
    Ok(shown)
}

fn plan_phases(world: &mut World, id: &str, form: &Form) -> Result<Value, BadField> {
    if required(form, "end_behavior")? != "release" {
        return Err(BadField::new("parameter_invalid", "end_behavior", "this double knows release"));
    }
    let (present, next) =
        (required(form, "phases[0][items][0][price]")?, required(form, "phases[1][items][0][price]")?);
    let (start, end) = (integer(form, "phases[0][start_date]")?, integer(form, "phases[0][end_date]")?);
    let interval = required(form, "phases[1][duration][interval]")?;
    integer(form, "phases[1][duration][interval_count]")?;
    let missing = |what: &str| BadField::new("resource_missing", what, format!("No such {what}"));
    if !world.billing.prices.contains_key(present) || !world.billing.prices.contains_key(next) {
        return Err(missing("price"));
    }
    let schedule = world.billing.schedules.get_mut(id).ok_or_else(|| missing("schedule"))?;
    if schedule.phases.first().map(|phase| (phase.0, phase.1)) != Some((start, end)) {
        return Err(BadField::new("parameter_invalid", "phases[0][start_date]", "The current phase cannot move"));
    }
    schedule.phases = vec![(start, end, present.to_owned()), (end, period_later(end, interval), next.to_owned())];
    Ok(objects::schedule(schedule))
}

fn release(world: &mut World, id: &str) -> Billed {
    let Some(schedule) = world.billing.schedules.get_mut(id) else { return Billed::Missing("schedule") };
    schedule.status = "released";
    let shown = objects::schedule(schedule);
    for subscription in world.billing.subscriptions.values_mut() {
        subscription.schedule_id.take_if(|one| one == id);
    }
    Billed::Object(shown)
}

fn void(world: &mut World, id: &str, now: i64) -> Billed {
    let Some(invoice) = world.billing.invoices.get_mut(id) else { return Billed::Missing("invoice") };
    if invoice.status != "open" {
        return Billed::Bad(BadField::new("invoice_not_editable", "invoice", "You can only pass in open invoices."));
    }
    (invoice.status, invoice.next_attempt) = ("void", None);
    world.tell_invoice("invoice.voided", id, now);
    found(objects::invoice(world, id, false), "invoice")
}
