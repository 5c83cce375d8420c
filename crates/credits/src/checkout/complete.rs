//! What whoever comes back from paying is told.

use kernel::{Ctx, SystemReason};
use platform::Problem;

use super::model::{CheckoutState, Completion, CompletionState};
use super::queries;
use crate::plans;
use crate::state::Billing;

/// The longest name of a checkout page, in bytes.
const SESSION_BYTES_MAX: usize = 255;

/// How a checkout stands, by the provider's name of its page. While nothing was heard of it the provider is asked, so
/// that an event that got lost keeps nobody waiting.
///
/// # Errors
/// 404 for a name that is none of ours, and for a page at which nobody has paid in time.
pub async fn complete(billing: &Billing, ctx: &Ctx, session_id: &str) -> Result<Completion, Problem> {
    if session_id.is_empty() || session_id.len() > SESSION_BYTES_MAX || session_id.contains('\0') {
        return Err(Problem::not_found());
    }
    let mut tx = billing.app().db.begin_system(SystemReason::PlatformRules).await?;
    let checkout = queries::of_session(&mut tx, session_id).await?.ok_or_else(Problem::not_found)?;
    let plan = plans::find(&mut tx, &checkout.plan).await?.ok_or_else(Problem::not_found)?;
    let state = match checkout.state {
        CheckoutState::Open => CompletionState::Pending,
        CheckoutState::Begun => CompletionState::Ready,
        CheckoutState::GivenBack => CompletionState::GivenBack,
        CheckoutState::Lapsed => return Err(Problem::not_found()),
    };
    if let (CompletionState::Pending, Some((provider, session_id))) = (state, &checkout.session) {
        billing.payments().follow_subscription_checkout(ctx, &mut tx, *provider, session_id).await?;
    }
    tx.commit().await?;
    Ok(Completion {
        state,
        email: checkout.email_masked,
        plan_name: plan.name(ctx.locale).to_owned(),
        is_new_user: checkout.is_new_user,
    })
}
