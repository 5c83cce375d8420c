//! What an action on the checkout page does.

use kernel::Ctx;
use platform::{DatabaseError, Tx};
use serde_json::json;

use super::events::record_events;
use super::handle::Sandbox;
use super::model::{CheckoutAction, SandboxSessionState, Session, unguessable};
use super::queries;
use crate::providers::request::RefundOrder;

/// What the visitor sees next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Next {
    /// The shop, which knows what happened or soon will.
    Leave(String),
    /// The page again.
    Stay,
    /// The action has no place in this state; the page again, with a word about it.
    TooLate,
}

impl Sandbox {
    /// Changes the rows and records the events in one transaction; nothing when there is no such session.
    pub(super) async fn act(
        &self,
        ctx: &Ctx,
        session_id: &str,
        action: CheckoutAction,
    ) -> Result<Option<Next>, DatabaseError> {
        let mut tx = self.begin().await?;
        let Some(mut session) = self.current(&mut tx, session_id).await? else { return Ok(None) };
        let was = session.state();
        let Some(kinds) = session.apply(action) else {
            tx.commit().await?;
            return Ok(Some(Next::TooLate));
        };
        match action {
            CheckoutAction::Refund => self.give_back(ctx, &mut tx, &mut session).await?,
            CheckoutAction::Dispute | CheckoutAction::DisputeWon | CheckoutAction::DisputeLost => {
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
        Ok(Some(match action {
            CheckoutAction::Succeed | CheckoutAction::KonbiniLater if was == SandboxSessionState::Open => {
                Next::Leave(session.success_url)
            }
            CheckoutAction::Cancel => Next::Leave(session.cancel_url),
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
