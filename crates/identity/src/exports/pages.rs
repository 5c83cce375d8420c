//! `/account/data`: exports of the account's data and the deletion of the account.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use platform::http::{Form, Member, Path};
use platform::{App, Problem};
use ui::dates::{day, minute};
use ui::{Messages, Page};

use super::download::sign_url;
use super::model::{AccountExport, AccountExportId, ExportState};
use super::queries;
use super::request::request_export;
use crate::account_settings::tabs::{Tab, tabs};
use crate::deletion::queries::due_at;
use crate::reauthentication::form::confirm_page;

const PATH: &str = "/account/data";

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(PATH, get(show))
        .route("/account/exports", post(submit))
        .route("/account/exports/{id}", get(download))
}

struct ExportLine {
    requested: String,
    state: String,
    href: Option<String>,
}

#[derive(Template)]
#[template(path = "exports/data.html")]
struct DataTemplate {
    t: Messages,
    tabs: Vec<Tab>,
    exports: Vec<ExportLine>,
    deleted_on: Option<String>,
}

async fn show(State(app): State<App>, member: Member) -> Result<Response, Problem> {
    let mut tx = app.db.begin_as(&member.ctx).await?;
    let exports = queries::list(&mut tx, member.user.user_id).await?;
    let due_at = due_at(&mut tx, member.user.user_id).await?;
    tx.commit().await?;
    let t = Messages::new(member.ctx.locale);
    let template = DataTemplate {
        t,
        tabs: tabs(t, PATH),
        exports: exports.iter().map(|export| export_line(t, export)).collect(),
        deleted_on: due_at.map(|at| day(t.locale(), at)),
    };
    let body = template.render().map_err(Problem::internal)?;
    Ok(Page::new(t.say("account-tab-data"), body).private().into_response())
}

fn export_line(t: Messages, export: &AccountExport) -> ExportLine {
    let until = export.expires_at.map(|at| day(t.locale(), at)).unwrap_or_default();
    let state = match export.state {
        ExportState::Requested => t.say("export-waiting"),
        ExportState::Ready => t.say_with("export-ready", ui::arg("when", until)),
        ExportState::Failed => t.say("export-failed"),
        ExportState::Ended => t.say("export-ended"),
    };
    let href = (export.state == ExportState::Ready).then(|| format!("/account/exports/{}", export.id));
    ExportLine { requested: minute(t.locale(), export.requested_at), state, href }
}

async fn submit(
    State(app): State<App>,
    member: Member,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    match request_export(&member.ctx, &app).await {
        Ok(_) => Ok(ui::redirect_with_toast(&app.config, PATH, "success", "export-asked")),
        Err(problem) if problem.code() == "reauthentication_required" => {
            confirm_page(&member.ctx, &app, "/account/exports", &pairs).await
        }
        Err(problem) if problem.code() == "export_in_progress" => {
            Ok(ui::redirect_with_toast(&app.config, PATH, "success", "export-waiting"))
        }
        Err(problem) => Err(problem),
    }
}

async fn download(
    State(app): State<App>,
    member: Member,
    Path(id): Path<AccountExportId>,
) -> Result<Response, Problem> {
    Ok(Redirect::to(&sign_url(&member.ctx, &app, member.user.user_id, id).await?).into_response())
}
