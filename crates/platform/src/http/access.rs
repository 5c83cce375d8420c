//! What a request may do beyond who asks: the scopes of a person's API token, and whether the person's address is
//! verified.
//!
//! The extractors ask [`check`] before they let anybody in. Which route needs what is one table ([`RouteScopes`]), made
//! where the routes are put together; what it does not name, an API token may only read.

use std::collections::HashMap;
use std::sync::Arc;

use axum::extract::MatchedPath;
use http::request::Parts;
use http::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::problem::Problem;
use crate::app::App;

/// The scope of an API token.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, utoipa::ToSchema)]
pub enum Scope {
    /// Read what the account may read.
    #[serde(rename = "read")]
    Read,
    /// Generate pictures and manage generations.
    #[serde(rename = "generations:write")]
    GenerationsWrite,
    /// Publish, change and withdraw products.
    #[serde(rename = "listings:write")]
    ListingsWrite,
    /// Place and cancel orders and start payments.
    #[serde(rename = "orders:write")]
    OrdersWrite,
    /// Read and change the settings of the account.
    #[serde(rename = "account:write")]
    AccountWrite,
}

impl Scope {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::Read, Self::GenerationsWrite, Self::ListingsWrite, Self::OrdersWrite, Self::AccountWrite];

    /// The name in the database and in the API.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::GenerationsWrite => "generations:write",
            Self::ListingsWrite => "listings:write",
            Self::OrdersWrite => "orders:write",
            Self::AccountWrite => "account:write",
        }
    }

    /// Reads a name.
    pub fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|scope| scope.as_str() == name)
    }
}

/// What the request of somebody who is logged in may do, as an extension of it.
#[derive(Clone, Debug)]
pub struct Access {
    /// The scopes of an API token; nothing where the person acts in a session.
    pub scopes: Option<Arc<[Scope]>>,
    /// Whether mail was shown to reach the person's address.
    pub is_address_verified: bool,
    /// Whether the session was proved by a second factor, or a passkey, which is two in one.
    pub has_second_factor: bool,
}

/// Which route needs which scope, as an extension of every request.
#[derive(Clone, Debug, Default)]
pub struct RouteScopes(Arc<HashMap<&'static str, Vec<(Method, Scope)>>>);

impl RouteScopes {
    /// A table of methods and route patterns (`/api/orders/{id}`).
    pub fn new(rows: impl IntoIterator<Item = (Method, &'static str, Scope)>) -> Self {
        let mut table: HashMap<&'static str, Vec<(Method, Scope)>> = HashMap::new();
        for (method, path, scope) in rows {
            table.entry(path).or_default().push((method, scope));
        }
        Self(Arc::new(table))
    }

    /// What a route needs: what the table says of it; else to read, where it does nothing else and is no operator's.
    pub fn needed(&self, method: &Method, path: &str) -> Option<Scope> {
        let named = self.0.get(path).and_then(|verbs| verbs.iter().find(|(verb, _)| verb == method));
        let is_plain = matches!(*method, Method::GET | Method::HEAD)
            && path.starts_with("/api/")
            && !path.starts_with("/api/admin/");
        named.map(|(_, scope)| *scope).or_else(|| is_plain.then_some(Scope::Read))
    }
}

/// Refuses what this request may not do.
///
/// # Errors
/// 403 `insufficient_scope` (with the member `scope` where a scope would do), 403 `email_unverified`.
pub(super) fn check(app: &App, parts: &Parts) -> Result<(), Problem> {
    let Some(access) = parts.extensions.get::<Access>() else { return Ok(()) };
    let path = parts.extensions.get::<MatchedPath>().map_or("", MatchedPath::as_str);
    let needed = parts.extensions.get::<RouteScopes>().cloned().unwrap_or_default().needed(&parts.method, path);
    if let Some(held) = &access.scopes {
        let refused = || Problem::new(StatusCode::FORBIDDEN, "insufficient_scope");
        match needed.filter(|_| path.starts_with("/api/")) {
            Some(needed) if held.contains(&needed) => {}
            Some(needed) => return Err(refused().member("scope", json!(needed))),
            None => return Err(refused()),
        }
    }
    let is_for_others =
        matches!(needed, Some(Scope::ListingsWrite | Scope::OrdersWrite)) && parts.method != Method::GET;
    if is_for_others && app.config.asks_for_verified_addresses && !access.is_address_verified {
        return Err(Problem::new(StatusCode::FORBIDDEN, "email_unverified"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_named_may_only_be_read() {
        let table = RouteScopes::new([
            (Method::POST, "/api/orders/{id}/cancel", Scope::OrdersWrite),
            (Method::GET, "/api/account/tokens", Scope::AccountWrite),
        ]);
        let needed = |method, path| table.needed(&method, path);
        assert_eq!(needed(Method::POST, "/api/orders/{id}/cancel"), Some(Scope::OrdersWrite));
        assert_eq!(needed(Method::GET, "/api/account/tokens"), Some(Scope::AccountWrite));
        assert_eq!(needed(Method::GET, "/api/orders/{id}"), Some(Scope::Read));
        assert_eq!(needed(Method::POST, "/api/orders"), None);
        assert_eq!(needed(Method::DELETE, "/api/account/tokens"), None);
        assert_eq!(needed(Method::GET, "/api/admin/users"), None);
        assert_eq!(needed(Method::GET, "/account/security"), None);
    }
}
