//! What a test may let happen to subscriptions. Each act returns the events that it caused.

use super::billing_records::{
    CustomerRecord, InvoiceRecord, PriceRecord, ScheduleRecord, SubscriptionRecord, SubscriptionSessionRecord,
};
use super::stripe::{SentEvent, StripeDouble};
use super::world::World;

impl StripeDouble {
    /// The buyer pays on the page, with this mail address where the page asks for one.
    pub fn subscribe(&self, session_id: &str, email: &str) -> Vec<SentEvent> {
        self.happen(|world, now| world.subscribe(session_id, email, now))
    }

    /// The page of a subscription runs out.
    pub fn expire_subscription_session(&self, session_id: &str) -> Vec<SentEvent> {
        self.happen(|world, now| {
            world.billing.sessions.get_mut(session_id)?.status = "expired";
            let shown = super::billing_objects::session(world, session_id, false)?;
            world.push_event("checkout.session.expired", now, &shown);
            Some(())
        })
    }

    /// The present period ends: the next one is invoiced and collected, or missed, or the subscription ends.
    pub fn renew(&self, subscription_id: &str) -> Vec<SentEvent> {
        self.happen(|world, _| world.renew(subscription_id))
    }

    /// From now on the customer's card works, or does not.
    pub fn set_card(&self, customer_id: &str, works: bool) {
        self.happen(|world, _| {
            world.billing.customers.get_mut(customer_id)?.card_works = works;
            Some(())
        });
    }

    /// Stripe tries again to collect the newest invoice.
    pub fn retry(&self, subscription_id: &str) -> Vec<SentEvent> {
        self.happen(|world, now| {
            let invoice_id = world.billing.subscriptions.get(subscription_id)?.latest_invoice_id.clone()?;
            world.collect(&invoice_id, now);
            Some(())
        })
    }

    /// Stripe gives up, or somebody ends the subscription at the console; an open invoice stays open.
    pub fn end_subscription(&self, subscription_id: &str) -> Vec<SentEvent> {
        self.happen(|world, now| world.cancel(subscription_id, now))
    }

    /// Takes the caller's notes off everything about subscriptions, as if another house had made it.
    pub fn forget_notes(&self) {
        self.happen(|world, _| {
            world.billing.subscriptions.values_mut().for_each(|subscription| subscription.metadata.clear());
            world.billing.sessions.values_mut().for_each(|session| session.metadata.clear());
            Some(())
        });
    }

    /// Somebody gives money of an invoice back at Stripe's own console.
    pub fn refund_payment_at_console(&self, payment_intent_id: &str, amount: i64) -> Vec<SentEvent> {
        self.happen(|world, now| {
            let form = [("payment_intent", payment_intent_id.to_owned()), ("amount", amount.to_string())]
                .map(|(name, value)| (name.to_owned(), value))
                .into();
            let shown = super::objects::refund(&world.create_refund(&form, now).ok()?);
            world.push_event("refund.created", now, &shown);
            Some(())
        })
    }

    /// Every price, oldest first.
    pub fn prices(&self) -> Vec<PriceRecord> {
        self.look(|world| world.billing.prices.values().cloned().collect())
    }

    /// Every customer, oldest first.
    pub fn customers(&self) -> Vec<CustomerRecord> {
        self.look(|world| world.billing.customers.values().cloned().collect())
    }

    /// Every session in subscription mode, oldest first.
    pub fn subscription_sessions(&self) -> Vec<SubscriptionSessionRecord> {
        self.look(|world| world.billing.sessions.values().cloned().collect())
    }

    /// Every subscription, oldest first.
    pub fn subscriptions(&self) -> Vec<SubscriptionRecord> {
        self.look(|world| world.billing.subscriptions.values().cloned().collect())
    }

    /// Every schedule, oldest first.
    pub fn schedules(&self) -> Vec<ScheduleRecord> {
        self.look(|world| world.billing.schedules.values().cloned().collect())
    }

    /// Every invoice, oldest first.
    pub fn invoices(&self) -> Vec<InvoiceRecord> {
        self.look(|world| world.billing.invoices.values().cloned().collect())
    }

    fn look<T>(&self, look: impl FnOnce(&World) -> T) -> T {
        self.shared().with_world(|world| look(world))
    }

    /// Lets something happen, and returns the events that are new since.
    fn happen(&self, act: impl FnOnce(&mut World, i64) -> Option<()>) -> Vec<SentEvent> {
        let now = self.shared().now();
        self.shared().with_world(|world| {
            let before = world.events.len();
            act(world, now);
            world.events.iter().skip(before).map(SentEvent::of).collect()
        })
    }
}
