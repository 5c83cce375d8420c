//! The state of the login by an OpenID provider.

use axum::extract::FromRef;
use platform::App;

use super::provider::Provider;

/// The platform and the cache of the provider's metadata. Cheap to clone.
#[derive(Clone)]
pub(super) struct Oidc {
    pub(super) app: App,
    pub(super) provider: Provider,
}

impl Oidc {
    /// A state with an empty cache.
    pub(super) fn new(app: &App) -> Self {
        Self { app: app.clone(), provider: Provider::default() }
    }
}

impl FromRef<Oidc> for App {
    fn from_ref(oidc: &Oidc) -> Self {
        oidc.app.clone()
    }
}
