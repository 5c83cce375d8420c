//! The checkout page: `GET` and `POST /sandbox/checkout/{id}`. Works without a script.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kernel::Yen;
use platform::http::{Anyone, Form, Path, Problem, Query};
use serde::Deserialize;
use ui::{Messages, Page};

use super::act::Next;
use super::model::{CheckoutAction, SandboxSessionState, Session};
use super::names::SUBSCRIPTION_SESSION_PREFIX;
use super::responses::{lead_to, sandbox_of};
use super::subscriptions::{checkout_page, clock_page};
use crate::state::Payments;

#[derive(Template)]
#[template(path = "providers/sandbox/checkout.html")]
struct CheckoutPage {
    t: Messages,
    action: String,
    description: String,
    amount: Yen,
    reference: String,
    declined: bool,
    too_late: bool,
    state: SandboxSessionState,
    slip_until: String,
    may_be_disputed: bool,
    success_url: String,
    cancel_url: String,
}

impl CheckoutPage {
    fn is(&self, state: &str) -> bool {
        matches!(
            (self.state, state),
            (SandboxSessionState::Open, "open")
                | (SandboxSessionState::Approved, "approved")
                | (SandboxSessionState::KonbiniWaiting, "waiting")
                | (SandboxSessionState::KonbiniLapsed, "lapsed")
                | (SandboxSessionState::Paid, "paid")
                | (SandboxSessionState::Refunded, "refunded")
                | (SandboxSessionState::Disputed, "disputed")
                | (SandboxSessionState::ChargedBack, "charged-back")
                | (SandboxSessionState::Expired, "expired")
        )
    }
}

/// What the page was opened with.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Note {
    note: Option<String>,
}

/// What was submitted.
#[derive(Debug, Deserialize)]
pub(crate) struct Submitted {
    outcome: CheckoutAction,
    /// What a page for a subscription asks for.
    #[serde(default)]
    email: String,
}

/// Shows the order and the ways to pay.
pub(crate) async fn show(
    State(payments): State<Payments>,
    Anyone(ctx): Anyone,
    Path(session_id): Path<String>,
    Query(note): Query<Note>,
) -> Result<Page, Problem> {
    let sandbox = sandbox_of(&payments)?;
    if session_id.starts_with(SUBSCRIPTION_SESSION_PREFIX) {
        return checkout_page::show(sandbox, &ctx, &session_id, note.note.as_deref()).await;
    }
    let mut tx = sandbox.begin().await?;
    let session = sandbox.current(&mut tx, &session_id).await?.ok_or_else(Problem::not_found)?;
    tx.commit().await?;
    render(Messages::new(ctx.locale), session, note.note.as_deref())
}

fn render(t: Messages, session: Session, note: Option<&str>) -> Result<Page, Problem> {
    let state = session.state();
    let page = CheckoutPage {
        t,
        slip_until: clock_page::moment(t, session.slip_expires_at()),
        may_be_disputed: session.dispute.is_none(),
        action: format!("/sandbox/checkout/{}", session.id),
        description: session.description,
        amount: session.amount,
        reference: session.client_reference_id,
        declined: note == Some("declined") && state == SandboxSessionState::Open,
        too_late: note == Some("too_late"),
        state,
        success_url: session.success_url,
        cancel_url: session.cancel_url,
    };
    let body = page.render().map_err(|error| Problem::internal(anyhow::Error::new(error)))?;
    Ok(Page::new(t.say("sandbox-title"), body).private())
}

/// Does what was submitted, then leads on: to the shop, or back to the page.
pub(crate) async fn submit(
    State(payments): State<Payments>,
    Anyone(ctx): Anyone,
    Path(session_id): Path<String>,
    Form(submitted): Form<Submitted>,
) -> Result<Response, Problem> {
    let sandbox = sandbox_of(&payments)?;
    if session_id.starts_with(SUBSCRIPTION_SESSION_PREFIX) {
        return checkout_page::submit(sandbox, &ctx, &session_id, submitted.outcome, &submitted.email).await;
    }
    let next = sandbox.act(&ctx, &session_id, submitted.outcome).await?.ok_or_else(Problem::not_found)?;
    let here = format!("/sandbox/checkout/{session_id}");
    let target = match next {
        Next::Leave(url) => url,
        Next::Stay if submitted.outcome == CheckoutAction::Decline => format!("{here}?note=declined"),
        Next::Stay => here,
        Next::TooLate => format!("{here}?note=too_late"),
    };
    lead_to(&target)
}
