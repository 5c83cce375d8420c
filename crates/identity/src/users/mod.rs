//! Accounts and profiles: creation, roles, bans, and what the public may see.

pub(crate) mod email;
pub(crate) mod find_or_create;
pub(crate) mod model;
pub(crate) mod queries;
pub(crate) mod require_active;
pub(crate) mod sign_up;

pub use email::{EmailAddress, EmailError};
pub use find_or_create::find_or_create_by_email;
pub use model::{Account, DISPLAY_NAME_CHARS_MAX, PublicProfile};
pub use queries::{
    account, accounts, become_seller, display_names, id_of_email, public_profile, set_banned, set_role, verify_email,
};
pub use sign_up::{NewAccount, SignUpError, sign_up};
