//! The form that asks for a proof and carries along what was typed.

use askama::Template;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use kernel::{Ctx, SystemReason};
use platform::{App, Problem};
use ui::{Messages, Page};

use crate::auth::session_cookies::{Told, secretive};
use crate::{passwords, second_factor};

/// Names of the form's own fields; what was typed elsewhere never has them.
pub(super) const PASSWORD: &str = "proofPassword";
pub(super) const THEN: &str = "proofThen";
pub(super) const NEXT: &str = "proofNext";

#[derive(Template)]
#[template(path = "reauthentication/confirm.html")]
struct ConfirmTemplate<'a> {
    t: Messages,
    then: &'a str,
    next: &'a str,
    kept: Vec<&'a (String, String)>,
    has_password: bool,
    has_passkey: bool,
    told: Told,
}

/// Asks whoever acts for a proof. Afterwards `kept` is posted to `then` again, as if nothing had come between.
///
/// # Errors
/// 401 when nobody is logged in; 503.
pub async fn ask(ctx: &Ctx, app: &App, then: &str, kept: &[(String, String)]) -> Result<Response, Problem> {
    form(ctx, app, Way { then, next: "", kept }, Told::default(), StatusCode::FORBIDDEN).await
}

/// Where it goes on after the proof.
pub(super) struct Way<'a> {
    /// A place to which `kept` is posted.
    pub then: &'a str,
    /// A page that is opened, where there is nothing to post.
    pub next: &'a str,
    /// What was typed.
    pub kept: &'a [(String, String)],
}

pub(super) async fn form(
    ctx: &Ctx,
    app: &App,
    way: Way<'_>,
    told: Told,
    status: StatusCode,
) -> Result<Response, Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let has_password = passwords::stored(&mut tx, user.user_id).await?.is_some();
    let has_passkey = second_factor::factors(&mut tx, user.user_id).await?.passkeys > 0;
    tx.commit().await?;
    let t = Messages::new(ctx.locale);
    let kept = way.kept.iter().filter(|(name, _)| ![PASSWORD, THEN, NEXT].contains(&name.as_str())).collect();
    let template = ConfirmTemplate { t, then: way.then, next: way.next, kept, has_password, has_passkey, told };
    let body = template.render().map_err(Problem::internal)?;
    let page = Page::new(t.say("confirm-identity-title"), body).private().island("passkeys").status(status);
    Ok(secretive(page.into_response()))
}
