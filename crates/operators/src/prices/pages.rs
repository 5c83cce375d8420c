//! `/console/prices`.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use credits::prices::{self, PricedModel};
use http::StatusCode;
use kernel::{Locale, SystemReason};
use platform::http::{Form, Operator, Query};
use platform::{App, FieldProblem, Problem};
use serde::Deserialize;
use ui::{Messages, Page, redirect_with_toast};

use super::change;
use super::model::PriceForm;
use crate::places::places;

const HERE: &str = "/console/prices";

#[derive(Template)]
#[template(path = "prices/prices.html")]
struct PricesTemplate {
    t: Messages,
    places: Vec<(String, String, bool)>,
    rows: Vec<Row>,
    /// The price that the form is about.
    open: Option<Open>,
    form: PriceForm,
    problems: Vec<(String, String)>,
}

impl PricesTemplate {
    fn error(&self, field: &str) -> String {
        let found = self.problems.iter().find(|(name, _)| name == field);
        found.map(|(_, message)| message.clone()).unwrap_or_default()
    }
}

/// A price in the list.
struct Row {
    href: String,
    what: String,
    model: String,
    image_credits: String,
    tokens: String,
}

/// A price that is to be changed.
struct Open {
    what: String,
    model: String,
    cost: String,
}

/// Which price is to be changed.
#[derive(Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Look {
    price: String,
}

fn row(t: Messages, priced: &PricedModel) -> Row {
    Row {
        href: format!("{HERE}?price={}#change", priced.price.id),
        what: t.say(&format!("usage-operation-{}", priced.operation.as_str())),
        model: format!("{} / {}", priced.provider, priced.model),
        image_credits: priced.price.image_credits.to_string(),
        tokens: priced.price.tokens.to_string(),
    }
}

async fn page(app: &App, locale: Locale, mut form: PriceForm, problems: &[FieldProblem]) -> Result<Page, Problem> {
    let t = Messages::new(locale);
    let mut tx = app.db.begin_system(SystemReason::Operator).await?;
    let current = prices::current(&mut tx).await?;
    tx.commit().await?;
    let open = current.iter().find(|priced| priced.price.id.to_string() == form.price);
    if let Some(priced) = open
        && problems.is_empty()
    {
        form.image_credits = priced.price.image_credits.to_string();
        form.tokens = priced.price.tokens.to_string();
    }
    let message = |problem: &FieldProblem| (problem.field.clone(), problem.message(&app.languages, locale));
    let template = PricesTemplate {
        t,
        places: places(t, HERE),
        rows: current.iter().map(|priced| row(t, priced)).collect(),
        open: open.map(|priced| {
            let Row { what, model, image_credits, tokens, .. } = row(t, priced);
            let cost = t.say_with("console-price-cost", ui::arg("images", image_credits).arg("tokens", tokens));
            Open { what, model, cost }
        }),
        form,
        problems: problems.iter().map(message).collect(),
    };
    Ok(Page::new(t.say("console-prices"), template.render().map_err(Problem::internal)?).private())
}

pub(super) async fn show(
    State(app): State<App>,
    Operator(member): Operator,
    Query(look): Query<Look>,
) -> Result<Page, Problem> {
    page(&app, member.ctx.locale, PriceForm { price: look.price, ..PriceForm::default() }, &[]).await
}

pub(super) async fn submit(
    State(app): State<App>,
    Operator(member): Operator,
    Form(form): Form<PriceForm>,
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
    let said = if is_changed { "console-price-changed" } else { "console-price-unchanged" };
    Ok(redirect_with_toast(&app.config, HERE, "success", said))
}
