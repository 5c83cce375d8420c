//! The job that handles one event. What an event says is a hint; where order matters the object is fetched again.

use kernel::PaymentId;
use platform::Tx;
use platform::jobs::{Job, JobError, JobRun};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::orphans;
use super::queries::{self, Outcome};
use super::subscriptions::{About, about};
use crate::disputes::apply::apply as apply_dispute;
use crate::disputes::model::DisputeUpdate;
use crate::error::PaymentError;
use crate::intents::apply::{apply as apply_checkout, note_failure};
use crate::intents::queries as payments_table;
use crate::providers::code::ProviderCode;
use crate::providers::note;
use crate::providers::snapshot::{CheckoutSnapshot, CheckoutState, RefundSnapshot};
use crate::providers::stripe::events::{Event, EventObject};
use crate::providers::stripe::objects::{Expandable, Metadata, PaymentIntent};
use crate::reconciliation::findings;
use crate::refunds::apply::{apply as apply_refund, apply_foreign};
use crate::refunds::queries as refunds_table;
use crate::state::Payments;
use crate::subscriptions::follow::{SubscriptionEvent, notify};

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

/// What an event leads to, once everything that must be fetched has been.
enum Step {
    /// Nothing but this outcome.
    Close(Outcome),
    /// A payment as the provider has it.
    Payment(PaymentId, CheckoutSnapshot),
    /// Money that we cannot place.
    Unplaced(CheckoutSnapshot),
    /// An attempt to pay failed; the buyer may try again.
    FailedAttempt(PaymentId, String),
    /// Refunds of a payment as the provider has them.
    Refunds(PaymentId, Vec<RefundSnapshot>),
    /// A dispute of a payment.
    Dispute(PaymentId, DisputeUpdate),
    /// Something about a subscription, as the provider has it.
    Subscription(SubscriptionEvent),
    /// Something for an operator.
    Finding(&'static str, String, serde_json::Value),
}

/// Reads the event, fetches what it is about, and applies it in the transaction that marks it as handled.
pub(crate) async fn handle(payments: Payments, run: JobRun<HandleEvent>) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    let Some(waiting) = queries::lock_waiting(&mut tx, run.job.inbox_id).await? else { return Ok(()) };
    let event = waiting.body.as_deref().and_then(|body| Event::parse(body.as_bytes()).ok());
    let provider = waiting.provider;
    let subject = match &event {
        Some(event) => subject_of(&mut tx, event).await?,
        None => Subject::Unreadable,
    };
    tx.commit().await?;

    let step = next_step(&payments, provider, subject, event.as_ref()).await?;

    let mut tx = run.begin().await?;
    if queries::lock_waiting(&mut tx, run.job.inbox_id).await?.is_none() {
        return Ok(());
    }
    let outcome = take(&payments, &run, &mut tx, provider, step).await?;
    queries::handled(&run.ctx, &mut tx, run.job.inbox_id, outcome).await?;
    tracing::info!(inbox = run.job.inbox_id, outcome = outcome.as_str(), "an event was handled");
    run.finish(&mut tx, &json!({})).await?;
    tx.commit().await?;
    Ok(())
}

/// What an event is about, as far as the database knows it.
enum Subject {
    Session { payment: Option<Known>, snapshot: CheckoutSnapshot },
    Intent { payment: Option<Known>, intent: PaymentIntent },
    Refunds { payment: Option<Known> },
    Dispute { payment: Option<Known>, update: DisputeUpdate },
    Subscription(About),
    Other,
    Unreadable,
}

struct Known {
    id: PaymentId,
    session_id: Option<String>,
    intent_id: Option<String>,
}

async fn subject_of(tx: &mut Tx, event: &Event) -> Result<Subject, PaymentError> {
    if let Some(about) = about(event) {
        return Ok(Subject::Subscription(about));
    }
    let Ok(object) = event.object() else { return Ok(Subject::Unreadable) };
    Ok(match object {
        EventObject::Session(session) => {
            let snapshot = CheckoutSnapshot::from(session);
            let payment =
                known(tx, Some(&snapshot.session_id), snapshot.intent_id.as_deref(), &snapshot.metadata).await?;
            Subject::Session { payment, snapshot }
        }
        EventObject::Intent(intent) => {
            let payment = known(tx, None, Some(&intent.id), &intent.metadata).await?;
            Subject::Intent { payment, intent }
        }
        EventObject::Charge(charge) if event.kind == "charge.refunded" => {
            let intent_id = charge.payment_intent.as_ref().map(Expandable::id);
            Subject::Refunds { payment: known(tx, None, intent_id, &charge.metadata).await? }
        }
        EventObject::Refund(refund) => {
            let intent_id = refund.payment_intent.as_ref().map(Expandable::id);
            Subject::Refunds { payment: known(tx, None, intent_id, &Metadata::new()).await? }
        }
        EventObject::Dispute(dispute) => {
            let intent_id = dispute.payment_intent.as_ref().map(Expandable::id);
            let payment = known(tx, None, intent_id, &Metadata::new()).await?;
            Subject::Dispute { payment, update: DisputeUpdate::read(&event.kind, &dispute) }
        }
        EventObject::Charge(_) | EventObject::Other => Subject::Other,
    })
}

async fn known(
    tx: &mut Tx,
    session_id: Option<&str>,
    intent_id: Option<&str>,
    metadata: &Metadata,
) -> Result<Option<Known>, PaymentError> {
    let noted = metadata.get(note::PAYMENT).and_then(|id| id.parse().ok());
    let Some(id) = payments_table::id_at_provider(tx, session_id, intent_id, noted).await? else { return Ok(None) };
    let payment = payments_table::lock(tx, id).await?.ok_or(PaymentError::NotFound)?;
    Ok(Some(Known { id, session_id: payment.session_id, intent_id: payment.intent_id }))
}

/// Fetches what the subject needs; no transaction is open here.
async fn next_step(
    payments: &Payments,
    provider: ProviderCode,
    subject: Subject,
    event: Option<&Event>,
) -> Result<Step, PaymentError> {
    Ok(match subject {
        Subject::Unreadable => {
            let kind = event.map(|event| event.kind.clone());
            let id = event.map_or_else(|| "without an id".to_owned(), |event| event.id.clone());
            Step::Finding("event_unreadable", id, json!({"kind": kind}))
        }
        Subject::Other => Step::Close(Outcome::IgnoredType),
        Subject::Subscription(about) => Step::Subscription(about.fetch(payments).await?),
        Subject::Session { payment: None, snapshot } if snapshot.state == CheckoutState::Paid => {
            Step::Unplaced(snapshot)
        }
        Subject::Session { payment: Some(known), snapshot } if snapshot.state == CheckoutState::Paid => {
            // Paid is final, so the event may be taken at its word; the fee follows by the reconciler.
            Step::Payment(known.id, snapshot)
        }
        Subject::Session { payment: Some(known), snapshot } => {
            let fresh = payments.provider(provider)?.fetch_checkout(&snapshot.session_id).await?;
            Step::Payment(known.id, fresh)
        }
        Subject::Intent { payment: Some(known), intent } => match known.session_id {
            Some(session_id) => {
                let fresh = payments.provider(provider)?.fetch_checkout(&session_id).await?;
                match (&fresh.state, failure_of(&intent)) {
                    (CheckoutState::Open, Some(code)) => Step::FailedAttempt(known.id, code),
                    _ => Step::Payment(known.id, fresh),
                }
            }
            // The page was opened by a call whose answer was lost; the reconciler learns its name.
            None => Step::Close(Outcome::Noted),
        },
        Subject::Refunds { payment: Some(known) } => match known.intent_id {
            Some(intent_id) => Step::Refunds(known.id, payments.provider(provider)?.refunds_of(&intent_id).await?),
            None => return Err(PaymentError::NotCaptured),
        },
        Subject::Dispute { payment: Some(known), update } => Step::Dispute(known.id, update),
        Subject::Session { payment: None, .. }
        | Subject::Intent { payment: None, .. }
        | Subject::Refunds { payment: None }
        | Subject::Dispute { payment: None, .. } => Step::Close(Outcome::IgnoredUnknown),
    })
}

fn failure_of(intent: &PaymentIntent) -> Option<String> {
    let failure = intent.last_payment_error.as_ref()?;
    failure.decline_code.clone().or_else(|| failure.code.clone())
}

async fn take(
    payments: &Payments,
    run: &JobRun<HandleEvent>,
    tx: &mut Tx,
    provider: ProviderCode,
    step: Step,
) -> Result<Outcome, PaymentError> {
    let ctx = &run.ctx;
    Ok(match step {
        Step::Close(outcome) => outcome,
        Step::Payment(payment_id, snapshot) => {
            apply_checkout(payments, ctx, tx, payment_id, &snapshot).await?;
            Outcome::Applied
        }
        Step::Unplaced(snapshot) => orphans::give_back(payments, ctx, tx, provider, &snapshot).await?,
        Step::FailedAttempt(payment_id, code) => {
            note_failure(ctx, tx, payment_id, &code).await?;
            Outcome::Applied
        }
        Step::Refunds(payment_id, snapshots) => {
            for snapshot in &snapshots {
                take_refund(payments, ctx, tx, payment_id, snapshot).await?;
            }
            Outcome::Applied
        }
        Step::Dispute(payment_id, update) => {
            apply_dispute(payments, ctx, tx, payment_id, &update).await?;
            Outcome::Noted
        }
        Step::Subscription(event) => {
            if notify(payments, ctx, tx, event).await? {
                Outcome::Applied
            } else {
                Outcome::IgnoredUnknown
            }
        }
        Step::Finding(code, subject, detail) => {
            findings::record(ctx, tx, code, &subject, &detail).await?;
            if code == "event_unreadable" { Outcome::Unreadable } else { Outcome::Noted }
        }
    })
}

/// A refund is ours by the note that we put on it, or by a name that we have recorded; else it was made at the provider.
pub(crate) async fn take_refund(
    payments: &Payments,
    ctx: &kernel::Ctx,
    tx: &mut Tx,
    payment_id: PaymentId,
    snapshot: &RefundSnapshot,
) -> Result<(), PaymentError> {
    let ours = match snapshot.refund_id {
        Some(id) if refunds_table::payment_of(tx, id).await? == Some(payment_id) => Some(id),
        _ => refunds_table::id_at_provider(tx, &snapshot.provider_refund_id).await?,
    };
    match ours {
        Some(id) => apply_refund(payments, ctx, tx, id, snapshot).await?,
        None => apply_foreign(payments, ctx, tx, payment_id, snapshot).await?,
    };
    Ok(())
}
