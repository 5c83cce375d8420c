//! The parts of `/account/security` that this house of factors owns.

use askama::Template;
use kernel::{Ctx, Locale, SystemReason};
use platform::{App, Problem};
use time::OffsetDateTime;
use time::macros::offset;
use ui::Messages;

use super::model::Factors;
use super::{factors, recovery_codes};
use crate::oidc;
use crate::passkeys::{self, Passkey, RelyingParty};

/// The parts, drawn.
#[derive(Clone, Debug)]
pub struct Sections {
    /// Markup for the page, trusted as it is. The page wants the island `passkeys`.
    pub html: String,
}

#[derive(Template)]
#[template(path = "second_factor/sections.html")]
struct SectionsTemplate {
    t: Messages,
    factors: Factors,
    codes_max: i16,
    passkeys: Vec<PasskeyRow>,
    passkey_domain: Option<String>,
    site: Option<oidc::LinkedSite>,
}

struct PasskeyRow {
    passkey: Passkey,
    made: String,
    used: String,
}

/// Draws the authenticator app, the recovery codes, the passkeys and the account at another site of whoever is logged in.
///
/// # Errors
/// 401, 503.
pub async fn sections(ctx: &Ctx, app: &App) -> Result<Sections, Problem> {
    let user_id = ctx.user_id().ok_or_else(Problem::unauthorized)?;
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    let factors = factors(&mut tx, user_id).await?;
    let passkeys = passkeys::list(&mut tx, user_id).await?;
    let site = oidc::linked_site(&app.config, &mut tx, user_id).await?;
    tx.commit().await?;
    let t = Messages::new(ctx.locale);
    let row = |passkey: Passkey| {
        let made = t.say_with("factors-passkey-made", ui::arg("date", day(t, passkey.created_at)));
        let used = passkey.last_used_at.map_or_else(
            || t.say("factors-passkey-unused"),
            |at| t.say_with("factors-passkey-used", ui::arg("date", day(t, at))),
        );
        PasskeyRow { passkey, made, used }
    };
    let template = SectionsTemplate {
        t,
        factors,
        codes_max: recovery_codes::CODES,
        passkeys: passkeys.into_iter().map(row).collect(),
        passkey_domain: RelyingParty::of(&app.config).map(|party| party.domain().to_owned()),
        site,
    };
    Ok(Sections { html: template.render().map_err(Problem::internal)? })
}

/// A day in Japan, as people write it.
fn day(t: Messages, at: OffsetDateTime) -> String {
    let date = at.to_offset(offset!(+9)).date();
    match t.locale() {
        Locale::Ja => format!("{}年{}月{}日", date.year(), u8::from(date.month()), date.day()),
        Locale::En => format!("{} {} {}", date.day(), date.month(), date.year()),
    }
}
