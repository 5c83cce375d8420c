//! What every operation of the API's document has in common, written in one place: ids, error bodies, descriptions, and the
//! errors that the layers around every route answer.

use http::StatusCode;
use serde_json::{Map, Value, json};

/// An error of the shared layers: which operations can answer it, its status and its codes.
struct SharedError {
    applies: fn(&Operation<'_>) -> bool,
    status: &'static str,
    codes: &'static str,
}

const SHARED_ERRORS: [SharedError; 11] = [
    SharedError { applies: |_| true, status: "401", codes: "unauthorized" },
    SharedError { applies: |_| true, status: "403", codes: "insufficient_scope, account_banned, foreign_origin" },
    SharedError { applies: |_| true, status: "500", codes: "internal_error" },
    SharedError { applies: |_| true, status: "503", codes: "temporarily_unavailable" },
    SharedError { applies: |operation| operation.has_parameters(), status: "400", codes: "malformed_request" },
    SharedError { applies: |operation| operation.has_parameters(), status: "404", codes: "not_found" },
    SharedError { applies: |operation| operation.has_parameters(), status: "422", codes: "invalid_input" },
    SharedError { applies: |operation| operation.writes(), status: "400", codes: "malformed_request" },
    SharedError { applies: |operation| operation.writes(), status: "409", codes: "idempotency_in_doubt" },
    SharedError { applies: |operation| operation.writes(), status: "413", codes: "body_too_large" },
    SharedError {
        applies: |operation| operation.writes(),
        status: "422",
        codes: "invalid_input, idempotency_key_reused",
    },
];

/// Whether an answer is one that the layers around every route give; the page for people leaves those out.
pub(super) fn is_shared(status: &str, description: &str) -> bool {
    SHARED_ERRORS.iter().any(|error| error.status == status && error.codes == description) || status == "415"
}

/// An operation as the document has it so far.
struct Operation<'a> {
    method: &'a str,
    path: &'a str,
    value: &'a Value,
}

impl Operation<'_> {
    fn writes(&self) -> bool {
        self.method != "get"
    }

    fn has_parameters(&self) -> bool {
        self.path.contains('{') || self.value["parameters"].as_array().is_some_and(|all| !all.is_empty())
    }

    /// `getOrdersById` for `GET /api/orders/{id}`: unique, because method and path are.
    fn id(&self) -> String {
        let words = self.path.trim_start_matches("/api/").split(['/', '-', '.']);
        let named = words.map(|word| match word.trim_matches(['{', '}']) {
            parameter if word.starts_with('{') => format!("By{}", capitalised(parameter)),
            word => capitalised(word),
        });
        format!("{}{}", self.method, named.collect::<String>())
    }
}

fn capitalised(word: &str) -> String {
    let mut characters = word.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// Gives every operation its id, the errors of the shared layers, and to every answer a description and, to errors, a body.
pub(super) fn complete(document: &mut Value) {
    let Some(paths) = document["paths"].as_object_mut() else { return };
    for (path, item) in paths {
        for (method, value) in item.as_object_mut().into_iter().flatten() {
            let operation = Operation { method, path, value };
            let id = operation.id();
            let shared: Vec<&SharedError> = SHARED_ERRORS.iter().filter(|error| (error.applies)(&operation)).collect();
            value["operationId"] = json!(id);
            let Some(answers) = value["responses"].as_object_mut() else { continue };
            for error in shared {
                answers.entry(error.status).or_insert_with(|| json!({"description": error.codes}));
            }
            if answers.contains_key("422") && method != "get" {
                answers.entry("415").or_insert_with(|| json!({"description": "unsupported_media_type"}));
            }
            for (status, answer) in answers {
                complete_answer(status, answer.as_object_mut());
            }
        }
    }
}

fn complete_answer(status: &str, answer: Option<&mut Map<String, Value>>) {
    let Some(answer) = answer else { return };
    let reason = status.parse().ok().and_then(|status: StatusCode| status.canonical_reason()).unwrap_or_default();
    let description = answer.entry("description").or_insert_with(|| json!(reason));
    if description == "" {
        *description = json!(reason);
    }
    if status.starts_with('4') || status.starts_with('5') {
        answer.entry("content").or_insert_with(
            || json!({"application/problem+json": {"schema": {"$ref": "#/components/schemas/ProblemBody"}}}),
        );
    }
}
