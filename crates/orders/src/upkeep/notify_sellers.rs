//! Notifies sellers when a sale of theirs is disputed, and how that ended. The outbox knows which mails were written.

use catalog::products::sold_versions;
use identity::users::account;
use kernel::{Ctx, ProductVersionId};
use platform::mail::write;
use platform::{DatabaseError, Tx};
use time::Duration;
use ui::arg;
use ui::mails::compose;

use super::queries;

/// Disputes that changed longer ago are not mailed any more.
const NOTICE_PERIOD: Duration = Duration::days(7);

/// Writes the mails that are due.
pub(super) async fn notify_sellers(ctx: &Ctx, tx: &mut Tx) -> Result<(), DatabaseError> {
    let disputes = queries::disputes_to_notify(tx, ctx.now() - NOTICE_PERIOD).await?;
    let versions: Vec<ProductVersionId> = disputes.iter().map(|dispute| dispute.version_id).collect();
    let versions = sold_versions(tx, &versions).await?;
    for dispute in disputes {
        let Some(seller) = account(tx, dispute.seller_id).await? else { continue };
        let version = versions.iter().find(|version| version.id == dispute.version_id);
        let title = version.map(|version| version.title.as_str()).unwrap_or_default();
        let args = arg("title", title).arg("number", &dispute.order_number);
        let key = format!("mail-dispute-{}", dispute.state.as_str());
        write(ctx, tx, &compose(&seller.recipient(), queries::dispute_mail_key(&dispute), &key, args)).await?;
    }
    Ok(())
}
