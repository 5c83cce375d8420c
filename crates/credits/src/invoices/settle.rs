//! Records an invoice as the provider says it stands: its money once, and once what it gives.

use kernel::{Ctx, Tokens};
use payments::refunds::{RefundExtent, RefundReason, RefundRequest};
use payments::subscriptions::{InvoicePayment, InvoiceSnapshot, InvoiceStatus};
use payments::tax_invoices::IssuedFor;
use platform::Tx;

use super::model::{Invoice, Reason, Status, subject_of};
use super::queries::{self, Which};
use super::{give, grants::Given};
use crate::invoicing::{Sold, issue_for};
use crate::prices;
use crate::prices::model::Operation;
use crate::state::Billing;
use crate::subscriptions::at_provider;
use crate::subscriptions::model::{Status as SubscriptionStatus, Subscription};
use crate::{plans, wallets};

/// What a picture costs where no model of the platform has a price; the specification's own figure.
const IMAGE_PRICE: Tokens = Tokens::whole(201);

/// What became of an invoice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Settled {
    /// Nothing that was not known.
    Known,
    /// It was paid, and gave what it gives.
    Paid,
    /// It was paid for nothing; the money goes back.
    GivenBack,
    /// It is not paid.
    Unpaid,
}

/// Records an invoice of a subscription that the caller holds. Whoever comes second, with whatever news, changes nothing:
/// an invoice that is paid stays so.
///
/// # Errors
/// Those of payments and credits; the caller's transaction is lost with them.
pub(crate) async fn settle(
    billing: &Billing,
    ctx: &Ctx,
    tx: &mut Tx,
    subscription: &Subscription,
    snapshot: &InvoiceSnapshot,
) -> anyhow::Result<Settled> {
    if snapshot.status == InvoiceStatus::Draft {
        return Ok(Settled::Known);
    }
    let all_plans = plans::all(tx).await?;
    let subject = subject_of(snapshot, &all_plans);
    let fresh = Invoice {
        id: ctx.new_id(),
        subscription_id: subscription.id,
        user_id: subscription.user_id,
        provider_invoice_id: snapshot.invoice_id.clone(),
        reason: Reason::from(snapshot.billing_reason),
        status: Status::Open,
        plan: subject.plan.clone(),
        amount: snapshot.amount_due,
        period_start: subject.period_start,
        period_end: subject.period_end,
        given: Given::default(),
        months_granted: 0,
        image_price: Tokens::ZERO,
        payment_id: None,
    };
    let is_new = queries::insert(ctx, tx, &fresh).await?;
    let known = queries::lock(tx, Which::AtProvider(&snapshot.invoice_id)).await?;
    let mut invoice = known.ok_or(sqlx::Error::RowNotFound)?;
    if invoice.status == Status::Paid || invoice.subscription_id != subscription.id {
        return Ok(Settled::Known);
    }
    if snapshot.status != InvoiceStatus::Paid {
        invoice.status = Status::from(snapshot.status);
        queries::save(ctx, tx, &invoice, None).await?;
        // Nobody should pay for what is over. Asked once: what was open when it ended was asked for then.
        if is_new && invoice.status == Status::Open && !subscription.status.is_live() {
            at_provider::end_at_provider(ctx, tx, subscription).await?;
        }
        return Ok(Settled::Unpaid);
    }
    (invoice.plan, invoice.period_start, invoice.period_end) = (subject.plan, subject.period_start, subject.period_end);
    settle_paid(billing, ctx, tx, subscription, snapshot, invoice, subject.given).await
}

/// Records the money of an invoice that is paid, and gives what it gives or has the money returned.
async fn settle_paid(
    billing: &Billing,
    ctx: &Ctx,
    tx: &mut Tx,
    subscription: &Subscription,
    snapshot: &InvoiceSnapshot,
    mut invoice: Invoice,
    given: Given,
) -> anyhow::Result<Settled> {
    invoice.status = Status::Paid;
    invoice.amount = snapshot.amount_paid;
    if let Some(user_id) = invoice.user_id {
        wallets::lock(tx, user_id).await?;
    }
    invoice.payment_id = billing
        .payments()
        .record_invoice_payment(
            ctx,
            tx,
            &InvoicePayment { invoice: snapshot, reference_id: invoice.id.uuid(), buyer_id: invoice.user_id },
        )
        .await?;
    let is_for_nothing = is_for_nothing(subscription, snapshot);
    if !is_for_nothing {
        invoice.given = given;
        invoice.image_price = image_price(tx).await?;
        give::give(ctx, tx, &mut invoice).await?;
        // With a renewal come the terms that the plan has now.
        if let (Reason::Cycle, Some(user_id), Some(plan)) = (invoice.reason, invoice.user_id, &invoice.plan) {
            plans::renew_terms(ctx, tx, user_id, plan).await?;
        }
    }
    queries::save(ctx, tx, &invoice, Some(snapshot.paid_at.unwrap_or(ctx.now()))).await?;
    if let (true, Some(payment_id)) = (is_for_nothing, invoice.payment_id) {
        let reason = match subscription.user_id {
            Some(_) => RefundReason::Duplicate,
            None => RefundReason::Unfulfillable,
        };
        let extent = RefundExtent::Whole;
        let request = RefundRequest { payment_id, reason, extent, key: "invoice_for_nothing".to_owned() };
        billing.payments().request_refund(ctx, tx, &request).await?;
        return Ok(Settled::GivenBack);
    }
    issue_tax_invoice(billing, ctx, tx, snapshot, &invoice).await?;
    Ok(Settled::Paid)
}

/// Issues the tax invoice (適格請求書) with the provider's own lines.
async fn issue_tax_invoice(
    billing: &Billing,
    ctx: &Ctx,
    tx: &mut Tx,
    snapshot: &InvoiceSnapshot,
    invoice: &Invoice,
) -> anyhow::Result<()> {
    let (Some(payment_id), Some(buyer_id)) = (invoice.payment_id, invoice.user_id) else { return Ok(()) };
    let plan = invoice.plan.as_ref().map_or(snapshot.invoice_id.as_str(), |plan| plan.as_str());
    let sold = Sold {
        payment_id,
        buyer_id,
        issued_for: IssuedFor::Subscription,
        amount: invoice.amount,
        description: plan,
        lines: snapshot.lines.iter().map(|line| (line.description.as_str(), line.amount)).collect(),
        at: snapshot.paid_at.unwrap_or(ctx.now()),
    };
    Ok(issue_for(billing.app(), ctx, tx, &sold).await?)
}

/// Whether money came for a subscription that never was a plan, or for a period after its end.
fn is_for_nothing(subscription: &Subscription, snapshot: &InvoiceSnapshot) -> bool {
    match subscription.status {
        SubscriptionStatus::Active | SubscriptionStatus::PastDue => false,
        SubscriptionStatus::GivenBack => true,
        SubscriptionStatus::Ended => {
            let is_late = subscription.ended_at.is_some_and(|ended| snapshot.paid_at.is_some_and(|paid| paid > ended));
            is_late && Reason::from(snapshot.billing_reason) == Reason::Cycle
        }
    }
}

/// What a picture costs in tokens by the platform's usual model.
async fn image_price(tx: &mut Tx) -> Result<Tokens, crate::error::CreditError> {
    let prices = prices::current(tx).await?;
    let pictures = prices.iter().filter(|price| price.operation == Operation::Generate && price.provider == "gemini");
    // The dearest: what is owed for image credits is rather told too high than too low.
    Ok(pictures.map(|price| price.price.tokens).max().unwrap_or(IMAGE_PRICE))
}
