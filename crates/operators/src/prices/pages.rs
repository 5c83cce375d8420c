//! `/console/prices`.

use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use credits::prices::{self, PricedModel};
use kernel::{Locale, SystemReason};
use platform::http::{Form, Operator, Query};
use platform::{App, FieldProblem, Problem};
use serde::Deserialize;
use ui::{FormErrors, Messages, Page, arg, redirect_with_toast};

use super::change::change;
use super::model::PriceForm;
use crate::editor::{Column, EditForm, Editor, Field, Row};

const HERE: &str = "/console/prices";

/// The price to change.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Chosen {
    price: String,
}

fn columns(t: Messages) -> Vec<Column> {
    let column = |key: &str, is_number| Column { label: t.say(key), is_number };
    vec![
        column("console-operation", false),
        column("console-model", false),
        column("console-image-credits", true),
        column("console-tokens", true),
    ]
}

fn operation_name(t: Messages, priced: &PricedModel) -> String {
    t.say(&format!("usage-operation-{}", priced.operation.as_str()))
}

fn model_name(priced: &PricedModel) -> String {
    format!("{} / {}", priced.provider, priced.model)
}

fn row(t: Messages, priced: &PricedModel) -> Row {
    let (operation, model) = (operation_name(t, priced), model_name(priced));
    Row {
        query: format!("price={}", priced.price.id),
        name: format!("{operation}, {model}"),
        cells: vec![operation, model, priced.price.image_credits.to_string(), priced.price.tokens.to_string()],
    }
}

fn edit_form(t: Messages, priced: &PricedModel, typed: PriceForm) -> EditForm {
    let price = &priced.price;
    let cost = t.say_with("console-price-cost", arg("images", price.image_credits).arg("tokens", price.tokens));
    EditForm {
        heading: t.say_with(
            "console-price-change-of",
            arg("what", operation_name(t, priced)).arg("model", model_name(priced)),
        ),
        summary: format!("{} {cost}", t.say("console-price-now")),
        question: t.say("console-price-question"),
        consequence: t.say("console-prices-words"),
        fields: vec![
            Field {
                hint: t.say("console-price-images-hint"),
                ..Field::number("imageCredits", t.say("console-image-credits"), &typed.image_credits, "numeric")
            },
            Field {
                hint: t.say("console-price-tokens-hint"),
                ..Field::number("tokens", t.say("console-tokens"), &typed.tokens, "decimal")
            },
            Field::reason(t, &typed.reason),
        ],
        key: ("price", typed.price),
    }
}

async fn page(app: &App, locale: Locale, mut typed: PriceForm, problems: &[FieldProblem]) -> Result<Page, Problem> {
    let t = Messages::new(locale);
    let mut tx = app.db.begin_system(SystemReason::Operator).await?;
    let current = prices::current(&mut tx).await?;
    tx.commit().await?;
    let rows = current.iter().map(|priced| row(t, priced)).collect();
    let chosen = current.iter().find(|priced| priced.price.id.to_string() == typed.price);
    let form = chosen.map(|priced| {
        if problems.is_empty() {
            typed.image_credits = priced.price.image_credits.to_string();
            typed.tokens = priced.price.tokens.to_string();
        }
        edit_form(t, priced, typed)
    });
    let errors = FormErrors::of_fields(&app.languages, locale, problems);
    Editor { t, path: HERE, title: "console-prices", columns: columns(t), rows, form, errors }.page()
}

pub(super) async fn show(
    State(app): State<App>,
    Operator(member): Operator,
    Query(chosen): Query<Chosen>,
) -> Result<Page, Problem> {
    page(&app, member.ctx.locale, PriceForm { price: chosen.price, ..PriceForm::default() }, &[]).await
}

pub(super) async fn submit(
    State(app): State<App>,
    Operator(member): Operator,
    Form(form): Form<PriceForm>,
) -> Result<Response, Problem> {
    let price_change = match form.read() {
        Ok(price_change) => price_change,
        Err(problems) => return Ok(page(&app, member.ctx.locale, form, &problems).await?.into_response()),
    };
    let mut tx = app.db.begin_system(SystemReason::Operator).await?;
    let is_changed = change(&member.ctx, &mut tx, &price_change).await?;
    tx.commit().await?;
    let toast = if is_changed { "console-price-changed" } else { "console-price-unchanged" };
    Ok(redirect_with_toast(&app.config, HERE, "success", toast))
}
