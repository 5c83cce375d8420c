//! `GET /api/entitlements/{id}/download`: redirects to a signed link, as often as the buyer likes.

use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use http::{HeaderValue, StatusCode, header};
use kernel::EntitlementId;
use platform::http::{Member, Path};
use platform::{App, Problem};
use time::Duration;

use super::queries;

/// How long a link works: enough for a slow line, little for a link that is passed on by mistake.
const LINK_LIFETIME: Duration = Duration::hours(24);

/// Redirects to the package, by a link that works for 24 hours.
#[utoipa::path(get, path = "/api/entitlements/{id}/download", tag = "orders", params(("id" = uuid::Uuid, Path, description = "the entitlement")), responses((status = 303, description = "to a signed address"), (status = 404, description = "not_found"), (status = 409, description = "package_not_ready"), (status = 410, description = "entitlement_revoked, entitlement_charged_back")))]
pub(super) async fn download(
    State(app): State<App>,
    member: Member,
    Path(id): Path<EntitlementId>,
) -> Result<Response, Problem> {
    let mut tx = app.db.begin_as(&member.ctx).await?;
    let download = queries::download(&mut tx, member.user.user_id, id).await?.ok_or_else(Problem::not_found)?;
    tx.commit().await?;
    if download.is_revoked {
        let code = if download.is_charged_back { "entitlement_charged_back" } else { "entitlement_revoked" };
        return Err(Problem::new(StatusCode::GONE, code));
    }
    if !download.is_ready {
        return Err(Problem::conflict("package_not_ready").retry_after(Duration::seconds(5)));
    }
    let name = format!("machiya-{}.zip", download.licence_number);
    let url = app.storage.signed_url(&member.ctx, &download.package_key, LINK_LIFETIME, Some(&name)).await?;
    let mut response = Redirect::to(&url).into_response();
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(response)
}

/// The OpenAPI description of this path.
#[derive(utoipa::OpenApi)]
#[openapi(paths(download))]
pub(crate) struct Documented;
