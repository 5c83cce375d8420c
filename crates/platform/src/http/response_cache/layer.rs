//! The middleware that keeps answers and sends kept ones.

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use metrics::SharedString;

use super::cache::{NotCacheable, ResponseCache};
use super::cacheable::Cacheable;
use super::cached_response::{CachedResponse, Origin};
use super::caller::ResponseCaching;
use super::compression;
use crate::http::negotiate::RequestFacts;

/// Keeps answers that are [`Cacheable`] and sends kept ones; callers who ask at once for a missing one wait for the first.
/// Belongs inside `request_facts` and outside everything that looks at sessions or the database;
/// [`super::CachedFirst`] stands before it all.
pub async fn cache_responses(State(caching): State<ResponseCaching>, request: Request, next: Next) -> Response {
    let locale = request.extensions().get::<RequestFacts>().map(|facts| facts.locale).unwrap_or_default();
    let Some(key) = caching.key(&request, locale) else { return next.run(request).await };
    let cache = caching.app.response_cache();
    if let Some(kept) = cache.get(&key).await {
        return kept.answer(request.headers());
    }
    let route = request.extensions().get::<MatchedPath>().map(|route| route.as_str().to_owned());
    let call = Call { cache, route: route.as_deref(), request, next };
    let call = match call.route {
        Some(route) if cache.may_cache(route) => match call.first_or_wait(&key).await {
            Ok(response) => return response,
            Err(call) => call,
        },
        _ => call,
    };
    let asked = compression::relevant_headers(call.request.headers());
    match call.make().await {
        Ok(response) => {
            cache.keep(key, response.clone()).await;
            response.send(&asked)
        }
        Err(own) => own,
    }
}

/// A request that no kept answer answers.
struct Call<'a> {
    cache: &'a ResponseCache,
    /// The pattern of its route.
    route: Option<&'a str>,
    request: Request,
    next: Next,
}

impl Call<'_> {
    /// Asks the handler as the first of all callers with this key, or waits for the first. Gives the call back where the
    /// first one's answer was its own, or something has changed since it began.
    async fn first_or_wait(self, key: &str) -> Result<Response, Self> {
        let (cache, asked) = (self.cache, compression::relevant_headers(self.request.headers()));
        // The cache either runs `make` to its end or drops it before it has begun.
        let waiting = Mutex::new(Some(self));
        let make = async {
            let call = waiting.lock().unwrap_or_else(PoisonError::into_inner).take();
            match call {
                Some(call) => call.make().await.map_err(NotCacheable::new),
                None => Err(NotCacheable::default()),
            }
        };
        let made = cache.get_or_make(key, make).await;
        let waiting = waiting.into_inner().unwrap_or_else(PoisonError::into_inner);
        match (made, waiting) {
            (Ok(response), None) => Ok(response.send(&asked)),
            (Err(own), None) => Ok(own.take()),
            (Ok(response), Some(call)) if cache.is_current(&response) => Ok(response.answer(call.request.headers())),
            (Ok(_) | Err(_), Some(call)) => Err(call),
        }
    }

    /// Asks the handler; the answer itself where it is not to be kept.
    async fn make(self) -> Result<CachedResponse, Response> {
        let (begun_after, begun) = (self.cache.changes_so_far(), Instant::now());
        let mut response = self.next.run(self.request).await;
        let mark = response.extensions_mut().remove::<Cacheable>();
        if let Some(route) = self.route {
            self.cache.learn(route, mark.is_some());
        }
        let Some(mark) = mark else { return Err(response) };
        let route = self.route.map_or(SharedString::const_str("unmatched"), |route| route.to_owned().into());
        CachedResponse::of(response, mark, Origin { route, begun_after, begun }).await
    }
}
