//! The SQL of forgetting.

use std::collections::BTreeSet;

use kernel::{Ctx, UserId};
use platform::{DatabaseError, Tx};

/// The address and every way in which it was typed at the sandbox.
pub(super) async fn spellings(tx: &mut Tx, user_id: UserId, email: &str) -> Result<BTreeSet<String>, DatabaseError> {
    let typed = sqlx::query_scalar!(
        r#"select c.email as "email!" from public.sandbox_customers as c
            where lower(c.email) = lower($1) or c.metadata ->> 'userId' = $2
            union
           select k.customer_email from public.sandbox_subscription_checkouts as k
             left join public.sandbox_customers as c on c.id = k.customer_id
            where k.customer_email is not null
              and (lower(k.customer_email) = lower($1) or c.metadata ->> 'userId' = $2)"#,
        email,
        user_id.to_string(),
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(typed.into_iter().chain([email.to_owned()]).collect())
}

/// Events that were handled are needed no more.
pub(super) async fn drop_read_bodies(tx: &mut Tx, spelling: &str) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.webhook_inbox set body = null where handled_at is not null and strpos(body, $1) > 0",
        spelling,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Events of the sandbox, and those in the inbox that wait.
pub(super) async fn replace_in_events(tx: &mut Tx, spelling: &str, nobody: &str) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.webhook_inbox set body = replace(body, $1, $2) where strpos(body, $1) > 0",
        spelling,
        nobody,
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "update public.sandbox_events set body = replace(body, $1, $2) where strpos(body, $1) > 0",
        spelling,
        nobody,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Our notes on the sandbox's sessions.
pub(super) async fn replace_in_notes(tx: &mut Tx, spelling: &str, nobody: &str) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.sandbox_sessions set metadata = replace(metadata::text, $1, $2)::jsonb
          where strpos(metadata::text, $1) > 0",
        spelling,
        nobody,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Work of payments that is done; what still waits needs what it was given.
pub(super) async fn replace_in_done_work(tx: &mut Tx, spelling: &str, nobody: &str) -> Result<(), DatabaseError> {
    sqlx::query!(
        r"update public.jobs set payload = replace(payload::text, $1, $2)::jsonb
           where name like 'payments.%' and finished_at is not null and strpos(payload::text, $1) > 0",
        spelling,
        nobody,
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The sandbox's own customers and checkouts.
pub(super) async fn forget_customers(
    ctx: &Ctx,
    tx: &mut Tx,
    user_id: UserId,
    email: &str,
    nobody: &str,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"update public.sandbox_subscription_checkouts as k set customer_email = null, updated_at = $3
            where lower(k.customer_email) = lower($1)
               or k.customer_id in (select c.id from public.sandbox_customers as c where c.metadata ->> 'userId' = $2)"#,
        email,
        user_id.to_string(),
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    sqlx::query!(
        "update public.sandbox_customers set email = $3, updated_at = $4
          where lower(email) = lower($1) or metadata ->> 'userId' = $2",
        email,
        user_id.to_string(),
        nobody,
        ctx.now(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}
