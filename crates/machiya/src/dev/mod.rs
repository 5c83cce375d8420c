//! What exists only in development: `/dev/mail` shows the mail that would be sent.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use kernel::SystemReason;
use platform::http::Anyone;
use platform::mail::{self, Mail};
use platform::{App, Problem};
use ui::{Messages, Page};

/// How many mails are shown.
const SHOWN: i64 = 50;

/// The routes below `/dev`.
pub(crate) fn routes() -> Router<App> {
    Router::new().route("/dev/mail", get(show_mail))
}

#[derive(Template)]
#[template(path = "dev/mail.html")]
struct MailTemplate {
    t: Messages,
    mails: Vec<Mail>,
}

impl MailTemplate {
    /// When a mail was written, to the minute.
    fn minute(mail: &Mail) -> String {
        let at = mail.created_at;
        format!("{} {:02}:{:02} UTC", at.date(), at.hour(), at.minute())
    }
}

async fn show_mail(State(app): State<App>, Anyone(ctx): Anyone) -> Result<Response, Problem> {
    let mut tx = app.db.begin_system(SystemReason::Maintenance).await?;
    let mails = mail::recent(&mut tx, SHOWN).await?;
    tx.commit().await?;
    let t = Messages::new(ctx.locale);
    let body = MailTemplate { t, mails }.render().map_err(Problem::internal)?;
    Ok(Page::new(t.say("dev-mail-title"), body).robots("noindex").into_response())
}
