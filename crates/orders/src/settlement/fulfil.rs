//! Fulfil an order in one transaction: sale, entitlements, licences, packages to be made, mails.

use catalog::products::{Fulfilment, PicturePackage, Terms, readable_code};
use identity::users::{Account, accounts};
use kernel::{Ctx, OrderItemId, Share, UserId};
use ledger::sales::{Sale, SaleLine, record_sale};
use ledger::{LedgerError, ProviderName};
use payments::PaymentNotice;
use platform::jobs::{Enqueue, enqueue_with};
use platform::{App, DatabaseError, Tx, audit, mail};
use serde_json::json;

use super::items::items;
use super::mails;
use super::model::{Item, Order};
use super::queries::{self, NewEntitlement};
use crate::delivery::model::DeliverPackage;
use crate::licences::write::{LicenceFacts, write};
use crate::stock::model::StockError;
use crate::stock::sell::sell;

/// Why an order was not fulfilled.
#[derive(Debug, thiserror::Error)]
pub(super) enum FulfilError {
    #[error(transparent)]
    Stock(#[from] StockError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Database(#[from] DatabaseError),
    #[error("the account {0} does not exist")]
    NoAccount(UserId),
    #[error("nothing delivers the order item {0}")]
    NotFulfillable(OrderItemId),
    #[error("the seller's share is out of range")]
    NoShare,
}

/// Fulfils an order that awaits money, or costs none. The caller has locked the order.
pub(super) async fn fulfil(
    ctx: &Ctx,
    tx: &mut Tx,
    app: &App,
    order: &Order,
    paid: Option<&PaymentNotice>,
) -> Result<(), FulfilError> {
    let items = items(tx, order.id).await?;
    let everybody: Vec<UserId> = items.iter().map(|item| item.row.seller_id).chain([order.buyer_id]).collect();
    let parties = Parties(accounts(tx, &everybody).await?);
    let buyer = parties.find(order.buyer_id)?;
    let ids: Vec<OrderItemId> = items.iter().map(|item| item.row.id).collect();
    sell(ctx, app, tx, order.id, &ids).await?;
    queries::mark_paid(ctx, tx, order.id).await?;
    let mut emails = Vec::with_capacity(items.len() + 1);
    for (index, item) in items.iter().enumerate() {
        let seller = parties.find(item.row.seller_id)?;
        grant_entitlement(ctx, tx, order, item, index, buyer, seller).await?;
        emails.push(mails::to_seller(app, order, item, seller));
    }
    emails.push(mails::to_buyer(app, order, &items, buyer));
    mail::write_all(ctx, tx, &emails).await?;
    let diff = json!({"totalYen": order.total, "items": items.len()});
    audit::record(ctx, tx, "orders.pay", "order", Some(order.id.uuid()), &diff).await?;
    // Last, because the balances that it moves are shared by many orders and locked from here to the commit.
    if let Some(notice) = paid {
        record_sale(ctx, tx, &sale(order, &items, notice)?).await?;
    }
    Ok(())
}

/// Buyer and sellers of an order.
struct Parties(Vec<Account>);

impl Parties {
    fn find(&self, id: UserId) -> Result<&Account, FulfilError> {
        self.0.iter().find(|account| account.id == id).ok_or(FulfilError::NoAccount(id))
    }
}

fn sale(order: &Order, items: &[Item], notice: &PaymentNotice) -> Result<Sale, FulfilError> {
    let line = |item: &Item| {
        let row = &item.row;
        let seller_share = Share::from_basis_points(row.seller_share_basis_points).ok_or(FulfilError::NoShare)?;
        Ok(SaleLine { order_item_id: row.id, seller_id: row.seller_id, price: row.price, seller_share })
    };
    Ok(Sale {
        order_id: order.id,
        payment_id: notice.payment_id,
        provider: ProviderName::from(notice.provider),
        lines: items.iter().map(line).collect::<Result<_, FulfilError>>()?,
    })
}

/// Gives the buyer of an item the entitlement and its licence, and asks for the package.
async fn grant_entitlement(
    ctx: &Ctx,
    tx: &mut Tx,
    order: &Order,
    item: &Item,
    index: usize,
    buyer: &Account,
    seller: &Account,
) -> Result<(), FulfilError> {
    let version = &item.version;
    let (Terms::Design(license), Fulfilment::PicturePackage(package)) = (version.terms, &version.fulfilment) else {
        return Err(FulfilError::NotFulfillable(item.row.id));
    };
    let PicturePackage { sha256, prompt, .. } = package;
    let licence_number = format!("ML-{}-{}", ui::dates::compact(ctx.now()), readable_code(ctx.random(), 8));
    let licence_text = write(&LicenceFacts {
        locale: order.locale(),
        number: &licence_number,
        license,
        edition: &version.terms_edition,
        issued_at: ctx.now(),
        licensor: &seller.display_name,
        licensee: &buyer.display_name,
        title: &version.title,
        listing: item.row.product_id,
        order_number: &order.number,
        price: item.row.price,
        made_with: &version.made_with,
        prompt,
        picture_sha256: sha256,
    });
    let name = if index == 0 { "package".to_owned() } else { format!("package-{}", index + 1) };
    let new = NewEntitlement {
        order,
        item,
        licence_number: &licence_number,
        license,
        licence_text: &licence_text,
        package_key: &format!("deliver/{}/{name}.zip", order.id),
        picture_sha256: sha256,
    };
    let delivery_id = queries::grant_entitlement(ctx, tx, &new).await?;
    let how =
        Enqueue { unique_key: Some(delivery_id.to_string()), owner_id: Some(order.buyer_id), ..Enqueue::default() };
    enqueue_with(ctx, tx, &DeliverPackage { delivery_id }, how).await?;
    Ok(())
}
