//! How subscriptions at the double change. Its calendar counts months as Stripe does.

use std::collections::BTreeMap;

use time::{Month, OffsetDateTime};

use super::billing_objects as objects;
use super::billing_records::{CustomerRecord, InvoiceRecord, LineRecord, SubscriptionRecord};
use super::world::World;

/// A period later; the month's last day where it has no such day.
pub(super) fn period_later(from: i64, interval: &str) -> i64 {
    let Ok(start) = OffsetDateTime::from_unix_timestamp(from) else { return from };
    let months = start.year() * 12 + i32::from(u8::from(start.month())) - 1 + if interval == "year" { 12 } else { 1 };
    let year = months.div_euclid(12);
    let month = u8::try_from(months.rem_euclid(12) + 1).ok().and_then(|number| Month::try_from(number).ok());
    let Some(month) = month else { return from };
    let date = time::Date::from_calendar_date(year, month, start.day().min(month.length(year)));
    date.map_or(from, |date| start.replace_date(date).unix_timestamp())
}

impl World {
    pub(super) fn interval_of(&self, price_id: &str) -> &str {
        self.billing.prices.get(price_id).map_or("month", |price| price.interval.as_str())
    }

    fn amount_of(&self, price_id: &str) -> i64 {
        self.billing.prices.get(price_id).map_or(0, |price| price.unit_amount)
    }

    /// Writes an invoice over these lines and makes it the newest.
    fn write_invoice(&mut self, id: &str, reason: &'static str, lines: Vec<LineRecord>, now: i64) -> Option<String> {
        let (invoice_id, payment_intent_id) = (self.next_id("in_"), self.next_id("pi_"));
        let subscription = self.billing.subscriptions.get_mut(id)?;
        subscription.latest_invoice_id = Some(invoice_id.clone());
        let invoice = InvoiceRecord {
            id: invoice_id.clone(),
            subscription_id: id.to_owned(),
            customer_id: subscription.customer_id.clone(),
            status: "open",
            billing_reason: reason,
            amount: lines.iter().map(|line| line.amount).sum::<i64>().max(0),
            lines,
            attempt_count: 0,
            next_attempt: None,
            created: now,
            paid_at: None,
            payment_intent_id,
            amount_refunded: 0,
        };
        self.billing.invoices.insert(invoice_id.clone(), invoice);
        self.tell_invoice("invoice.finalized", &invoice_id, now);
        Some(invoice_id)
    }

    /// Tries to collect an invoice.
    pub(super) fn collect(&mut self, invoice_id: &str, now: i64) {
        let billing = &mut self.billing;
        let Some(invoice) = billing.invoices.get_mut(invoice_id).filter(|invoice| invoice.status == "open") else {
            return;
        };
        let works = billing.customers.get(&invoice.customer_id).is_some_and(|customer| customer.card_works);
        let subscription = billing.subscriptions.get_mut(&invoice.subscription_id);
        invoice.attempt_count += 1;
        let (status, next_attempt, kind) = if works {
            ("paid", None, "invoice.paid")
        } else {
            ("open", Some(now + 259_200), "invoice.payment_failed")
        };
        (invoice.status, invoice.next_attempt) = (status, next_attempt);
        invoice.paid_at = works.then_some(now);
        let subscription_id = invoice.subscription_id.clone();
        let status = if works { "active" } else { "past_due" };
        let moved = subscription.is_some_and(|subscription| {
            let moved = subscription.status != status && subscription.status != "canceled";
            if moved {
                subscription.status = status;
            }
            moved
        });
        self.tell_invoice(kind, invoice_id, now);
        if moved {
            self.tell_subscription("customer.subscription.updated", &subscription_id, now);
        }
    }

    /// The buyer pays on the page: the subscription begins and its first invoice is collected.
    pub(super) fn subscribe(&mut self, session_id: &str, email: &str, now: i64) -> Option<()> {
        let session = self.billing.sessions.get(session_id)?.clone();
        if session.status != "open" {
            return None;
        }
        let customer_id = match session.customer_id {
            Some(id) => id,
            None => {
                let id = self.next_id("cus_");
                let email = session.customer_email.clone().unwrap_or_else(|| email.to_owned());
                let record = CustomerRecord { id: id.clone(), email, metadata: BTreeMap::new(), card_works: true };
                self.billing.customers.insert(id.clone(), record);
                id
            }
        };
        let id = self.next_id("sub_");
        let period_end = period_later(now, self.interval_of(&session.price_id));
        let subscription = SubscriptionRecord {
            id: id.clone(),
            customer_id: customer_id.clone(),
            status: "active",
            price_id: session.price_id.clone(),
            metadata: session.subscription_metadata.clone(),
            period_start: now,
            period_end,
            cancel_at_period_end: false,
            canceled_at: None,
            latest_invoice_id: None,
            schedule_id: None,
        };
        self.billing.subscriptions.insert(id.clone(), subscription);
        self.tell_subscription("customer.subscription.created", &id, now);
        let amount = self.amount_of(&session.price_id);
        let line = LineRecord { amount, price_id: session.price_id, start: now, end: period_end, proration: false };
        let invoice_id = self.write_invoice(&id, "subscription_create", vec![line], now)?;
        self.collect(&invoice_id, now);
        let session = self.billing.sessions.get_mut(session_id)?;
        session.status = "complete";
        session.customer_id = Some(customer_id);
        session.subscription_id = Some(id);
        session.invoice_id = Some(invoice_id);
        let shown = objects::session(self, session_id, false)?;
        self.push_event("checkout.session.completed", now, &shown);
        Some(())
    }

    /// The present period ends: the subscription ends, or the next period is invoiced.
    pub(super) fn renew(&mut self, id: &str) -> Option<()> {
        let subscription = self.billing.subscriptions.get(id)?.clone();
        let start = subscription.period_end;
        if subscription.cancel_at_period_end {
            return self.cancel(id, start);
        }
        let mut price_id = subscription.price_id.clone();
        if let Some(schedule) = subscription.schedule_id.as_ref().and_then(|one| self.billing.schedules.get_mut(one)) {
            if let Some((_, _, next)) = schedule.phases.iter().find(|(from, _, _)| *from >= start) {
                price_id.clone_from(next);
            }
            schedule.status = "released";
        }
        let period_end = period_later(start, self.interval_of(&price_id));
        let amount = self.amount_of(&price_id);
        let subscription = self.billing.subscriptions.get_mut(id)?;
        (subscription.period_start, subscription.period_end) = (start, period_end);
        subscription.schedule_id = None;
        subscription.price_id.clone_from(&price_id);
        let line = LineRecord { amount, price_id, start, end: period_end, proration: false };
        let invoice_id = self.write_invoice(id, "subscription_cycle", vec![line], start)?;
        self.tell_subscription("customer.subscription.updated", id, start);
        self.collect(&invoice_id, start);
        Some(())
    }

    /// What another price costs from a moment on: the unused rest of the old one, the new one, and the period then in force.
    pub(super) fn prorated(&self, id: &str, price_id: &str, from: i64) -> Option<(Vec<LineRecord>, (i64, i64))> {
        let before = self.billing.subscriptions.get(id)?;
        let (start, end) = (before.period_start, before.period_end);
        let share = |amount: i64| (amount * (end - from) * 2 + (end - start)) / ((end - start) * 2);
        let same_interval = self.interval_of(&before.price_id) == self.interval_of(price_id);
        let unused = LineRecord {
            amount: -share(self.amount_of(&before.price_id)),
            price_id: before.price_id.clone(),
            start: from,
            end,
            proration: true,
        };
        let (period, amount) = if same_interval {
            ((start, end), share(self.amount_of(price_id)))
        } else {
            ((from, period_later(from, self.interval_of(price_id))), self.amount_of(price_id))
        };
        let charged =
            LineRecord { amount, price_id: price_id.to_owned(), start: from, end: period.1, proration: same_interval };
        Some((vec![unused, charged], period))
    }

    /// Another price from now on; the difference, reckoned from a moment, is invoiced and collected. False when the card says
    /// no.
    pub(super) fn change_price(&mut self, id: &str, price_id: &str, now: i64, from: i64) -> Option<bool> {
        let before = self.billing.subscriptions.get(id)?;
        if !self.billing.customers.get(&before.customer_id)?.card_works {
            return Some(false);
        }
        let (lines, period) = self.prorated(id, price_id, from)?;
        let subscription = self.billing.subscriptions.get_mut(id)?;
        price_id.clone_into(&mut subscription.price_id);
        (subscription.period_start, subscription.period_end) = period;
        let invoice_id = self.write_invoice(id, "subscription_update", lines, now)?;
        self.tell_subscription("customer.subscription.updated", id, now);
        self.collect(&invoice_id, now);
        Some(true)
    }

    /// The subscription is over; what is open stays open.
    pub(super) fn cancel(&mut self, id: &str, now: i64) -> Option<()> {
        let subscription = self.billing.subscriptions.get_mut(id)?;
        (subscription.status, subscription.canceled_at) = ("canceled", Some(now));
        subscription.schedule_id = None;
        for invoice in self.billing.invoices.values_mut().filter(|invoice| invoice.subscription_id == id) {
            invoice.next_attempt = None;
        }
        self.tell_subscription("customer.subscription.deleted", id, now);
        Some(())
    }

    pub(super) fn tell_subscription(&mut self, kind: &str, id: &str, now: i64) {
        if let Some(shown) = objects::subscription(self, id, false) {
            self.push_event(kind, now, &shown);
        }
    }

    pub(super) fn tell_invoice(&mut self, kind: &str, id: &str, now: i64) {
        if let Some(shown) = objects::invoice(self, id, false) {
            self.push_event(kind, now, &shown);
        }
    }
}
