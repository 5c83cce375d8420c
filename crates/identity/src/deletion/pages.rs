//! `POST /account/deletion` and its cancellation; the page is `/account/data`.

use axum::Router;
use axum::extract::State;
use axum::response::Response;
use axum::routing::post;
use kernel::SystemReason;
use platform::http::{Form, Member};
use platform::{App, Problem};

use super::{cancel, request};
use crate::reauthentication;

pub(super) fn routes() -> Router<App> {
    Router::new().route("/account/deletion", post(submit)).route("/account/deletion/cancel", post(submit_cancel))
}

async fn submit(
    State(app): State<App>,
    member: Member,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let asked = async {
        let mut tx = app.db.begin_system(SystemReason::PlatformRules).await?;
        request(&member.ctx, &mut tx, &app).await?;
        Ok::<(), Problem>(tx.commit().await?)
    };
    match asked.await {
        Ok(()) => Ok(ui::redirect_with_toast(&app.config, "/account/data", "success", "deletion-asked")),
        Err(problem) if problem.code() == "reauthentication_required" => {
            reauthentication::ask(&member.ctx, &app, "/account/deletion", &pairs).await
        }
        Err(problem) => Err(problem),
    }
}

async fn submit_cancel(State(app): State<App>, member: Member) -> Result<Response, Problem> {
    let mut tx = app.db.begin_system(SystemReason::PlatformRules).await?;
    cancel(&member.ctx, &mut tx).await?;
    tx.commit().await?;
    Ok(ui::redirect_with_toast(&app.config, "/account/data", "success", "deletion-cancelled"))
}
