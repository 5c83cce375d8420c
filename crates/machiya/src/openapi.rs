//! The description of the API: `/api/openapi.json` for programs, `/api/docs` for people.

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

/// The whole document (OpenAPI 3.1): what every domain says of its own paths.
pub fn document() -> Document {
    let mut document = Base::openapi();
    for part in [
        identity::openapi(),
        studio::openapi(),
        catalog::openapi(),
        orders::openapi(),
        payments::openapi(),
        credits::openapi(),
        operators::openapi(),
    ] {
        document.merge(part);
    }
    let bearer = SecurityScheme::Http(HttpBuilder::new().scheme(HttpAuthScheme::Bearer).build());
    document.components.get_or_insert_default().add_security_scheme("bearer", bearer);
    document
}

/// The document, written once.
static DOCUMENT: LazyLock<String> = LazyLock::new(|| document().to_json().unwrap_or_default());

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
    rooms: Vec<Room>,
}

/// The paths that belong together.
struct Room {
    name: String,
    operations: Vec<Operation>,
}

/// One path and method, as a reader wants it.
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
    let body = DocsTemplate { t, rooms: rooms(t, &document) }.render().map_err(Problem::internal)?;
    Ok(Page::new(t.say("docs-title"), body).into_response())
}

/// The paths by what they are about, each in the reader's words.
fn rooms(t: Messages, document: &Value) -> Vec<Room> {
    let mut rooms: Vec<(String, Room)> = Vec::new();
    for operation in operations(document) {
        match rooms.iter_mut().find(|(tag, _)| *tag == operation.tag) {
            Some((_, room)) => room.operations.push(operation),
            None => {
                let name = t.say(&format!("docs-group-{}", operation.tag));
                rooms.push((operation.tag.clone(), Room { name, operations: vec![operation] }));
            }
        }
    }
    rooms.into_iter().map(|(_, room)| room).collect()
}

fn operations(document: &Value) -> Vec<Operation> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let mut operations = Vec::new();
    for (path, item) in document["paths"].as_object().into_iter().flatten() {
        for (method, operation) in item.as_object().into_iter().flatten() {
            let responses = operation["responses"].as_object().into_iter().flatten();
            operations.push(Operation {
                method: method.to_uppercase(),
                path: path.clone(),
                summary: text(&operation["summary"]),
                tag: text(&operation["tags"][0]),
                responses: responses.map(|(status, answer)| (status.clone(), text(&answer["description"]))).collect(),
            });
        }
    }
    operations.sort_by(|a, b| (&a.tag, &a.path).cmp(&(&b.tag, &b.path)));
    operations
}

#[cfg(test)]
mod tests {
    use kernel::Locale;

    use super::*;

    fn page(locale: Locale) -> String {
        let t = Messages::new(locale);
        let document: Value = serde_json::from_str(&DOCUMENT).unwrap();
        DocsTemplate { t, rooms: rooms(t, &document) }.render().unwrap()
    }

    #[test]
    fn the_description_speaks_both_languages() {
        let (japanese, english) = (page(Locale::Ja), page(Locale::En));
        for (page, words) in [
            (&japanese, ["はじめに", "ログインすると", "カタログ", "注文", "説明は英語です"]),
            (&english, ["To begin with", "Log in", "Catalogue", "Orders", "Idempotency-Key"]),
        ] {
            for word in words {
                assert!(page.contains(word), "{word}");
            }
            assert!(!page.contains("docs-"), "every word is translated");
            assert!(page.contains("POST /api/checkout") && page.contains("GET /api/admin/users"));
        }
        assert!(!english.contains("説明"), "no word of the other language");
    }
}
