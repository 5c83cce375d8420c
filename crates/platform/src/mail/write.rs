//! Writes a mail to the outbox and asks for it to be sent.

use kernel::Ctx;

use super::jobs::SendMail;
use super::model::NewMail;
use super::queries;
use crate::jobs::{Enqueue, enqueue_with};
use crate::{DatabaseFault, Tx};

/// Writes `mail` in the transaction `tx` of the house. A mail of the same dedupe key is not written twice.
///
/// # Errors
/// When the database does not answer, or the address or subject is not a single line.
pub async fn write(ctx: &Ctx, tx: &mut Tx, mail: &NewMail) -> Result<(), DatabaseFault> {
    let id = ctx.new_id();
    if queries::insert(tx, id, mail, ctx.now()).await? {
        enqueue_with(ctx, tx, &SendMail { mail_id: id }, Enqueue::default()).await?;
    }
    Ok(())
}
