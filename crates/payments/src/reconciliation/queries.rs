//! The SQL of reconciliation.

use kernel::{Ctx, EventId, PaymentId, RefundId};
use platform::{DatabaseError, Tx};
use serde_json::Value;

/// Payments that are due, put off meanwhile: whatever happens to their check, they come up again, ever less often.
pub(super) async fn take_due_payments(ctx: &Ctx, tx: &mut Tx) -> Result<Vec<PaymentId>, DatabaseError> {
    sqlx::query_scalar!(
        r#"with due as materialized (
             select id from public.payments where next_check_at <= $1 order by next_check_at limit 200
             for update skip locked
           )
           update public.payments as p
              set check_count = check_count + 1,
                  next_check_at = $1 + least(interval '2 minutes' * power(2, least(check_count, 9)), interval '12 hours')
             from due where p.id = due.id
           returning p.id as "id: PaymentId""#,
        ctx.now(),
    )
    .fetch_all(tx.conn())
    .await
}

/// Refunds that are due, likewise.
pub(super) async fn take_due_refunds(ctx: &Ctx, tx: &mut Tx) -> Result<Vec<RefundId>, DatabaseError> {
    sqlx::query_scalar!(
        r#"with due as materialized (
             select id from public.refunds where next_check_at <= $1 order by next_check_at limit 200
             for update skip locked
           )
           update public.refunds as r
              set next_check_at = $1 + least(interval '5 minutes' * power(2, least(attempts, 9)), interval '12 hours')
             from due where r.id = due.id
           returning r.id as "id: RefundId""#,
        ctx.now(),
    )
    .fetch_all(tx.conn())
    .await
}

pub(super) async fn insert_finding(
    ctx: &Ctx,
    tx: &mut Tx,
    id: EventId,
    code: &str,
    subject: &str,
    detail: &Value,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"insert into public.payment_findings (id, code, subject, detail, found_at) values ($1, $2, $3, $4, $5)
           on conflict (code, subject) do nothing"#,
        id as EventId,
        code,
        subject,
        detail,
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// What breaks each rule of payments: code, subject, detail.
pub(super) async fn broken_rules(ctx: &Ctx, tx: &mut Tx) -> Result<Vec<(String, String, String)>, DatabaseError> {
    // What has just happened may still be on its way through the queue.
    let settled_before = ctx.now() - time::Duration::minutes(10);
    let rows = sqlx::query!(
        r#"select 'payment_not_on_ledger' as "code!", p.id::text as "subject!", 'captured and neither sale nor receipt' as "detail!"
             from public.payments as p
            where p.status in ('captured', 'partially_refunded', 'refunded') and p.captured_at < $1
              and not exists (select from public.ledger_transfers as t
                               where t.payment_id = p.id and t.kind in ('sale', 'receipt'))
           union all
           select 'ledger_differs_from_payment', p.id::text,
                  'paid ' || p.amount_jpy || ', on the ledger ' || coalesce(sum(e.debit_jpy), 0)
             from public.payments as p
             join public.ledger_transfers as t on t.payment_id = p.id and t.kind in ('sale', 'receipt')
             join public.ledger_entries as e on e.transfer_id = t.id
             join public.ledger_accounts as a on a.id = e.account_id and a.kind = 'provider_clearing'
            group by p.id having sum(e.debit_jpy) <> p.amount_jpy
           union all
           select 'ledger_differs_from_refund', r.id::text, 'refunded ' || r.amount_jpy
             from public.refunds as r
            where r.status = 'succeeded'
              and r.amount_jpy is distinct from (
                select -sum(e.debit_jpy) from public.ledger_transfers as t
                  join public.ledger_entries as e on e.transfer_id = t.id
                  join public.ledger_accounts as a on a.id = e.account_id and a.kind = 'provider_clearing'
                 where t.source in ('payments', 'credits') and t.kind = 'refund' and t.business_key = r.id::text)
           union all
           select 'refunds_differ_from_payment', p.id::text, 'recorded ' || p.refunded_jpy
             from public.payments as p
            where p.refunded_jpy is distinct from (
                    select coalesce(sum(r.amount_jpy), 0) from public.refunds as r
                     where r.payment_id = p.id and r.status = 'succeeded')
           union all
           select 'ledger_without_payment', t.id::text, t.kind from public.ledger_transfers as t
            where t.payment_id is not null and t.kind in ('sale', 'receipt')
              and not exists (select from public.payments as p
                               where p.id = t.payment_id
                                 and p.status in ('captured', 'partially_refunded', 'refunded'))
           union all
           select 'fee_differs_from_ledger', p.id::text, 'fee ' || p.provider_fee_jpy
             from public.payments as p
            where p.provider_fee_jpy <> 0
              and p.provider_fee_jpy is distinct from (
                select sum(e.debit_jpy) from public.ledger_transfers as t
                  join public.ledger_entries as e on e.transfer_id = t.id
                  join public.ledger_accounts as a on a.id = e.account_id and a.kind = 'payment_fee_expense'
                 where t.payment_id = p.id and t.kind = 'provider_fee')
           union all
           select 'dispute_differs_from_ledger', d.id::text, 'in state ' || d.state || ', held ' || d.held_jpy
             from public.disputes as d
            where case when d.state = 'withdrawn' then d.held_jpy else 0 end < d.held_jpy
               or not exists (select from public.disputes as o where o.payment_id = d.payment_id and o.id <> d.id)
                  and d.held_jpy is distinct from (
                    select coalesce(sum(e.debit_jpy), 0) from public.ledger_transfers as t
                      join public.ledger_entries as e on e.transfer_id = t.id
                      join public.ledger_accounts as a on a.id = e.account_id and a.kind = 'dispute_receivable'
                     where t.payment_id = d.payment_id)
           union all
           select 'event_not_handled', i.event_id, i.event_type from public.webhook_inbox as i
            where i.handled_at is null and i.received_at < $1
           union all
           select f.code, f.subject, f.detail::text from public.payment_findings as f where f.resolved_at is null
           order by 1, 2 limit 500"#,
        settled_before,
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.code, row.subject, row.detail)).collect())
}

/// What breaks each rule of documents: code, subject, detail.
pub(super) async fn broken_invoice_rules(tx: &mut Tx) -> Result<Vec<(String, String, String)>, DatabaseError> {
    let rows = sqlx::query!(
        r#"select 'tax_invoice_numbers_have_a_gap' as "code!", c.year::text as "subject!",
                  'the last is ' || c.last || ' of ' || count(i.id) as "detail!"
             from public.tax_invoice_counters as c
             left join public.tax_invoices as i on i.year = c.year
            group by c.year, c.last having c.last <> count(i.id) or c.last <> coalesce(max(i.serial), 0)
           union all
           select 'tax_invoice_differs_from_payment', i.number, 'invoiced ' || i.total_jpy || ', paid ' || p.amount_jpy
             from public.tax_invoices as i
             join public.payments as p on p.id = i.payment_id
            where i.kind = 'invoice' and i.total_jpy <> p.amount_jpy
           order by 1, 2 limit 500"#,
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|row| (row.code, row.subject, row.detail)).collect())
}
