//! People: the profile and how it comes into being.

mod email;
mod find_or_create;
mod model;
pub(crate) mod queries;
mod sign_up;

pub use email::{EmailAddress, EmailError};
pub use find_or_create::find_or_create_by_email;
pub use model::{Account, PublicProfile};
pub use queries::{
    account, accounts, become_seller, display_names, id_of_email, public_profile, set_banned, set_role, verify_email,
};
pub use sign_up::{NewAccount, SignUpError, sign_up};

/// Characters of a display name at most.
pub const DISPLAY_NAME_CHARS_MAX: usize = 60;
