//! Mails about an account, in the language of its owner.

use kernel::Ctx;
use platform::{DatabaseError, Tx, mail};
use ui::Args;
use ui::mails::{Recipient, compose};

use crate::users::model::Account;

/// Queues the mail `mail-{key}` to the account's address. A second mail with the same dedupe key is not written. Its
/// one-time links are removed from the stored text when they no longer work.
pub(crate) async fn queue_email(
    ctx: &Ctx,
    tx: &mut Tx,
    account: &Account,
    dedupe_key: String,
    key: &str,
    args: Args,
) -> Result<(), DatabaseError> {
    mail::write(ctx, tx, &compose(&account.recipient(), dedupe_key, &format!("mail-{key}"), args)).await
}

/// As [`queue_email`], to an address that is not (yet) the account's.
pub(crate) async fn queue_email_to(
    ctx: &Ctx,
    tx: &mut Tx,
    account: &Account,
    address: &str,
    dedupe_key: String,
    key: &str,
    args: Args,
) -> Result<(), DatabaseError> {
    let recipient = Recipient { address: address.to_owned(), ..account.recipient() };
    mail::write(ctx, tx, &compose(&recipient, dedupe_key, &format!("mail-{key}"), args)).await
}
