//! Settings of tokens that another server issues, and of what an unverified address may do.

use crate::config::model::{Environment, SupabaseKeys, SupabaseSettings};
use crate::config::sources::Sources;

/// Tokens of a Supabase project are accepted when it is said how they are signed.
pub(super) fn supabase(from: &mut Sources<'_>, environment: Environment) -> Option<SupabaseSettings> {
    let secret = from.secret("MACHIYA_SUPABASE_JWT_SECRET");
    let (url, file) = (from.optional("MACHIYA_SUPABASE_JWKS_URL"), from.optional("MACHIYA_SUPABASE_JWKS_FILE"));
    let keys = match (secret, url, file) {
        (None, None, None) => return None,
        (Some(secret), None, None) => SupabaseKeys::Secret(secret),
        (None, Some(_), None) => SupabaseKeys::Url(from.url("MACHIYA_SUPABASE_JWKS_URL")?),
        (None, None, Some(file)) => SupabaseKeys::File(file.into()),
        _ => {
            from.faults.push(
                "MACHIYA_SUPABASE_JWT_SECRET, MACHIYA_SUPABASE_JWKS_URL, MACHIYA_SUPABASE_JWKS_FILE: set only one of them"
                    .to_owned(),
            );
            return None;
        }
    };
    if let SupabaseKeys::Url(url) = &keys
        && url.scheme() != "https"
        && environment == Environment::Production
    {
        from.faults.push("MACHIYA_SUPABASE_JWKS_URL: must begin with https:// in production".to_owned());
    }
    Some(SupabaseSettings {
        keys,
        issuer: from.optional("MACHIYA_SUPABASE_ISSUER"),
        audience: from.text("MACHIYA_SUPABASE_AUDIENCE"),
    })
}

/// On where real people are; off in the demo, whose accounts have no mailboxes.
pub(super) fn asks_for_verified_addresses(from: &mut Sources<'_>, environment: Environment, is_demo: bool) -> bool {
    let otherwise = if environment == Environment::Development && is_demo { "off" } else { "on" };
    from.one_of("MACHIYA_VERIFIED_ADDRESSES", &["on", "off"], otherwise) == "on"
}
