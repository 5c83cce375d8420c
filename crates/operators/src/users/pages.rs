//! `/console/users` and `/console/users/{id}`.

use askama::Template;
use axum::extract::State;
use axum::response::Response;
use kernel::{Cursor, Locale, PageRequest, Paginated, Role, SystemReason, UserId};
use platform::http::{Form, Operator, Path, Query};
use platform::{App, FieldProblem, Problem};
use serde::Deserialize;
use ui::dates::iso_minute;
use ui::{Messages, Page, redirect_with_toast};

use super::model::{Incident, Movement, Person, Search};
use super::queries;
use crate::credit_adjustments::model::CorrectionForm;
use crate::numbers::number;
use crate::places::places;
use crate::plan_names::{name_of, plan_names};
use crate::users::ban::{Verdict, set_ban};

#[derive(Template)]
#[template(path = "users/list.html")]
struct ListTemplate {
    t: Messages,
    places: Vec<(String, String, bool)>,
    search: Search,
    plans: Vec<(String, String)>,
    roles: Vec<(&'static str, String)>,
    rows: Vec<Row>,
    is_filtered: bool,
    next_href: String,
}

/// A person in the list.
struct Row {
    href: String,
    name: String,
    email: String,
    role: String,
    is_banned: bool,
    plan: String,
    image_credits: String,
    tokens: String,
    pictures: String,
    since: String,
}

#[derive(Template)]
#[template(path = "users/person.html")]
struct PersonTemplate {
    t: Messages,
    row: Row,
    id_text: String,
    is_operator: bool,
    facts: Vec<(String, String)>,
    incidents: Vec<(String, String, String)>,
    movements: Vec<(String, String, String, String)>,
    form: CorrectionForm,
    problems: Vec<(String, String)>,
}

impl PersonTemplate {
    fn error(&self, field: &str) -> String {
        let found = self.problems.iter().find(|(name, _)| name == field);
        found.map(|(_, message)| message.clone()).unwrap_or_default()
    }
}

fn role_name(t: Messages, role: Role) -> String {
    t.say(match role {
        Role::User => "console-role-user",
        Role::Seller => "console-role-seller",
        Role::Admin => "console-role-admin",
    })
}

impl Row {
    fn new(t: Messages, person: &Person, plans: &[(String, String)]) -> Self {
        let plan = name_of(plans, &person.plan);
        Self {
            href: format!("/console/users/{}", person.id),
            name: person.display_name.clone(),
            email: person.email.clone().unwrap_or_else(|| t.say("console-erased")),
            role: role_name(t, person.role),
            is_banned: person.is_banned,
            plan: match person.dunning_state.as_str() {
                "grace" => format!("{plan} ({})", t.say("console-grace")),
                "read_only" => format!("{plan} ({})", t.say("console-read-only")),
                _ => plan.to_owned(),
            },
            image_credits: number(person.image_credits.get()),
            tokens: number(person.tokens.get() / 1_000),
            pictures: number(person.generation_count),
            since: iso_minute(person.created_at),
        }
    }
}

/// The address of the next part, with the filters kept.
fn next_href(search: &Search, cursor: Option<&String>) -> String {
    let Some(cursor) = cursor else { return String::new() };
    let pairs = [
        ("q", search.text.as_str()),
        ("plan", &search.plan),
        ("role", &search.role),
        ("banned", &search.banned),
        ("cursor", cursor),
    ];
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(pairs.into_iter().filter(|(_, value)| !value.is_empty()));
    format!("/console/users?{}", query.finish())
}

pub(super) async fn list(
    State(app): State<App>,
    Operator(member): Operator,
    Query(search): Query<Search>,
) -> Result<Page, Problem> {
    let t = Messages::new(member.ctx.locale);
    let filter = search.read()?;
    let request = PageRequest::parse(Some(&search.cursor), search.limit)?;
    let mut tx = app.db.begin_system(SystemReason::Operator).await?;
    let people = queries::users(&mut tx, &filter, &request).await?;
    let plans = plan_names(&mut tx, member.ctx.locale).await?;
    tx.commit().await?;
    let page: Paginated<Person> =
        Paginated::from_rows(people, &request, |person| Cursor { at: person.created_at, id: person.id.uuid() });
    let roles = ["user", "seller", "admin"];
    let template = ListTemplate {
        t,
        places: places(t, "/console/users"),
        rows: page.items.iter().map(|person| Row::new(t, person, &plans)).collect(),
        next_href: next_href(&search, page.next_cursor.as_ref()),
        is_filtered: filter.text.is_some()
            || filter.plan.is_some()
            || filter.role.is_some()
            || filter.is_banned.is_some(),
        plans,
        roles: roles.map(|role| (role, t.say(&format!("console-role-{role}")))).to_vec(),
        search,
    };
    Ok(Page::new(t.say("console-users"), template.render().map_err(Problem::internal)?).private())
}

pub(super) async fn show(
    State(app): State<App>,
    Operator(member): Operator,
    Path(id): Path<UserId>,
) -> Result<Page, Problem> {
    show_with(&app, member.ctx.locale, id, CorrectionForm::default(), &[]).await
}

/// The page of a person, with what was typed into its form and what is wrong with it.
///
/// # Errors
/// 404; 503.
pub(crate) async fn show_with(
    app: &App,
    locale: Locale,
    id: UserId,
    form: CorrectionForm,
    problems: &[FieldProblem],
) -> Result<Page, Problem> {
    let t = Messages::new(locale);
    let mut tx = app.db.begin_system(SystemReason::Operator).await?;
    let person = queries::person(&mut tx, id).await?.ok_or_else(Problem::not_found)?;
    let incidents = queries::incidents(&mut tx, id).await?;
    let movements = queries::movements(&mut tx, id).await?;
    let plans = plan_names(&mut tx, locale).await?;
    tx.commit().await?;
    let row = Row::new(t, &person, &plans);
    let fact = |key: &str, value: &str| (t.say(key), value.to_owned());
    let last = person.last_generation_at.map_or_else(|| t.say("console-never"), iso_minute);
    let template = PersonTemplate {
        t,
        id_text: id.to_string(),
        is_operator: person.role == Role::Admin,
        facts: vec![
            fact("console-email", &row.email),
            fact("console-role", &row.role),
            fact("console-plan", &row.plan),
            fact("console-image-credits", &row.image_credits),
            fact("console-tokens", &row.tokens),
            fact("console-pictures", &row.pictures),
            fact("console-last-picture", &last),
            fact("console-since", &row.since),
        ],
        incidents: incidents.iter().map(incident_words).collect(),
        movements: movements.iter().map(|movement| movement_words(t, movement)).collect(),
        problems: problems
            .iter()
            .map(|problem| (problem.field.clone(), problem.message(&app.languages, locale)))
            .collect(),
        row,
        form,
    };
    Ok(Page::new(template.row.name.clone(), template.render().map_err(Problem::internal)?).private())
}

fn incident_words(incident: &Incident) -> (String, String, String) {
    let words = match &incident.reason {
        Some(reason) => format!("{} — {reason}", incident.action),
        None => incident.action.clone(),
    };
    (iso_minute(incident.at), words, incident.actor_name.clone().unwrap_or_default())
}

fn movement_words(t: Messages, movement: &Movement) -> (String, String, String, String) {
    let amount = |amount: i64| match movement.unit.as_str() {
        "token" => number(amount / 1_000),
        _ => number(amount),
    };
    let unit = t.say(if movement.unit == "token" { "console-tokens" } else { "console-image-credits" });
    let sign = if movement.amount > 0 { "+" } else { "" };
    (
        iso_minute(movement.at),
        t.say(&format!("console-movement-{}", movement.kind.replace('_', "-"))),
        format!("{sign}{} {unit}", amount(movement.amount)),
        amount(movement.available_after),
    )
}

/// Why.
#[derive(Debug, Deserialize)]
pub(super) struct ReasonForm {
    #[serde(default)]
    reason: String,
}

pub(super) async fn ban(
    State(app): State<App>,
    Operator(member): Operator,
    Path(id): Path<UserId>,
    Form(form): Form<ReasonForm>,
) -> Result<Response, Problem> {
    set_ban(&app, &member.ctx, id, Verdict::Ban, &form.reason).await?;
    Ok(redirect_with_toast(&app.config, &format!("/console/users/{id}"), "success", "console-was-banned"))
}

pub(super) async fn unban(
    State(app): State<App>,
    Operator(member): Operator,
    Path(id): Path<UserId>,
    Form(form): Form<ReasonForm>,
) -> Result<Response, Problem> {
    set_ban(&app, &member.ctx, id, Verdict::Unban, &form.reason).await?;
    Ok(redirect_with_toast(&app.config, &format!("/console/users/{id}"), "success", "console-was-unbanned"))
}
