//! `/invoices/addressee`: the form.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::StatusCode;
use platform::http::{Form, Member};
use platform::{App, FieldProblem, Problem};
use ui::{Messages, Page, redirect_with_toast};

use super::model::{ADDRESS_CHARS_MAX, AddresseeForm, DEPARTMENT_CHARS_MAX, NAME_CHARS_MAX};
use super::queries;

#[derive(Template)]
#[template(path = "tax_invoices/addressee/addressee.html")]
struct AddresseePage {
    t: Messages,
    form: AddresseeForm,
    problems: Vec<(String, String)>,
}

impl AddresseePage {
    fn error(&self, field: &str) -> String {
        let found = self.problems.iter().find(|(name, _)| name == field);
        found.map(|(_, message)| message.clone()).unwrap_or_default()
    }

    fn is_person(&self) -> bool {
        self.form.kind == "person"
    }
}

pub(in crate::tax_invoices) async fn show(State(app): State<App>, member: Member) -> Result<Page, Problem> {
    let mut tx = app.db.begin_as(&member.ctx).await?;
    let known = queries::find(&mut tx, member.user.user_id).await?;
    tx.commit().await?;
    page(&app, &member, AddresseeForm::from(known), &[])
}

pub(in crate::tax_invoices) async fn set(
    State(app): State<App>,
    member: Member,
    Form(form): Form<AddresseeForm>,
) -> Result<Response, Problem> {
    let addressee = match form.read() {
        Ok(addressee) => addressee,
        Err(problems) => {
            return Ok(page(&app, &member, form, &problems)?.status(StatusCode::UNPROCESSABLE_ENTITY).into_response());
        }
    };
    let mut tx = app.db.begin_as(&member.ctx).await?;
    queries::set(&member.ctx, &mut tx, member.user.user_id, addressee.as_ref()).await?;
    tx.commit().await?;
    Ok(redirect_with_toast(&app.config, "/invoices/addressee", "success", "tax-invoice-addressee-saved"))
}

fn page(app: &App, member: &Member, form: AddresseeForm, problems: &[FieldProblem]) -> Result<Page, Problem> {
    let t = Messages::new(member.ctx.locale);
    let problems = problems
        .iter()
        .map(|problem| (problem.field.clone(), problem.message(&app.languages, member.ctx.locale)))
        .collect();
    let body = AddresseePage { t, form, problems };
    Ok(Page::new(t.say("tax-invoice-addressee-title"), body.render().map_err(Problem::internal)?).private())
}
