//! The page of a link that does not work (any more): what happened, and the way to a new one.

use askama::Template;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use kernel::Ctx;
use platform::{App, Problem};
use ui::{Messages, Page};

use crate::auth::session_cookies::{secretive, told_page};

#[derive(Template)]
#[template(path = "one_time_links/dead.html")]
struct DeadTemplate {
    t: Messages,
    title: String,
    words: String,
    label: String,
    href: &'static str,
}

/// Where a new link is had.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Renewal {
    /// By asking for another mail to a forgotten password.
    Recovery,
    /// In the account, after logging in.
    Account,
}

/// The page for a link's fault; every other problem stays one.
///
/// # Errors
/// The problem itself, when it is not about the link.
pub(crate) fn dead(app: &App, ctx: &Ctx, problem: Problem, renewal: Renewal) -> Result<Response, Problem> {
    if !matches!(problem.status(), StatusCode::NOT_FOUND | StatusCode::GONE) {
        return Err(problem);
    }
    let t = Messages::new(ctx.locale);
    let body = problem.body(&app.languages, ctx.locale);
    let (label, href) = match renewal {
        Renewal::Recovery => (t.say("link-again-recovery"), "/reset-password"),
        Renewal::Account => (t.say("link-again-account"), "/account/security"),
    };
    let title = body.title.clone();
    let template = DeadTemplate { t, title: body.title, words: body.detail.unwrap_or_default(), label, href };
    let page = Page::new(title, template.render().map_err(Problem::internal)?).private();
    Ok(secretive(told_page(&problem, page.into_response())))
}
