//! `GET /api/admin/users`, `/api/admin/users/{id}`; `POST` and `DELETE /api/admin/users/{id}/ban`.

use axum::extract::State;
use http::StatusCode;
use kernel::{Cursor, PageRequest, Paginated, Role, SystemReason, UserId};
use platform::http::{Json, Operator, Path, Query};
use platform::{App, Problem};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use utoipa::ToSchema;

use super::model::{Person, Search};
use super::queries;
use crate::users::ban::{Verdict, set_ban};

/// A person as operators see them.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct PersonBody {
    id: UserId,
    display_name: String,
    email: Option<String>,
    role: Role,
    is_banned: bool,
    plan: String,
    dunning_state: String,
    /// Whole tokens that can be spent.
    tokens: f64,
    image_credits: i64,
    total_generations: i64,
    #[serde(with = "time::serde::rfc3339")]
    created_at: OffsetDateTime,
    #[serde(with = "time::serde::rfc3339::option")]
    last_generation_at: Option<OffsetDateTime>,
}

impl From<Person> for PersonBody {
    fn from(person: Person) -> Self {
        Self {
            id: person.id,
            display_name: person.display_name,
            email: person.email,
            role: person.role,
            is_banned: person.is_banned,
            plan: person.plan,
            dunning_state: person.dunning_state,
            #[expect(clippy::cast_precision_loss, reason = "a balance is far below 2^53 thousandths")]
            tokens: person.tokens.get() as f64 / 1_000.0,
            image_credits: person.image_credits.get(),
            total_generations: person.generation_count,
            created_at: person.created_at,
            last_generation_at: person.last_generation_at,
        }
    }
}

/// Why.
#[derive(Clone, Debug, Deserialize, ToSchema)]
pub(super) struct ReasonBody {
    reason: String,
}

/// The people of the platform, newest first.
#[utoipa::path(get, path = "/api/admin/users", tag = "operators",
  params(("q" = Option<String>, Query, description = "a mail address, an id, or the beginning of a name"),
         ("plan" = Option<String>, Query), ("role" = Option<String>, Query, description = "user, seller, admin"),
         ("banned" = Option<String>, Query, description = "yes, no"),
         ("cursor" = Option<String>, Query), ("limit" = Option<u32>, Query)),
  responses((status = 200, body = Paginated<PersonBody>), (status = 404, description = "for whoever is no operator"),
            (status = 422, description = "a filter that names nothing")))]
pub(super) async fn list(
    State(app): State<App>,
    _: Operator,
    Query(search): Query<Search>,
) -> Result<axum::Json<Paginated<PersonBody>>, Problem> {
    let filter = search.read()?;
    let request = PageRequest::parse(Some(&search.cursor), search.limit)?;
    let mut tx = app.db.begin_system(SystemReason::Operator).await?;
    let people = queries::users(&mut tx, &filter, &request).await?;
    tx.commit().await?;
    let page = Paginated::from_rows(people, &request, |person| Cursor { at: person.created_at, id: person.id.uuid() });
    Ok(axum::Json(page.map(PersonBody::from)))
}

/// One person.
#[utoipa::path(get, path = "/api/admin/users/{id}", tag = "operators", params(("id" = UserId, Path)),
  responses((status = 200, body = PersonBody), (status = 404)))]
pub(super) async fn show(
    State(app): State<App>,
    _: Operator,
    Path(id): Path<UserId>,
) -> Result<axum::Json<PersonBody>, Problem> {
    let mut tx = app.db.begin_system(SystemReason::Operator).await?;
    let person = queries::person(&mut tx, id).await?.ok_or_else(Problem::not_found)?;
    tx.commit().await?;
    Ok(axum::Json(person.into()))
}

/// Bans an account: no making, publishing or buying; what was bought stays.
#[utoipa::path(post, path = "/api/admin/users/{id}/ban", tag = "operators", params(("id" = UserId, Path)),
  request_body = ReasonBody,
  responses((status = 204), (status = 404), (status = 409, description = "cannot_ban_operator"), (status = 422)))]
pub(super) async fn ban(
    State(app): State<App>,
    Operator(member): Operator,
    Path(id): Path<UserId>,
    Json(body): Json<ReasonBody>,
) -> Result<StatusCode, Problem> {
    set_ban(&app, &member.ctx, id, Verdict::Ban, &body.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// Lifts a ban.
#[utoipa::path(delete, path = "/api/admin/users/{id}/ban", tag = "operators", params(("id" = UserId, Path)),
  request_body = ReasonBody, responses((status = 204), (status = 404), (status = 422)))]
pub(super) async fn unban(
    State(app): State<App>,
    Operator(member): Operator,
    Path(id): Path<UserId>,
    Json(body): Json<ReasonBody>,
) -> Result<StatusCode, Problem> {
    set_ban(&app, &member.ctx, id, Verdict::Unban, &body.reason).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// What this part of the API says of itself.
#[derive(utoipa::OpenApi)]
#[openapi(paths(list, show, ban, unban), components(schemas(PersonBody, ReasonBody)))]
pub(super) struct Described;
