//! `POST /account/deletion` and its cancellation; the page is `/account/data`.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use platform::http::{Form, Member};
use platform::{App, Problem};

use super::request::{cancel_deletion, request_deletion};
use crate::reauthentication::form::confirm_page;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/account/deletion", post(submit)).route("/account/deletion/cancel", post(submit_cancel))
}

async fn submit(
    State(app): State<App>,
    member: Member,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    match request_deletion(&member.ctx, &app).await {
        Ok(_) => Ok(ui::redirect_with_toast(&app.config, "/account/data", "success", "deletion-asked")),
        Err(problem) if problem.code() == "reauthentication_required" => {
            confirm_page(&member.ctx, &app, "/account/deletion", &pairs).await
        }
        Err(problem) => Err(problem),
    }
}

async fn submit_cancel(State(app): State<App>, member: Member) -> Result<Response, Problem> {
    cancel_deletion(&member.ctx, &app).await?;
    Ok(ui::redirect_with_toast(&app.config, "/account/data", "success", "deletion-cancelled"))
}
