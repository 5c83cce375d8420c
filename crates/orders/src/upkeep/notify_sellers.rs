//! Sellers are told when a sale of theirs is disputed and how that ended. What is in the outbox has been told.

use identity::users::account;
use kernel::Ctx;
use platform::mail::{NewMail, write};
use platform::{DatabaseError, Tx};
use time::Duration;
use ui::{Messages, arg};

use super::queries;

/// What is older is no news, whatever the outbox still remembers.
const NEWS: Duration = Duration::days(7);

/// Writes the mails that are due.
pub(super) async fn tell_sellers(ctx: &Ctx, tx: &mut Tx) -> Result<(), DatabaseError> {
    for untold in queries::untold_disputes(tx, ctx.now() - NEWS).await? {
        let Some(seller) = account(tx, untold.seller_id).await? else { continue };
        let words = Messages::new(seller.locale());
        let key = format!("mail-dispute-{}", untold.state.as_str());
        let args = arg("name", &seller.display_name).arg("title", &untold.title).arg("number", &untold.order_number);
        let mail = NewMail {
            dedupe_key: queries::dispute_mail_key(&untold),
            recipient_id: Some(seller.id),
            recipient_address: seller.email.clone(),
            locale: seller.locale(),
            subject: words.say_with(&format!("{key}-subject"), args.clone()),
            body_text: words.say_with(&format!("{key}-body"), args),
        };
        write(ctx, tx, &mail).await?;
    }
    Ok(())
}
