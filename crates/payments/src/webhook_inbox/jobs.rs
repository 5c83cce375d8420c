//! The job that handles one event. Where order matters, its object is fetched again: an event says how things were.

use platform::Tx;
use platform::jobs::{Job, JobError, JobRun};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::orphans;
use super::queries::{self, Outcome, Waiting};
use crate::attempts::apply::{apply as apply_checkout, note_failure};
use crate::attempts::model::Attempt;
use crate::attempts::queries as attempts_table;
use crate::disputes::apply::apply as apply_dispute;
use crate::disputes::model::DisputeReport;
use crate::error::PaymentError;
use crate::providers::code::ProviderCode;
use crate::providers::event::{InboundEvent, PaymentEvent, SubscriptionSubject};
use crate::providers::note;
use crate::providers::snapshot::{CheckoutSnapshot, CheckoutState, RefundSnapshot};
use crate::reconciliation::findings;
use crate::refunds::apply::apply_reported;
use crate::state::Payments;
use crate::subscriptions::follow::{self, SubscriptionEvent};

/// Handle this event of the inbox.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct HandleEvent {
    /// The row.
    pub(crate) inbox_id: i64,
}

impl Job for HandleEvent {
    const NAME: &'static str = "payments.handle_event";
    const MAX_ATTEMPTS: i32 = 12;
    /// Somebody has paid and waits.
    const PRIORITY: i16 = 10;
}

/// Reads the event, fetches what it is about, and applies it in the transaction that marks it as handled.
pub(crate) async fn handle(payments: Payments, run: JobRun<HandleEvent>) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    let Some(waiting) = queries::lock_waiting(&mut tx, run.job.inbox_id).await? else { return Ok(()) };
    let (event, attempt) = read(&payments, &mut tx, &waiting).await?;
    tx.commit().await?;

    let step = next_step(&payments, &waiting, event, attempt).await?;

    let mut tx = run.begin().await?;
    if queries::lock_waiting(&mut tx, run.job.inbox_id).await?.is_none() {
        return Ok(());
    }
    let outcome = apply(&payments, &run, &mut tx, waiting.provider, step).await?;
    queries::handled(&run.ctx, &mut tx, run.job.inbox_id, outcome).await?;
    tracing::info!(inbox = run.job.inbox_id, outcome = outcome.as_str(), "an event was handled");
    run.finish(&mut tx, &json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// What an event says, and the attempt that it is about, where we know one.
async fn read(
    payments: &Payments,
    tx: &mut Tx,
    waiting: &Waiting,
) -> Result<(InboundEvent, Option<Attempt>), PaymentError> {
    let content = if waiting.is_verified {
        let provider = payments.provider(waiting.provider)?;
        let read = waiting.body.as_deref().and_then(|body| provider.read_event(body.as_bytes()).ok());
        read.map_or(InboundEvent::Verified(PaymentEvent::Unreadable), |event| event.content)
    } else {
        InboundEvent::Hint { session_id: waiting.object_id.clone() }
    };
    let (session_id, txn_id, noted) = match &content {
        InboundEvent::Hint { session_id } => (Some(session_id.as_str()), None, None),
        InboundEvent::Verified(PaymentEvent::Checkout(snapshot)) => {
            (Some(snapshot.session_id.as_str()), snapshot.txn_id.as_deref(), snapshot.attempt_id())
        }
        InboundEvent::Verified(PaymentEvent::Transaction { txn_id, notes, .. }) => {
            (None, Some(txn_id.as_str()), notes.get(note::ATTEMPT).and_then(|id| id.parse().ok()))
        }
        InboundEvent::Verified(PaymentEvent::Refund { txn_id } | PaymentEvent::Dispute { txn_id, .. }) => {
            (None, txn_id.as_deref(), None)
        }
        InboundEvent::Verified(PaymentEvent::Subscription(_) | PaymentEvent::Ignored | PaymentEvent::Unreadable) => {
            return Ok((content, None));
        }
    };
    let attempt = attempts_table::find(tx, waiting.provider, session_id, txn_id, noted).await?;
    Ok((content, attempt))
}

/// What an event leads to, once everything that must be fetched has been.
enum Step {
    /// Nothing but this outcome.
    Close(Outcome),
    /// A checkout as the provider has it.
    Checkout(Attempt, CheckoutSnapshot),
    /// Money that we cannot place.
    Unplaced(CheckoutSnapshot),
    /// A try of the buyer failed; the next may succeed.
    FailedTry(Attempt, String),
    /// Refunds of a payment as the provider has them.
    Refunds(Attempt, Vec<RefundSnapshot>),
    /// A dispute of a payment.
    Dispute(Attempt, DisputeReport),
    /// Something about a subscription, as the provider has it.
    Subscription(SubscriptionEvent),
    /// An event that cannot be read.
    Unreadable(String),
}

/// Fetches what the event needs; no transaction is open here.
async fn next_step(
    payments: &Payments,
    waiting: &Waiting,
    event: InboundEvent,
    attempt: Option<Attempt>,
) -> Result<Step, PaymentError> {
    let provider = payments.provider(waiting.provider)?;
    let event = match event {
        // Whatever it claims: the provider is asked, and its answer counts.
        InboundEvent::Hint { session_id } => {
            return Ok(match attempt {
                Some(attempt) => Step::Checkout(attempt, provider.fetch_checkout(&session_id).await?),
                None => Step::Close(Outcome::IgnoredUnknown),
            });
        }
        InboundEvent::Verified(event) => event,
    };
    Ok(match (event, attempt) {
        (PaymentEvent::Unreadable, _) => Step::Unreadable(waiting.event_id.clone()),
        (PaymentEvent::Ignored, _) => Step::Close(Outcome::IgnoredType),
        (PaymentEvent::Subscription(subject), _) => {
            Step::Subscription(fetch_subject(payments, waiting.provider, &subject).await?)
        }
        (PaymentEvent::Checkout(snapshot), None) if snapshot.state == CheckoutState::Captured => {
            Step::Unplaced(snapshot)
        }
        // Captured is final, so the event may be taken at its word; the fee follows by the reconciler.
        (PaymentEvent::Checkout(snapshot), Some(attempt)) if snapshot.state == CheckoutState::Captured => {
            Step::Checkout(attempt, snapshot)
        }
        (PaymentEvent::Checkout(snapshot), Some(attempt)) => {
            Step::Checkout(attempt, provider.fetch_checkout(&snapshot.session_id).await?)
        }
        (PaymentEvent::Transaction { failure_code, .. }, Some(attempt)) => match &attempt.session_id {
            Some(session_id) => {
                let fresh = provider.fetch_checkout(session_id).await?;
                match failure_code {
                    Some(code) if fresh.state.is_open() => Step::FailedTry(attempt, code),
                    _ => Step::Checkout(attempt, fresh),
                }
            }
            // The page was opened by a call whose answer was lost; the reconciler learns its name.
            None => Step::Close(Outcome::Noted),
        },
        (PaymentEvent::Refund { .. }, Some(attempt)) => match &attempt.txn_id {
            Some(txn_id) => {
                let refunds = provider.refunds_of(txn_id).await?;
                Step::Refunds(attempt, refunds)
            }
            None => return Err(PaymentError::NotCaptured),
        },
        (PaymentEvent::Dispute { report, .. }, Some(attempt)) => Step::Dispute(attempt, report),
        (
            PaymentEvent::Checkout(_)
            | PaymentEvent::Transaction { .. }
            | PaymentEvent::Refund { .. }
            | PaymentEvent::Dispute { .. },
            None,
        ) => Step::Close(Outcome::IgnoredUnknown),
    })
}

async fn fetch_subject(
    payments: &Payments,
    provider: ProviderCode,
    subject: &SubscriptionSubject,
) -> Result<SubscriptionEvent, PaymentError> {
    let fetched = match subject {
        SubscriptionSubject::Checkout(id) => follow::fetch_checkout(payments, provider, id).await,
        SubscriptionSubject::Subscription(id) => follow::fetch_subscription(payments, provider, id).await,
        SubscriptionSubject::Invoice(id) => follow::fetch_invoice(payments, provider, id).await,
    };
    match fetched {
        // A name that no provider gives, in an event that is signed nevertheless: nothing of ours.
        Err(PaymentError::NotFound) => Ok(SubscriptionEvent::Nothing),
        fetched => fetched,
    }
}

async fn apply(
    payments: &Payments,
    run: &JobRun<HandleEvent>,
    tx: &mut Tx,
    provider: ProviderCode,
    step: Step,
) -> Result<Outcome, PaymentError> {
    let ctx = &run.ctx;
    Ok(match step {
        Step::Close(outcome) => outcome,
        Step::Checkout(attempt, snapshot) => {
            apply_checkout(payments, ctx, tx, attempt.id, &snapshot).await?;
            Outcome::Applied
        }
        Step::Unplaced(snapshot) => orphans::take_in(payments, ctx, tx, provider, &snapshot).await?,
        Step::FailedTry(attempt, code) => {
            note_failure(ctx, tx, attempt.id, &code).await?;
            Outcome::Applied
        }
        Step::Refunds(attempt, snapshots) => {
            for snapshot in &snapshots {
                apply_reported(payments, ctx, tx, provider, attempt.payment_id, snapshot).await?;
            }
            Outcome::Applied
        }
        Step::Dispute(attempt, report) => {
            apply_dispute(payments, ctx, tx, provider, attempt.payment_id, &report).await?;
            Outcome::Noted
        }
        Step::Subscription(event) => {
            if follow::notify(payments, ctx, tx, event).await? {
                Outcome::Applied
            } else {
                Outcome::IgnoredUnknown
            }
        }
        Step::Unreadable(event_id) => {
            let detail = json!({"provider": provider});
            findings::record(payments.app(), ctx, tx, "event_unreadable", &event_id, &detail).await?;
            Outcome::Unreadable
        }
    })
}
