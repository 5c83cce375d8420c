//! Somebody leaves the platform: what payments know of a person's address is forgotten.
//!
//! Payments, refunds and the documents for the buyer's accounts stay: they are money, and the law wants them for ten years. The
//! documents keep the addressee as it was on the day of issue; everything else names an account that is nobody's any more.

use kernel::{Ctx, UserId};
use platform::{DatabaseError, Tx};

use super::queries;
use crate::tax_invoices::addressee;

/// Forgets a mail address wherever payments or the sandbox hold it, in the transaction of the erasure: the sandbox's customers,
/// checkouts and events, the bodies of events in the inbox, and finished jobs.
///
/// # Errors
/// When the database fails.
pub async fn forget(ctx: &Ctx, tx: &mut Tx, user_id: UserId, email: &str) -> Result<(), DatabaseError> {
    let nobody = format!("erased-{user_id}@erased.invalid");
    // As it was typed at a checkout; the account has it tidied up.
    for spelling in queries::spellings(tx, user_id, email).await? {
        queries::drop_read_bodies(tx, &spelling).await?;
        queries::replace_in_events(tx, &spelling, &nobody).await?;
        queries::replace_in_notes(tx, &spelling, &nobody).await?;
        queries::replace_in_done_work(tx, &spelling, &nobody).await?;
    }
    // For documents to come, of which there will be none.
    addressee::queries::forget(tx, user_id).await?;
    queries::forget_customers(ctx, tx, user_id, email, &nobody).await
}
