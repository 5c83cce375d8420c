//! The SQL of the user list.

use kernel::{ImageCredits, PageRequest, Role, Tokens, UserId};
use platform::DatabaseError;
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{Incident, Movement, Person, UserFilter};

/// A page of the users that the filter lets through, newest first.
pub(crate) async fn users(
    tx: &mut PgConnection,
    filter: &UserFilter,
    request: &PageRequest,
) -> Result<Vec<Person>, DatabaseError> {
    plan_for_these_values(tx).await?;
    let found = match &filter.text {
        Some(text) => Some(found_by(tx, text).await?),
        None => None,
    };
    sqlx::query_as!(
        Person,
        r#"select p.user_id as "id: UserId", p.display_name, app.user_email(p.user_id) as email, p.role as "role: Role",
                  p.is_banned, p.created_at, s.plan, s.dunning_state,
                  w.tokens_available as "tokens: Tokens", w.images_available as "image_credits: ImageCredits",
                  s.total_generations as generation_count, s.last_generation_at
             from public.user_profiles as p
             join public.user_settings as s on s.user_id = p.user_id
             join public.wallets as w on w.user_id = p.user_id
            where ($1::uuid[] is null or p.user_id = any ($1))
              and ($2::text is null or s.plan = $2)
              and ($3::text is null or p.role = $3)
              and ($4::boolean is null or p.is_banned = $4)
              and ($5::timestamptz is null or (p.created_at, p.user_id) < ($5, $6::uuid))
            order by p.created_at desc, p.user_id desc
            limit $7"#,
        found.as_deref(),
        filter.plan.as_deref(),
        filter.role as Option<Role>,
        filter.is_banned,
        request.after.map(|cursor| cursor.at),
        request.after.map(|cursor| cursor.id),
        request.fetch_limit(),
    )
    .fetch_all(tx)
    .await
}

/// Lets PostgreSQL plan for what is asked and not for anything that might be: one person of a hundred thousand and nearly
/// all of them are not found the same way, and the beginning of a name uses its index only where it is known.
async fn plan_for_these_values(tx: &mut PgConnection) -> Result<(), DatabaseError> {
    sqlx::query_scalar!("select set_config('plan_cache_mode', 'force_custom_plan', true)").fetch_one(tx).await?;
    Ok(())
}

/// At most so many people are found by a name; a longer beginning finds the rest.
const FOUND_MAX: i64 = 2_000;

/// Who has this mail address, this id, or a name that begins so.
async fn found_by(tx: &mut PgConnection, text: &str) -> Result<Vec<Uuid>, DatabaseError> {
    let beginning = text.to_lowercase().replace('\\', r"\\").replace('%', r"\%").replace('_', r"\_") + "%";
    sqlx::query_scalar!(
        r#"select found.user_id as "user_id!" from (
             (select p.user_id from public.user_profiles as p where lower(p.display_name) like $1
               order by p.user_id limit $4)
             union select app.user_id_of_email(lower($2))
             union select p.user_id from public.user_profiles as p where p.user_id = $3
           ) as found where found.user_id is not null"#,
        beginning,
        text,
        text.parse::<Uuid>().ok(),
        FOUND_MAX,
    )
    .fetch_all(tx)
    .await
}

/// One person.
pub(crate) async fn person(tx: &mut PgConnection, id: UserId) -> Result<Option<Person>, DatabaseError> {
    sqlx::query_as!(
        Person,
        r#"select p.user_id as "id: UserId", p.display_name, app.user_email(p.user_id) as email, p.role as "role: Role",
                  p.is_banned, p.created_at, s.plan, s.dunning_state,
                  w.tokens_available as "tokens: Tokens", w.images_available as "image_credits: ImageCredits",
                  s.total_generations as generation_count, s.last_generation_at
             from public.user_profiles as p
             join public.user_settings as s on s.user_id = p.user_id
             join public.wallets as w on w.user_id = p.user_id
            where p.user_id = $1"#,
        id as UserId,
    )
    .fetch_optional(tx)
    .await
}

/// How much of a person's past is shown at once.
const PAST_MAX: i64 = 20;

/// What was done to an account lately.
pub(super) async fn incidents(tx: &mut PgConnection, id: UserId) -> Result<Vec<Incident>, DatabaseError> {
    sqlx::query_as!(
        Incident,
        r#"select a.action, a.diff ->> 'reason' as reason, p.display_name as "actor_name?", a.created_at as at
             from public.audit_logs as a left join public.user_profiles as p on p.user_id = a.actor_user_id
            where a.entity_type = 'user' and a.entity_id = $1
            order by a.created_at desc, a.id desc limit $2"#,
        id.uuid(),
        PAST_MAX,
    )
    .fetch_all(tx)
    .await
}

/// How a person's credits moved lately.
pub(super) async fn movements(tx: &mut PgConnection, id: UserId) -> Result<Vec<Movement>, DatabaseError> {
    sqlx::query_as!(
        Movement,
        r#"select t.type as kind, t.unit, t.amount, t.available_after, t.created_at as at
             from public.credit_transactions as t where t.user_id = $1
            order by t.created_at desc, t.id desc limit $2"#,
        id as UserId,
        PAST_MAX,
    )
    .fetch_all(tx)
    .await
}
