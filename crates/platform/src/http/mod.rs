//! The HTTP kit: errors, extractors, guards and probes.
//!
//! What always holds: every error leaves as `application/problem+json` (RFC 9457) or as a page, in the caller's
//! language, and never with a secret or an inner detail; every unsafe request from a browser comes from our own origin;
//! every body has a limit.

mod access;
pub(crate) mod conditional;
pub mod cookies;
pub(crate) mod extract;
mod idempotency;
mod localise;
mod negotiate;
mod no_store;
mod origin;
mod probes;
pub(crate) mod problem;
mod redirect;
pub(crate) mod response_cache;
mod telemetry;

pub use crate::idempotency::queries::forget_answers;
pub use access::{Access, RouteScopes, Scope};
pub use extract::{Anyone, Form, Json, Member, Operator, Path, Query};
pub use idempotency::{HoldsSecret, idempotency};
pub use localise::localise_problems;
pub use negotiate::{LOCALE_COOKIE, RequestFacts, client_address, request_facts, wants_html};
pub use no_store::{no_store, unlinked};
pub use origin::origin_check;
pub use probes::routes as probe_routes;
pub use problem::{FieldProblem, Filling, Problem, ProblemBody};
pub use redirect::redirect_location;
pub use response_cache::{CacheRules, Cacheable, CachedFirst, ResponseCache, ResponseCaching, cache_responses};
pub use telemetry::observe;
