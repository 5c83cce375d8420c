//! The description of the API: `/api/openapi.json` for programs, `/api/docs` for people.

mod complete;
#[cfg(test)]
mod tests;

use std::sync::LazyLock;

use askama::Template;
use axum::Router;
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use http::header;
use platform::http::Anyone;
use platform::{App, Problem};
use serde_json::Value;
use ui::{Messages, Page};
use utoipa::OpenApi;
use utoipa::openapi::OpenApi as Document;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityScheme};

#[derive(OpenApi)]
#[openapi(
    info(title = "Machiya", description = "Make, keep, publish and sell pictures made with AI."),
    components(schemas(platform::http::ProblemBody)),
    security(("bearer" = []))
)]
struct Base;

/// What every domain says of its own paths.
fn parts() -> Vec<Document> {
    vec![
        identity::openapi(),
        studio::openapi(),
        catalog::openapi(),
        orders::openapi(),
        payments::openapi(),
        credits::openapi(),
        operators::openapi(),
    ]
}

/// The whole document (OpenAPI 3.1).
///
/// # Errors
/// When it cannot be written as JSON.
pub fn document() -> serde_json::Result<Value> {
    let mut document = Base::openapi();
    for part in parts() {
        document.merge(part);
    }
    let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    document.components.get_or_insert_default().add_security_scheme("bearer", bearer);
    let mut document = serde_json::to_value(document)?;
    complete::complete(&mut document);
    Ok(document)
}

/// The document, written once; `docs/openapi.json` is a copy of it.
static DOCUMENT: LazyLock<String> =
    LazyLock::new(|| document().and_then(|document| serde_json::to_string(&document)).unwrap_or_default());

/// The routes of the description.
pub(crate) fn routes() -> Router<App> {
    Router::new().route("/api/openapi.json", get(json)).route("/api/docs", get(show))
}

async fn json() -> Response {
    ([(header::CONTENT_TYPE, "application/json")], DOCUMENT.as_str()).into_response()
}

#[derive(Template)]
#[template(path = "openapi.html")]
struct DocsTemplate {
    t: Messages,
    groups: Vec<Group>,
}

/// The paths that belong together.
struct Group {
    name: String,
    operations: Vec<Operation>,
}

/// One path and method, as the page shows it.
struct Operation {
    method: String,
    path: String,
    summary: String,
    tag: String,
    responses: Vec<(String, String)>,
}

async fn show(Anyone(ctx): Anyone) -> Result<Response, Problem> {
    let t = Messages::new(ctx.locale);
    let document: Value = serde_json::from_str(&DOCUMENT).map_err(Problem::internal)?;
    let body = DocsTemplate { t, groups: groups(t, &document) }.render().map_err(Problem::internal)?;
    Ok(Page::new(t.say("docs-title"), body).into_response())
}

/// The paths by what they are about, each under its translated name.
fn groups(t: Messages, document: &Value) -> Vec<Group> {
    let mut groups: Vec<(String, Group)> = Vec::new();
    for operation in operations(document) {
        match groups.iter_mut().find(|(tag, _)| *tag == operation.tag) {
            Some((_, group)) => group.operations.push(operation),
            None => {
                let name = t.say(&format!("docs-group-{}", operation.tag));
                groups.push((operation.tag.clone(), Group { name, operations: vec![operation] }));
            }
        }
    }
    groups.into_iter().map(|(_, group)| group).collect()
}

fn operations(document: &Value) -> Vec<Operation> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let responses = operation["responses"].as_object().into_iter().flatten();
            let answers = responses.map(|(status, answer)| (status.clone(), text(&answer["description"])));
            operations.push(Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                summary: text(&operation["summary"]),
                tag: text(&operation["tags"][0]),
                responses: answers.filter(|(status, words)| !complete::is_shared(status, words)).collect(),
            });
        }
    }
    operations.sort_by(|a, b| (&a.tag, &a.path).cmp(&(&b.tag, &b.path)));
    operations
}
