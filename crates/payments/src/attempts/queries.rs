//! The SQL of attempts.

use kernel::{Ctx, PaymentId, Yen};
use platform::{DatabaseError, Tx};
use time::{Duration, OffsetDateTime};

use super::ids::AttemptId;
use super::model::{Attempt, AttemptState, checkout_key};
use crate::providers::code::ProviderCode;
use crate::providers::snapshot::Voucher;

/// How soon the reconciler looks at an attempt whose page should be open by then.
const FIRST_CHECK: Duration = Duration::minutes(3);
/// How soon it asks for the fee of money that arrived without a checkout of ours.
const FEE_AFTER: Duration = Duration::seconds(30);

/// Inserts an attempt at a provider, with its key; it ends with the payment's offer.
pub(crate) async fn insert(
    ctx: &Ctx,
    tx: &mut Tx,
    payment_id: PaymentId,
    provider: ProviderCode,
) -> Result<AttemptId, DatabaseError> {
    let id: AttemptId = ctx.new_id();
    sqlx::query!(
        r#"insert into public.payment_attempts
             (id, payment_id, opened_for, buyer_id, provider_id, state, idempotency_key, amount_jpy, expires_at,
              next_check_at, created_at, updated_at)
           select $1, p.id, p.id, p.buyer_id, pr.id, 'opening', $4, p.amount_jpy, p.expires_at, $5, $6, $6
             from public.payments as p, public.payment_providers as pr where p.id = $2 and pr.code = $3"#,
        id as AttemptId,
        payment_id as PaymentId,
        provider.as_str(),
        checkout_key(id),
        ctx.now() + FIRST_CHECK,
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(id)
}

/// Money that has arrived without an attempt of ours, or whose attempt we lost.
pub(crate) struct ArrivedAttempt<'a> {
    pub(crate) payment_id: PaymentId,
    pub(crate) provider: ProviderCode,
    pub(crate) idempotency_key: &'a str,
    pub(crate) session_id: Option<&'a str>,
    pub(crate) txn_id: Option<&'a str>,
    pub(crate) captured_at: OffsetDateTime,
}

/// Records the captured attempt of a payment that has arrived; false when its key, session or transaction is recorded
/// already.
pub(crate) async fn insert_arrived(
    ctx: &Ctx,
    tx: &mut Tx,
    arrived: &ArrivedAttempt<'_>,
) -> Result<bool, DatabaseError> {
    let asks_for_fee = arrived.session_id.is_some() || arrived.txn_id.is_some();
    let done = sqlx::query!(
        r#"insert into public.payment_attempts
             (id, payment_id, opened_for, buyer_id, provider_id, state, idempotency_key, amount_jpy, captured_jpy,
              provider_session_id, provider_txn_id, expires_at, captured_at, next_check_at, created_at, updated_at)
           select $1, p.id, p.id, p.buyer_id, pr.id, 'captured', $4, p.amount_jpy, p.amount_jpy, $5, $6, $7, $8, $9, $7, $7
             from public.payments as p, public.payment_providers as pr where p.id = $2 and pr.code = $3
           on conflict do nothing"#,
        ctx.new_id::<AttemptId>() as AttemptId,
        arrived.payment_id as PaymentId,
        arrived.provider.as_str(),
        arrived.idempotency_key,
        arrived.session_id,
        arrived.txn_id,
        ctx.now(),
        arrived.captured_at,
        asks_for_fee.then(|| ctx.now() + FEE_AFTER),
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected() == 1)
}

struct Row {
    id: AttemptId,
    payment_id: PaymentId,
    provider: ProviderCode,
    state: String,
    idempotency_key: String,
    amount: Yen,
    captured: Option<Yen>,
    fee_is_known: bool,
    session_id: Option<String>,
    txn_id: Option<String>,
    checkout_url: Option<String>,
    voucher_url: Option<String>,
    voucher_expires_at: Option<OffsetDateTime>,
    expires_at: OffsetDateTime,
    captured_at: Option<OffsetDateTime>,
    check_count: i32,
}

impl Row {
    fn read(self) -> Result<Attempt, DatabaseError> {
        let voucher = self.voucher_url.map(|url| Voucher { url, expires_at: self.voucher_expires_at });
        let state = AttemptState::read(&self.state, self.checkout_url, voucher, self.captured.zip(self.captured_at))
            .ok_or_else(|| DatabaseError::Decode(format!("the state of attempt {}", self.id).into()))?;
        Ok(Attempt {
            id: self.id,
            payment_id: self.payment_id,
            provider: self.provider,
            state,
            idempotency_key: self.idempotency_key,
            amount: self.amount,
            fee_is_known: self.fee_is_known,
            session_id: self.session_id,
            txn_id: self.txn_id,
            expires_at: self.expires_at,
            check_count: self.check_count,
        })
    }
}

macro_rules! attempts_where {
    ($condition:literal, $($argument:expr),+) => {
        sqlx::query_as!(
            Row,
            r#"select a.id as "id: AttemptId", a.payment_id as "payment_id: PaymentId",
                      pr.code as "provider: ProviderCode", a.state, a.idempotency_key, a.amount_jpy as "amount: Yen",
                      a.captured_jpy as "captured: Yen", a.provider_fee_jpy is not null as "fee_is_known!",
                      a.provider_session_id as session_id, a.provider_txn_id as txn_id, a.checkout_url, a.voucher_url,
                      a.voucher_expires_at, a.expires_at, a.captured_at, a.check_count
                 from public.payment_attempts as a
                 join public.payment_providers as pr on pr.id = a.provider_id "# + $condition,
            $($argument),+
        )
    };
}

/// The payment that an attempt belongs to.
pub(super) async fn payment_of(tx: &mut Tx, id: AttemptId) -> Result<Option<PaymentId>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select payment_id as "id: PaymentId" from public.payment_attempts where id = $1"#,
        id as AttemptId,
    )
    .fetch_optional(tx.conn())
    .await
}

/// The attempt; the caller holds its payment.
pub(super) async fn lock(tx: &mut Tx, id: AttemptId) -> Result<Option<Attempt>, DatabaseError> {
    let row = attempts_where!("where a.id = $1 for update of a", id as AttemptId).fetch_optional(tx.conn()).await?;
    row.map(Row::read).transpose()
}

/// The attempts of a payment, newest first.
pub(crate) async fn of_payment(tx: &mut Tx, payment_id: PaymentId) -> Result<Vec<Attempt>, DatabaseError> {
    let rows = attempts_where!("where a.payment_id = $1 order by a.created_at desc, a.id", payment_id as PaymentId)
        .fetch_all(tx.conn())
        .await?;
    rows.into_iter().map(Row::read).collect()
}

/// The attempt by which a payment was paid.
pub(crate) async fn captured_of(tx: &mut Tx, payment_id: PaymentId) -> Result<Option<Attempt>, DatabaseError> {
    let row = attempts_where!("where a.payment_id = $1 and a.state = 'captured'", payment_id as PaymentId)
        .fetch_optional(tx.conn())
        .await?;
    row.map(Row::read).transpose()
}

/// The attempt behind a provider's session or transaction, or with our own id from our notes.
pub(crate) async fn find(
    tx: &mut Tx,
    provider: ProviderCode,
    session_id: Option<&str>,
    txn_id: Option<&str>,
    noted: Option<AttemptId>,
) -> Result<Option<Attempt>, DatabaseError> {
    let row = attempts_where!(
        r#"where pr.code = $1 and (a.provider_session_id = $2 or a.provider_txn_id = $3 or a.id = $4)
           order by (a.provider_session_id is not distinct from $2) desc,
                    (a.provider_txn_id is not distinct from $3) desc limit 1"#,
        provider.as_str(),
        session_id,
        txn_id,
        noted as Option<AttemptId>
    )
    .fetch_optional(tx.conn())
    .await?;
    row.map(Row::read).transpose()
}

/// The payment of the attempt with a key.
pub(crate) async fn by_key(tx: &mut Tx, idempotency_key: &str) -> Result<Option<PaymentId>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select payment_id as "id: PaymentId" from public.payment_attempts where idempotency_key = $1"#,
        idempotency_key,
    )
    .fetch_optional(tx.conn())
    .await
}

/// What a provider's report changes on an attempt.
#[derive(Default)]
pub(super) struct Change<'a> {
    pub(super) session_id: Option<&'a str>,
    pub(super) txn_id: Option<&'a str>,
    pub(super) last_failure_code: Option<&'a str>,
    pub(super) provider_fee: Option<Yen>,
    pub(super) next_check_at: Option<OffsetDateTime>,
    /// The payment that its money becomes, when it is not the one that it was opened for.
    pub(super) unmatched: Option<PaymentId>,
}

/// Writes a change. What was known stays where the change says nothing.
pub(super) async fn change(
    ctx: &Ctx,
    tx: &mut Tx,
    id: AttemptId,
    state: &AttemptState,
    change: &Change<'_>,
) -> Result<(), DatabaseError> {
    let checkout_url = if let AttemptState::Open { checkout_url } = state { Some(checkout_url.as_str()) } else { None };
    let voucher = if let AttemptState::VoucherIssued(voucher) = state { Some(voucher) } else { None };
    let captured = if let AttemptState::Captured { amount, at } = state { Some((*amount, *at)) } else { None };
    sqlx::query!(
        r#"update public.payment_attempts
              set state = $2,
                  provider_session_id = coalesce(provider_session_id, $3),
                  provider_txn_id = coalesce(provider_txn_id, $4),
                  checkout_url = $5,
                  voucher_url = coalesce($6, voucher_url), voucher_expires_at = coalesce($7, voucher_expires_at),
                  last_failure_code = coalesce($8, last_failure_code),
                  provider_fee_jpy = coalesce(provider_fee_jpy, $9),
                  captured_jpy = coalesce(captured_jpy, $10), captured_at = coalesce(captured_at, $11),
                  next_check_at = $12, payment_id = coalesce($13, payment_id), updated_at = $14
            where id = $1"#,
        id as AttemptId,
        state.as_str(),
        change.session_id,
        change.txn_id,
        checkout_url,
        voucher.map(|voucher| voucher.url.as_str()),
        voucher.and_then(|voucher| voucher.expires_at),
        change.last_failure_code,
        change.provider_fee.map(Yen::get),
        captured.map(|(amount, _)| amount.get()),
        captured.map(|(_, at)| at),
        change.next_check_at,
        change.unmatched as Option<PaymentId>,
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Lets a new attempt end later than the payment's offer did.
pub(super) async fn set_expiry(tx: &mut Tx, id: AttemptId, expires_at: OffsetDateTime) -> Result<(), DatabaseError> {
    sqlx::query!("update public.payment_attempts set expires_at = $2 where id = $1", id as AttemptId, expires_at)
        .execute(tx.conn())
        .await?;
    Ok(())
}
