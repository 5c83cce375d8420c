//! Tokens (JWT) of a Supabase project, accepted as `Authorization: Bearer` where that is configured.
//!
//! What always holds: the key decides the algorithm, never the token; a token counts only for people (`role`
//! `authenticated`), for its audience, from its issuer and until its end by the platform's clock; the person is who `sub`
//! names, and an address that somebody else has here opens nothing.

#[cfg(test)]
mod address_tests;
mod keys;
mod queries;
#[cfg(test)]
mod tests;
mod verify;

use std::sync::Arc;

use kernel::{AccountStatus, Actor, SessionId, SystemReason, UserActor, UserId};
use platform::http::Access;
use platform::{App, Problem};
use uuid::Uuid;

use crate::users::EmailAddress;
use keys::Keys;
use verify::{Claims, verify};

/// The keys of the project, and what its tokens must say.
#[derive(Clone)]
pub(crate) struct SupabaseTokens(Arc<Keys>);

impl SupabaseTokens {
    /// Reads the settings; nothing when such tokens are not accepted.
    pub(crate) fn of(app: &App) -> Option<Self> {
        app.config.supabase.as_ref().map(|settings| Self(Arc::new(Keys::new(settings.clone()))))
    }

    /// The person behind a token; nothing when it does not count. Who is seen for the first time gets a profile.
    ///
    /// # Errors
    /// 503 when the keys or the database cannot be had.
    pub(crate) async fn find(&self, app: &App, token: &str) -> Result<Option<(UserActor, Access)>, Problem> {
        let Some(claims) = verify(&self.0, app, token).await? else { return Ok(None) };
        let user_id = UserId(claims.sub);
        let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
        let mut found = queries::find(&mut tx, user_id).await?;
        if found.is_none() && register(app, &mut tx, user_id, &claims).await? {
            found = queries::find(&mut tx, user_id).await?;
        }
        tx.commit().await?;
        Ok(found.filter(|found| !found.is_erased).map(|found| {
            let user = UserActor {
                user_id,
                session_id: SessionId(claims.session_id.unwrap_or(Uuid::nil())),
                role: found.role,
                status: if found.is_banned { AccountStatus::Banned } else { AccountStatus::Active },
                display_name: found.display_name,
            };
            (user, Access { scopes: None, is_address_verified: found.is_address_verified, has_second_factor: false })
        }))
    }
}

/// Makes the profile of somebody whom the project knows; false when that cannot be: the token names no address, or the
/// address has another account here.
async fn register(app: &App, tx: &mut platform::Tx, user_id: UserId, claims: &Claims) -> Result<bool, Problem> {
    let ctx = app.ctx(Actor::System(SystemReason::Registration), kernel::Locale::default());
    let email = claims.email.as_deref().and_then(|email| EmailAddress::parse(email).ok());
    let name = claims.name().unwrap_or("新しい方");
    let made = queries::insert(tx, user_id, email.as_ref().map(EmailAddress::as_str), name, ctx.now()).await?;
    if made {
        platform::audit::record(
            &ctx,
            tx,
            "users.adopt",
            "user",
            Some(user_id.uuid()),
            &serde_json::json!({"by": "supabase"}),
        )
        .await?;
    } else {
        tracing::warn!(%user_id, "a token's person could not be registered: no address, or somebody else's");
    }
    Ok(made)
}
