//! Asks, by mail, whether an address is somebody's.

use kernel::Ctx;
use platform::{App, DatabaseError, Tx};
use ui::arg;

use crate::emails;
use crate::one_time_links::{LinkPurpose, issue};
use crate::users::Account;

/// Sends a link to the account's address, in a transaction of the platform; nothing where it is verified already.
pub(crate) async fn ask(ctx: &Ctx, tx: &mut Tx, app: &App, account: &Account) -> Result<(), DatabaseError> {
    if account.is_verified() {
        return Ok(());
    }
    let link = issue(ctx, tx, account.id, LinkPurpose::VerifyEmail).await?;
    let dedupe_key = format!("verify-email/{}", link.id());
    emails::post(ctx, tx, account, dedupe_key, "verify-email", arg("link", link.absolute(&app.config))).await
}
