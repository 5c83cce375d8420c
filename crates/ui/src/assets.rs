//! What `web/` builds: read from disk while developing, inside the program in a release.

use std::borrow::Cow;
use std::collections::BTreeMap;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::response::Response;
use axum::routing::get;
use http::header::{ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, VARY, X_CONTENT_TYPE_OPTIONS};
use http::{HeaderMap, HeaderValue, StatusCode};
use rust_embed::RustEmbed;

/// `web/dist`. While developing, the folder may be missing until `npm run build` has run once; a release refuses.
#[derive(RustEmbed)]
#[folder = "../../web/dist"]
#[cfg_attr(debug_assertions, allow_missing = true)]
struct Dist;

/// The address of a built file by its logical name: `app.css` → `/assets/app-7K2Q9XZB.css`.
///
/// A name that was not built leads to `/assets/{name}`, which answers 404, and is logged.
pub fn asset_url(name: &str) -> String {
    if let Some(file) = manifest().get(name) {
        format!("/assets/{file}")
    } else {
        tracing::error!(name, "the browser side is not built: run `npm ci && npm run build` in web/");
        format!("/assets/{name}")
    }
}

/// The font of PDF documents (BIZ UDPGothic, TrueType, SIL Open Font License); none where the browser
/// side is not built.
pub fn paper_font() -> Option<Cow<'static, [u8]>> {
    Dist::get("paper.ttf").map(|file| file.data)
}

/// Logical name → file name. Read again at each use while developing, because `npm run watch` changes it.
#[cfg(debug_assertions)]
fn manifest() -> BTreeMap<String, String> {
    read_manifest()
}

#[cfg(not(debug_assertions))]
fn manifest() -> &'static BTreeMap<String, String> {
    static MANIFEST: std::sync::LazyLock<BTreeMap<String, String>> = std::sync::LazyLock::new(read_manifest);
    &MANIFEST
}

fn read_manifest() -> BTreeMap<String, String> {
    Dist::get("manifest.json").and_then(|file| serde_json::from_slice(&file.data).ok()).unwrap_or_default()
}

/// `GET /assets/{file}`: hashed names never change, so they may be kept for ever.
pub fn routes<S: Clone + Send + Sync + 'static>() -> Router<S> {
    Router::new().route("/assets/{file}", get(serve))
}

async fn serve(Path(file): Path<String>, headers: HeaderMap) -> Response {
    let Some(content_type) = content_type(&file) else { return not_found() };
    let (encoding, found) = best_copy(&file, &headers);
    let Some(found) = found else { return not_found() };
    let body = match found.data {
        Cow::Borrowed(bytes) => Body::from(bytes),
        Cow::Owned(bytes) => Body::from(bytes),
    };
    let mut response = Response::new(body);
    let answer = response.headers_mut();
    answer.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    answer.insert(CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable"));
    answer.insert(VARY, HeaderValue::from_static("accept-encoding"));
    answer.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    if let Some(encoding) = encoding {
        answer.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
    }
    response
}

/// The smallest copy that the browser reads: Brotli, gzip, or the file itself.
fn best_copy(file: &str, headers: &HeaderMap) -> (Option<&'static str>, Option<rust_embed::EmbeddedFile>) {
    let accepted = headers.get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let reads = |name: &str| {
        accepted.split(',').any(|part| {
            let mut pieces = part.split(';').map(str::trim);
            pieces.next() == Some(name) && pieces.all(|piece| !matches!(piece, "q=0" | "q=0.0"))
        })
    };
    for (name, suffix) in [("br", ".br"), ("gzip", ".gz")] {
        if reads(name)
            && let Some(found) = Dist::get(&format!("{file}{suffix}"))
        {
            return (Some(name), Some(found));
        }
    }
    (None, Dist::get(file))
}

/// The media types that are served; the manifest and compressed files by their own names are not.
fn content_type(file: &str) -> Option<&'static str> {
    match file.rsplit_once('.')?.1 {
        "css" => Some("text/css; charset=utf-8"),
        "js" => Some("text/javascript; charset=utf-8"),
        "svg" => Some("image/svg+xml"),
        _ => None,
    }
}

fn not_found() -> Response {
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::NOT_FOUND;
    response
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use http::{Request, StatusCode};
    use tower::ServiceExt as _;

    use super::{Dist, asset_url, content_type, routes};

    async fn fetch(address: &str, encodings: &str) -> http::Response<Body> {
        let request = Request::get(address).header("accept-encoding", encodings).body(Body::empty()).unwrap();
        routes::<()>().oneshot(request).await.unwrap()
    }

    fn is_built() -> bool {
        Dist::get("manifest.json").is_some()
    }

    #[tokio::test]
    async fn a_built_file_is_kept_for_ever_and_sent_small() {
        assert!(is_built(), "run `npm ci && npm run build` in web/ first");
        let address = asset_url("app.css");
        assert!(address.starts_with("/assets/app-"), "{address}");
        for (accepted, sent) in [("gzip, br;q=0.9", Some("br")), ("gzip", Some("gzip")), ("br;q=0", None), ("", None)] {
            let answer = fetch(&address, accepted).await;
            assert_eq!(answer.status(), StatusCode::OK);
            assert_eq!(answer.headers().get("content-encoding").map(|value| value.to_str().unwrap()), sent);
            assert!(answer.headers()["cache-control"].to_str().unwrap().contains("immutable"));
        }
    }

    #[tokio::test]
    async fn nothing_but_built_files_is_served() {
        for address in
            ["/assets/manifest.json", "/assets/..%2f..%2fCargo.toml", "/assets/none.js", "/assets/%2e%2e%2fapp.css"]
        {
            assert_eq!(fetch(address, "br").await.status(), StatusCode::NOT_FOUND, "{address}");
        }
        assert_eq!(content_type("app.css.br"), None);
    }
}
