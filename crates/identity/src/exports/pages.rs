//! `/account/data`: the file with one's data, and leaving.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::{get, post};
use platform::http::{Form, Member, Path};
use platform::{App, Problem};
use ui::{Messages, Page};

use super::api::{ask, link};
use super::{AccountExport, AccountExportId, ExportState, queries};
use crate::{account_settings, deletion, reauthentication};

const HERE: &str = "/account/data";

pub(super) fn routes() -> Router<App> {
    Router::new()
        .route(HERE, get(show))
        .route("/account/exports", post(submit))
        .route("/account/exports/{id}", get(download))
}

struct ExportLine {
    asked: String,
    state: String,
    href: Option<String>,
}

#[derive(Template)]
#[template(path = "exports/data.html")]
struct DataTemplate {
    t: Messages,
    tabs: Vec<(String, String, bool)>,
    exports: Vec<ExportLine>,
    leaves_on: Option<String>,
}

async fn show(State(app): State<App>, member: Member) -> Result<Response, Problem> {
    let mut tx = app.db.begin_as(&member.ctx).await?;
    let exports = queries::list(&mut tx, member.user.user_id).await?;
    let due_at = deletion::queries::due_at(&mut tx, member.user.user_id).await?;
    tx.commit().await?;
    let t = Messages::new(member.ctx.locale);
    let template = DataTemplate {
        t,
        tabs: account_settings::tabs(t, HERE),
        exports: exports.iter().map(|export| line(t, export)).collect(),
        leaves_on: due_at.map(|at| account_settings::day(t, at)),
    };
    let body = template.render().map_err(Problem::internal)?;
    Ok(Page::new(t.say("account-tab-data"), body).private().into_response())
}

fn line(t: Messages, export: &AccountExport) -> ExportLine {
    let until = export.expires_at.map(|at| account_settings::day(t, at)).unwrap_or_default();
    let state = match export.state {
        ExportState::Requested => t.say("export-waiting"),
        ExportState::Ready => t.say_with("export-ready", ui::arg("when", until)),
        ExportState::Failed => t.say("export-failed"),
        ExportState::Ended => t.say("export-ended"),
    };
    let href = (export.state == ExportState::Ready).then(|| format!("/account/exports/{}", export.id));
    ExportLine { asked: account_settings::minute(t, export.requested_at), state, href }
}

async fn submit(
    State(app): State<App>,
    member: Member,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    match ask(&member, &app).await {
        Ok(_) => Ok(ui::redirect_with_toast(&app.config, HERE, "success", "export-asked")),
        Err(problem) if problem.code() == "reauthentication_required" => {
            reauthentication::ask(&member.ctx, &app, "/account/exports", &pairs).await
        }
        Err(problem) if problem.code() == "export_in_progress" => {
            Ok(ui::redirect_with_toast(&app.config, HERE, "success", "export-waiting"))
        }
        Err(problem) => Err(problem),
    }
}

async fn download(
    State(app): State<App>,
    member: Member,
    Path(id): Path<AccountExportId>,
) -> Result<Response, Problem> {
    Ok(Redirect::to(&link(&member.ctx, &app, member.user.user_id, id).await?).into_response())
}
