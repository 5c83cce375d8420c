//! The SQL of reconciliation.

use kernel::{Ctx, EventId, RefundId};
use platform::{DatabaseError, Tx};
use serde_json::Value;

use crate::attempts::ids::AttemptId;

/// Attempts that are due, put off meanwhile: whatever happens to their check, they come up again, ever less often.
pub(super) async fn take_due_attempts(ctx: &Ctx, tx: &mut Tx) -> Result<Vec<AttemptId>, DatabaseError> {
    sqlx::query_scalar!(
        r#"with due as materialized (
             select id from public.payment_attempts where next_check_at <= $1 order by next_check_at limit 200
             for update skip locked
           )
           update public.payment_attempts as a
              set check_count = check_count + 1,
                  next_check_at = $1 + least(interval '2 minutes' * power(2, least(check_count, 9)), interval '12 hours')
             from due where a.id = due.id
           returning a.id as "id: AttemptId""#,
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

/// Inserts a finding; false when its code and subject have one.
pub(super) async fn insert_finding(
    ctx: &Ctx,
    tx: &mut Tx,
    id: EventId,
    code: &str,
    subject: &str,
    detail: &Value,
) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
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
    Ok(done.rows_affected() == 1)
}

pub(super) async fn resolve_finding(ctx: &Ctx, tx: &mut Tx, code: &str, subject: &str) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.payment_findings set resolved_at = $3 where code = $1 and subject = $2 and resolved_at is null",
        code,
        subject,
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
