//! The form on a person's page.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use kernel::{Locale, SystemReason, UserId};
use platform::http::{Form, Operator, Path};
use platform::{App, FieldProblem, Problem};
use ui::redirect_with_toast;

use super::correct::correct as adjust;
use super::model::CorrectionForm;
use crate::users::pages::show_with;

pub(super) async fn correct(
    State(app): State<App>,
    Operator(member): Operator,
    Path(id): Path<UserId>,
    Form(form): Form<CorrectionForm>,
) -> Result<Response, Problem> {
    let correction = match form.read(id) {
        Ok(correction) => correction,
        Err(problems) => return again(&app, member.ctx.locale, id, form, &problems).await,
    };
    let mut tx = app.db.begin_system(SystemReason::Operator).await?;
    match adjust(&member.ctx, &mut tx, &correction).await {
        Ok(()) => tx.commit().await?,
        Err(problem) if problem.code() == "too_few_credits" => {
            drop(tx);
            let problem = FieldProblem::new("amount", "too_few_credits");
            return again(&app, member.ctx.locale, id, form, &[problem]).await;
        }
        Err(problem) => return Err(problem),
    }
    Ok(redirect_with_toast(&app.config, &format!("/console/users/{id}"), "success", "console-was-corrected"))
}

/// The page once more, with what was typed.
async fn again(
    app: &App,
    locale: Locale,
    id: UserId,
    form: CorrectionForm,
    problems: &[FieldProblem],
) -> Result<Response, Problem> {
    let page = show_with(app, locale, id, form, problems).await?;
    Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into_response())
}
