//! The sandbox as a provider: the same calls as Stripe, answered from its own tables in transactions of their own.

use kernel::{Ctx, Yen};
use platform::{DatabaseError, Tx};

use super::events::record_events;
use super::handle::{Sandbox, parse};
use super::model::{CheckoutAction, SandboxSessionState, Session, unguessable};
use super::queries;
use super::subscriptions::provider::{intent_of_invoice, refund_of_invoice};
use crate::providers::error::ProviderError;
use crate::providers::request::{CheckoutRequest, RefundOrder};
use crate::providers::stripe::objects::{CheckoutSession, Metadata, PaymentIntent, Refund};

impl Sandbox {
    pub(crate) async fn create_session(&self, request: &CheckoutRequest) -> Result<CheckoutSession, ProviderError> {
        let ctx = self.ctx();
        let tail = unguessable(&ctx);
        let mut tx = self.begin().await?;
        let (id, intent_id) = (format!("cs_sandbox_{tail}"), format!("pi_sandbox_{tail}"));
        queries::insert_session(&ctx, &mut tx, &id, &intent_id, request, self.behaviour().captures_at_once).await?;
        let known = queries::id_by_key(&mut tx, &request.idempotency_key).await?.ok_or(ProviderError::Missing)?;
        let session = queries::lock_session(&mut tx, &known).await?.ok_or(ProviderError::Missing)?;
        tx.commit().await?;
        self.read(&session)
    }

    pub(crate) async fn session(&self, session_id: &str) -> Result<CheckoutSession, ProviderError> {
        let mut tx = self.begin().await?;
        let session = self.current(&mut tx, session_id).await?.ok_or(ProviderError::Missing)?;
        tx.commit().await?;
        self.read(&session)
    }

    pub(crate) async fn expire_session(&self, session_id: &str) -> Result<CheckoutSession, ProviderError> {
        let mut tx = self.begin().await?;
        let mut session = self.current(&mut tx, session_id).await?.ok_or(ProviderError::Missing)?;
        match session.state() {
            SandboxSessionState::Open | SandboxSessionState::Approved => self.expire(&mut tx, &mut session).await?,
            SandboxSessionState::KonbiniWaiting => {
                self.apply_action(&self.ctx(), &mut tx, &mut session, CheckoutAction::KonbiniLapsed).await?;
            }
            _ => return Err(ProviderError::Refused("session_not_open".to_owned())),
        }
        tx.commit().await?;
        self.read(&session)
    }

    /// Captures what the buyer has approved; captured already, it stays as it is.
    pub(crate) async fn capture(&self, session_id: &str) -> Result<CheckoutSession, ProviderError> {
        let mut tx = self.begin().await?;
        let mut session = self.current(&mut tx, session_id).await?.ok_or(ProviderError::Missing)?;
        if session.state() == SandboxSessionState::Approved {
            self.apply_action(&self.ctx(), &mut tx, &mut session, CheckoutAction::Capture).await?;
        }
        tx.commit().await?;
        self.read(&session)
    }

    pub(crate) async fn create_refund(
        &self,
        order: &RefundOrder,
        metadata: &Metadata,
    ) -> Result<Refund, ProviderError> {
        let ctx = self.ctx();
        let mut tx = self.begin().await?;
        if queries::refund_by_key(&mut tx, &order.idempotency_key).await?.is_none() {
            if !self.take_from_session(&ctx, &mut tx, order).await? {
                refund_of_invoice(&ctx, &mut tx, order).await?.ok_or(ProviderError::Missing)?;
            }
            let notes = serde_json::to_value(metadata).unwrap_or_default();
            let id = format!("re_sandbox_{}", unguessable(&ctx));
            queries::insert_refund(&ctx, &mut tx, &id, order, &notes).await?;
            let made = queries::refund_by_key(&mut tx, &order.idempotency_key).await?.ok_or(ProviderError::Missing)?;
            record_events(&ctx, &mut tx, &["refund.created"], &made.as_stripe()).await?;
        }
        let refund = queries::refund_by_key(&mut tx, &order.idempotency_key).await?.ok_or(ProviderError::Missing)?;
        tx.commit().await?;
        parse(refund.as_stripe())
    }

    /// Counts a refund on the session behind a payment; false when the payment is none of a session's.
    async fn take_from_session(&self, ctx: &Ctx, tx: &mut Tx, order: &RefundOrder) -> Result<bool, ProviderError> {
        let Some(session_id) = queries::id_by_intent(tx, &order.txn_id).await? else { return Ok(false) };
        let mut session = queries::lock_session(tx, &session_id).await?.ok_or(ProviderError::Missing)?;
        let left = session.amount - session.refunded;
        if session.payment_status != "paid" || order.amount > left || order.amount <= Yen::ZERO {
            return Err(ProviderError::Refused("charge_already_refunded".to_owned()));
        }
        if matches!(session.state(), SandboxSessionState::Disputed | SandboxSessionState::ChargedBack) {
            return Err(ProviderError::Refused("charge_disputed".to_owned()));
        }
        session.refunded = session.refunded + order.amount;
        queries::save_session(ctx, tx, &session).await?;
        Ok(true)
    }

    /// A payment with its charge and fee, whether of a session or of an invoice.
    pub(crate) async fn payment_intent(&self, intent_id: &str) -> Result<PaymentIntent, ProviderError> {
        let mut tx = self.begin().await?;
        let object = match queries::id_by_intent(&mut tx, intent_id).await? {
            Some(id) => queries::lock_session(&mut tx, &id).await?.map(|session| {
                let page_url = self.page_url(&session.id);
                session.intent_as_stripe(&page_url)
            }),
            None => intent_of_invoice(&mut tx, intent_id).await?,
        };
        tx.commit().await?;
        parse(object.ok_or(ProviderError::Missing)?)
    }

    pub(crate) async fn refunds_of(&self, intent_id: &str) -> Result<Vec<Refund>, ProviderError> {
        let mut tx = self.begin().await?;
        let rows = queries::refunds_of(&mut tx, intent_id).await?;
        tx.commit().await?;
        rows.iter().map(|row| parse(row.as_stripe())).collect()
    }

    /// The session as it is now: one whose time is over has lapsed, as at any provider.
    pub(super) async fn current(&self, tx: &mut Tx, session_id: &str) -> Result<Option<Session>, DatabaseError> {
        let Some(mut session) = queries::lock_session(tx, session_id).await? else { return Ok(None) };
        if session.state() == SandboxSessionState::Open && self.app().clock.now() >= session.expires_at {
            self.expire(tx, &mut session).await?;
        }
        Ok(Some(session))
    }

    async fn expire(&self, tx: &mut Tx, session: &mut Session) -> Result<(), DatabaseError> {
        let ctx = self.ctx();
        "expired".clone_into(&mut session.status);
        queries::save_session(&ctx, tx, session).await?;
        let object = session.as_stripe(&self.page_url(&session.id), false);
        record_events(&ctx, tx, &["checkout.session.expired"], &object).await
    }

    fn read(&self, session: &Session) -> Result<CheckoutSession, ProviderError> {
        parse(session.as_stripe(&self.page_url(&session.id), true))
    }
}
