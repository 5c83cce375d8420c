//! A checkout was paid: the account is found or made, the plan begins, the first credits are there, a mail is written.

use identity::one_time_links::{LinkPurpose, issue};
use identity::users::{self, Account, EmailAddress, find_or_create_by_email};
use kernel::{Ctx, UserId};
use payments::subscriptions::{CheckoutCompleted, CheckoutPayment, InvoiceStatus};
use platform::{Tx, audit};
use serde_json::json;

use super::model::{Status, Subscription};
use super::queries::{self, Which};
use super::{at_provider, dunning, emails, follow};
use crate::checkout::model::{Checkout, CheckoutState, mask};
use crate::checkout::queries as checkouts;
use crate::ids::CheckoutId;
use crate::invoices::settle;
use crate::plans::model::PlanCode;
use crate::state::Billing;
use ui::dates::day;

/// Begins what a checkout has paid for. Told again, it changes nothing that has begun.
///
/// # Errors
/// Those of identity, payments and credits; the caller's transaction is lost with them.
pub(super) async fn begin(
    billing: &Billing,
    ctx: &Ctx,
    tx: &mut Tx,
    completed: &CheckoutCompleted,
) -> anyhow::Result<()> {
    let invoice_is_paid = completed.invoice.as_ref().is_some_and(|invoice| invoice.status == InvoiceStatus::Paid);
    if completed.payment_status == CheckoutPayment::Unpaid && !invoice_is_paid {
        // The money is on its way; the invoice's own news will say when it is there.
        return Ok(());
    }
    let Some(mut checkout) = checkouts::lock(tx, CheckoutId(completed.checkout_id)).await? else {
        anyhow::bail!("the checkout {} was paid and is not known here", completed.checkout_id);
    };
    checkout.session = Some((completed.provider, completed.session_id.clone()));
    if queries::lock(tx, Which::AtProvider(&completed.subscription.subscription_id)).await?.is_some() {
        return follow::follow(billing, ctx, tx, &completed.subscription, completed.invoice.as_ref()).await;
    }
    let payer = payer_of(ctx, tx, &checkout, completed.email.as_deref()).await?;
    if let Some(email) = completed.email.as_deref() {
        checkout.email_masked = Some(mask(email));
    }
    match payer {
        Some(payer) => begin_for(billing, ctx, tx, completed, checkout, payer).await,
        None => give_back(billing, ctx, tx, completed, checkout, None).await,
    }
}

/// Who pays, and whether the account was made just now.
struct Payer {
    account: Account,
    is_new: bool,
}

/// Whoever asked while logged in, else whoever has the mail address. Nobody for an address that is none, and for an
/// account that may not buy.
async fn payer_of(ctx: &Ctx, tx: &mut Tx, checkout: &Checkout, email: Option<&str>) -> anyhow::Result<Option<Payer>> {
    let (user_id, is_new) = match (checkout.user_id, email.and_then(|email| EmailAddress::parse(email).ok())) {
        (Some(user_id), _) => (user_id, false),
        (None, Some(email)) => {
            let name = email.as_str().split('@').next().unwrap_or_default().to_owned();
            find_or_create_by_email(ctx, tx, &email, &name, checkout.locale).await?
        }
        (None, None) => return Ok(None),
    };
    let account = users::account(tx, user_id).await?.filter(|account| !account.is_banned);
    Ok(account.map(|account| Payer { account, is_new }))
}

async fn begin_for(
    billing: &Billing,
    ctx: &Ctx,
    tx: &mut Tx,
    completed: &CheckoutCompleted,
    mut checkout: Checkout,
    payer: Payer,
) -> anyhow::Result<()> {
    let user_id = payer.account.id;
    // Whoever pays anew while the old plan is unpaid means the new one.
    if let Some(mut unpaid) =
        queries::lock(tx, Which::LiveOf(user_id)).await?.filter(|one| one.status == Status::PastDue)
    {
        unpaid.status = Status::Ended;
        dunning::settle(billing, ctx, tx, &mut unpaid).await?;
    }
    let mut subscription = subscription_of(ctx, completed, &checkout, Some(user_id));
    if !queries::insert(ctx, tx, &subscription).await? {
        return give_back(billing, ctx, tx, completed, checkout, Some(payer)).await;
    }
    at_provider::note_customer(ctx, tx, &subscription, user_id).await?;
    if let Some(invoice) = &completed.invoice {
        settle::settle(billing, ctx, tx, &subscription, invoice).await?;
    }
    dunning::settle(billing, ctx, tx, &mut subscription).await?;
    // News that came before this one and found nothing to follow.
    billing
        .payments()
        .follow_subscription(ctx, tx, subscription.provider, &subscription.provider_subscription_id)
        .await?;
    checkout.user_id = Some(user_id);
    checkout.is_new_user = Some(payer.is_new);
    checkout.email_masked = Some(mask(&payer.account.email));
    checkouts::close(ctx, tx, &checkout, CheckoutState::Begun).await?;
    let facts = json!({"plan": subscription.plan, "period": subscription.period, "isNewUser": payer.is_new});
    audit::record(ctx, tx, "subscriptions.begin", "subscription", Some(subscription.id.uuid()), &facts).await?;
    welcome(billing, ctx, tx, &subscription, &payer).await
}

/// What was paid cannot begin: it is ended at the provider, the money goes back by itself, and a mail says so.
async fn give_back(
    billing: &Billing,
    ctx: &Ctx,
    tx: &mut Tx,
    completed: &CheckoutCompleted,
    mut checkout: Checkout,
    payer: Option<Payer>,
) -> anyhow::Result<()> {
    let mut subscription = subscription_of(ctx, completed, &checkout, payer.as_ref().map(|payer| payer.account.id));
    subscription.status = Status::GivenBack;
    subscription.past_due_since = None;
    subscription.ended_at = Some(ctx.now());
    if !queries::insert(ctx, tx, &subscription).await? {
        // Told twice at once: whoever was first has done it.
        return Ok(());
    }
    at_provider::end_at_provider(ctx, tx, &subscription).await?;
    if let Some(invoice) = &completed.invoice {
        settle::settle(billing, ctx, tx, &subscription, invoice).await?;
    }
    checkout.is_new_user = Some(false);
    checkouts::close(ctx, tx, &checkout, CheckoutState::GivenBack).await?;
    let facts = json!({"plan": subscription.plan, "hasAccount": payer.is_some()});
    audit::record(ctx, tx, "subscriptions.give_back", "subscription", Some(subscription.id.uuid()), &facts).await?;
    let Some(payer) = payer else {
        tracing::error!(checkout = %checkout.id, "a subscription was paid and no account can have it; the money goes back");
        return Ok(());
    };
    let args = emails::plan_arg(tx, &subscription, &payer.account).await?;
    let args = args.arg("amount", completed.invoice.as_ref().map_or(subscription.price, |invoice| invoice.amount_paid));
    let occasion = format!("subscription-given-back/{}", subscription.id);
    emails::post_to(billing.app(), ctx, tx, &payer.account, occasion, "given-back", args).await?;
    Ok(())
}

fn subscription_of(
    ctx: &Ctx,
    completed: &CheckoutCompleted,
    checkout: &Checkout,
    user_id: Option<UserId>,
) -> Subscription {
    let there = &completed.subscription;
    let status = Status::of(there.status);
    // A price that is none of ours says nothing of the plan; what was asked for does.
    let plan = if there.plan_code.is_empty() { checkout.plan.clone() } else { PlanCode(there.plan_code.clone()) };
    Subscription {
        id: ctx.new_id(),
        user_id,
        checkout_id: checkout.id,
        provider: there.provider,
        provider_subscription_id: there.subscription_id.clone(),
        provider_customer_id: completed.customer_id.clone(),
        plan,
        period: there.period,
        price: there.price,
        status,
        period_start: there.period_start,
        period_end: there.period_end.max(there.period_start),
        next: None,
        cancel_at_period_end: there.cancel_at_period_end,
        past_due_since: (status == Status::PastDue).then(|| ctx.now()),
        ended_at: (status == Status::Ended).then(|| there.canceled_at.unwrap_or(ctx.now())),
        as_of: there.as_of,
    }
}

/// The mail after the payment. Whoever has not shown that mail reaches them gets a link that sets the password; it may be
/// somebody else's account until then.
async fn welcome(
    billing: &Billing,
    ctx: &Ctx,
    tx: &mut Tx,
    subscription: &Subscription,
    payer: &Payer,
) -> anyhow::Result<()> {
    let (account, occasion) = (&payer.account, format!("subscription-welcome/{}", subscription.id));
    let args = emails::plan_arg(tx, subscription, account).await?;
    let args = args.arg("renewal", day(account.locale(), subscription.period_end));
    if payer.is_new || !account.is_verified() {
        let link = issue(ctx, tx, account.id, LinkPurpose::SetPassword).await?;
        let args = args.arg("link", link.absolute(&billing.app().config));
        let args = args.arg("hours", LinkPurpose::SetPassword.lifetime().whole_hours());
        emails::post_to(billing.app(), ctx, tx, account, occasion, "welcome", args).await?;
    } else {
        let args = args.arg("pages", billing.app().config.absolute_url("/admin/pages"));
        emails::post_to(billing.app(), ctx, tx, account, occasion, "begun", args).await?;
    }
    Ok(())
}
