//! Pages that strangers share: the gallery, a product, the home page, rendered once and sent many times.
//!
//! A copy is kept with its nonce and policy for the few seconds that the handler allows. That is as safe as a fresh
//! nonce: what a stranger can put into a page is fixed before the page's nonce exists, and another address is another
//! copy with another nonce. Whoever is logged in, or has something said to them, never gets a copy.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::body::{Body, Bytes, to_bytes};
use axum::response::Response;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use moka::Expiry;
use moka::sync::Cache;

use crate::{ViewTally, views};

/// What all copies together may take, in bytes.
const SHELF_BYTES: u64 = 64 * 1024 * 1024;
/// A longer page is not kept.
const PAGE_BYTES_MAX: usize = 1024 * 1024;
/// The compressor's effort, 0 to 11; 5 is where more stops paying for pages.
const BROTLI_QUALITY: u32 = 5;

/// The shelf of copies; cheap to clone.
#[derive(Clone)]
pub struct SharedPages(Cache<String, Copy>);

/// One page, ready to be sent.
#[derive(Clone)]
pub(super) struct Copy(Arc<Ready>);

struct Ready {
    headers: HeaderMap,
    plain: Bytes,
    brotli: Bytes,
    lifetime: Duration,
    tally: Option<ViewTally>,
}

struct ByItsLifetime;

impl Expiry<String, Copy> for ByItsLifetime {
    fn expire_after_create(&self, _: &String, copy: &Copy, _: Instant) -> Option<Duration> {
        Some(copy.0.lifetime)
    }
}

impl SharedPages {
    pub(super) fn new() -> Self {
        let weight = |key: &String, copy: &Copy| {
            u32::try_from(key.len() + copy.0.plain.len() + copy.0.brotli.len() + 1024).unwrap_or(u32::MAX)
        };
        Self(Cache::builder().max_capacity(SHELF_BYTES).weigher(weight).expire_after(ByItsLifetime).build())
    }

    pub(super) fn get(&self, key: &str) -> Option<Copy> {
        self.0.get(key)
    }

    /// Keeps a copy of the answer for its lifetime and gives the answer back.
    pub(super) async fn keep(
        &self,
        key: String,
        lifetime: time::Duration,
        response: Response,
        accepted: Option<&HeaderValue>,
        tally: Option<ViewTally>,
    ) -> Response {
        let (parts, body) = response.into_parts();
        let Ok(plain) = to_bytes(body, PAGE_BYTES_MAX).await else {
            // The frame is a String of ours: it is read at once or is too long to be a page of ours at all.
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
            return response;
        };
        if parts.status != StatusCode::OK || parts.headers.contains_key(header::SET_COOKIE) {
            return Response::from_parts(parts, Body::from(plain));
        }
        let Ok(lifetime) = Duration::try_from(lifetime) else { return Response::from_parts(parts, Body::from(plain)) };
        let brotli = compress(&plain);
        let copy = Copy(Arc::new(Ready { headers: parts.headers, plain, brotli, lifetime, tally }));
        self.0.insert(key, copy.clone());
        copy.send(accepts_brotli(accepted))
    }
}

impl Copy {
    pub(super) fn answer(&self, asked: &HeaderMap) -> Response {
        if let Some(tally) = self.0.tally.as_ref().filter(|_| views::is_looked_at(asked)) {
            tally.add();
        }
        self.send(accepts_brotli(asked.get(header::ACCEPT_ENCODING)))
    }

    fn send(&self, brotli: bool) -> Response {
        let ready = &*self.0;
        let mut response = Response::new(Body::from(if brotli { ready.brotli.clone() } else { ready.plain.clone() }));
        response.headers_mut().clone_from(&ready.headers);
        if brotli {
            response.headers_mut().insert(header::CONTENT_ENCODING, HeaderValue::from_static("br"));
        }
        response
    }
}

fn accepts_brotli(accepted: Option<&HeaderValue>) -> bool {
    let accepted = accepted.and_then(|value| value.to_str().ok()).unwrap_or_default();
    accepted.split(',').any(|part| {
        let mut pieces = part.split(';').map(str::trim);
        pieces.next() == Some("br") && pieces.all(|piece| !matches!(piece, "q=0" | "q=0.0"))
    })
}

fn compress(plain: &[u8]) -> Bytes {
    let mut packed = Vec::with_capacity(plain.len() / 4);
    let params = brotli::enc::BrotliEncoderParams {
        quality: i32::try_from(BROTLI_QUALITY).unwrap_or_default(),
        size_hint: plain.len(),
        ..Default::default()
    };
    // Reading from and writing to memory cannot fail.
    let _ = brotli::BrotliCompress(&mut &*plain, &mut packed, &params);
    packed.into()
}
