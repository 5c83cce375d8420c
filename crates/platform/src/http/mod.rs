//! The HTTP kit: errors, extractors, guards and probes.
//!
//! What always holds: every error leaves as `application/problem+json` (RFC 9457) or as a calm page, in the caller's
//! language, and never with a secret or an inner detail; every unsafe request from a browser comes from our own origin;
//! every body has a limit.

mod access;
mod conditional;
pub mod cookies;
mod extract;
mod idempotency;
mod negotiate;
mod no_store;
mod origin;
mod probes;
mod problem;
mod shared;
mod telemetry;

pub use access::{Access, RouteScopes, Scope};
pub(crate) use conditional::has_seen;
pub use extract::{Anyone, Form, Json, Member, Operator, Path, Query};
pub use idempotency::{HoldsSecret, forget_answers, idempotency};
pub(crate) use idempotency::{mark_effect, sweep_answers};
pub use negotiate::{LOCALE_COOKIE, RequestFacts, client_address, request_facts, wants_html};
pub use no_store::{no_store, unlinked};
pub use origin::origin_check;
pub use probes::routes as probe_routes;
pub use problem::{FieldProblem, Filling, Problem, ProblemBody, localise_problems, redirect_location};
pub use shared::{MayBeShared, SharedAnswers, SharedFirst, Sharing, SharingRules, share_answers};
pub use telemetry::observe;
