//! The page of a link that does not work (any more): what happened, and where to get a new one.

use askama::Template;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use kernel::Ctx;
use platform::http::unlinked;
use platform::{App, Problem};
use ui::{Messages, Page};

use crate::responses::error_page;

#[derive(Template)]
#[template(path = "one_time_links/invalid_link.html")]
struct InvalidLinkTemplate {
    t: Messages,
    title: String,
    detail: String,
    label: String,
    href: &'static str,
}

/// Where a new link is available.
#[derive(Clone, Copy, Debug)]
pub(crate) enum NewLinkAt {
    /// The form for a forgotten password.
    Recovery,
    /// The account's security page, after logging in.
    Account,
}

/// The page for a link error (404 or 410).
///
/// # Errors
/// Every other problem, unchanged.
pub(crate) fn invalid_link_page(
    app: &App,
    ctx: &Ctx,
    problem: Problem,
    new_link_at: NewLinkAt,
) -> Result<Response, Problem> {
    if !matches!(problem.status(), StatusCode::NOT_FOUND | StatusCode::GONE) {
        return Err(problem);
    }
    let t = Messages::new(ctx.locale);
    let body = problem.body(&app.languages, ctx.locale);
    let (label, href) = match new_link_at {
        NewLinkAt::Recovery => (t.say("link-again-recovery"), "/reset-password"),
        NewLinkAt::Account => (t.say("link-again-account"), "/account/security"),
    };
    let title = body.title.clone();
    let template = InvalidLinkTemplate { t, title: body.title, detail: body.detail.unwrap_or_default(), label, href };
    let page = Page::new(title, template.render().map_err(Problem::internal)?).private();
    Ok(unlinked(error_page(&problem, page.into_response())))
}
