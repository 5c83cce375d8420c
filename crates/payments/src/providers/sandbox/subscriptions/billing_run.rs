//! How a subscription goes on as its clock does. Pure: it changes the records and lists the events.

use kernel::Yen;
use serde_json::Value;
use sqlx::types::Json;
use time::OffsetDateTime;

use super::model::{Invoice, Line, Subscription, Terms};
use super::times::{next_attempt, period_end, rest_of};

/// The names of what is new, and the words on it; the rules themselves make up neither.
pub(super) trait InvoiceText {
    /// The names of an invoice and of its payment.
    fn invoice_names(&mut self) -> (String, String);
    /// What a line says: a plan for a period, or the unused or remaining time of one.
    fn describe(&self, words: LineKind, plan_name: &str) -> String;
}

/// What a line is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LineKind {
    /// A whole period.
    Period,
    /// The rest of a period that is given back.
    Unused,
    /// The rest of a period that is charged.
    Remaining,
}

/// Why a change of plan did not happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// The card was declined.
    Declined,
    /// The subscription is over.
    Over,
    /// The moment from which it should be reckoned is too long ago.
    Stale,
}

/// A subscription with what is being collected for it.
pub(super) struct BillingRun {
    pub subscription: Subscription,
    pub card_works: bool,
    /// The newest invoice that is open.
    pub open: Option<Invoice>,
    /// Invoices that are new or have changed.
    pub written: Vec<Invoice>,
    /// The events, in the order in which they happened.
    pub events: Vec<(&'static str, Value)>,
}

impl BillingRun {
    pub(super) fn new(subscription: Subscription, card_works: bool, open: Option<Invoice>) -> Self {
        Self { subscription, card_works, open, written: Vec::new(), events: Vec::new() }
    }

    /// When, by the subscription's own clock, something happens next.
    pub(super) fn due(&self) -> Option<OffsetDateTime> {
        if self.subscription.is_over() {
            return None;
        }
        let attempt = self.open.as_ref().and_then(|invoice| invoice.next_attempt_at);
        Some(attempt.map_or(self.subscription.period_end, |at| at.min(self.subscription.period_end)))
    }

    /// Lets everything happen that is due by `until`, in its order.
    pub(super) fn run_until(&mut self, until: OffsetDateTime, texts: &mut impl InvoiceText) {
        while let Some(at) = self.due().filter(|at| *at <= until) {
            let attempt_is_due = self.open.as_ref().and_then(|one| one.next_attempt_at).is_some_and(|due| due <= at);
            if attempt_is_due { self.collect(at) } else { self.renew(at, texts) }
        }
    }

    /// The first period of a subscription that was paid at the checkout.
    pub(super) fn begin(&mut self, at: OffsetDateTime, texts: &mut impl InvoiceText) {
        self.record_event("customer.subscription.created");
        let line = self.whole_period(texts);
        self.invoice(at, "subscription_create", vec![line], texts);
        self.collect(at);
    }

    fn renew(&mut self, at: OffsetDateTime, texts: &mut impl InvoiceText) {
        if self.subscription.cancel_at_period_end {
            self.end(at);
            return;
        }
        let subscription = &mut self.subscription;
        subscription.period_start = subscription.period_end;
        if let Some(Json(next)) = subscription.next_plan.take() {
            if next.period != subscription.period {
                subscription.anchor_at = subscription.period_start;
            }
            subscription.take_terms(next);
        }
        subscription.period_end = period_end(subscription.anchor_at, subscription.period, subscription.period_start);
        let line = self.whole_period(texts);
        self.invoice(at, "subscription_cycle", vec![line], texts);
        self.record_event("customer.subscription.updated");
        self.collect(at);
    }

    fn whole_period(&self, texts: &impl InvoiceText) -> Line {
        let terms = self.subscription.terms();
        Line {
            description: texts.describe(LineKind::Period, &terms.plan_name),
            amount_jpy: terms.price_jpy,
            terms,
            start: self.subscription.period_start,
            end: self.subscription.period_end,
            is_proration: false,
        }
    }

    fn invoice(&mut self, at: OffsetDateTime, reason: &str, lines: Vec<Line>, texts: &mut impl InvoiceText) {
        let (id, payment_intent_id) = texts.invoice_names();
        self.subscription.latest_invoice_id = Some(id.clone());
        let total: Yen = lines.iter().map(|line| line.amount_jpy).sum();
        self.open = Some(Invoice {
            id,
            subscription_id: self.subscription.id.clone(),
            billing_reason: reason.to_owned(),
            status: "open".to_owned(),
            amount: total.max(Yen::ZERO),
            refunded: Yen::ZERO,
            payment_intent_id,
            lines: Json(lines),
            attempt_count: 0,
            next_attempt_at: None,
            created_at: at,
            paid_at: None,
        });
        self.record_invoice_event("invoice.finalized");
    }

    /// Tries to collect what is open.
    pub(super) fn collect(&mut self, at: OffsetDateTime) {
        let Some(invoice) = &mut self.open else { return };
        invoice.attempt_count += 1;
        invoice.next_attempt_at = None;
        if self.card_works {
            "paid".clone_into(&mut invoice.status);
            invoice.paid_at = Some(at);
            self.record_invoice_event("invoice.paid");
            self.written.extend(self.open.take());
            if self.subscription.status == "past_due" {
                "active".clone_into(&mut self.subscription.status);
                self.record_event("customer.subscription.updated");
            }
            return;
        }
        let again = next_attempt(at, invoice.attempt_count);
        invoice.next_attempt_at = again;
        self.record_invoice_event("invoice.payment_failed");
        if again.is_none() {
            self.end(at);
        } else if self.subscription.status == "active" {
            "past_due".clone_into(&mut self.subscription.status);
            self.record_event("customer.subscription.updated");
        }
    }

    /// The subscription is over. What is open stays open, and nobody tries to collect it any more.
    pub(super) fn end(&mut self, at: OffsetDateTime) {
        "canceled".clone_into(&mut self.subscription.status);
        self.subscription.canceled_at = Some(at);
        self.subscription.next_plan = None;
        if let Some(invoice) = &mut self.open {
            invoice.next_attempt_at = None;
        }
        self.record_event("customer.subscription.deleted");
    }

    /// Withdraws what is open.
    pub(super) fn void(&mut self) {
        if let Some(invoice) = &mut self.open {
            "void".clone_into(&mut invoice.status);
            invoice.next_attempt_at = None;
            self.record_invoice_event("invoice.voided");
            self.written.extend(self.open.take());
        }
    }

    /// What another plan from now on would cost, reckoned from `at`; nothing where it is in force.
    pub(super) fn preview(&self, at: OffsetDateTime, terms: Terms, texts: &impl InvoiceText) -> Option<Yen> {
        if self.is_in_force(&terms) {
            return None;
        }
        let mut changed = Self::new(self.subscription.clone(), self.card_works, None);
        let total: Yen = changed.settle(at, terms, texts).iter().map(|line| line.amount_jpy).sum();
        Some(total.max(Yen::ZERO))
    }

    /// Another plan from now on; the difference is reckoned from `from` and collected, or nothing changes.
    pub(super) fn change_now(
        &mut self,
        at: OffsetDateTime,
        from: OffsetDateTime,
        terms: Terms,
        texts: &mut impl InvoiceText,
    ) -> Result<(), Refusal> {
        if self.subscription.is_over() {
            return Err(Refusal::Over);
        }
        if self.is_in_force(&terms) {
            self.change_next(terms);
            return Ok(());
        }
        if !self.card_works || self.open.is_some() {
            return Err(Refusal::Declined);
        }
        let lines = self.settle(from, terms, texts);
        self.subscription.next_plan = None;
        self.invoice(at, "subscription_update", lines, texts);
        self.record_event("customer.subscription.updated");
        self.collect(at);
        Ok(())
    }

    /// Gives back the rest of the present plan and charges for the new one, whose period begins now when it is another.
    fn settle(&mut self, at: OffsetDateTime, terms: Terms, texts: &impl InvoiceText) -> Vec<Line> {
        let old = self.subscription.terms();
        let (start, end) = (self.subscription.period_start, self.subscription.period_end);
        let line = |terms: Terms, words: LineKind, amount_jpy: Yen, from: OffsetDateTime, to: OffsetDateTime| Line {
            description: texts.describe(words, &terms.plan_name),
            amount_jpy,
            is_proration: words != LineKind::Period,
            terms,
            start: from,
            end: to,
        };
        let unused = line(old.clone(), LineKind::Unused, -rest_of(old.price_jpy, start, end, at), at, end);
        self.subscription.take_terms(terms.clone());
        if old.period == terms.period {
            let charge = rest_of(terms.price_jpy, start, end, at);
            return vec![unused, line(terms, LineKind::Remaining, charge, at, end)];
        }
        self.subscription.anchor_at = at;
        self.subscription.period_start = at;
        self.subscription.period_end = period_end(at, terms.period, at);
        let charge = terms.price_jpy;
        vec![unused, line(terms, LineKind::Period, charge, at, self.subscription.period_end)]
    }

    /// Another plan from the next period on; what is in force already withdraws a change that waits.
    pub(super) fn change_next(&mut self, terms: Terms) {
        let next = if self.is_in_force(&terms) { None } else { Some(Json(terms)) };
        if next.is_some() {
            self.subscription.cancel_at_period_end = false;
        }
        if self.subscription.next_plan.as_deref() != next.as_deref() {
            self.subscription.next_plan = next;
            self.record_event("customer.subscription.updated");
        }
    }

    /// It ends with the present period, or goes on.
    pub(super) fn end_with_period(&mut self, cancel: bool) {
        if self.subscription.cancel_at_period_end != cancel {
            self.subscription.cancel_at_period_end = cancel;
            self.subscription.next_plan = None;
            self.record_event("customer.subscription.updated");
        }
    }

    /// Whether these are the present terms; words aside.
    fn is_in_force(&self, terms: &Terms) -> bool {
        let present = &self.subscription;
        terms.plan_code == present.plan_code && terms.period == present.period && terms.price_jpy == present.price
    }

    fn record_event(&mut self, kind: &'static str) {
        self.events.push((kind, self.subscription.as_stripe()));
    }

    fn record_invoice_event(&mut self, kind: &'static str) {
        if let Some(invoice) = &self.open {
            self.events.push((kind, invoice.as_stripe(&self.subscription.customer_id)));
        }
    }
}
