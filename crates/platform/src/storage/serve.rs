//! `GET /files/{key}`: public files to everyone, the rest by signed link. A key that the
//! caller may not read answers as a missing one does.

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde::Deserialize;

use super::backend::StorageError;
use super::file::{cache_control_of, content_type_of};
use super::key::StorageKey;
use crate::http::{Path, Query, has_seen};
use crate::{App, Problem};

/// The route of stored files.
pub fn routes() -> Router<App> {
    Router::new().route("/files/{*key}", get(file))
}

#[derive(Deserialize)]
struct Link {
    expires: Option<i64>,
    name: Option<String>,
    signature: Option<String>,
}

async fn file(
    State(app): State<App>,
    Path(key): Path<String>,
    link: Result<Query<Link>, Problem>,
    request_headers: HeaderMap,
) -> Result<Response, Problem> {
    let key = StorageKey::new(key).map_err(|_| Problem::not_found())?;
    // A link that was changed answers as any other address that we did not issue.
    let Query(link) = link.map_err(|_| Problem::not_found())?;
    if !key.is_public() {
        let (Some(expires), Some(signature)) = (link.expires, &link.signature) else {
            return Err(Problem::not_found());
        };
        if !app.storage.signer().is_ours(&key, expires, link.name.as_deref(), signature) {
            return Err(Problem::not_found());
        }
        if app.clock.now().unix_timestamp() >= expires {
            return Err(Problem::new(StatusCode::GONE, "link_expired"));
        }
    }
    // A key names its bytes for ever, so the key is the entity tag.
    let tag = format!("\"{}\"", key.file_name());
    if has_seen(&request_headers, &tag) {
        let headers = [(header::ETAG, tag), (header::CACHE_CONTROL, cache_control_of(&key).to_owned())];
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let bytes = app.storage.get(&key).await.map_err(|error| match error {
        StorageError::Missing(_) => Problem::not_found(),
        error @ StorageError::Unavailable(_) => error.into(),
    })?;
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type_of(key.as_str())));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache_control_of(&key)));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    // What is stored is shown or saved, never run: not even when somebody opens it by itself.
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    if let Ok(tag) = HeaderValue::from_str(&tag) {
        headers.insert(header::ETAG, tag);
    }
    if let Some(name) = &link.name
        && let Ok(disposition) = HeaderValue::from_str(&attachment(name))
    {
        headers.insert(header::CONTENT_DISPOSITION, disposition);
    }
    Ok((headers, Body::from(bytes)).into_response())
}

/// RFC 6266 with the RFC 8187 form, so that Japanese names survive.
fn attachment(name: &str) -> String {
    let encoded: String = name
        .bytes()
        .map(|byte| {
            if byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'-' | b'_') {
                char::from(byte).to_string()
            } else {
                format!("%{byte:02X}")
            }
        })
        .collect();
    format!("attachment; filename*=UTF-8''{encoded}")
}
