//! The input and the result of a login.

use kernel::{Role, UserId};
use serde::Serialize;
use time::OffsetDateTime;

use crate::login_throttle::model::DeviceToken;
use crate::sessions::caller::Caller;
use crate::sessions::model::StartedSession;
use crate::users::model::Account;

/// What was typed, and where the request came from.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Credentials<'a> {
    /// The mail address.
    pub(crate) email: &'a str,
    /// The password.
    pub(crate) password: &'a str,
    /// The browser or program.
    pub(crate) caller: &'a Caller,
}

/// An account with the session that has just started.
#[derive(Clone, Debug)]
pub(crate) struct LoggedIn {
    /// The account.
    pub(crate) account: Account,
    /// The session.
    pub(crate) session: StartedSession,
    /// The secret by which the browser is known from now on; `None` for a program and for a browser that was known.
    pub(crate) device: Option<DeviceToken>,
}

/// An account as its owner sees it.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct UserBody {
    id: UserId,
    email: String,
    display_name: String,
    role: Role,
    /// Whether the owner proved to receive mail at the address.
    email_verified: bool,
}

impl From<Account> for UserBody {
    fn from(account: Account) -> Self {
        let email_verified = account.is_verified();
        Self {
            id: account.id,
            email: account.email,
            display_name: account.display_name,
            role: account.role,
            email_verified,
        }
    }
}

/// An account and the access token of a program.
#[derive(Serialize, utoipa::ToSchema)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AccessBody {
    user: UserBody,
    /// For `Authorization: Bearer`.
    access_token: String,
    /// When the token ends at the latest.
    #[serde(with = "time::serde::rfc3339")]
    expires_at: OffsetDateTime,
}

impl From<LoggedIn> for AccessBody {
    fn from(logged_in: LoggedIn) -> Self {
        Self {
            user: logged_in.account.into(),
            access_token: logged_in.session.token.reveal().to_owned(),
            expires_at: logged_in.session.expires_at,
        }
    }
}
