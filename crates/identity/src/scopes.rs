//! Which scope an API token needs for identity's own routes. What is not named here, a token may read when it is a `GET`,
//! and not do otherwise: passwords, proofs, tokens, the export and leaving are for people.

use http::Method;
use platform::http::Scope;

/// Method, pattern, scope; part of the table that `machiya` puts together.
pub const ROUTE_SCOPES: &[(Method, &str, Scope)] = &[
    (Method::GET, "/api/auth/sessions", Scope::Account),
    (Method::DELETE, "/api/auth/sessions", Scope::Account),
    (Method::DELETE, "/api/auth/sessions/{id}", Scope::Account),
    (Method::POST, "/api/auth/verification", Scope::Account),
    (Method::GET, "/api/account/tokens", Scope::Account),
    (Method::DELETE, "/api/account/tokens/{id}", Scope::Account),
    (Method::DELETE, "/api/account/email", Scope::Account),
    (Method::GET, "/api/account/exports", Scope::Account),
    (Method::GET, "/api/account/passkeys", Scope::Account),
    (Method::GET, "/api/account/second-factors", Scope::Account),
    (Method::GET, "/api/account/exports/{id}/download", Scope::Account),
    (Method::DELETE, "/api/account/deletion", Scope::Account),
];
