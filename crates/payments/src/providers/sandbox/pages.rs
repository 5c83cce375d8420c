//! The checkout page: `GET` and `POST /sandbox/checkout/{id}`. Works without a script.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, StatusCode, header};
use kernel::Yen;
use platform::http::{Anyone, Form, Path, Problem, Query};
use serde::Deserialize;
use ui::{Messages, Page};

use super::act::Next;
use super::model::{Press, Session, Standing};
use super::provider::Sandbox;
use super::subscriptions;
use crate::Payments;

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
    standing: Standing,
    slip_until: String,
    may_be_disputed: bool,
    success_url: String,
    cancel_url: String,
}

impl CheckoutPage {
    fn is(&self, standing: &str) -> bool {
        matches!(
            (self.standing, standing),
            (Standing::Open, "open")
                | (Standing::KonbiniWaiting, "waiting")
                | (Standing::KonbiniLapsed, "lapsed")
                | (Standing::Paid, "paid")
                | (Standing::Refunded, "refunded")
                | (Standing::Disputed, "disputed")
                | (Standing::ChargedBack, "charged-back")
                | (Standing::Expired, "expired")
        )
    }
}

/// What the page was opened with.
#[derive(Debug, Default, Deserialize)]
pub(crate) struct Note {
    note: Option<String>,
}

/// What was pressed.
#[derive(Debug, Deserialize)]
pub(crate) struct Pressed {
    outcome: Press,
    /// What a page for a subscription asks for.
    #[serde(default)]
    email: String,
}

pub(super) fn sandbox_of(payments: &Payments) -> Result<&Sandbox, Problem> {
    payments.sandbox().ok_or_else(Problem::not_found)
}

/// Shows the order and the ways to pay.
pub(crate) async fn show(
    State(payments): State<Payments>,
    Anyone(ctx): Anyone,
    Path(session_id): Path<String>,
    Query(note): Query<Note>,
) -> Result<Page, Problem> {
    let sandbox = sandbox_of(&payments)?;
    if session_id.starts_with(subscriptions::SESSION_PREFIX) {
        return subscriptions::show_checkout(sandbox, &ctx, &session_id, note.note.as_deref()).await;
    }
    let mut tx = sandbox.begin().await?;
    let session = sandbox.current(&mut tx, &session_id).await?.ok_or_else(Problem::not_found)?;
    tx.commit().await?;
    render(Messages::new(ctx.locale), session, note.note.as_deref())
}

fn render(t: Messages, session: Session, note: Option<&str>) -> Result<Page, Problem> {
    let standing = session.standing();
    let page = CheckoutPage {
        t,
        slip_until: subscriptions::moment(t, session.slip_expires_at()),
        may_be_disputed: session.dispute.is_none(),
        action: format!("/sandbox/checkout/{}", session.id),
        description: session.description,
        amount: session.amount,
        reference: session.client_reference_id,
        declined: note == Some("declined") && standing == Standing::Open,
        too_late: note == Some("too_late"),
        standing,
        success_url: session.success_url,
        cancel_url: session.cancel_url,
    };
    let body = page.render().map_err(|error| Problem::internal(anyhow::Error::new(error)))?;
    Ok(Page::new(t.say("sandbox-title"), body).private())
}

/// Does what was pressed, then leads on: to the shop, or back to the page.
pub(crate) async fn press(
    State(payments): State<Payments>,
    Anyone(ctx): Anyone,
    Path(session_id): Path<String>,
    Form(pressed): Form<Pressed>,
) -> Result<Response, Problem> {
    let sandbox = sandbox_of(&payments)?;
    if session_id.starts_with(subscriptions::SESSION_PREFIX) {
        return subscriptions::press_checkout(sandbox, &ctx, &session_id, pressed.outcome, &pressed.email).await;
    }
    let next = sandbox.act(&ctx, &session_id, pressed.outcome).await?.ok_or_else(Problem::not_found)?;
    let here = format!("/sandbox/checkout/{session_id}");
    let target = match next {
        Next::Leave(url) => url,
        Next::Stay if pressed.outcome == Press::Decline => format!("{here}?note=declined"),
        Next::Stay => here,
        Next::TooLate => format!("{here}?note=too_late"),
    };
    lead_to(&target)
}

/// Leads on to an address, by a fresh GET.
pub(super) fn lead_to(target: &str) -> Result<Response, Problem> {
    let location = HeaderValue::from_str(target).map_err(|_| Problem::not_found())?;
    Ok((StatusCode::SEE_OTHER, [(header::LOCATION, location)]).into_response())
}
