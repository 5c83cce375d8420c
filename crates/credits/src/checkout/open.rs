//! Opens a checkout: a row first, then the provider's page under a key that follows from the row, then its name.

use kernel::{Ctx, SystemReason, UserId, Yen};
use payments::subscriptions::{BillingPeriod, NewSubscriptionCheckout};
use time::Duration;
use url::Url;

use super::model::{Checkout, CheckoutState};
use super::queries;
use crate::billing_error::BillingError;
use crate::ids::CheckoutId;
use crate::plans;
use crate::plans::model::PlanCode;
use crate::state::Billing;
use crate::subscriptions::queries as subscription_queries;

/// How long after its opening the provider is first asked about a checkout of which no event has come.
const FIRST_CHECK: Duration = Duration::minutes(5);

/// A plan that somebody asks to begin.
#[derive(Clone, Debug)]
pub struct PurchaseRequest {
    /// The plan.
    pub plan: PlanCode,
    /// How often it is paid.
    pub period: BillingPeriod,
    /// Who asks, where somebody is logged in.
    pub user_id: Option<UserId>,
    /// The price that was agreed to, where a page has shown one.
    pub price_shown: Option<Yen>,
}

/// Opens a checkout and says where to pay. No transaction is open while the provider is asked.
///
/// # Errors
/// [`BillingError::PlanUnavailable`], [`BillingError::SubscriptionExists`] for somebody who has a live subscription,
/// [`BillingError::PriceChanged`], and those of [`payments::Payments::open_subscription_checkout`].
pub async fn open(billing: &Billing, ctx: &Ctx, request: &PurchaseRequest) -> Result<Url, BillingError> {
    let (app, id) = (billing.app(), ctx.new_id::<CheckoutId>());
    let mut tx = app.db.begin_system(SystemReason::PlatformRules).await?;
    let plan = plans::find(&mut tx, &request.plan).await?.filter(|plan| plan.is_offered && !plan.price_month.is_zero());
    let plan = plan.ok_or(BillingError::PlanUnavailable)?;
    let price = plan.price(request.period);
    if request.price_shown.is_some_and(|shown| shown != price) {
        return Err(BillingError::PriceChanged);
    }
    let mut customer = None;
    let mut email = None;
    if let Some(user_id) = request.user_id {
        if subscription_queries::live_of(&mut tx, user_id).await?.is_some() {
            return Err(BillingError::SubscriptionExists);
        }
        customer = subscription_queries::customer_of(&mut tx, user_id).await?;
        email = identity::users::account(&mut tx, user_id).await?.map(|account| account.email);
    }
    let checkout = Checkout {
        id,
        user_id: request.user_id,
        plan: plan.code.clone(),
        period: request.period,
        price,
        locale: ctx.locale,
        session: None,
        state: CheckoutState::Open,
        email_masked: None,
        is_new_user: None,
    };
    queries::insert(ctx, &mut tx, &checkout, ctx.now() + FIRST_CHECK).await?;
    tx.commit().await?;

    let asked = NewSubscriptionCheckout {
        checkout_id: id.uuid(),
        user_id: request.user_id,
        plan_code: plan.code.as_str().to_owned(),
        plan_name: plan.name(ctx.locale).to_owned(),
        period: request.period,
        price,
        customer,
        email,
        // Not through the URL type: it would write the braces of the place in another way.
        success_url: format!("{}?session_id={{CHECKOUT_SESSION_ID}}", app.config.absolute_url("/welcome")),
        cancel_url: app.config.absolute_url("/plans?canceled=true"),
        locale: ctx.locale,
    };
    let opened = billing.payments().open_subscription_checkout(ctx, &asked).await?;

    let mut tx = app.db.begin_system(SystemReason::PlatformRules).await?;
    queries::note_session(ctx, &mut tx, id, opened.provider, &opened.session_id).await?;
    tx.commit().await?;
    Ok(opened.url)
}
