//! The mark of an answer that may be kept.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use axum::response::{IntoResponse, Response};
use http::HeaderMap;

/// Called with the headers of each request that a kept answer is sent to.
pub(super) type OnSent = Arc<dyn Fn(&HeaderMap) + Send + Sync>;

/// Marks an answer (as an extension of it) that says the same to every anonymous caller.
#[derive(Clone)]
pub struct Cacheable {
    pub(super) lifetime: Duration,
    pub(super) tags: Vec<String>,
    pub(super) on_sent: Option<OnSent>,
}

impl Cacheable {
    /// For at most `lifetime` (a minute at the longest). Any change ends it, until [`Cacheable::tagged`] says which do.
    pub fn during(lifetime: time::Duration) -> Self {
        Self { lifetime: lifetime.try_into().unwrap_or_default(), tags: Vec::new(), on_sent: None }
    }

    /// Names something that the answer shows, such as the id of a product: only changes of tags that it names end it.
    #[must_use]
    pub fn tagged(mut self, tag: impl fmt::Display) -> Self {
        self.tags.push(tag.to_string());
        self
    }

    /// Calls `on_sent` with the headers of each further request that the kept answer is sent to.
    #[must_use]
    pub fn on_sent(mut self, on_sent: impl Fn(&HeaderMap) + Send + Sync + 'static) -> Self {
        self.on_sent = Some(Arc::new(on_sent));
        self
    }

    /// The answer with this mark.
    pub fn on(self, answer: impl IntoResponse) -> Response {
        let mut response = answer.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl fmt::Debug for Cacheable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cacheable").field("lifetime", &self.lifetime).field("tags", &self.tags).finish_non_exhaustive()
    }
}
