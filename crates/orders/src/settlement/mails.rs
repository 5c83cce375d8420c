//! What buyer and seller are told, each in their own language.

use identity::users::Account;
use kernel::{Ctx, Locale, Share};
use ledger::sales::split_sale;
use platform::mail::{NewMail, write};
use platform::{App, DatabaseError, Tx};
use ui::{Messages, arg};

use super::facts::{Item, Order};
use catalog::products::license_message_key;

fn letter(to: &Account, locale: Locale, dedupe_key: String, key: &str, args: ui::Args) -> NewMail {
    let words = Messages::new(locale);
    NewMail {
        dedupe_key,
        recipient_id: Some(to.id),
        recipient_address: to.email.clone(),
        locale,
        subject: words.say_with(&format!("{key}-subject"), args.clone()),
        body_text: words.say_with(&format!("{key}-body"), args),
    }
}

/// It is yours.
pub(super) fn to_buyer(app: &App, order: &Order, items: &[Item], buyer: &Account) -> NewMail {
    let words = Messages::new(order.locale());
    let lines: Vec<String> = items
        .iter()
        .map(|item| {
            let license = item.license.map(|license| words.say(&license_message_key(license, "name")));
            format!("・{} / {} / {}", item.title, license.unwrap_or_default(), words.yen(&item.price))
        })
        .collect();
    let args = arg("name", &buyer.display_name)
        .arg("order", &order.number)
        .arg("items", lines.join("\n"))
        .arg("total", words.yen_amount(&order.total))
        .arg("link", app.config.absolute_url(&format!("/orders/{}", order.id)));
    let key = format!("order-paid/{}/buyer", order.id);
    letter(buyer, order.locale(), key, "mail-order-paid", args)
}

/// You have sold something.
pub(super) fn to_seller(app: &App, order: &Order, item: &Item, seller: &Account) -> NewMail {
    let words = Messages::new(seller.locale());
    let share = Share::from_basis_points(item.seller_share_basis_points);
    let yours = share.map(|share| split_sale(item.price, share).seller).unwrap_or_default();
    let license = item.license.map(|license| words.say(&license_message_key(license, "name")));
    let args = arg("name", &seller.display_name)
        .arg("title", &item.title)
        .arg("license", license.unwrap_or_default())
        .arg("price", words.yen(&item.price))
        .arg("yours", words.yen_amount(&yours))
        .arg("link", app.config.absolute_url(&format!("/d/{}", item.slug)));
    let key = format!("order-paid/{}/seller/{}", order.id, item.id);
    letter(seller, seller.locale(), key, "mail-item-sold", args)
}

/// What a buyer is told of an order that comes to nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// It was gone; the money is on its way back.
    Unfulfillable,
    /// The money has gone back.
    Refunded,
}

/// It came to nothing, and what becomes of the money.
pub(super) async fn ended(
    ctx: &Ctx,
    tx: &mut Tx,
    app: &App,
    order: &Order,
    buyer: &Account,
    ending: Ending,
) -> Result<(), DatabaseError> {
    let (word, path) = match ending {
        Ending::Unfulfillable => ("order-unfulfillable", "/gallery".to_owned()),
        Ending::Refunded => ("order-refunded", format!("/orders/{}", order.id)),
    };
    let words = Messages::new(order.locale());
    let args = arg("name", &buyer.display_name)
        .arg("order", &order.number)
        .arg("total", words.yen_amount(&order.total))
        .arg("link", app.config.absolute_url(&path));
    let key = format!("{word}/{}", order.id);
    write(ctx, tx, &letter(buyer, order.locale(), key, &format!("mail-{word}"), args)).await
}
