//! The operators' room: who the people are, how the house does, and the few things that an operator changes by hand.
//!
//! - [`people`] finds accounts and bans or unbans them.
//! - [`corrections`] gives and takes credits, with a reason.
//! - [`prices`] says what an operation costs, and changes it.
//! - [`plans`] says what a plan brings, and edits it.
//! - [`figures`] counts: people, plans, money, pictures and waiting work, day by day.
//!
//! What always holds: whoever is no operator gets 404, as for a place that does not exist; every change stands in the
//! audit log with its reason, in the same transaction; nothing here shows a prompt, a picture or a secret of anybody.
//!
//! Absent on purpose: moderation and reports (trust), refunds and payouts (their own domains).

pub mod corrections;
pub mod figures;
pub mod people;
mod places;
pub mod plans;
pub mod prices;
mod reason;

#[cfg(test)]
mod tests;

use axum::Router;
use axum::response::Redirect;
use axum::routing::get;
use platform::House;
use platform::http::Operator;

/// The pages and the API of the operators' room.
pub fn routes() -> Router<House> {
    Router::new()
        .route("/console", get(|_: Operator| async { Redirect::to("/console/figures") }))
        .merge(people::routes())
        .merge(corrections::routes())
        .merge(prices::routes())
        .merge(plans::routes())
        .merge(figures::routes())
}

/// What this part of the API says of itself.
pub fn openapi() -> utoipa::openapi::OpenApi {
    let mut document = people::openapi();
    document.merge(corrections::openapi());
    document.merge(figures::openapi());
    document
}
