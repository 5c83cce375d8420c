//! The kept answers of a process, and who makes the missing ones.

use std::collections::HashMap;
use std::future::Future;
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use std::time::{Duration, Instant};

use axum::response::{IntoResponse as _, Response};
use futures::FutureExt as _;
use moka::Expiry;
use moka::future::Cache;

use super::cached_response::CachedResponse;
use super::changes::Changes;
use crate::db::database::Database;
use crate::db::listen::{Event, follow};
use crate::http::problem::Problem;
use crate::tasks::Tasks;

/// The most that all kept answers together take, in bytes.
const CAPACITY_BYTES: u64 = 64 * 1024 * 1024;

/// The kept answers; cheap to clone.
#[derive(Clone)]
pub struct ResponseCache(Arc<Inner>);

struct Inner {
    responses: Cache<String, CachedResponse>,
    changes: Changes,
    /// Whether a route has ever given a cacheable answer; unknown until it has answered once.
    routes: RwLock<HashMap<String, bool>>,
}

/// An answer that is the caller's own. Only the caller that made it takes it out, once.
#[derive(Default)]
pub(super) struct NotCacheable(Mutex<Option<Response>>);

impl NotCacheable {
    pub(super) fn new(response: Response) -> Self {
        Self(Mutex::new(Some(response)))
    }

    pub(super) fn take(&self) -> Response {
        let taken = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        taken.unwrap_or_else(|| Problem::internal(anyhow::anyhow!("an answer was taken twice")).into_response())
    }
}

/// An answer ends with its own lifetime.
struct OwnLifetime;

impl Expiry<String, CachedResponse> for OwnLifetime {
    fn expire_after_create(&self, _: &String, response: &CachedResponse, now: Instant) -> Option<Duration> {
        Some(response.ends_at().saturating_duration_since(now))
    }

    fn expire_after_update(
        &self,
        _: &String,
        response: &CachedResponse,
        now: Instant,
        _: Option<Duration>,
    ) -> Option<Duration> {
        Some(response.ends_at().saturating_duration_since(now))
    }
}

impl Default for ResponseCache {
    fn default() -> Self {
        let weight =
            |key: &String, response: &CachedResponse| u32::try_from(key.len() + response.weight()).unwrap_or(u32::MAX);
        let responses = Cache::builder().max_capacity(CAPACITY_BYTES).weigher(weight).expire_after(OwnLifetime).build();
        Self(Arc::new(Inner { responses, changes: Changes::default(), routes: RwLock::default() }))
    }
}

impl ResponseCache {
    /// What this tag names has changed: no answer that shows it and was made before is sent after this.
    pub fn invalidate(&self, tag: &str) {
        self.0.changes.note(tag);
    }

    /// Anything may have changed.
    pub fn clear(&self) {
        self.0.changes.note_everything();
        self.0.responses.invalidate_all();
    }

    /// Invalidates the tags that are notified on `channel`, separated by spaces, until the program stops. While the
    /// database cannot be heard, what changed is seen when the answers' lifetime ends.
    pub fn follow(&self, db: &Database, tasks: &Tasks, channel: &'static str) {
        let (cache, db, stopping) = (self.clone(), db.clone(), tasks.clone());
        tasks.spawn(async move {
            follow(&db, &stopping, channel, |event| match event {
                Event::Notified(payload) if !payload.trim().is_empty() => {
                    payload.split_whitespace().for_each(|tag| cache.invalidate(tag));
                }
                Event::Listening | Event::Notified(_) => cache.clear(),
            })
            .await;
        });
    }

    /// A kept answer that may be sent now.
    pub(super) async fn get(&self, key: &str) -> Option<CachedResponse> {
        let response = self.0.responses.get(key).await?;
        if self.is_current(&response) {
            return Some(response);
        }
        self.0.responses.invalidate(key).await;
        None
    }

    /// As [`ResponseCache::get`], where nothing may be waited for.
    pub(super) fn get_now(&self, key: &str) -> Option<CachedResponse> {
        let response = self.0.responses.get(key).now_or_never().flatten()?;
        self.is_current(&response).then_some(response)
    }

    /// The kept answer, or the one that `make` makes. While it works, other callers with this key wait for it; when the
    /// caller that it works for goes away, the next one's begins.
    pub(super) async fn get_or_make(
        &self,
        key: &str,
        make: impl Future<Output = Result<CachedResponse, NotCacheable>>,
    ) -> Result<CachedResponse, Arc<NotCacheable>> {
        self.0.responses.try_get_with_by_ref(key, make).await
    }

    /// Keeps an answer that no other caller waited for, unless what it shows has changed meanwhile.
    pub(super) async fn keep(&self, key: String, response: CachedResponse) {
        if self.is_current(&response) {
            self.0.responses.insert(key, response).await;
        }
    }

    /// Whether nothing has changed of what the answer shows.
    pub(super) fn is_current(&self, response: &CachedResponse) -> bool {
        self.0.changes.none_since(response.begun_after(), response.tags())
    }

    /// The number of the last change, for an answer that is begun now.
    pub(super) fn changes_so_far(&self) -> u64 {
        self.0.changes.count()
    }

    /// Whether a route may have cacheable answers, as far as is known.
    pub(super) fn may_cache(&self, route: &str) -> bool {
        self.0.routes.read().unwrap_or_else(PoisonError::into_inner).get(route).copied().unwrap_or(true)
    }

    /// Remembers whether a route's answer was cacheable. A route of which one answer was may have others.
    pub(super) fn learn(&self, route: &str, was_cacheable: bool) {
        let known = self.0.routes.read().unwrap_or_else(PoisonError::into_inner).get(route).copied();
        if known.is_none_or(|known| was_cacheable && !known) {
            self.0.routes.write().unwrap_or_else(PoisonError::into_inner).insert(route.to_owned(), was_cacheable);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::cacheable::Cacheable;
    use super::super::cached_response::Origin;
    use super::*;

    #[tokio::test]
    async fn kept_answers_take_no_more_than_their_limit() {
        let cache = ResponseCache::default();
        for number in 0..100 {
            let answer = Response::new(vec![b'x'; 1024 * 1024].into());
            let mark = Cacheable::during(time::Duration::seconds(60));
            let origin = Origin { route: "/".into(), begun_after: cache.changes_so_far(), begun: Instant::now() };
            let Ok(kept) = CachedResponse::of(answer, mark, origin).await else { panic!("a megabyte is kept") };
            cache.keep(format!("/{number}"), kept).await;
        }
        cache.0.responses.run_pending_tasks().await;
        assert!(cache.0.responses.weighted_size() <= CAPACITY_BYTES);
        assert!(cache.0.responses.entry_count() >= 20, "and is used");
    }
}
