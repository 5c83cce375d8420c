//! The SQL of executions: requested generations, their executions and the stored results.

use kernel::{AiJobId, GenerationId, Tokens, UserId};
use platform::DatabaseError;
use sqlx::PgConnection;
use sqlx::types::Json;
use time::OffsetDateTime;

use super::model::{Execution, Spent, Work};
use crate::generations::model::GenerationStatus;
use crate::generations::spec::GenerationSpec;
use crate::models::model::AiModel;
use crate::providers::model::{ProviderKind, Usage};

/// A generation that is to be made.
pub(crate) struct NewGeneration<'a> {
    pub id: GenerationId,
    pub user_id: UserId,
    pub spec: &'a GenerationSpec,
    pub model: &'a AiModel,
    /// The provider's name of the size.
    pub size: Option<&'a str>,
    pub seed: u32,
    pub request_key: &'a [u8],
    pub cache_key: &'a [u8],
    pub variation: i32,
    pub now: OffsetDateTime,
    /// When it is removed unless something keeps it; `None` is never.
    pub expires_at: Option<OffsetDateTime>,
}

/// Inserts a generation; false when one with the same key is in flight.
pub(crate) async fn insert(tx: &mut PgConnection, new: &NewGeneration<'_>) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        r#"insert into public.generations
             (id, user_id, kind, provider, model, prompt, negative_prompt, aspect_ratio, size, seed, spec, parent_id,
              request_key, cache_key, variation, created_at, updated_at, expires_at)
           values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $16, $17)
           on conflict (user_id, cache_key) where status in ('queued', 'processing') do nothing"#,
        new.id as GenerationId,
        new.user_id as UserId,
        new.spec.kind().as_str(),
        new.model.provider.as_str(),
        new.model.model,
        new.spec.prompt(),
        new.spec.negative(),
        new.spec.size().map(|size| size.ratio().as_str()),
        new.size,
        i64::from(new.seed),
        Json(new.spec) as _,
        new.spec.parent() as Option<GenerationId>,
        new.request_key,
        new.cache_key,
        new.variation,
        new.now,
        new.expires_at,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// Moves an unfinished generation on; false when it had ended.
pub(crate) async fn set_status(
    tx: &mut PgConnection,
    id: GenerationId,
    status: GenerationStatus,
    failure_code: Option<&str>,
    now: OffsetDateTime,
) -> Result<bool, DatabaseError> {
    let done = sqlx::query!(
        r#"update public.generations set status = $2, failure_code = $3, updated_at = $4
           where id = $1 and status in ('queued', 'processing')"#,
        id as GenerationId,
        status as GenerationStatus,
        failure_code,
        now,
    )
    .execute(tx)
    .await?;
    Ok(done.rows_affected() == 1)
}

/// What is known of a result once it is stored.
pub(crate) struct Completion<'a> {
    /// Width and height in pixels and the colour that fills most of it; `None` for a text.
    pub picture: Option<(i32, i32, &'a str)>,
    pub model_version: Option<&'a str>,
    pub usage: Usage,
    pub now: OffsetDateTime,
}

/// The result is stored; false when the generation had ended otherwise.
pub(crate) async fn complete(
    tx: &mut PgConnection,
    id: GenerationId,
    done: &Completion<'_>,
) -> Result<bool, DatabaseError> {
    let updated = sqlx::query!(
        r#"update public.generations
           set status = 'completed', completed_at = $2, updated_at = $2, width = $3, height = $4, ground = $5,
               model_version = $6, input_tokens = $7, output_tokens = $8, total_tokens = $9
           where id = $1 and status in ('queued', 'processing')"#,
        id as GenerationId,
        done.now,
        done.picture.map(|(width, _, _)| width),
        done.picture.map(|(_, height, _)| height),
        done.picture.map(|(_, _, ground)| ground),
        done.model_version,
        done.usage.input_tokens,
        done.usage.output_tokens,
        done.usage.total_tokens,
    )
    .execute(tx)
    .await?;
    Ok(updated.rows_affected() == 1)
}

/// Notes what a picture was paid with.
pub(crate) async fn set_spent(tx: &mut PgConnection, id: GenerationId, spent: Spent) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.generations set credits_used = $2, tokens_used_milli = $3 where id = $1",
        id as GenerationId,
        i32::try_from(spent.image_credits.get()).unwrap_or(i32::MAX),
        spent.tokens as Tokens,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Records that a generation was given to the queue.
pub(crate) async fn insert_execution(
    tx: &mut PgConnection,
    id: AiJobId,
    user_id: UserId,
    generation_id: GenerationId,
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"insert into public.ai_jobs (id, user_id, generation_id, created_at, updated_at) values ($1, $2, $3, $4, $4)"#,
        id as AiJobId,
        user_id as UserId,
        generation_id as GenerationId,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// The facts of an execution that the transaction's actor may see: its own.
pub(crate) async fn visible(tx: &mut PgConnection, id: AiJobId) -> Result<Option<Execution>, DatabaseError> {
    sqlx::query_as!(
        Execution,
        r#"select id as "id: AiJobId", generation_id as "generation_id: GenerationId",
                  status as "status: GenerationStatus", failure_code, created_at, updated_at, partial_text,
                  null::smallint as percent, null::text as stage
           from public.ai_jobs where id = $1"#,
        id as AiJobId,
    )
    .fetch_optional(tx)
    .await
}

/// Locks one of the account's executions; gives its generation and where it stands.
pub(crate) async fn lock(
    tx: &mut PgConnection,
    user_id: UserId,
    id: AiJobId,
) -> Result<Option<(GenerationId, GenerationStatus)>, DatabaseError> {
    let row = sqlx::query!(
        r#"select generation_id as "generation_id: GenerationId", status as "status: GenerationStatus"
           from public.ai_jobs where id = $1 and user_id = $2 for update"#,
        id as AiJobId,
        user_id as UserId,
    )
    .fetch_optional(tx)
    .await?;
    Ok(row.map(|row| (row.generation_id, row.status)))
}

/// Everything that a worker needs to make a generation.
pub(super) async fn work(tx: &mut PgConnection, id: AiJobId) -> Result<Option<Work>, DatabaseError> {
    sqlx::query_as!(
        Work,
        r#"select g.id as "generation_id: GenerationId", g.user_id as "user_id: UserId",
                  g.status as "status: GenerationStatus", g.provider as "provider: ProviderKind", g.model, g.size,
                  g.seed, g.spec as "spec: Json<GenerationSpec>", g.created_at, a.unknown_calls
           from public.ai_jobs a join public.generations g on g.id = a.generation_id
           where a.id = $1"#,
        id as AiJobId,
    )
    .fetch_optional(tx)
    .await
}

/// A worker has begun.
pub(crate) async fn start(
    tx: &mut PgConnection,
    id: AiJobId,
    attempt: i32,
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"update public.ai_jobs
           set status = 'processing', attempts = $2, started_at = coalesce(started_at, $3), updated_at = $3
           where id = $1"#,
        id as AiJobId,
        attempt,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Counts requests to the provider, and what they cost.
pub(crate) async fn count_calls(
    tx: &mut PgConnection,
    id: AiJobId,
    calls: i32,
    unknown_calls: i32,
    cost_micro_usd: i64,
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"update public.ai_jobs
           set provider_calls = provider_calls + $2, unknown_calls = unknown_calls + $3,
               cost_micro_usd = cost_micro_usd + $4, updated_at = $5
           where id = $1"#,
        id as AiJobId,
        calls,
        unknown_calls,
        cost_micro_usd,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Keeps what a text model has written so far.
pub(crate) async fn set_partial_text(
    tx: &mut PgConnection,
    id: AiJobId,
    text: &str,
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        "update public.ai_jobs set partial_text = $2, updated_at = $3 where id = $1",
        id as AiJobId,
        text,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Whether nothing is being made for a generation.
pub(crate) async fn is_at_rest(tx: &mut PgConnection, generation_id: GenerationId) -> Result<bool, DatabaseError> {
    sqlx::query_scalar!(
        r#"select status not in ('queued', 'processing') as "at_rest!" from public.generations where id = $1"#,
        generation_id as GenerationId,
    )
    .fetch_optional(tx)
    .await
    .map(|at_rest| at_rest.unwrap_or(true))
}

/// An execution has ended.
pub(crate) async fn end(
    tx: &mut PgConnection,
    id: AiJobId,
    status: GenerationStatus,
    failure_code: Option<&str>,
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    sqlx::query!(
        r#"update public.ai_jobs
           set status = $2, failure_code = $3, finished_at = $4, updated_at = $4, partial_text = null
           where id = $1 and status in ('queued', 'processing')"#,
        id as AiJobId,
        status as GenerationStatus,
        failure_code,
        now,
    )
    .execute(tx)
    .await?;
    Ok(())
}

/// Up to `limit` open executions, longest unchanged first.
pub(crate) async fn open(tx: &mut PgConnection, limit: i64) -> Result<Vec<AiJobId>, DatabaseError> {
    sqlx::query_scalar!(
        r#"select id as "id: AiJobId" from public.ai_jobs
           where status in ('queued', 'processing') order by updated_at, id limit $1"#,
        limit,
    )
    .fetch_all(tx)
    .await
}

/// Locks those of `ids` that are still open and that no other transaction has locked; gives their generations.
pub(crate) async fn lock_open(
    tx: &mut PgConnection,
    ids: &[AiJobId],
) -> Result<Vec<(AiJobId, GenerationId)>, DatabaseError> {
    let ids: Vec<uuid::Uuid> = ids.iter().map(|id| id.0).collect();
    let rows = sqlx::query!(
        r#"select id as "id: AiJobId", generation_id as "generation_id: GenerationId"
           from public.ai_jobs
           where id = any($1) and status in ('queued', 'processing')
           order by user_id limit 500 for update skip locked"#,
        &ids,
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.generation_id)).collect())
}
