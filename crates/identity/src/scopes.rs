//! The scope that an API token needs for each route of identity.
//!
//! Without an entry here a token may only read (`GET`). Passwords, proofs of identity, new tokens, the request of an export
//! and of a deletion are thus for sessions only.

use http::Method;
use platform::http::Scope;

/// Method, route pattern and scope.
pub const ROUTE_SCOPES: &[(Method, &str, Scope)] = &[
    (Method::GET, "/api/auth/sessions", Scope::AccountWrite),
    (Method::DELETE, "/api/auth/sessions", Scope::AccountWrite),
    (Method::DELETE, "/api/auth/sessions/{id}", Scope::AccountWrite),
    (Method::POST, "/api/auth/verification", Scope::AccountWrite),
    (Method::GET, "/api/account/tokens", Scope::AccountWrite),
    (Method::DELETE, "/api/account/tokens/{id}", Scope::AccountWrite),
    (Method::DELETE, "/api/account/email", Scope::AccountWrite),
    (Method::GET, "/api/account/exports", Scope::AccountWrite),
    (Method::GET, "/api/account/passkeys", Scope::AccountWrite),
    (Method::GET, "/api/account/second-factors", Scope::AccountWrite),
    (Method::GET, "/api/account/exports/{id}/download", Scope::AccountWrite),
    (Method::DELETE, "/api/account/deletion", Scope::AccountWrite),
];
