//! The SQL of the proof: what payments knows itself. What the ledger says of it, the ledger is asked.

use kernel::{PaymentId, RefundId, Yen};
use platform::{DatabaseError, Tx};
use time::OffsetDateTime;
use uuid::Uuid;

/// A payment with money, as payments has it.
pub(super) struct PaidPayment {
    pub(super) id: PaymentId,
    pub(super) amount: Yen,
    pub(super) captured_at: Option<OffsetDateTime>,
    /// What the provider kept, by the attempt that paid it.
    pub(super) fee: Option<Yen>,
    /// What open disputes hold.
    pub(super) held: Yen,
}

/// Payments with money in the order of their ids, after the one that is given.
pub(super) async fn paid_payments(
    tx: &mut Tx,
    after: Option<PaymentId>,
    limit: i64,
) -> Result<Vec<PaidPayment>, DatabaseError> {
    sqlx::query_as!(
        PaidPayment,
        r#"select p.id as "id: PaymentId", p.amount_jpy as "amount: Yen", p.captured_at,
                  a.provider_fee_jpy as "fee?: Yen",
                  coalesce((select sum(d.held_jpy) from public.disputes as d where d.payment_id = p.id), 0)::bigint
                    as "held!: Yen"
             from public.payments as p
             left join public.payment_attempts as a on a.payment_id = p.id and a.state = 'captured'
            where p.status in ('captured', 'partially_refunded', 'refunded') and ($1::uuid is null or p.id > $1)
            order by p.id limit $2"#,
        after as Option<PaymentId>,
        limit,
    )
    .fetch_all(tx.conn())
    .await
}

/// Refunds that have succeeded, in the order of their ids, after the one that is given.
pub(super) async fn succeeded_refunds(
    tx: &mut Tx,
    after: Option<RefundId>,
    limit: i64,
) -> Result<Vec<(RefundId, Yen)>, DatabaseError> {
    let rows = sqlx::query!(
        r#"select id as "id: RefundId", amount_jpy as "amount: Yen" from public.refunds
            where status = 'succeeded' and ($1::uuid is null or id > $1) order by id limit $2"#,
        after as Option<RefundId>,
        limit,
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.amount)).collect())
}

/// Which of these payments have no money, or do not exist.
pub(super) async fn without_money(tx: &mut Tx, ids: &[PaymentId]) -> Result<Vec<Uuid>, DatabaseError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    sqlx::query_scalar!(
        r#"select asked.id as "id!" from unnest($1::uuid[]) as asked (id)
            where not exists (select from public.payments as p
                               where p.id = asked.id and p.status in ('captured', 'partially_refunded', 'refunded'))"#,
        &ids,
    )
    .fetch_all(tx.conn())
    .await
}

/// What breaks each rule of payments alone: code, subject, detail. Events before `handled_before` have been handled.
pub(super) async fn broken_rules(
    tx: &mut Tx,
    handled_before: OffsetDateTime,
) -> Result<Vec<(String, String, String)>, DatabaseError> {
    let rows = sqlx::query!(
        r#"select 'refunds_differ_from_payment' as "code!", p.id::text as "subject!",
                  'recorded ' || p.refunded_jpy as "detail!"
             from public.payments as p
            where p.refunded_jpy is distinct from (
                    select coalesce(sum(r.amount_jpy), 0) from public.refunds as r
                     where r.payment_id = p.id and r.status = 'succeeded')
           union all
           select 'attempt_differs_from_payment', p.id::text,
                  'paid ' || p.amount_jpy || ', captured ' || coalesce(a.captured_jpy, 0)
             from public.payments as p
             left join public.payment_attempts as a on a.payment_id = p.id and a.state = 'captured'
            where (p.captured_at is not null or a.id is not null)
              and (p.captured_at is null or a.captured_jpy is distinct from p.amount_jpy)
           union all
           select 'refund_lines_differ', r.id::text, 'refunded ' || r.amount_jpy
             from public.refunds as r
             join public.refund_lines as l on l.refund_id = r.id and l.revision = r.revision
            group by r.id having sum(l.amount_jpy) <> r.amount_jpy
           union all
           select 'dispute_differs_from_ledger', d.id::text, 'in state ' || d.state || ', held ' || d.held_jpy
             from public.disputes as d where d.state <> 'withdrawn' and d.held_jpy <> 0
           union all
           select 'event_not_handled', i.event_id, i.event_type from public.webhook_inbox as i
            where i.handled_at is null and i.received_at < $1
           union all
           select 'tax_invoice_numbers_have_a_gap', c.year::text, 'the last is ' || c.last || ' of ' || count(i.id)
             from public.tax_invoice_counters as c
             left join public.tax_invoices as i on i.year = c.year
            group by c.year, c.last having c.last <> count(i.id) or c.last <> coalesce(max(i.serial), 0)
           union all
           select 'tax_invoice_differs_from_payment', i.number, 'invoiced ' || i.total_jpy || ', paid ' || p.amount_jpy
             from public.tax_invoices as i
             join public.payments as p on p.id = i.payment_id
            where i.kind = 'invoice' and i.total_jpy <> p.amount_jpy
           union all
           select f.code, f.subject, f.detail::text from public.payment_findings as f where f.resolved_at is null
           order by 1, 2 limit 500"#,
        handled_before,
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.code, row.subject, row.detail)).collect())
}
