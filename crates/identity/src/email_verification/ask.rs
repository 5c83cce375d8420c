//! Asks, by mail, whether an address is somebody's.

use kernel::Ctx;
use platform::{DatabaseFault, House, Tx};
use ui::arg;

use crate::letters;
use crate::one_time_links::{LinkPurpose, issue};
use crate::users::Account;

/// Sends a link to the account's address, in a transaction of the house; nothing where it is verified already.
pub(crate) async fn ask(ctx: &Ctx, tx: &mut Tx, house: &House, account: &Account) -> Result<(), DatabaseFault> {
    if account.is_verified() {
        return Ok(());
    }
    let link = issue(ctx, tx, account.id, LinkPurpose::VerifyEmail).await?;
    let dedupe_key = format!("verify-email/{}", link.id());
    letters::post(ctx, tx, account, dedupe_key, "verify-email", arg("link", link.absolute(&house.config))).await
}
