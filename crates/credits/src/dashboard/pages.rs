//! `/admin/pages`: the customer's dashboard.

use askama::Template;
use axum::Extension;
use axum::response::{IntoResponse as _, Response};
use platform::Problem;
use platform::http::Member;
use ui::{Messages, Page};

use super::overview::{Overview, tabs};
use crate::state::Billing;

#[derive(Template)]
#[template(path = "dashboard/pages.html")]
struct PagesPage {
    t: Messages,
    tabs: Vec<(String, String, bool)>,
    overview: Overview,
}

pub(super) async fn show(Extension(billing): Extension<Billing>, member: Member) -> Result<Response, Problem> {
    let (ctx, t) = (&member.ctx, Messages::new(member.ctx.locale));
    let mut tx = billing.app().db.begin_as(ctx).await?;
    let overview = Overview::read(ctx, &mut tx, member.user.user_id).await?;
    tx.commit().await?;
    let body = PagesPage { t, tabs: tabs(t, "/admin/pages"), overview };
    let page = Page::new(t.say("admin-pages-title"), body.render().map_err(Problem::internal)?);
    Ok(page.private().into_response())
}
