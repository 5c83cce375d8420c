//! Mails about a plan, in the language of the account.

use identity::users::{self, Account};
use kernel::{Ctx, Locale, UserId};
use platform::mail::write;
use platform::{App, DatabaseError, Tx};
use ui::mails::compose;
use ui::{Args, arg};

use super::model::Subscription;
use crate::plans;

/// Writes `mail-billing-{key}` to somebody, once a dedupe key. An account without an address was erased meanwhile.
pub(crate) async fn post(
    app: &App,
    ctx: &Ctx,
    tx: &mut Tx,
    user_id: UserId,
    dedupe_key: String,
    key: &str,
    args: impl FnOnce(Locale) -> Args + Send,
) -> Result<(), DatabaseError> {
    let Some(account) = users::account(tx, user_id).await? else { return Ok(()) };
    post_to(app, ctx, tx, &account, dedupe_key, key, args(account.locale())).await
}

/// As [`post`], to an account that is known.
pub(super) async fn post_to(
    app: &App,
    ctx: &Ctx,
    tx: &mut Tx,
    account: &Account,
    dedupe_key: String,
    key: &str,
    args: Args,
) -> Result<(), DatabaseError> {
    let args = args
        .arg("email", &account.email)
        .arg("settings", app.config.absolute_url("/admin/settings"))
        .arg("login", app.config.absolute_url("/login?next=/admin/pages"));
    write(ctx, tx, &compose(&account.recipient(), dedupe_key, &format!("mail-billing-{key}"), args)).await
}

/// The name of a subscription's plan in the language of an account, as what fills a mail's place.
pub(super) async fn plan_arg(tx: &mut Tx, subscription: &Subscription, account: &Account) -> anyhow::Result<Args> {
    let plan = plans::find(tx, &subscription.plan).await?;
    Ok(arg("plan", plan.as_ref().map_or(subscription.plan.as_str(), |plan| plan.name(account.locale()))))
}
