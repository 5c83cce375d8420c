//! Writes a mail to the outbox and asks for it to be sent.

use kernel::{Ctx, MailId};

use super::jobs::SendMail;
use super::model::NewMail;
use super::queries;
use crate::db::error::DatabaseError;
use crate::db::tx::Tx;
use crate::jobs::enqueue::enqueue_all;

/// Writes `mail` in the transaction `tx` of the platform. A mail of the same dedupe key is not written twice.
///
/// # Errors
/// When the database does not answer, or the address or subject is not a single line.
pub async fn write(ctx: &Ctx, tx: &mut Tx, mail: &NewMail) -> Result<(), DatabaseError> {
    write_all(ctx, tx, std::slice::from_ref(mail)).await
}

/// As [`write`], for several mails in two round trips.
///
/// # Errors
/// As [`write`].
pub async fn write_all(ctx: &Ctx, tx: &mut Tx, mails: &[NewMail]) -> Result<(), DatabaseError> {
    let ids: Vec<MailId> = mails.iter().map(|_| ctx.new_id()).collect();
    let written = queries::insert_all(tx, &ids, mails, ctx.request_id, ctx.now()).await?;
    if written.is_empty() {
        return Ok(());
    }
    let jobs: Vec<SendMail> = written.into_iter().map(|mail_id| SendMail { mail_id }).collect();
    enqueue_all(ctx, tx, &jobs).await
}
