//! Which scope an API token needs for which route; for publishing and buying also where a verified address is asked for.
//! What is not named here, a token may read when it is a `GET` below `/api`, and not do otherwise.

use http::Method;
use platform::http::{RouteScopes, Scope};

/// The table, as an extension of every request.
pub fn route_scopes() -> RouteScopes {
    RouteScopes::new(rows().cloned())
}

fn rows() -> impl Iterator<Item = &'static (Method, &'static str, Scope)> {
    identity::ROUTE_SCOPES.iter().chain(ROUTES)
}

/// Method, pattern, scope of the domains above identity. Pages are here for the verified address alone: no token opens a
/// page.
const ROUTES: &[(Method, &str, Scope)] = &[
    (Method::POST, "/api/nano/generate", Scope::GenerationsWrite),
    (Method::DELETE, "/api/generations/{id}", Scope::GenerationsWrite),
    (Method::POST, "/api/generations/{id}/restore", Scope::GenerationsWrite),
    (Method::DELETE, "/api/jobs/{id}", Scope::GenerationsWrite),
    (Method::POST, "/api/user-gallery/publish", Scope::ListingsWrite),
    (Method::POST, "/api/user-gallery/unpublish", Scope::ListingsWrite),
    (Method::POST, "/me/{id}/publish", Scope::ListingsWrite),
    (Method::POST, "/api/checkout", Scope::OrdersWrite),
    (Method::POST, "/api/orders/{id}/cancel", Scope::OrdersWrite),
    (Method::POST, "/d/{key}/buy", Scope::OrdersWrite),
    (Method::POST, "/orders/{id}/pay", Scope::OrdersWrite),
    (Method::POST, "/api/billing/checkout", Scope::OrdersWrite),
    (Method::POST, "/api/billing/subscription/create", Scope::OrdersWrite),
    (Method::POST, "/api/billing/subscription/change", Scope::OrdersWrite),
    (Method::POST, "/api/billing/subscription/cancel", Scope::AccountWrite),
    (Method::POST, "/api/billing/subscription/resume", Scope::AccountWrite),
    (Method::GET, "/api/billing/portal", Scope::AccountWrite),
    (Method::POST, "/api/billing/credits/purchase", Scope::OrdersWrite),
    (Method::PUT, "/api/invoices/addressee", Scope::AccountWrite),
    (Method::POST, "/plans/confirm", Scope::OrdersWrite),
    (Method::POST, "/admin/settings/packs/{id}", Scope::OrdersWrite),
];

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;

    /// Method and pattern of every operation of the API document.
    fn operations() -> Vec<(Method, String)> {
        let document = crate::openapi::document().unwrap();
        let mut found = Vec::new();
        for (path, verbs) in document["paths"].as_object().unwrap() {
            for verb in verbs.as_object().unwrap().keys() {
                if let Ok(method) = verb.to_ascii_uppercase().parse::<Method>() {
                    found.push((method, path.clone()));
                }
            }
        }
        found.sort_by(|one, other| (&one.1, one.0.as_str()).cmp(&(&other.1, other.0.as_str())));
        found
    }

    /// Every route of the API and the scope that a token needs for it, as a text that a reviewer reads and a change must
    /// change. `-` is for no token at all.
    #[test]
    fn every_route_and_scope_is_as_it_was_reviewed() {
        let table = route_scopes();
        let mut found = String::new();
        for (method, path) in operations() {
            let needed = table.needed(&method, &path).map_or("-", Scope::as_str);
            found.push_str(&format!("{needed:<17} {method:<6} {path}\n"));
        }
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/route_scopes.txt");
        if std::env::var_os("MACHIYA_ACCEPT").is_some() {
            std::fs::write(&path, &found).unwrap();
        }
        let reviewed = std::fs::read_to_string(&path).unwrap_or_default();
        assert_eq!(
            found, reviewed,
            "if that is meant, write it down with\n    MACHIYA_ACCEPT=1 cargo nextest run -p machiya every_route_and_scope"
        );
    }

    #[test]
    fn no_row_names_a_route_that_is_not_there() {
        let known = operations();
        for (method, path, _) in rows().filter(|(_, path, _)| path.starts_with("/api/")) {
            assert!(known.iter().any(|(verb, there)| verb == method && there == path), "{method} {path}");
        }
    }
}
