//! The sandbox's events: stored in the transaction that changes what they are about, and delivered by a job.

use kernel::Ctx;
use platform::jobs::{Job, enqueue};
use platform::{DatabaseError, Tx};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::model::event;
use super::queries;

/// Post this event.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeliverSandboxEvent {
    /// `evt_sandbox_…`.
    pub(crate) event_id: String,
}

impl Job for DeliverSandboxEvent {
    const NAME: &'static str = "payments.deliver_sandbox_event";
    const MAX_ATTEMPTS: i32 = 20;
    /// Somebody has paid and waits.
    const PRIORITY: i16 = 10;
}

/// Stores events and enqueues their delivery.
pub(super) async fn record_events(ctx: &Ctx, tx: &mut Tx, kinds: &[&str], object: &Value) -> Result<(), DatabaseError> {
    for kind in kinds {
        record_event_of(ctx, tx, None, kind, object).await?;
    }
    Ok(())
}

/// Stores one event, of a subscription where one is given, and enqueues its delivery.
pub(super) async fn record_event_of(
    ctx: &Ctx,
    tx: &mut Tx,
    subscription_id: Option<&str>,
    kind: &str,
    object: &Value,
) -> Result<(), DatabaseError> {
    let (event_id, body) = event(ctx, kind, object);
    queries::insert_event(ctx, tx, &event_id, subscription_id, kind, &body).await?;
    enqueue(ctx, tx, &DeliverSandboxEvent { event_id }).await?;
    Ok(())
}
