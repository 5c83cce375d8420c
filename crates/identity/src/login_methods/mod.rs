//! Login methods: a password, passkeys and accounts at an OpenID provider. The last one of an account cannot be removed.

pub(crate) mod queries;
