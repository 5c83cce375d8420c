//! What a press on the checkout page does.

use kernel::Ctx;
use platform::jobs::enqueue;
use platform::{DatabaseError, Tx};
use serde_json::{Value, json};

use super::jobs::DeliverSandboxEvent;
use super::model::{Press, Session, Standing, event, unguessable};
use super::provider::Sandbox;
use super::queries;
use crate::providers::RefundOrder;

/// What the visitor sees next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The shop, which knows what happened or soon will.
    Leave(String),
    /// The page again.
    Stay,
    /// The press has no place in this standing; the page again, with a word about it.
    TooLate,
}

impl Sandbox {
    /// Changes the books and records the events in one transaction; nothing when there is no such session.
    pub(super) async fn act(&self, ctx: &Ctx, session_id: &str, press: Press) -> Result<Option<Next>, DatabaseError> {
        let mut tx = self.begin().await?;
        let Some(mut session) = self.current(&mut tx, session_id).await? else { return Ok(None) };
        let was = session.standing();
        let Some(kinds) = session.press(press) else {
            tx.commit().await?;
            return Ok(Some(Next::TooLate));
        };
        match press {
            Press::Refund => self.give_back(ctx, &mut tx, &mut session).await?,
            Press::Dispute | Press::DisputeWon | Press::DisputeLost => {
                record_events(ctx, &mut tx, kinds, &session.dispute_as_stripe()).await?;
            }
            _ => {
                for kind in kinds {
                    let object = if kind.starts_with("payment_intent.") {
                        session.intent_as_stripe(&self.page_url(session_id))
                    } else {
                        session.as_stripe(&self.page_url(session_id), false)
                    };
                    record_events(ctx, &mut tx, &[kind], &object).await?;
                }
            }
        }
        queries::save_session(ctx, &mut tx, &session).await?;
        tx.commit().await?;
        Ok(Some(match press {
            Press::Succeed | Press::KonbiniLater if was == Standing::Open => Next::Leave(session.success_url),
            Press::Cancel => Next::Leave(session.cancel_url),
            _ => Next::Stay,
        }))
    }

    async fn give_back(&self, ctx: &Ctx, tx: &mut Tx, session: &mut Session) -> Result<(), DatabaseError> {
        let order = RefundOrder {
            idempotency_key: format!("console:{}", unguessable(ctx)),
            refund_id: ctx.new_id(),
            intent_id: session.payment_intent_id.clone(),
            amount: session.amount - session.refunded,
            reason: "requested_by_customer",
        };
        let id = format!("re_sandbox_{}", unguessable(ctx));
        queries::insert_refund(ctx, tx, &id, &order, &json!({})).await?;
        session.refunded = session.amount;
        if let Some(refund) = queries::refund_by_key(tx, &order.idempotency_key).await? {
            record_events(ctx, tx, &["refund.created"], &refund.as_stripe()).await?;
        }
        Ok(())
    }
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
