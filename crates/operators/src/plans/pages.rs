//! `/console/plans`.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use credits::plans::{self, OnPlan, Plan};
use http::StatusCode;
use kernel::{Locale, SystemReason};
use platform::http::{Form, Operator, Query};
use platform::{App, FieldProblem, Problem};
use serde::Deserialize;
use ui::{Messages, Page, redirect_with_toast};

use super::change;
use super::model::PlanForm;
use crate::places::places;

const HERE: &str = "/console/plans";

#[derive(Template)]
#[template(path = "plans/plans.html")]
struct PlansTemplate {
    t: Messages,
    places: Vec<(String, String, bool)>,
    rows: Vec<Row>,
    /// The plan that the form is about.
    open: Option<Open>,
    form: PlanForm,
    problems: Vec<(String, String)>,
}

impl PlansTemplate {
    fn error(&self, field: &str) -> String {
        let found = self.problems.iter().find(|(name, _)| name == field);
        found.map(|(_, message)| message.clone()).unwrap_or_default()
    }
}

/// A plan in the list.
struct Row {
    href: String,
    name: String,
    tokens: String,
    images: String,
    history: String,
    pages: String,
}

/// A plan that is to be edited, and whom that reaches when.
struct Open {
    name: String,
    reach: String,
}

/// Which plan is to be edited.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Look {
    plan: String,
}

fn row(t: Messages, plan: &Plan) -> Row {
    Row {
        href: format!("{HERE}?plan={}#change", plan.code),
        name: plan.name(t.locale()).to_owned(),
        tokens: plan.tokens_month.to_string(),
        images: plan.image_credits_month.to_string(),
        history: match plan.history_days {
            Some(days) => t.say_with("admin-plan-history-days", ui::arg("days", days)),
            None => t.say("admin-plan-history-ever"),
        },
        pages: plan.page_limit.to_string(),
    }
}

/// Whom an edit reaches, and when.
fn reach(t: Messages, plan: &Plan, on_plan: &OnPlan) -> String {
    if plan.code.is_free() {
        return t.say_with("console-plan-reach-free", ui::arg("people", on_plan.people));
    }
    t.say_with("console-plan-reach", ui::arg("monthly", on_plan.monthly).arg("yearly", on_plan.yearly))
}

async fn page(app: &App, locale: Locale, mut form: PlanForm, problems: &[FieldProblem]) -> Result<Page, Problem> {
    let t = Messages::new(locale);
    let mut tx = app.db.begin_system(SystemReason::Operator).await?;
    let all = plans::all(&mut tx).await?;
    let open = match all.iter().find(|plan| plan.code.as_str() == form.plan) {
        Some(plan) => {
            let on_plan = plans::on_plan(&mut tx, &plan.code).await?;
            if problems.is_empty() {
                form = PlanForm::of(plan);
            }
            Some(Open { name: plan.name(locale).to_owned(), reach: reach(t, plan, &on_plan) })
        }
        None => None,
    };
    tx.commit().await?;
    let message = |problem: &FieldProblem| (problem.field.clone(), problem.message(&app.languages, locale));
    let template = PlansTemplate {
        t,
        places: places(t, HERE),
        rows: all.iter().map(|plan| row(t, plan)).collect(),
        open,
        form,
        problems: problems.iter().map(message).collect(),
    };
    Ok(Page::new(t.say("console-plan-terms"), template.render().map_err(Problem::internal)?).private())
}

pub(super) async fn show(
    State(app): State<App>,
    Operator(member): Operator,
    Query(look): Query<Look>,
) -> Result<Page, Problem> {
    page(&app, member.ctx.locale, PlanForm { plan: look.plan, ..PlanForm::default() }, &[]).await
}

pub(super) async fn submit(
    State(app): State<App>,
    Operator(member): Operator,
    Form(form): Form<PlanForm>,
) -> Result<Response, Problem> {
    let wanted = match form.read() {
        Ok(wanted) => wanted,
        Err(problems) => {
            let page = page(&app, member.ctx.locale, form, &problems).await?;
            return Ok(page.status(StatusCode::UNPROCESSABLE_ENTITY).into_response());
        }
    };
    let mut tx = app.db.begin_system(SystemReason::Operator).await?;
    let is_changed = change(&member.ctx, &mut tx, &wanted).await?;
    tx.commit().await?;
    let said = if is_changed { "console-plan-changed" } else { "console-plan-unchanged" };
    Ok(redirect_with_toast(&app.config, HERE, "success", said))
}
