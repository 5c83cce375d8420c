//! `/account/usage` and `/account/usage.csv`.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use http::{StatusCode, header};
use kernel::{ImageCredits, Tokens};
use platform::http::{Member, Query};
use platform::{App, FieldProblem, Problem};
use time::Date;
use ui::dates::{date_of, iso_second};
use ui::{Bar, ChartLabels, Messages, Page, arg, bar_chart};

use super::csv::{self, Cell};
use super::model::{Asked, Line, Owned, Period, Sum, Usage, run_on};
use super::queries;
use crate::dashboard::overview::tabs;
use crate::prices::model::Operation;

/// Lines of a statement at most; more than a year of anybody.
const LINES_MAX: i64 = 100_000;

/// The elements of the page that name and describe the chart.
const CHART_LABELS: ChartLabels<'_> = ChartLabels { labelled_by: "chart-words", described_by: "chart-busiest" };

#[derive(Template)]
#[template(path = "statements/usage.html")]
struct UsagePage {
    t: Messages,
    tabs: Vec<(String, String, bool)>,
    problems: Vec<(String, String)>,
    from: String,
    to: String,
    before_href: String,
    after_href: String,
    csv_href: String,
    total: Sum,
    /// The whole `<svg>`.
    chart: String,
    busiest: i64,
    days: Vec<(String, Sum)>,
    operations: Vec<(String, Sum)>,
    models: Vec<(String, Sum)>,
    opening: Owned,
    closing: Owned,
    rows: Vec<Row>,
}

impl UsagePage {
    fn error(&self, field: &str) -> String {
        let found = self.problems.iter().find(|(name, _)| name == field);
        found.map(|(_, message)| message.clone()).unwrap_or_default()
    }
}

/// A line of the statement, in words.
struct Row {
    day: String,
    words: String,
    model: String,
    tokens: String,
    images: String,
    owned: Owned,
    paid: String,
}

fn href(path: &str, period: Period) -> String {
    format!("{path}?from={}&to={}", period.from, period.to)
}

fn operation_name(t: Messages, operation: Operation) -> String {
    t.say(&format!("usage-operation-{}", operation.as_str()))
}

/// What happened, in words.
fn words_of(t: Messages, line: &Line) -> String {
    match line.operation {
        Some(operation) if line.count > 1 => {
            t.say_with("usage-several", arg("operation", operation_name(t, operation)).arg("count", line.count))
        }
        Some(operation) => operation_name(t, operation),
        None => t.say(&format!("usage-type-{}", line.kind.replace('_', "-"))),
    }
}

/// A change with its sign; nothing for none.
fn tokens_change(tokens: Tokens) -> String {
    match tokens.get() {
        0 => String::new(),
        1.. => format!("+{tokens}"),
        _ => tokens.to_string().replacen('-', "−", 1),
    }
}

fn images_change(images: ImageCredits) -> String {
    match images.get() {
        0 => String::new(),
        1.. => format!("+{images}"),
        _ => images.to_string().replacen('-', "−", 1),
    }
}

fn row(t: Messages, (line, owned): (Line, Owned)) -> Row {
    Row {
        day: date_of(line.at).to_string(),
        words: words_of(t, &line),
        tokens: tokens_change(line.tokens),
        images: images_change(line.image_credits),
        paid: if line.paid.is_zero() { String::new() } else { t.yen_amount(&line.paid) },
        model: line.model.unwrap_or_default(),
        owned,
    }
}

/// The bar of a day: how many operations it had.
fn bar(t: Messages, usage: &Usage, day: Date) -> Bar {
    let value = usage.days.get(&day).map_or(0, |sum| sum.operations);
    Bar { value, title: t.say_with("usage-bar", arg("day", day.to_string()).arg("count", value)) }
}

pub(super) async fn show(
    State(app): State<App>,
    member: Member,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (t, user_id) = (Messages::new(member.ctx.locale), member.user.user_id);
    let (period, problems) = match Period::of(&asked, member.ctx.now()) {
        Ok(period) => (period, Vec::new()),
        // Days that make no period: this month is shown, and what is wrong with them.
        Err(problem) => {
            let message =
                |field: &FieldProblem| (field.field.clone(), field.message(&app.languages, member.ctx.locale));
            (Period::of(&Asked::default(), member.ctx.now())?, problem.fields().iter().map(message).collect())
        }
    };
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let mut tx = app.db.begin_as(&member.ctx).await?;
    let usage = Usage::of(&queries::used(&mut tx, user_id, period).await?);
    let opening = queries::opening(&mut tx, user_id, period).await?;
    let lines = queries::lines(&mut tx, user_id, period, true, LINES_MAX).await?;
    tx.commit().await?;
    let lines = run_on(opening, lines);
    let (before, after) = period.neighbours();
    let bars: Vec<Bar> = period.days().map(|day| bar(t, &usage, day)).collect();
    let body = UsagePage {
        t,
        tabs: tabs(t, "/account/usage"),
        problems,
        from: period.from.to_string(),
        to: period.to.to_string(),
        before_href: href("/account/usage", before),
        after_href: href("/account/usage", after),
        csv_href: href("/account/usage.csv", period),
        total: usage.total,
        chart: bar_chart(&bars, Some(CHART_LABELS)).0,
        busiest: bars.iter().map(|bar| bar.value).max().unwrap_or_default(),
        days: usage.days.iter().map(|(day, sum)| (day.to_string(), *sum)).collect(),
        operations: usage.operations.iter().map(|(one, sum)| (operation_name(t, *one), *sum)).collect(),
        models: usage.models.iter().map(|((_, model), sum)| (model.clone(), *sum)).collect(),
        opening,
        closing: lines.last().map_or(opening, |(_, owned)| *owned),
        rows: lines.into_iter().map(|line| row(t, line)).collect(),
    };
    let html = body.render().map_err(Problem::internal)?;
    Ok(Page::new(t.say("usage-title"), html).private().status(status).into_response())
}

/// Thousandths as a plain decimal, for a spreadsheet.
fn decimal(tokens: Tokens) -> String {
    let milli = tokens.get();
    let sign = if milli < 0 { "-" } else { "" };
    format!("{sign}{}.{:03}", milli.abs() / 1_000, milli.abs() % 1_000)
}

fn cells(t: Messages, line: &Line, owned: Owned) -> Vec<Cell<'static>> {
    let words = |text: &Option<String>| Cell::Text(text.clone().unwrap_or_default().into());
    vec![
        Cell::Number(line.number.to_string()),
        Cell::Text(iso_second(line.at).into()),
        Cell::Text(t.say(&format!("usage-type-{}", line.kind.replace('_', "-"))).into()),
        Cell::Text(line.operation.map(|operation| operation_name(t, operation)).unwrap_or_default().into()),
        words(&line.provider),
        words(&line.model),
        Cell::Number(decimal(line.tokens)),
        Cell::Number(line.image_credits.get().to_string()),
        Cell::Number(decimal(owned.tokens)),
        Cell::Number(owned.image_credits.get().to_string()),
        Cell::Number(line.paid.get().to_string()),
    ]
}

/// Every line of a period, one by one.
pub(super) async fn download(
    State(app): State<App>,
    member: Member,
    Query(asked): Query<Asked>,
) -> Result<Response, Problem> {
    let (t, user_id) = (Messages::new(member.ctx.locale), member.user.user_id);
    let period = Period::of(&asked, member.ctx.now())?;
    let mut tx = app.db.begin_as(&member.ctx).await?;
    let opening = queries::opening(&mut tx, user_id, period).await?;
    let lines = queries::lines(&mut tx, user_id, period, false, LINES_MAX + 1).await?;
    tx.commit().await?;
    if i64::try_from(lines.len()).is_ok_and(|count| count > LINES_MAX) {
        return Err(Problem::invalid_field("to", "period_too_full"));
    }
    const COLUMNS: [&str; 11] = [
        "number",
        "moment",
        "what",
        "operation",
        "provider",
        "model",
        "tokens",
        "images",
        "tokens-after",
        "images-after",
        "paid",
    ];
    let heading: Vec<String> = COLUMNS.iter().map(|column| t.say(&format!("usage-csv-{column}"))).collect();
    let rows = run_on(opening, lines);
    let text = csv::write(&heading, rows.iter().map(|(line, owned)| cells(t, line, *owned)));
    let name = format!("machiya-usage-{}-{}.csv", period.from, period.to);
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()),
        (header::CONTENT_DISPOSITION, format!("attachment; filename=\"{name}\"")),
        (header::CACHE_CONTROL, "private, no-store".to_owned()),
    ];
    Ok((headers, text).into_response())
}
