//! The sections of `/account/security` about passkeys, the authenticator app, recovery codes and the OpenID provider.

use askama::Template;
use kernel::{Ctx, SystemReason};
use platform::{App, Problem};
use ui::Messages;
use ui::dates::day;

use super::model::Factors;
use super::queries::factors;
use super::recovery_codes::CODES;
use crate::oidc::link::{LinkedSite, linked_site};
use crate::passkeys::model::{Passkey, RelyingParty};
use crate::passkeys::queries::list_passkeys;

#[derive(Template)]
#[template(path = "second_factor/sections.html")]
struct SectionsTemplate {
    t: Messages,
    factors: Factors,
    codes_max: i16,
    passkeys: Vec<PasskeyRow>,
    passkey_domain: Option<String>,
    site: Option<LinkedSite>,
}

struct PasskeyRow {
    passkey: Passkey,
    created: String,
    used: String,
}

/// The rendered sections of the actor. Their page needs the script `passkeys`.
///
/// # Errors
/// 401, 503.
pub(crate) async fn render_sections(ctx: &Ctx, app: &App) -> Result<String, Problem> {
    let user_id = ctx.user_id().ok_or_else(Problem::unauthorized)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let factors = factors(&mut tx, user_id).await?;
    let passkeys = list_passkeys(&mut tx, user_id).await?;
    let site = linked_site(&app.config, &mut tx, user_id).await?;
    tx.commit().await?;
    let t = Messages::new(ctx.locale);
    let row = |passkey: Passkey| {
        let created = t.say_with("factors-passkey-made", ui::arg("date", day(ctx.locale, passkey.created_at)));
        let used = passkey.last_used_at.map_or_else(
            || t.say("factors-passkey-unused"),
            |at| t.say_with("factors-passkey-used", ui::arg("date", day(ctx.locale, at))),
        );
        PasskeyRow { passkey, created, used }
    };
    let template = SectionsTemplate {
        t,
        factors,
        codes_max: CODES,
        passkeys: passkeys.into_iter().map(row).collect(),
        passkey_domain: RelyingParty::of(&app.config).map(|party| party.domain().to_owned()),
        site,
    };
    template.render().map_err(Problem::internal)
}
