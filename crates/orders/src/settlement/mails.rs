//! The mails about an order, each in the language of its recipient.

use catalog::products::Terms;
use identity::users::Account;
use kernel::{Ctx, Share};
use ledger::sales::split_sale;
use platform::mail::{NewMail, write};
use platform::{App, DatabaseError, Tx};
use ui::mails::{Recipient, compose};
use ui::{Messages, arg};

use super::model::{Item, Order};

fn license_name(t: Messages, terms: Terms) -> String {
    t.say(&terms.message_key("name"))
}

/// The buyer, in the language of the order.
fn buyer_of(order: &Order, buyer: &Account) -> Recipient {
    Recipient { locale: order.locale(), ..buyer.recipient() }
}

/// To the buyer: the order is paid and can be downloaded.
pub(super) fn to_buyer(app: &App, order: &Order, items: &[Item], buyer: &Account) -> NewMail {
    let t = Messages::new(order.locale());
    let lines: Vec<String> = items
        .iter()
        .map(|Item { row, version }| {
            format!("・{} / {} / {}", version.title, license_name(t, version.terms), t.yen(&row.price))
        })
        .collect();
    let args = arg("order", &order.number)
        .arg("items", lines.join("\n"))
        .arg("total", t.yen_amount(&order.total))
        .arg("link", app.config.absolute_url(&format!("/orders/{}", order.id)));
    compose(&buyer_of(order, buyer), format!("order-paid/{}/buyer", order.id), "mail-order-paid", args)
}

/// To a seller: an item is sold.
pub(super) fn to_seller(app: &App, order: &Order, item: &Item, seller: &Account) -> NewMail {
    let Item { row, version } = item;
    let t = Messages::new(seller.locale());
    let share = Share::from_basis_points(row.seller_share_basis_points);
    let yours = share.map(|share| split_sale(row.price, share).seller).unwrap_or_default();
    let args = arg("title", &version.title)
        .arg("license", license_name(t, version.terms))
        .arg("price", t.yen(&row.price))
        .arg("yours", t.yen_amount(&yours))
        .arg("link", app.config.absolute_url(&format!("/d/{}", version.slug)));
    compose(&seller.recipient(), format!("order-paid/{}/seller/{}", order.id, row.id), "mail-item-sold", args)
}

/// How an order ended without goods.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ending {
    /// The goods were no longer available; the refund is pending.
    Unfulfillable,
    /// The refund is complete.
    Refunded,
}

/// To the buyer: the order ended without goods, and what becomes of the money.
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
    let args = arg("order", &order.number)
        .arg("total", Messages::new(order.locale()).yen_amount(&order.total))
        .arg("link", app.config.absolute_url(&path));
    let mail = compose(&buyer_of(order, buyer), format!("{word}/{}", order.id), &format!("mail-{word}"), args);
    write(ctx, tx, &mail).await
}
