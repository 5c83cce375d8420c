//! Mails of the platform about somebody's account, in that person's language.

use kernel::{Ctx, Locale};
use platform::mail::{NewMail, write};
use platform::{DatabaseError, Tx};
use ui::{Args, Messages};

use crate::users::Account;

/// Writes the mail `mail-{key}` to the account's address, once a dedupe key. It is cleared of one-time links by itself.
pub(crate) async fn post(
    ctx: &Ctx,
    tx: &mut Tx,
    account: &Account,
    dedupe_key: String,
    key: &str,
    args: Args,
) -> Result<(), DatabaseError> {
    post_to(ctx, tx, account, &account.email, dedupe_key, key, args).await
}

/// As [`post`], to another address of the same person.
pub(crate) async fn post_to(
    ctx: &Ctx,
    tx: &mut Tx,
    account: &Account,
    address: &str,
    dedupe_key: String,
    key: &str,
    args: Args,
) -> Result<(), DatabaseError> {
    let locale: Locale = account.locale();
    let words = Messages::new(locale);
    let args = args.arg("name", &account.display_name);
    let mail = NewMail {
        dedupe_key,
        recipient_id: Some(account.id),
        recipient_address: address.to_owned(),
        locale,
        subject: words.say_with(&format!("mail-{key}-subject"), args.clone()),
        body_text: words.say_with(&format!("mail-{key}-body"), args),
    };
    write(ctx, tx, &mail).await
}
