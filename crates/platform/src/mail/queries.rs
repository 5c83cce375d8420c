//! The only SQL of the outbox.

use kernel::{MailId, RequestId, UserId};
use serde_json::Value;
use sqlx::PgConnection;
use time::OffsetDateTime;

use super::model::{Mail, NewMail};
use crate::db::error::DatabaseError;

/// Writes mails, except those whose dedupe key exists; returns which it wrote.
pub(super) async fn insert_all(
    tx: &mut PgConnection,
    ids: &[MailId],
    mails: &[NewMail],
    request_id: RequestId,
    now: OffsetDateTime,
) -> Result<Vec<MailId>, DatabaseError> {
    let column = |of: fn(&NewMail) -> &str| mails.iter().map(|mail| of(mail).to_owned()).collect::<Vec<String>>();
    let recipients: Vec<Option<uuid::Uuid>> = mails.iter().map(|mail| mail.recipient_id.map(UserId::uuid)).collect();
    sqlx::query_scalar!(
        r#"insert into public.mails
             (id, dedupe_key, recipient_id, recipient_address, locale, subject, body_text, request_id, created_at)
           select id, dedupe_key, recipient_id, recipient_address, locale, subject, body_text, $8, $9
           from unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[])
             as new (id, dedupe_key, recipient_id, recipient_address, locale, subject, body_text)
           on conflict (dedupe_key) do nothing
           returning id as "id: MailId""#,
        &ids.iter().map(|id| id.uuid()).collect::<Vec<uuid::Uuid>>(),
        &column(|mail| &mail.dedupe_key),
        &recipients as &[Option<uuid::Uuid>],
        &column(|mail| &mail.recipient_address),
        &column(|mail| mail.locale.tag()),
        &column(|mail| &mail.subject),
        &column(|mail| &mail.body_text),
        request_id.0,
        now,
    )
    .fetch_all(tx)
    .await
}

pub(super) async fn find(tx: &mut PgConnection, id: MailId) -> Result<Option<Mail>, DatabaseError> {
    sqlx::query_as!(
        Mail,
        r#"select id as "id: MailId", recipient_address, locale, subject, body_text, state, request_id, created_at
           from public.mails where id = $1"#,
        id as MailId,
    )
    .fetch_optional(tx)
    .await
}

pub(super) async fn mark_sent(tx: &mut PgConnection, id: MailId, now: OffsetDateTime) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.mails set state = 'sent', sent_at = $2, last_error = null where id = $1",
        id as MailId,
        now
    )
    .execute(tx)
    .await?;
    Ok(())
}

pub(super) async fn mark_failed(tx: &mut PgConnection, id: MailId, error: &str) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.mails set state = 'failed', last_error = $2 where id = $1 and state = 'queued'",
        id as MailId,
        error
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// The newest mails; what `/dev/mail` shows.
///
/// # Errors
/// When the database does not answer.
pub async fn recent(tx: &mut PgConnection, limit: i64) -> Result<Vec<Mail>, DatabaseError> {
    sqlx::query_as!(
        Mail,
        r#"select id as "id: MailId", recipient_address, locale, subject, body_text, state, request_id, created_at
           from public.mails order by created_at desc, id desc limit $1"#,
        limit,
    )
    .fetch_all(tx)
    .await
}

/// Takes a one-time code, written as `id` followed by its secret of 43 characters, out of what an account was sent; says
/// whether none of its mails holds it any more. A mail that still waits to be sent keeps it.
///
/// # Errors
/// When the database does not answer.
pub async fn clear_code(tx: &mut PgConnection, recipient_id: UserId, id: &str) -> Result<bool, DatabaseError> {
    sqlx::query!(
        r#"update public.mails set body_text = regexp_replace(body_text, $2 || '[A-Za-z0-9_-]{43}', '…', 'g')
           where recipient_id = $1 and state <> 'queued' and position($2 in body_text) > 0"#,
        recipient_id as UserId,
        id,
    )
    .execute(&mut *tx)
    .await?;
    sqlx::query_scalar!(
        r#"select not exists (select from public.mails
             where recipient_id = $1 and position($2 in body_text) > 0) as "is_clear!""#,
        recipient_id as UserId,
        id,
    )
    .fetch_one(tx)
    .await
}

/// Removes address, subject and text from the mails to an erased account. One that still waits to be sent keeps them
/// until it is.
///
/// # Errors
/// When the database does not answer.
pub async fn forget_recipient(tx: &mut PgConnection, recipient_id: UserId) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"update public.mails set recipient_address = 'erased@erased.invalid', subject = '', body_text = ''
           where recipient_id = $1 and state <> 'queued' and recipient_address <> 'erased@erased.invalid'"#,
        recipient_id as UserId,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// The mails to an account, for its export: `[{"to": …, "subject": …, "createdAt": …}]`, the oldest first.
///
/// # Errors
/// When the database fails.
pub async fn list_of_recipient(tx: &mut PgConnection, recipient_id: UserId) -> Result<Value, DatabaseError> {
    sqlx::query_scalar!(
        r#"select coalesce(jsonb_agg(jsonb_build_object(
                    'to', recipient_address, 'subject', subject, 'createdAt', created_at) order by created_at), '[]')
                    as "mails!"
           from public.mails where recipient_id = $1"#,
        recipient_id as UserId,
    )
    .fetch_one(tx)
    .await
}
