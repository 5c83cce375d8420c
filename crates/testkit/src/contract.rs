//! The API's document as a contract: every answer that a test gets is compared with `docs/openapi.json`, its status, its
//! content type and its body. A test of the crate `machiya` keeps that file equal to what the program says of itself.

use std::collections::BTreeSet;
use std::sync::LazyLock;

use http::{Method, StatusCode};
use serde_json::{Value, json};

static DOCUMENT: LazyLock<Value> = LazyLock::new(|| {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../docs/openapi.json");
    #[expect(clippy::expect_used, reason = "without its document nothing can be compared, and the test has failed")]
    let text = std::fs::read_to_string(path).expect("docs/openapi.json is there");
    #[expect(clippy::expect_used, reason = "likewise")]
    let mut document = serde_json::from_str(&text).expect("docs/openapi.json is JSON");
    refuse_unknown_members(&mut document);
    document
});

/// Compares an answer with the document. Paths that the document does not have are a test's own routes.
///
/// # Errors
/// With the reason why the answer is not one that the document describes.
pub fn check(method: &Method, url: &str, status: StatusCode, content_type: &str, body: &[u8]) -> Result<(), String> {
    let after_origin = url.split_once("://").map_or(url, |(_, rest)| rest.find('/').map_or("", |at| &rest[at..]));
    let path = after_origin.split(['?', '#']).next().unwrap_or_default();
    let Some((route, item)) = route(path) else { return Ok(()) };
    let operation = &item[method.as_str().to_ascii_lowercase()];
    if operation.is_null() {
        let refused = [StatusCode::METHOD_NOT_ALLOWED, StatusCode::UNAUTHORIZED, StatusCode::FORBIDDEN];
        let is_refused = refused.contains(&status) || matches!(*method, Method::HEAD | Method::OPTIONS);
        return if is_refused { Ok(()) } else { Err(format!("{method} {route} is not in the document: {status}")) };
    }
    let answer = &operation["responses"][status.as_str()];
    if answer.is_null() {
        return Err(format!("{method} {route} answers {status}, which the document does not say"));
    }
    let place = format!("{method} {route} {status}");
    let Some(content) = answer["content"].as_object() else {
        return if body.is_empty() || status.is_redirection() {
            Ok(())
        } else {
            Err(format!("{place} has a body of {content_type:?}, and the document says none"))
        };
    };
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    let Some(media) = content.get(essence) else {
        return Err(format!("{place} is {essence:?}, and the document says {:?}", content.keys().collect::<Vec<_>>()));
    };
    if essence.ends_with("json") {
        check_body(&media["schema"], body).map_err(|error| format!("{place}: {error}"))
    } else {
        Ok(())
    }
}

fn check_body(schema: &Value, body: &[u8]) -> Result<(), String> {
    let body: Value = serde_json::from_slice(body).map_err(|error| format!("no JSON: {error}"))?;
    let schema = json!({"allOf": [schema], "components": DOCUMENT["components"]});
    let validator = jsonschema::validator_for(&schema).map_err(|error| format!("the schema is wrong: {error}"))?;
    let errors: Vec<String> =
        validator.iter_errors(&body).map(|error| format!("{}: {error}", error.instance_path())).collect();
    if errors.is_empty() { Ok(()) } else { Err(errors.join("; ")) }
}

/// The template of a path and what the document has under it; the one with the fewest parameters where several fit.
fn route(path: &str) -> Option<(&'static str, &'static Value)> {
    let fits = |template: &str| {
        let (wanted, given) = (template.split('/'), path.split('/'));
        wanted.clone().count() == given.clone().count()
            && wanted
                .zip(given)
                .all(|(wanted, given)| wanted == given || (wanted.starts_with('{') && !given.is_empty()))
    };
    let routes = DOCUMENT["paths"].as_object()?.iter().filter(|(template, _)| fits(template));
    routes.min_by_key(|(template, _)| template.matches('{').count()).map(|(template, item)| (template.as_str(), item))
}

/// A member that no schema names is an undescribed one. Problems have members of their code's own; a schema that others are
/// composed of says nothing of the whole.
fn refuse_unknown_members(document: &mut Value) {
    let mut parts = BTreeSet::from(["ProblemBody".to_owned()]);
    collect_parts(&document["components"]["schemas"], &mut parts);
    for (name, schema) in document["components"]["schemas"].as_object_mut().into_iter().flatten() {
        let is_whole = schema.get("properties").is_some() || schema.get("allOf").is_some();
        if is_whole && !parts.contains(name) && schema.get("additionalProperties").is_none() {
            schema["unevaluatedProperties"] = json!(false);
        }
    }
}

/// The names of the schemas that stand in an `allOf`.
fn collect_parts(value: &Value, parts: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            for part in members.get("allOf").and_then(Value::as_array).into_iter().flatten() {
                parts.extend(part["$ref"].as_str().and_then(|name| name.rsplit('/').next()).map(str::to_owned));
            }
            members.values().for_each(|value| collect_parts(value, parts));
        }
        Value::Array(items) => items.iter().for_each(|value| collect_parts(value, parts)),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn checked(method: &Method, url: &str, status: u16, content_type: &str, body: &Value) -> Result<(), String> {
        check(method, url, StatusCode::from_u16(status).unwrap(), content_type, body.to_string().as_bytes())
    }

    #[test]
    fn an_answer_that_the_document_does_not_describe_is_found() {
        let problem = json!({"type": "about:blank", "title": "x", "status": 404, "error": "not_found", "own": 1});
        let (get, post) = (Method::GET, Method::POST);
        let url = "http://127.0.0.1:1/api/orders/019a?x=1";
        assert_eq!(checked(&get, url, 404, "application/problem+json", &problem), Ok(()));
        assert_eq!(checked(&get, "/api/a/route/of/a/test", 299, "text/plain", &problem), Ok(()));
        let refused = [
            (&get, url, 418, "application/problem+json", &problem),
            (&get, url, 404, "text/html; charset=utf-8", &problem),
            (&get, url, 200, "application/json", &problem),
            (&get, url, 404, "application/problem+json", &json!({"title": 1})),
            (&post, url, 200, "application/json", &problem),
            (&get, "/api/orders", 200, "application/json", &json!({"items": [], "unknown": 1})),
        ];
        for (method, url, status, content_type, body) in refused {
            assert!(
                checked(method, url, status, content_type, body).is_err(),
                "{method} {url} {status} {content_type}"
            );
        }
        assert_eq!(checked(&get, "/api/orders", 200, "application/json", &json!({"items": []})), Ok(()));
    }
}
