//! `/console/plans`.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use credits::plans::{self, OnPlan, Plan};
use kernel::{Locale, SystemReason};
use platform::http::{Form, Operator, Query};
use platform::{App, FieldProblem, Problem};
use serde::Deserialize;
use ui::{FormErrors, Messages, Page, arg, redirect_with_toast};

use super::change::change;
use super::model::PlanForm;
use crate::editor::{Column, EditForm, Editor, Field, Input, Row};

const HERE: &str = "/console/plans";

/// The plan to edit.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    plan: String,
}

fn columns(t: Messages) -> Vec<Column> {
    let column = |key: &str, is_number| Column { label: t.say(key), is_number };
    vec![
        column("console-plan", false),
        column("console-plan-tokens", true),
        column("console-plan-images", true),
        column("admin-plan-history", false),
        column("console-plan-pages", true),
    ]
}

fn row(t: Messages, plan: &Plan) -> Row {
    let name = plan.name(t.locale()).to_owned();
    let history = match plan.history_days {
        Some(days) => t.say_with("admin-plan-history-days", arg("days", days)),
        None => t.say("admin-plan-history-ever"),
    };
    Row {
        query: format!("plan={}", plan.code),
        cells: vec![
            name.clone(),
            plan.tokens_month.to_string(),
            plan.image_credits_month.to_string(),
            history,
            plan.page_limit.to_string(),
        ],
        name,
    }
}

/// Whom an edit of a plan reaches, and when.
fn reach(t: Messages, plan: &Plan, on_plan: &OnPlan) -> String {
    if plan.code.is_free() {
        return t.say_with("console-plan-reach-free", arg("people", on_plan.people));
    }
    t.say_with("console-plan-reach", arg("monthly", on_plan.monthly).arg("yearly", on_plan.yearly))
}

fn edit_form(t: Messages, plan: &Plan, reach: String, typed: PlanForm) -> EditForm {
    let number = |name, key: &str, value: &str| Field::number(name, t.say(key), value, "numeric");
    let lines =
        |name, key: &str, value: &str| Field { input: Input::Lines, ..Field::number(name, t.say(key), value, "") };
    EditForm {
        heading: t.say_with("console-plan-change-of", arg("plan", plan.name(t.locale()))),
        question: t.say("console-plan-question"),
        summary: reach.clone(),
        consequence: reach,
        fields: vec![
            number("tokens", "console-plan-tokens", &typed.tokens),
            number("images", "console-plan-images", &typed.images),
            Field {
                hint: t.say("console-plan-history-hint"),
                is_required: false,
                ..number("historyDays", "console-plan-history", &typed.history_days)
            },
            number("pages", "console-plan-pages", &typed.pages),
            Field {
                hint: t.say("console-plan-benefits-hint"),
                ..lines("benefitsJa", "console-plan-benefits-ja", &typed.benefits_ja)
            },
            lines("benefitsEn", "console-plan-benefits-en", &typed.benefits_en),
            Field::reason(t, &typed.reason),
        ],
        key: ("plan", typed.plan),
    }
}

async fn page(app: &App, locale: Locale, typed: PlanForm, problems: &[FieldProblem]) -> Result<Page, Problem> {
    let t = Messages::new(locale);
    let mut tx = app.db.begin_system(SystemReason::Operator).await?;
    let all = plans::all(&mut tx).await?;
    let form = match all.iter().find(|plan| plan.code.as_str() == typed.plan) {
        Some(plan) => {
            let reach = reach(t, plan, &plans::on_plan(&mut tx, &plan.code).await?);
            let typed = if problems.is_empty() { PlanForm::of(plan) } else { typed };
            Some(edit_form(t, plan, reach, typed))
        }
        None => None,
    };
    tx.commit().await?;
    let editor = Editor {
        t,
        path: HERE,
        title: "console-plan-terms",
        columns: columns(t),
        rows: all.iter().map(|plan| row(t, plan)).collect(),
        form,
        errors: FormErrors::of_fields(&app.languages, locale, problems),
    };
    editor.page()
}

pub(super) async fn show(
    State(app): State<App>,
    Operator(member): Operator,
    Query(chosen): Query<Chosen>,
) -> Result<Page, Problem> {
    page(&app, member.ctx.locale, PlanForm { plan: chosen.plan, ..PlanForm::default() }, &[]).await
}

pub(super) async fn submit(
    State(app): State<App>,
    Operator(member): Operator,
    Form(form): Form<PlanForm>,
) -> Result<Response, Problem> {
    let edit = match form.read() {
        Ok(edit) => edit,
        Err(problems) => return Ok(page(&app, member.ctx.locale, form, &problems).await?.into_response()),
    };
    let mut tx = app.db.begin_system(SystemReason::Operator).await?;
    let is_changed = change(&member.ctx, &mut tx, &edit).await?;
    tx.commit().await?;
    let toast = if is_changed { "console-plan-changed" } else { "console-plan-unchanged" };
    Ok(redirect_with_toast(&app.config, HERE, "success", toast))
}
