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
    /// Does what the visitor of the page chose, in one transaction; nothing when there is no such session.
    pub(super) async fn act(
        &self,
        ctx: &Ctx,
        session_id: &str,
        action: CheckoutAction,
    ) -> Result<Option<Next>, DatabaseError> {
        let mut tx = self.begin().await?;
        let Some(mut session) = self.current(&mut tx, session_id).await? else { return Ok(None) };
        let was = session.state();
        let is_applied = self.apply_action(ctx, &mut tx, &mut session, action).await?;
        tx.commit().await?;
        Ok(Some(match action {
            _ if !is_applied => Next::TooLate,
            CheckoutAction::Succeed | CheckoutAction::KonbiniLater if was == SandboxSessionState::Open => {
                Next::Leave(session.success_url)
            }
            CheckoutAction::Cancel => Next::Leave(session.cancel_url),
            _ => Next::Stay,
        }))
    }

    /// Changes a locked session as the action says, and records the events; false when the action has no place in its
    /// state.
    pub(super) async fn apply_action(
        &self,
        ctx: &Ctx,
        tx: &mut Tx,
        session: &mut Session,
        action: CheckoutAction,
    ) -> Result<bool, DatabaseError> {
        let Some(kinds) = session.apply(action) else { return Ok(false) };
        match action {
            CheckoutAction::Refund => self.give_back(ctx, tx, session).await?,
            CheckoutAction::Dispute | CheckoutAction::DisputeWon | CheckoutAction::DisputeLost => {
                record_events(ctx, tx, kinds, &session.dispute_as_stripe()).await?;
            }
            _ => {
                for kind in kinds {
                    let page_url = self.page_url(&session.id);
                    let object = if kind.starts_with("payment_intent.") {
                        session.intent_as_stripe(&page_url)
                    } else {
                        session.as_stripe(&page_url, false)
                    };
                    record_events(ctx, tx, &[kind], &object).await?;
                }
            }
        }
        queries::save_session(ctx, tx, session).await?;
        Ok(true)
    }

    async fn give_back(&self, ctx: &Ctx, tx: &mut Tx, session: &mut Session) -> Result<(), DatabaseError> {
        let order = RefundOrder {
            idempotency_key: format!("console:{}", unguessable(ctx)),
            refund_id: ctx.new_id(),
            txn_id: session.payment_intent_id.clone(),
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
