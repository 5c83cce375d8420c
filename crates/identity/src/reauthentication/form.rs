//! The form that asks for the password and carries the submitted fields along.

use askama::Template;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use kernel::{Ctx, SystemReason};
use platform::http::unlinked;
use platform::{App, Problem};
use ui::{FormErrors, Messages, Page};

use crate::passwords::queries::find_password_hash;
use crate::second_factor::queries::factors;

/// Names of the form's own fields, which are not carried along.
pub(super) const PASSWORD: &str = "proofPassword";
pub(super) const THEN: &str = "proofThen";
pub(super) const NEXT: &str = "proofNext";

#[derive(Template)]
#[template(path = "reauthentication/confirm.html")]
struct ConfirmTemplate<'a> {
    t: Messages,
    then: &'a str,
    next: &'a str,
    carried: Vec<&'a (String, String)>,
    has_password: bool,
    has_passkey: bool,
    errors: FormErrors,
}

/// What happens after the proof.
pub(super) struct Continuation<'a> {
    /// The path to which `carried` is posted; empty when there is nothing to post.
    pub then: &'a str,
    /// The page to open when there is nothing to post.
    pub next: &'a str,
    /// The submitted fields.
    pub carried: &'a [(String, String)],
}

/// Asks the actor for a proof, with status 403. Afterwards `carried` is posted to `then` again.
///
/// # Errors
/// 401 when nobody is logged in; 503.
pub(crate) async fn confirm_page(
    ctx: &Ctx,
    app: &App,
    then: &str,
    carried: &[(String, String)],
) -> Result<Response, Problem> {
    let continuation = Continuation { then, next: "", carried };
    confirm_form(ctx, app, continuation, FormErrors::default(), StatusCode::FORBIDDEN).await
}

pub(super) async fn confirm_form(
    ctx: &Ctx,
    app: &App,
    continuation: Continuation<'_>,
    errors: FormErrors,
    status: StatusCode,
) -> Result<Response, Problem> {
    let user = ctx.user().ok_or_else(Problem::unauthorized)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let has_password = find_password_hash(&mut tx, user.user_id).await?.is_some();
    let has_passkey = factors(&mut tx, user.user_id).await?.passkeys > 0;
    tx.commit().await?;
    let t = Messages::new(ctx.locale);
    let Continuation { then, next, carried } = continuation;
    let carried = carried.iter().filter(|(name, _)| ![PASSWORD, THEN, NEXT].contains(&name.as_str())).collect();
    let template = ConfirmTemplate { t, then, next, carried, has_password, has_passkey, errors };
    let body = template.render().map_err(Problem::internal)?;
    let page = Page::new(t.say("confirm-identity-title"), body).private().island("passkeys").status(status);
    Ok(unlinked(page.into_response()))
}
