//! The sandbox's answers to the verbs about subscriptions, each from its own tables in a transaction of its own.

use kernel::{Ctx, Locale, Yen};
use platform::{App, DatabaseError, Tx};
use url::Url;

use super::billing_run::{BillingRun, InvoiceText, LineKind, Refusal};
use super::model::{Checkout, Customer, Invoice, Subscription, Terms};
use super::queries;
use crate::providers::code::ProviderCode;
use crate::providers::error::ProviderError;
use crate::providers::request::RefundOrder;
use crate::providers::sandbox::events::record_event_of;
use crate::providers::sandbox::handle::Sandbox;
use crate::providers::sandbox::handle::parse;
use crate::providers::sandbox::model::unguessable;
use crate::providers::sandbox::names::SUBSCRIPTION_SESSION_PREFIX;
use crate::providers::stripe::billing_objects as stripe;
use crate::providers::stripe::objects::Metadata;
use crate::providers::subscriptions::notes::checkout_notes;
use crate::subscriptions::model::{
    ChangePreview, NewSubscriptionCheckout, PREVIEW_IS_STALE, PlanChange, Proration, SUBSCRIPTION_IS_OVER, prorated_at,
};

/// Invoices that are asked for when events may have been lost.
const NEWEST_INVOICES: i64 = 12;

/// Makes up names and writes the lines in the customer's language.
pub(super) struct ProviderInvoiceText<'a> {
    pub(super) ctx: &'a Ctx,
    pub(super) app: &'a App,
    pub(super) locale: Locale,
}

impl InvoiceText for ProviderInvoiceText<'_> {
    fn invoice_names(&mut self) -> (String, String) {
        let tail = unguessable(self.ctx);
        (format!("in_sandbox_{tail}"), format!("pi_sandbox_{tail}"))
    }

    fn describe(&self, words: LineKind, plan_name: &str) -> String {
        let key = match words {
            LineKind::Period => "sandbox-line-period",
            LineKind::Unused => "sandbox-line-unused",
            LineKind::Remaining => "sandbox-line-remaining",
        };
        self.app.text(self.locale, key, &[("plan", plan_name)])
    }
}

/// A subscription and its customer, locked, with everything done that was due by now.
pub(super) struct LoadedSubscription {
    pub(super) customer: Customer,
    pub(super) run: BillingRun,
}

impl Sandbox {
    /// The moment at which a subscription's own clock stands.
    pub(super) fn clock_of(&self, subscription: &Subscription) -> time::OffsetDateTime {
        self.app().clock.now() + time::Duration::seconds(subscription.clock_ahead_seconds)
    }

    /// Locks a subscription and does what was due by its own clock.
    pub(super) async fn load_subscription(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        subscription_id: &str,
    ) -> Result<Option<LoadedSubscription>, DatabaseError> {
        let Some(subscription) = queries::lock_subscription(tx, subscription_id).await? else { return Ok(None) };
        let Some(customer) = queries::lock_customer(tx, &subscription.customer_id).await? else { return Ok(None) };
        let open = queries::open_invoice(tx, subscription_id).await?;
        let now = self.clock_of(&subscription);
        let mut billing = BillingRun::new(subscription, customer.card_works, open);
        billing.run_until(now, &mut self.texts(ctx, &customer));
        Ok(Some(LoadedSubscription { customer, run: billing }))
    }

    pub(super) fn texts<'a>(&'a self, ctx: &'a Ctx, customer: &Customer) -> ProviderInvoiceText<'a> {
        ProviderInvoiceText { ctx, app: self.app(), locale: customer.locale() }
    }

    /// Saves the subscription and its invoices, and records their events.
    pub(super) async fn save_changes(&self, ctx: &Ctx, tx: &mut Tx, billing: &BillingRun) -> Result<(), DatabaseError> {
        let ahead = time::Duration::seconds(billing.subscription.clock_ahead_seconds);
        let due_at = billing.due().map(|due| due - ahead);
        queries::save_subscription(ctx, tx, &billing.subscription, due_at).await?;
        for invoice in billing.written.iter().chain(billing.open.as_ref()) {
            queries::save_invoice(ctx, tx, invoice).await?;
        }
        for (kind, object) in &billing.events {
            record_event_of(ctx, tx, Some(&billing.subscription.id), kind, object).await?;
        }
        Ok(())
    }

    pub(crate) async fn open_subscription_checkout(
        &self,
        ctx: &Ctx,
        key: &str,
        app: &str,
        new: &NewSubscriptionCheckout,
    ) -> Result<stripe::SubscriptionSession, ProviderError> {
        let mut tx = self.begin().await?;
        if let Some(customer_id) = new.customer_at(ProviderCode::Sandbox)
            && queries::lock_customer(&mut tx, customer_id).await?.is_none()
        {
            return Err(ProviderError::Refused("resource_missing".to_owned()));
        }
        let notes = serde_json::to_value(checkout_notes(app, new)).unwrap_or_default();
        let id = format!("{SUBSCRIPTION_SESSION_PREFIX}{}", unguessable(ctx));
        queries::insert_checkout(ctx, &mut tx, &id, key, new, &notes).await?;
        let known = queries::checkout_by_key(&mut tx, key).await?.ok_or(ProviderError::Missing)?;
        let checkout = self.current_checkout(ctx, &mut tx, &known).await?.ok_or(ProviderError::Missing)?;
        tx.commit().await?;
        parse(checkout.as_stripe(&self.page_url(&checkout.id), None, None))
    }

    pub(crate) async fn subscription_session(&self, id: &str) -> Result<stripe::SubscriptionSession, ProviderError> {
        let ctx = self.ctx();
        let mut tx = self.begin().await?;
        let checkout = self.current_checkout(&ctx, &mut tx, id).await?.ok_or(ProviderError::Missing)?;
        let (mut shown, mut first) = (None, None);
        if let Some(subscription_id) = &checkout.subscription_id {
            let opened = self.load_subscription(&ctx, &mut tx, subscription_id).await?.ok_or(ProviderError::Missing)?;
            self.save_changes(&ctx, &mut tx, &opened.run).await?;
            shown = Some(opened.run.subscription.as_stripe());
            first = queries::first_invoice(&mut tx, subscription_id).await?;
        }
        tx.commit().await?;
        parse(checkout.as_stripe(&self.page_url(&checkout.id), shown.as_ref(), first.as_deref()))
    }

    /// The checkout page as it is now: one whose time is over has lapsed.
    pub(super) async fn current_checkout(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        id: &str,
    ) -> Result<Option<Checkout>, DatabaseError> {
        let Some(mut checkout) = queries::lock_checkout(tx, id).await? else { return Ok(None) };
        if checkout.is_open() && ctx.now() >= checkout.expires_at {
            "expired".clone_into(&mut checkout.status);
            queries::save_checkout(ctx, tx, &checkout).await?;
            let object = checkout.as_stripe(&self.page_url(&checkout.id), None, None);
            record_event_of(ctx, tx, None, "checkout.session.expired", &object).await?;
        }
        Ok(Some(checkout))
    }

    pub(crate) async fn subscription(&self, id: &str) -> Result<stripe::Subscription, ProviderError> {
        let ctx = self.ctx();
        let mut tx = self.begin().await?;
        let opened = self.load_subscription(&ctx, &mut tx, id).await?.ok_or(ProviderError::Missing)?;
        self.save_changes(&ctx, &mut tx, &opened.run).await?;
        tx.commit().await?;
        parse(opened.run.subscription.as_stripe())
    }

    pub(crate) async fn invoice(&self, id: &str) -> Result<stripe::Invoice, ProviderError> {
        let mut tx = self.begin().await?;
        let invoice = queries::invoice(&mut tx, id).await?.ok_or(ProviderError::Missing)?;
        let subscription = queries::lock_subscription(&mut tx, &invoice.subscription_id).await?;
        tx.commit().await?;
        parse(invoice.as_stripe(&subscription.ok_or(ProviderError::Missing)?.customer_id))
    }

    pub(crate) async fn invoices_of(&self, subscription_id: &str) -> Result<Vec<stripe::Invoice>, ProviderError> {
        let mut tx = self.begin().await?;
        let subscription = queries::lock_subscription(&mut tx, subscription_id).await?.ok_or(ProviderError::Missing)?;
        let invoices = queries::newest_invoices(&mut tx, subscription_id, NEWEST_INVOICES).await?;
        tx.commit().await?;
        invoices.iter().map(|invoice| parse(invoice.as_stripe(&subscription.customer_id))).collect()
    }

    /// Changes a subscription that is not over, once per key.
    async fn change(
        &self,
        subscription_id: &str,
        key: &str,
        act: impl FnOnce(&mut BillingRun, &mut ProviderInvoiceText<'_>, time::OffsetDateTime) -> Result<(), Refusal> + Send,
    ) -> Result<(), ProviderError> {
        let ctx = self.ctx();
        let mut tx = self.begin().await?;
        let mut opened = self.load_subscription(&ctx, &mut tx, subscription_id).await?.ok_or(ProviderError::Missing)?;
        let outcome = if opened.run.subscription.is_over() {
            Err(Refusal::Over)
        } else if queries::first_call(&ctx, &mut tx, &format!("{subscription_id}:{key}")).await? {
            let now = self.clock_of(&opened.run.subscription);
            act(&mut opened.run, &mut self.texts(&ctx, &opened.customer), now)
        } else {
            Ok(())
        };
        self.save_changes(&ctx, &mut tx, &opened.run).await?;
        tx.commit().await?;
        outcome.map_err(|refusal| match refusal {
            Refusal::Declined => ProviderError::Declined("card_declined".to_owned()),
            Refusal::Over => ProviderError::Refused(SUBSCRIPTION_IS_OVER.to_owned()),
            Refusal::Stale => ProviderError::Refused(PREVIEW_IS_STALE.to_owned()),
        })
    }

    /// What a change now would cost, by the same reckoning; nothing is saved.
    pub(crate) async fn preview_change(&self, change: &PlanChange) -> Result<ChangePreview, ProviderError> {
        let ctx = self.ctx();
        let mut tx = self.begin().await?;
        let id = &change.subscription_id;
        let opened = self.load_subscription(&ctx, &mut tx, id).await?.ok_or(ProviderError::Missing)?;
        let subscription = &opened.run.subscription;
        if subscription.is_over() {
            return Err(ProviderError::Refused(SUBSCRIPTION_IS_OVER.to_owned()));
        }
        let at = prorated_at(change.prorated_at, self.clock_of(subscription), subscription.period_start);
        let at = at.ok_or_else(|| ProviderError::Refused(PREVIEW_IS_STALE.to_owned()))?;
        let amount = opened.run.preview(at, terms_of(change), &self.texts(&ctx, &opened.customer));
        Ok(ChangePreview { amount: amount.unwrap_or_default(), at, is_change: amount.is_some() })
    }

    pub(crate) async fn change_plan(&self, change: &PlanChange) -> Result<(), ProviderError> {
        let (terms, proration, wanted) = (terms_of(change), change.proration, change.prorated_at);
        self.change(&change.subscription_id, &change.key, move |billing, texts, now| match proration {
            Proration::InvoiceNow => {
                let begun = billing.subscription.period_start;
                let from = if wanted.is_none() { Some(now) } else { prorated_at(wanted, now, begun) };
                billing.change_now(now, from.ok_or(Refusal::Stale)?, terms, texts)
            }
            Proration::NextPeriod => {
                billing.change_next(terms);
                Ok(())
            }
        })
        .await
    }

    pub(crate) async fn end_with_period(&self, id: &str, cancel: bool, key: &str) -> Result<(), ProviderError> {
        self.change(id, key, move |billing, _, _| {
            billing.end_with_period(cancel);
            Ok(())
        })
        .await
    }

    pub(crate) async fn end_now(&self, id: &str) -> Result<(), ProviderError> {
        let ctx = self.ctx();
        let mut tx = self.begin().await?;
        let mut opened = self.load_subscription(&ctx, &mut tx, id).await?.ok_or(ProviderError::Missing)?;
        if !opened.run.subscription.is_over() {
            let now = self.clock_of(&opened.run.subscription);
            opened.run.end(now);
        }
        opened.run.void();
        self.save_changes(&ctx, &mut tx, &opened.run).await?;
        tx.commit().await?;
        Ok(())
    }

    /// The page of the customer's subscription: the sandbox has no other portal.
    pub(crate) async fn portal_url(&self, customer_id: &str, return_url: &Url) -> Result<String, ProviderError> {
        let mut tx = self.begin().await?;
        let id = queries::newest_subscription(&mut tx, customer_id).await?.ok_or(ProviderError::Missing)?;
        tx.commit().await?;
        let page = self.app().config.absolute_url(&format!("/sandbox/subscriptions/{id}"));
        let mut page = Url::parse(&page).map_err(|_| ProviderError::Missing)?;
        page.query_pairs_mut().append_pair("return", return_url.as_str());
        Ok(page.into())
    }

    pub(crate) async fn note_customer(&self, customer_id: &str, notes: &Metadata) -> Result<(), ProviderError> {
        let ctx = self.ctx();
        let mut tx = self.begin().await?;
        let notes = serde_json::to_value(notes).unwrap_or_default();
        let is_known = queries::note_customer(&ctx, &mut tx, customer_id, &notes).await?;
        tx.commit().await?;
        if is_known { Ok(()) } else { Err(ProviderError::Missing) }
    }
}

fn terms_of(change: &PlanChange) -> Terms {
    Terms {
        plan_code: change.plan_code.clone(),
        plan_name: change.plan_name.clone(),
        period: change.period,
        price_jpy: change.price,
    }
}

/// Counts a refund on the invoice behind a payment; nothing when the payment is none of an invoice's.
pub(in crate::providers::sandbox) async fn refund_of_invoice(
    ctx: &Ctx,
    tx: &mut Tx,
    order: &RefundOrder,
) -> Result<Option<()>, ProviderError> {
    let Some(mut invoice) = queries::lock_invoice_of_intent(tx, &order.txn_id).await? else { return Ok(None) };
    let left: Yen = invoice.amount - invoice.refunded;
    if !invoice.is_paid() || order.amount > left || order.amount <= Yen::ZERO {
        return Err(ProviderError::Refused("charge_already_refunded".to_owned()));
    }
    invoice.refunded = invoice.refunded + order.amount;
    queries::save_invoice(ctx, tx, &invoice).await?;
    Ok(Some(()))
}

/// The payment behind an invoice, in Stripe's JSON.
pub(in crate::providers::sandbox) async fn intent_of_invoice(
    tx: &mut Tx,
    intent_id: &str,
) -> Result<Option<serde_json::Value>, DatabaseError> {
    let invoice: Option<Invoice> = queries::lock_invoice_of_intent(tx, intent_id).await?;
    Ok(invoice.map(|invoice| invoice.intent_as_stripe()))
}
