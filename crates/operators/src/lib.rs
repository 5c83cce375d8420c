//! The operators' console: the users, statistics of the platform, and what an operator changes by hand.
//!
//! - [`users`] finds accounts and bans or unbans them.
//! - [`credit_adjustments`] gives and takes credits, with a reason.
//! - [`prices`] shows what an operation costs, and changes it.
//! - [`plans`] shows what a plan grants, and edits it.
//! - [`stats`] counts users, plans, money, pictures and waiting work, day by day.
//!
//! What always holds: whoever is no operator gets 404, as for a place that does not exist; every change stands in the
//! audit log with its reason, in the same transaction; nothing here shows a prompt, a picture or a secret of anybody.
//!
//! Absent on purpose: moderation and reports (trust), refunds and payouts (their own domains).

pub mod credit_adjustments;
mod editor;
mod numbers;
mod places;
mod plan_names;
pub mod plans;
pub mod prices;
mod reason;
pub mod stats;
pub mod users;

#[cfg(test)]
mod tests;

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;
use platform::App;
use platform::http::Operator;

/// The pages and the API of the console.
pub fn routes() -> Router<App> {
    Router::new()
        .route("/console", get(|_: Operator| async { Redirect::to("/console/stats") }))
        .merge(users::routes())
        .merge(credit_adjustments::routes())
        .merge(prices::routes())
        .merge(plans::routes())
        .merge(stats::routes())
}

/// What this part of the API says of itself.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = users::openapi();
    document.merge(credit_adjustments::openapi());
    document.merge(stats::openapi());
    document
}
