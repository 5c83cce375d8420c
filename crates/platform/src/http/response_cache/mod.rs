//! Answers that say the same to every anonymous caller (the gallery, a product, the home page and their data), made once
//! and sent many times.
//!
//! A handler (or the page shell) marks its answer as [`Cacheable`]; [`cache_responses`] keeps it for the seconds that the
//! mark allows and sends it, compressed already, without asking the handler or the database again. What always holds: a
//! caller with a session, a bearer token or a toast is never sent a kept answer and never leaves one; an answer is kept
//! no longer than its mark says, counted from before the handler read anything; nothing that was made before a change
//! ([`ResponseCache::invalidate`]) of what it shows is sent after it; of callers who ask at once for what is not kept, one
//! makes the handler work; all kept answers together have a limit.
//!
//! A page is kept with its nonce and policy. That is as safe as a fresh nonce: what anybody can put into a page is fixed
//! before the page's nonce exists, and another address is another answer with another nonce.

pub(crate) mod cache;
mod cacheable;
mod cached_response;
mod caller;
mod changes;
mod compression;
mod first;
mod layer;

pub use cache::ResponseCache;
pub use cacheable::Cacheable;
pub use caller::{CacheRules, ResponseCaching};
pub use first::CachedFirst;
pub use layer::cache_responses;
