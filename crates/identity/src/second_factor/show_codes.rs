//! The page that shows new recovery codes.

use askama::Template;
use axum::response::{IntoResponse as _, Response};
use kernel::Ctx;
use platform::http::unlinked;
use platform::{App, Problem};
use ui::{Messages, Page};

use super::change::FactorAdded;
use crate::session_cookies::set_session;

#[derive(Template)]
#[template(path = "second_factor/codes.html")]
struct CodesTemplate {
    t: Messages,
    codes: Vec<String>,
}

/// Shows the new recovery codes. Without any, redirects to the security page with the toast `done`.
pub(crate) fn show_codes(ctx: &Ctx, app: &App, added: FactorAdded, done: &'static str) -> Result<Response, Problem> {
    let t = Messages::new(ctx.locale);
    let mut response = if added.codes.is_empty() {
        ui::redirect_with_toast(&app.config, "/account/security", "success", done)
    } else {
        let body = CodesTemplate { t, codes: added.codes }.render().map_err(Problem::internal)?;
        unlinked(Page::new(t.say("factors-codes-title"), body).private().into_response())
    };
    set_session(&app.config, &mut response, added.session.as_ref());
    Ok(response)
}
