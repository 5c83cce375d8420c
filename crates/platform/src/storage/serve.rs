//! `GET /files/{key}`: public files to everyone, the rest by signed link. A key that the
//! caller may not read answers as a missing one does. One range of bytes is served (RFC 9110, §14).

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use serde::Deserialize;

use super::backend::StorageError;
use super::file::{cache_control_of, content_type_of};
use super::key::StorageKey;
use super::range::{Requested, requested};
use crate::app::App;
use crate::http::conditional::has_seen;
use crate::http::extract::{Path, Query};
use crate::http::problem::Problem;

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
    check_link(&app, &key, &link)?;
    // A key names its bytes for ever, so the key is the entity tag.
    let tag = format!("\"{}\"", key.file_name());
    if has_seen(&request_headers, &tag) {
        let headers = [(header::ETAG, tag), (header::CACHE_CONTROL, cache_control_of(&key).to_owned())];
        return Ok((StatusCode::NOT_MODIFIED, headers).into_response());
    }
    let wanted = match header_text(&request_headers, &header::RANGE) {
        // A client that holds a part of another version gets the whole.
        Some(range) if header_text(&request_headers, &header::IF_RANGE).is_none_or(|held| held.trim() == tag) => {
            let size_bytes = app.storage.head(&key).await.map_err(read_problem)?.size_bytes;
            match requested(range, size_bytes) {
                Requested::Whole => None,
                Requested::Part(part) => Some(part),
                Requested::Unsatisfiable => return Ok(not_satisfiable(size_bytes)),
            }
        }
        _ => None,
    };
    let is_part = wanted.is_some();
    let file = app.storage.open(&key, wanted).await.map_err(read_problem)?;
    let status = if is_part { StatusCode::PARTIAL_CONTENT } else { StatusCode::OK };
    let mut headers = headers_of(&key, &tag, link.name.as_deref());
    headers.insert(header::CONTENT_LENGTH, HeaderValue::from(file.range.end - file.range.start));
    if is_part {
        let range = format!("bytes {}-{}/{}", file.range.start, file.range.end - 1, file.size_bytes);
        insert(&mut headers, header::CONTENT_RANGE, &range);
    }
    Ok((status, headers, Body::from_stream(file.parts)).into_response())
}

/// Private files open by a link that we signed and that has not ended.
fn check_link(app: &App, key: &StorageKey, link: &Link) -> Result<(), Problem> {
    if key.is_public() {
        return Ok(());
    }
    let (Some(expires), Some(signature)) = (link.expires, &link.signature) else {
        return Err(Problem::not_found());
    };
    if !app.storage.signer().is_ours(key, expires, link.name.as_deref(), signature) {
        return Err(Problem::not_found());
    }
    if app.clock.now().unix_timestamp() >= expires {
        return Err(Problem::new(StatusCode::GONE, "link_expired"));
    }
    Ok(())
}

fn headers_of(key: &StorageKey, tag: &str, download_name: Option<&str>) -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type_of(key.as_str())));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache_control_of(key)));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    headers.insert(header::ACCEPT_RANGES, HeaderValue::from_static("bytes"));
    // What is stored is shown or saved, never run: not even when somebody opens it by itself.
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; sandbox"));
    insert(&mut headers, header::ETAG, tag);
    if let Some(name) = download_name {
        insert(&mut headers, header::CONTENT_DISPOSITION, &attachment(name));
    }
    headers
}

fn insert(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        headers.insert(name, value);
    }
}

fn header_text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name)?.to_str().ok()
}

fn not_satisfiable(size_bytes: u64) -> Response {
    let mut response = Problem::new(StatusCode::RANGE_NOT_SATISFIABLE, "range_not_satisfiable").into_response();
    insert(response.headers_mut(), header::CONTENT_RANGE, &format!("bytes */{size_bytes}"));
    response
}

fn read_problem(error: StorageError) -> Problem {
    match error {
        StorageError::Missing(_) => Problem::not_found(),
        error @ StorageError::Unavailable(_) => error.into(),
    }
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
