//! Resolves the account of a Supabase token and registers it at its first request.

use std::sync::Arc;

use kernel::{Actor, Locale, SessionId, SystemReason, UserActor, UserId};
use platform::http::Access;
use platform::{App, Problem, Tx, audit};
use serde_json::json;
use uuid::Uuid;

use super::keys::Keys;
use super::queries;
use super::verify::{Claims, verify};
use crate::users::email::EmailAddress;
use crate::users::find_or_create::default_name;
use crate::users::model::actor;

/// The keys of the configured project. Cheap to clone.
#[derive(Clone)]
pub(crate) struct SupabaseTokens(Arc<Keys>);

impl SupabaseTokens {
    /// The keys from the settings; `None` when no project is configured.
    pub(crate) fn of(app: &App) -> Option<Self> {
        app.config.supabase.as_ref().map(|settings| Self(Arc::new(Keys::new(settings.clone()))))
    }

    /// The account of a token; `None` when the token is not valid. An unknown account is registered.
    ///
    /// # Errors
    /// 503 when the keys are unavailable or the database fails.
    pub(crate) async fn find(&self, app: &App, token: &str) -> Result<Option<(UserActor, Access)>, Problem> {
        let Some(claims) = verify(&self.0, app, token).await? else { return Ok(None) };
        let user_id = UserId(claims.sub);
        let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
        let mut found = queries::find(&mut tx, user_id).await?;
        if found.is_none() && register(app, &mut tx, user_id, &claims).await? {
            found = queries::find(&mut tx, user_id).await?;
        }
        tx.commit().await?;
        let session_id = SessionId(claims.session_id.unwrap_or(Uuid::nil()));
        Ok(found.filter(|found| !found.is_erased).map(|found| {
            let is_address_verified = found.is_address_verified;
            let access = Access { scopes: None, is_address_verified, has_second_factor: false };
            (actor(user_id, session_id, found.role, found.is_banned, found.display_name), access)
        }))
    }
}

/// Creates the profile of an account of the project; `false` when the token names no address or another account has it.
async fn register(app: &App, tx: &mut Tx, user_id: UserId, claims: &Claims) -> Result<bool, Problem> {
    let ctx = app.ctx(Actor::System(SystemReason::Registration), Locale::default());
    let email = claims.email.as_deref().and_then(|email| EmailAddress::parse(email).ok());
    let name = claims.name().unwrap_or(default_name(Locale::default()));
    let is_created = queries::insert(tx, user_id, email.as_ref().map(EmailAddress::as_str), name, ctx.now()).await?;
    if is_created {
        let by = json!({"by": "supabase"});
        audit::record(&ctx, tx, "users.adopt", "user", Some(user_id.uuid()), &by).await?;
    } else {
        tracing::warn!(%user_id, "a Supabase account was not registered: it has no address, or another account has it");
    }
    Ok(is_created)
}
