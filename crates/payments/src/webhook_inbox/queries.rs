//! The SQL of the inbox.

use kernel::Ctx;
use platform::{DatabaseError, Tx};
use time::OffsetDateTime;

use crate::providers::code::ProviderCode;
use crate::providers::event::ReceivedEvent;

/// What became of an event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It changed something, or confirmed what was known.
    Applied,
    /// This program has no use for its kind.
    IgnoredType,
    /// It is about something that is not ours.
    IgnoredUnknown,
    /// It is about money that is ours and that we cannot place: it goes back.
    RefundedUnknown,
    /// An operator will see it.
    Noted,
    /// Its object is not what its kind promises.
    Unreadable,
}

impl Outcome {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Applied => "applied",
            Self::IgnoredType => "ignored_type",
            Self::IgnoredUnknown => "ignored_unknown",
            Self::RefundedUnknown => "refunded_unknown",
            Self::Noted => "noted",
            Self::Unreadable => "unreadable",
        }
    }
}

/// Stores an event; nothing when it is stored already.
pub(super) async fn insert(
    ctx: &Ctx,
    tx: &mut Tx,
    provider: ProviderCode,
    event: &ReceivedEvent,
    body: &str,
) -> Result<Option<i64>, DatabaseError> {
    sqlx::query_scalar!(
        r#"insert into public.webhook_inbox (provider_id, event_id, event_type, object_id, is_verified, body, received_at)
           select pr.id, $2, $3, $4, $5, $6, $7 from public.payment_providers as pr where pr.code = $1
           on conflict (provider_id, event_id) do nothing
           returning id"#,
        provider.as_str(),
        event.id,
        event.kind,
        event.object_id,
        event.content.is_verified(),
        // A NUL cannot be stored; JSON writes it as an escape, so a body with one does not parse to begin with.
        body,
        ctx.now(),
    )
    .fetch_optional(tx.conn())
    .await
}

/// A stored event that waits.
pub(super) struct Waiting {
    pub(super) provider: ProviderCode,
    /// Whether its signature was checked when it arrived.
    pub(super) is_verified: bool,
    /// What it is about, by the provider's name.
    pub(super) object_id: String,
    pub(super) event_id: String,
    pub(super) body: Option<String>,
}

/// The event, which nobody else handles until the transaction ends; nothing when it is handled.
pub(super) async fn lock_waiting(tx: &mut Tx, id: i64) -> Result<Option<Waiting>, DatabaseError> {
    sqlx::query_as!(
        Waiting,
        r#"select pr.code as "provider: ProviderCode", i.is_verified, i.object_id, i.event_id, i.body
             from public.webhook_inbox as i join public.payment_providers as pr on pr.id = i.provider_id
            where i.id = $1 and i.handled_at is null for update of i"#,
        id,
    )
    .fetch_optional(tx.conn())
    .await
}

/// Says what became of an event.
pub(super) async fn handled(ctx: &Ctx, tx: &mut Tx, id: i64, outcome: Outcome) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.webhook_inbox set handled_at = $2, outcome = $3 where id = $1 and handled_at is null",
        id,
        ctx.now(),
        outcome.as_str(),
    )
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Events that have waited since before `since`.
pub(crate) async fn overdue(tx: &mut Tx, since: OffsetDateTime) -> Result<Vec<i64>, DatabaseError> {
    sqlx::query_scalar!(
        "select id from public.webhook_inbox where handled_at is null and received_at < $1 order by received_at limit 100",
        since,
    )
    .fetch_all(tx.conn())
    .await
}

/// Drops the bodies of events that were handled before `before`: they hold what a buyer typed at the provider.
pub(crate) async fn drop_bodies(tx: &mut Tx, before: OffsetDateTime) -> Result<u64, DatabaseError> {
    let done = sqlx::query!(
        r#"update public.webhook_inbox set body = null
            where id in (select id from public.webhook_inbox where body is not null and handled_at < $1 limit 1000)"#,
        before,
    )
    .execute(tx.conn())
    .await?;
    Ok(done.rows_affected())
}
