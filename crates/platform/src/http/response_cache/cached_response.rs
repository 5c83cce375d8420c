//! One kept answer, in every encoding that was asked for.

use std::sync::{Arc, OnceLock};
use std::time::Instant;

use axum::body::{Body, Bytes, to_bytes};
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, HeaderValue, StatusCode, header};
use metrics::SharedString;
use sha2::{Digest as _, Sha256};

use super::cacheable::{Cacheable, OnSent};
use super::changes::LIFETIME_MAX;
use super::compression::Encoding;
use crate::http::conditional::has_seen;
use crate::http::problem::Problem;

/// A longer answer is not kept.
const ANSWER_BYTES_MAX: usize = 2 * 1024 * 1024;
/// What every kept answer varies by.
const VARY: HeaderValue = HeaderValue::from_static("cookie, authorization, accept, accept-language, accept-encoding");

/// A kept answer; cheap to clone.
#[derive(Clone)]
pub(super) struct CachedResponse(Arc<Inner>);

struct Inner {
    plain: Form,
    gzip: OnceLock<Option<Form>>,
    brotli: OnceLock<Option<Form>>,
    /// The entity tag without `W/`.
    tag: String,
    tags: Vec<String>,
    on_sent: Option<OnSent>,
    origin: Origin,
    ends_at: Instant,
}

/// Where an answer came from.
pub(super) struct Origin {
    /// The pattern of its route.
    pub(super) route: SharedString,
    /// The number of the last change before it was begun.
    pub(super) begun_after: u64,
    /// When it was begun.
    pub(super) begun: Instant,
}

/// The answer in one encoding.
struct Form {
    headers: HeaderMap,
    bytes: Bytes,
}

impl CachedResponse {
    /// `response` to be kept; the response itself where it cannot be.
    pub(super) async fn of(response: Response, mark: Cacheable, origin: Origin) -> Result<Self, Response> {
        if response.status() != StatusCode::OK || response.headers().contains_key(header::SET_COOKIE) {
            return Err(response);
        }
        let (parts, body) = response.into_parts();
        let bytes = to_bytes(body, ANSWER_BYTES_MAX).await.map_err(|error| Problem::internal(error).into_response())?;
        let mut headers = parts.headers;
        let tag = format!("\"{}\"", hex::encode(&Sha256::digest(&bytes)[..16]));
        if let Ok(weak) = HeaderValue::try_from(format!("W/{tag}")) {
            headers.insert(header::ETAG, weak);
        }
        headers.insert(header::VARY, VARY);
        headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
        headers.remove(header::CONTENT_LENGTH);
        Ok(Self(Arc::new(Inner {
            plain: Form { headers, bytes },
            gzip: OnceLock::new(),
            brotli: OnceLock::new(),
            tag,
            tags: mark.tags,
            on_sent: mark.on_sent,
            ends_at: origin.begun + mark.lifetime.min(LIFETIME_MAX),
            origin,
        })))
    }

    /// When its lifetime ends.
    pub(super) fn ends_at(&self) -> Instant {
        self.0.ends_at
    }

    /// The number of the last change before it was begun.
    pub(super) fn begun_after(&self) -> u64 {
        self.0.origin.begun_after
    }

    /// What it shows; everything when empty.
    pub(super) fn tags(&self) -> &[String] {
        &self.0.tags
    }

    /// The pattern of the route that it answers for.
    pub(super) fn route(&self) -> &SharedString {
        &self.0.origin.route
    }

    /// What it takes at most, in bytes.
    pub(super) fn weight(&self) -> usize {
        2 * self.0.plain.bytes.len() + 4096
    }

    /// Answers a further request.
    pub(super) fn answer(&self, asked: &HeaderMap) -> Response {
        if let Some(on_sent) = &self.0.on_sent {
            on_sent(asked);
        }
        self.send(asked)
    }

    /// The answer in the form that the request asks for; 304 where it has been seen.
    pub(super) fn send(&self, asked: &HeaderMap) -> Response {
        let ready = &*self.0;
        let form = ready.form(Encoding::of(asked));
        let mut response = Response::new(Body::empty());
        response.headers_mut().clone_from(&form.headers);
        if has_seen(asked, &ready.tag) {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
        } else {
            *response.body_mut() = Body::from(form.bytes.clone());
        }
        response
    }
}

impl Inner {
    fn form(&self, encoding: Encoding) -> &Form {
        let (place, name) = match encoding {
            Encoding::Plain => return &self.plain,
            Encoding::Gzip => (&self.gzip, "gzip"),
            Encoding::Brotli => (&self.brotli, "br"),
        };
        let packed = place.get_or_init(|| {
            let mut headers = self.plain.headers.clone();
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(name));
            Some(Form { headers, bytes: encoding.pack(&self.plain.bytes)? })
        });
        packed.as_ref().unwrap_or(&self.plain)
    }
}
