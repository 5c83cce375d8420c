//! Follows what the provider says of a subscription that has begun.

use kernel::Ctx;
use payments::subscriptions::{InvoiceSnapshot, SubscriptionSnapshot};
use platform::Tx;

use super::dunning;
use super::model::{Status, Subscription};
use super::queries::{self, Which};
use crate::checkout::queries as checkouts;
use crate::ids::CheckoutId;
use crate::invoices::settle;
use crate::state::Billing;

/// Follows a word about a subscription, perhaps with one of its invoices. One that has not begun is begun by way of its
/// checkout, which knows the mail address; the provider is asked for it.
pub(super) async fn follow(
    billing: &Billing,
    ctx: &Ctx,
    tx: &mut Tx,
    snapshot: &SubscriptionSnapshot,
    invoice: Option<&InvoiceSnapshot>,
) -> anyhow::Result<()> {
    let Some(mut subscription) = queries::lock(tx, Which::AtProvider(&snapshot.subscription_id)).await? else {
        return begin_by_checkout(billing, ctx, tx, snapshot).await;
    };
    // The invoice first: paid before the end, it still gives what was paid for.
    if let Some(invoice) = invoice {
        settle::settle(billing, ctx, tx, &subscription, invoice).await?;
    }
    take(billing, ctx, tx, &mut subscription, snapshot).await
}

/// Takes over how a subscription stands, and draws the consequences.
pub(super) async fn take(
    billing: &Billing,
    ctx: &Ctx,
    tx: &mut Tx,
    subscription: &mut Subscription,
    snapshot: &SubscriptionSnapshot,
) -> anyhow::Result<()> {
    let before = subscription.clone();
    if !subscription.take(snapshot, ctx.now()) {
        return Ok(());
    }
    if crate::plans::queries::find(tx, &subscription.plan).await?.is_none() {
        // A price that is none of ours was put in by hand at the provider: the plan stays what it was.
        tracing::error!(subscription = %subscription.id, "a subscription has a plan that is not known here");
        subscription.plan = before.plan;
    }
    if subscription.next.as_ref().is_some_and(|next| next.plan.as_str().is_empty()) {
        subscription.next = None;
    }
    if subscription.status == Status::Ended {
        subscription.ended_at = Some(snapshot.canceled_at.unwrap_or(ctx.now()));
    }
    dunning::settle(billing, ctx, tx, subscription).await
}

async fn begin_by_checkout(
    billing: &Billing,
    ctx: &Ctx,
    tx: &mut Tx,
    snapshot: &SubscriptionSnapshot,
) -> anyhow::Result<()> {
    let Some(checkout_id) = snapshot.checkout_id else {
        tracing::warn!(subscription = snapshot.subscription_id, "a subscription without a checkout of ours");
        return Ok(());
    };
    let known = checkouts::lock(tx, CheckoutId(checkout_id)).await?;
    match known.and_then(|checkout| checkout.session) {
        Some((provider, session_id)) => {
            billing.payments().follow_subscription_checkout(ctx, tx, provider, &session_id).await?;
        }
        None => tracing::warn!(checkout = %checkout_id, "a subscription whose checkout page is not known yet"),
    }
    Ok(())
}
