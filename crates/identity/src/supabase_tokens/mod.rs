//! Access tokens (JWT) of a Supabase project, accepted as `Authorization: Bearer` where configured.
//!
//! What always holds: the key decides the algorithm, never the token; a token counts only for people (`role`
//! `authenticated`), for its audience, from its issuer and until its expiry by the platform's clock; the account is the one
//! that `sub` names, and an address that another account has here gives no access to it.

#[cfg(test)]
mod address_tests;
pub(crate) mod find;
mod keys;
mod queries;
#[cfg(test)]
mod tests;
mod verify;
