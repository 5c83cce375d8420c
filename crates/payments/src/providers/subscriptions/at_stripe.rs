//! The verbs at Stripe. Each looks first how things stand, so that a repetition after a lost answer does nothing twice;
//! where Stripe keeps its own failure under a key, the next key follows from the caller's.

use kernel::Yen;
use sha2::{Digest, Sha256};
use time::OffsetDateTime;
use url::Url;

use super::notes::{checkout_notes, lookup_key};
use crate::providers::code::ProviderCode;
use crate::providers::error::ProviderError;
use crate::providers::note;
use crate::providers::stripe::billing_objects::{
    Price, Schedule, Subscription, SubscriptionItem, SubscriptionSession, SubscriptionState,
};
use crate::providers::stripe::billing_requests::{
    ChangeItems, CreatePortalSession, CreatePreview, CreatePrice, CreateSubscriptionSession, ItemChange, NamedProduct,
    NextPhase, PhaseDuration, PlanPhases, PresentPhase, PreviewDetails, PricedItem, RecurringInterval,
    SubscriptionData,
};
use crate::providers::stripe::client::StripeClient;
use crate::providers::stripe::error::StripeError;
use crate::providers::stripe::objects::{Expandable, Metadata};
use crate::subscriptions::model::{
    BillingPeriod, ChangePreview, NewSubscriptionCheckout, PREVIEW_IS_STALE, PlanChange, Proration,
    SUBSCRIPTION_IS_OVER, prorated_at,
};

/// Keys that are tried, one after the other.
const KEYS_MAX: u32 = 3;

impl StripeClient {
    pub(super) async fn open_subscription_checkout(
        &self,
        key: &str,
        app: &str,
        new: &NewSubscriptionCheckout,
    ) -> Result<SubscriptionSession, ProviderError> {
        let price = self.ensure_price(&new.plan_code, &new.plan_name, new.period, new.price.get()).await?;
        let notes = checkout_notes(app, new);
        let reference = new.checkout_id.to_string();
        let customer = new.customer_at(ProviderCode::Stripe);
        let request = CreateSubscriptionSession {
            mode: "subscription",
            success_url: &new.success_url,
            cancel_url: &new.cancel_url,
            client_reference_id: &reference,
            line_items: vec![PricedItem { price: &price.id, quantity: 1 }],
            metadata: notes.clone(),
            subscription_data: SubscriptionData { metadata: notes },
            customer,
            customer_email: new.email.as_deref().filter(|_| customer.is_none()),
            locale: new.locale.tag(),
        };
        Ok(self.create_subscription_session(key, &request).await?)
    }

    /// The price of a plan, made when there is none. Nothing has to be set up at Stripe.
    async fn ensure_price(
        &self,
        plan_code: &str,
        plan_name: &str,
        period: BillingPeriod,
        yen: i64,
    ) -> Result<Price, ProviderError> {
        let name = lookup_key(plan_code, period, yen);
        let price = match self.prices_named(&name).await?.data.into_iter().next() {
            Some(price) => price,
            None => {
                let request = CreatePrice {
                    currency: "jpy",
                    unit_amount: yen,
                    recurring: RecurringInterval { interval: period.as_str() },
                    product_data: NamedProduct { name: plan_name },
                    lookup_key: &name,
                    transfer_lookup_key: true,
                    metadata: Metadata::from([(note::PLAN.to_owned(), plan_code.to_owned())]),
                };
                // The words may change while the price does not; another key for other words.
                let words = hex::encode(Sha256::digest(plan_name.as_bytes()));
                self.create_price(&format!("price:{name}:{words}"), &request).await?
            }
        };
        let interval =
            price.recurring.as_ref().map(|recurring| (recurring.interval.as_str(), recurring.interval_count));
        if price.unit_amount != Some(yen) || price.currency != "jpy" || interval != Some((period.as_str(), 1)) {
            // Somebody gave our name to another price by hand; nobody is to pay that.
            return Err(ProviderError::Misconfigured("price_differs".to_owned()));
        }
        self.remember_price(&price);
        Ok(price)
    }

    pub(super) async fn preview_change(
        &self,
        now: OffsetDateTime,
        change: &PlanChange,
    ) -> Result<ChangePreview, ProviderError> {
        let price = self.ensure_price(&change.plan_code, &change.plan_name, change.period, change.price.get()).await?;
        let subscription = self.living(&change.subscription_id).await?;
        let item = subscription.items.data.first().ok_or(ProviderError::Missing)?;
        let at = moment_of(item, change, now)?;
        if item.price.id == price.id {
            return Ok(ChangePreview { amount: Yen::ZERO, at, is_change: false });
        }
        let request = CreatePreview {
            subscription: &subscription.id,
            subscription_details: PreviewDetails {
                items: vec![ItemChange { id: &item.id, price: &price.id }],
                proration_behavior: "always_invoice",
                proration_date: at.unix_timestamp(),
            },
        };
        let preview = self.create_preview(&change.key, &request).await?;
        if preview.currency != "jpy" {
            return Err(ProviderError::Misconfigured("currency_differs".to_owned()));
        }
        Ok(ChangePreview { amount: Yen(preview.amount_due), at, is_change: true })
    }

    pub(super) async fn change_plan(&self, now: OffsetDateTime, change: &PlanChange) -> Result<(), ProviderError> {
        let price = self.ensure_price(&change.plan_code, &change.plan_name, change.period, change.price.get()).await?;
        let mut number = 1;
        loop {
            let key = format!("{}:{number}", change.key);
            let outcome = match change.proration {
                Proration::InvoiceNow => self.change_now(now, change, &price, &key).await,
                Proration::NextPeriod => self.change_next(&change.subscription_id, &price, change.period, &key).await,
            };
            match outcome {
                Err(ProviderError::NeedsFreshKey(_)) if number < KEYS_MAX => number += 1,
                outcome => return outcome,
            }
        }
    }

    async fn change_now(
        &self,
        now: OffsetDateTime,
        change: &PlanChange,
        price: &Price,
        key: &str,
    ) -> Result<(), ProviderError> {
        let id = &change.subscription_id;
        let subscription = self.living(id).await?;
        self.release(&subscription, key).await?;
        let item = subscription.items.data.first().ok_or(ProviderError::Missing)?;
        if item.price.id == price.id {
            return Ok(());
        }
        let request = ChangeItems {
            items: vec![ItemChange { id: &item.id, price: &price.id }],
            proration_behavior: "always_invoice",
            payment_behavior: "error_if_incomplete",
            proration_date: match change.prorated_at {
                Some(_) => Some(moment_of(item, change, now)?.unix_timestamp()),
                None => None,
            },
        };
        Ok(self.change_items(&format!("{key}:items"), id, &request).await?)
    }

    async fn change_next(
        &self,
        id: &str,
        price: &Price,
        period: BillingPeriod,
        key: &str,
    ) -> Result<(), ProviderError> {
        let subscription = self.living(id).await?;
        let item = subscription.items.data.first().ok_or(ProviderError::Missing)?;
        if item.price.id == price.id {
            return self.release(&subscription, key).await;
        }
        if subscription.cancel_at_period_end || subscription.cancel_at.is_some() {
            self.go_on(&subscription, &format!("{key}:go_on")).await?;
        }
        let schedule = match active_schedule(&subscription) {
            Some(schedule) => schedule.clone(),
            None => self.create_schedule(&format!("{key}:schedule"), id).await?,
        };
        let present = schedule.current_phase.ok_or(ProviderError::Missing)?;
        let request = PlanPhases {
            end_behavior: "release",
            phases: (
                PresentPhase {
                    items: vec![PricedItem { price: &item.price.id, quantity: 1 }],
                    start_date: present.start_date,
                    end_date: present.end_date,
                    proration_behavior: "none",
                },
                NextPhase {
                    items: vec![PricedItem { price: &price.id, quantity: 1 }],
                    duration: PhaseDuration { interval: period.as_str(), interval_count: 1 },
                    proration_behavior: "none",
                },
            ),
        };
        Ok(self.plan_phases(&format!("{key}:phases"), &schedule.id, &request).await?)
    }

    pub(super) async fn end_with_period(&self, id: &str, cancel: bool, key: &str) -> Result<(), ProviderError> {
        let mut number = 1;
        loop {
            let subscription = self.living(id).await?;
            let ends = subscription.cancel_at_period_end || subscription.cancel_at.is_some();
            if ends == cancel {
                return Ok(());
            }
            let key = format!("{key}:{number}");
            let outcome = if cancel {
                // A scheduled subscription cannot be told to end: what was planned for later is withdrawn.
                self.release(&subscription, &key).await?;
                self.set_cancel_at_period_end(&format!("{key}:end"), id, true).await.map_err(ProviderError::from)
            } else {
                self.go_on(&subscription, &format!("{key}:go_on")).await
            };
            match outcome {
                Err(ProviderError::NeedsFreshKey(_)) if number < KEYS_MAX => number += 1,
                outcome => return outcome,
            }
        }
    }

    pub(super) async fn end_now(&self, id: &str, key: &str) -> Result<(), ProviderError> {
        let subscription = self.subscription(id).await?;
        if !is_over(&subscription) {
            match self.cancel_subscription(id).await {
                // Over since we looked.
                Ok(()) | Err(StripeError::Missing) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let Some(invoice) = &subscription.latest_invoice else { return Ok(()) };
        if self.invoice(invoice.id()).await?.status.as_deref() != Some("open") {
            return Ok(());
        }
        match self.void_invoice(&format!("{key}:void"), invoice.id()).await {
            // Paid or withdrawn since we looked; its own events follow.
            Ok(()) | Err(StripeError::Refused { .. }) => Ok(()),
            Err(error) => Err(error.into()),
        }
    }

    pub(super) async fn open_portal(
        &self,
        customer_id: &str,
        return_url: &Url,
        key: &str,
    ) -> Result<String, ProviderError> {
        let request = CreatePortalSession { customer: customer_id, return_url: return_url.as_str() };
        Ok(self.create_portal_session(key, &request).await?.url)
    }

    /// A subscription that is not over.
    async fn living(&self, id: &str) -> Result<Subscription, ProviderError> {
        let subscription = self.subscription(id).await?;
        if is_over(&subscription) {
            return Err(ProviderError::Refused(SUBSCRIPTION_IS_OVER.to_owned()));
        }
        Ok(subscription)
    }

    /// Withdraws what is planned for later.
    async fn release(&self, subscription: &Subscription, key: &str) -> Result<(), ProviderError> {
        match active_schedule(subscription) {
            Some(schedule) => Ok(self.release_schedule(&format!("{key}:release"), &schedule.id).await?),
            None => Ok(()),
        }
    }

    async fn go_on(&self, subscription: &Subscription, key: &str) -> Result<(), ProviderError> {
        if subscription.cancel_at_period_end {
            Ok(self.set_cancel_at_period_end(key, &subscription.id, false).await?)
        } else {
            Ok(self.forget_cancel_at(key, &subscription.id).await?)
        }
    }
}

/// The moment from which a change is reckoned.
fn moment_of(
    item: &SubscriptionItem,
    change: &PlanChange,
    now: OffsetDateTime,
) -> Result<OffsetDateTime, ProviderError> {
    let begun = OffsetDateTime::from_unix_timestamp(item.current_period_start).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    prorated_at(change.prorated_at, now, begun).ok_or_else(|| ProviderError::Refused(PREVIEW_IS_STALE.to_owned()))
}

fn is_over(subscription: &Subscription) -> bool {
    matches!(subscription.status, SubscriptionState::Canceled | SubscriptionState::IncompleteExpired)
}

fn active_schedule(subscription: &Subscription) -> Option<&Schedule> {
    let schedule = subscription.schedule.as_ref().and_then(Expandable::object)?;
    matches!(schedule.status.as_str(), "active" | "not_started").then_some(schedule)
}
