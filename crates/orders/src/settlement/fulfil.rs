//! One transaction: sale, entitlement, licence, order of the package, mails, what else the sale ends.

use identity::users::{Account, accounts};
use kernel::{Ctx, OrderId, Share, UserId};
use ledger::sales::{Sale, SaleLine, record_sale};
use ledger::{LedgerError, ProviderName};
use payments::PaymentNotice;
use platform::jobs::{Enqueue, enqueue_with};
use platform::{App, DatabaseError, Problem, Tx, audit, mail};
use serde_json::json;

use super::facts::{Item, Order};
use super::queries::{self, HandedOver};
use super::{competitors, mails};
use crate::checkout::CheckoutError;
use crate::checkout::place_order::day;
use crate::delivery::DeliverPackage;
use crate::licences::{self, LicenceFacts};
use crate::stock::{self, SoldStock, StockError};
use catalog::gallery;
use catalog::products::{LicenseType, readable_code};

/// Why an order was not fulfilled.
#[derive(Debug, thiserror::Error)]
pub(super) enum FulfilError {
    #[error(transparent)]
    Stock(#[from] StockError),
    #[error(transparent)]
    Ledger(#[from] LedgerError),
    #[error(transparent)]
    Database(#[from] DatabaseError),
    #[error("the account {0} is gone")]
    NoAccount(UserId),
    #[error("the order item has no picture or licence")]
    NoPicture,
    #[error("the seller's share is out of range")]
    NoShare,
}

/// What costs nothing needs no payment: the order is fulfilled in the transaction that places it.
///
/// # Errors
/// 409 `unavailable`.
pub(crate) async fn settle_free(ctx: &Ctx, tx: &mut Tx, app: &App, id: OrderId) -> Result<(), CheckoutError> {
    let order = queries::lock_order(tx, id).await?.ok_or(CheckoutError::NotFound)?;
    match fulfil(ctx, tx, app, &order, None).await {
        Ok(()) => Ok(()),
        Err(FulfilError::Stock(StockError::Unavailable)) => Err(CheckoutError::Unavailable),
        Err(FulfilError::Database(fault) | FulfilError::Stock(StockError::Database(fault))) => Err(fault.into()),
        Err(fault) => Err(Problem::internal(fault).into()),
    }
}

/// Fulfils an order that awaits money (or costs none). The order is locked by the caller.
pub(super) async fn fulfil(
    ctx: &Ctx,
    tx: &mut Tx,
    app: &App,
    order: &Order,
    paid: Option<&PaymentNotice>,
) -> Result<(), FulfilError> {
    let items = queries::items(tx, order.id).await?;
    let everybody: Vec<UserId> = items.iter().map(|item| item.seller_id).chain([order.buyer_id]).collect();
    let people = People(accounts(tx, &everybody).await?);
    let buyer = people.find(order.buyer_id)?;
    let mut sold = Vec::with_capacity(items.len());
    for item in &items {
        sold.push(stock::sell(ctx, tx, item.id).await?);
    }
    queries::mark_paid(ctx, tx, order.id).await?;
    let mut letters = Vec::with_capacity(items.len() + 1);
    for (index, (item, stock)) in items.iter().zip(&sold).enumerate() {
        let seller = people.find(item.seller_id)?;
        hand_over(ctx, tx, order, item, index, buyer, seller).await?;
        if end_offers(ctx, tx, order, item, stock).await? {
            gallery::changes(app, tx);
        }
        if let Some(generation_id) = item.generation_id {
            studio::deletion::mark_sold(ctx, tx, generation_id).await?;
        }
        letters.push(mails::to_seller(app, order, item, seller));
    }
    letters.push(mails::to_buyer(app, order, &items, buyer));
    mail::write_all(ctx, tx, &letters).await?;
    let diff = json!({"totalYen": order.total, "items": items.len()});
    audit::record(ctx, tx, "orders.pay", "order", Some(order.id.uuid()), &diff).await?;
    // Last, because the balances that it moves are shared by many orders and locked from here to the commit.
    if let Some(notice) = paid {
        record_sale(ctx, tx, &sale(order, &items, notice)?).await?;
    }
    Ok(())
}

/// Buyer and sellers of an order.
struct People(Vec<Account>);

impl People {
    fn find(&self, id: UserId) -> Result<&Account, FulfilError> {
        self.0.iter().find(|account| account.id == id).ok_or(FulfilError::NoAccount(id))
    }
}

fn sale(order: &Order, items: &[Item], notice: &PaymentNotice) -> Result<Sale, FulfilError> {
    let line = |item: &Item| {
        let seller_share = Share::from_basis_points(item.seller_share_basis_points).ok_or(FulfilError::NoShare)?;
        Ok(SaleLine { order_item_id: item.id, seller_id: item.seller_id, price: item.price, seller_share })
    };
    Ok(Sale {
        order_id: order.id,
        payment_id: notice.payment_id,
        provider: ProviderName::from(notice.provider.as_str()),
        lines: items.iter().map(line).collect::<Result<_, FulfilError>>()?,
    })
}

/// The buyer's right, its paper, and the order to pack it.
async fn hand_over(
    ctx: &Ctx,
    tx: &mut Tx,
    order: &Order,
    item: &Item,
    index: usize,
    buyer: &Account,
    seller: &Account,
) -> Result<(), FulfilError> {
    let (Some(license), Some(sha256)) = (item.license, &item.picture_sha256) else {
        return Err(FulfilError::NoPicture);
    };
    let number = format!("ML-{}-{}", day(ctx.now()), readable_code(ctx.random(), 8));
    let body_text = licences::write(&LicenceFacts {
        locale: order.locale(),
        number: &number,
        license,
        edition: &item.terms_edition,
        issued_at: ctx.now(),
        licensor: &seller.display_name,
        licensee: &buyer.display_name,
        title: &item.title,
        listing: item.product_id,
        order_number: &order.number,
        price: item.price,
        made_with: &item.made_with,
        prompt: &item.prompt,
        picture_sha256: sha256,
    });
    let name = if index == 0 { "package".to_owned() } else { format!("package-{}", index + 1) };
    let handed = HandedOver {
        order,
        item,
        number: &number,
        license,
        body_text: &body_text,
        package_key: &format!("deliver/{}/{name}.zip", order.id),
        picture_sha256: sha256,
    };
    let delivery_id = queries::hand_over(ctx, tx, &handed).await?;
    let how =
        Enqueue { unique_key: Some(delivery_id.to_string()), owner_id: Some(order.buyer_id), ..Enqueue::default() };
    enqueue_with(ctx, tx, &DeliverPackage { delivery_id }, how).await?;
    Ok(())
}

/// Ends what can no longer be offered now, and says whether there was anything.
async fn end_offers(
    ctx: &Ctx,
    tx: &mut Tx,
    order: &Order,
    item: &Item,
    stock: &SoldStock,
) -> Result<bool, FulfilError> {
    let mut any = stock.is_last;
    match stock.lineage_id {
        Some(lineage_id) if stock.is_exclusive => {
            let retired = queries::retire_lineage(ctx, tx, lineage_id, order.id).await?;
            tracing::info!(order = %order.id, retired, "an exclusive licence was sold");
            any = true;
            competitors::turn_away(ctx, tx, lineage_id, order.id, false).await?;
        }
        Some(lineage_id) if stock.is_offered_exclusively => {
            for generation_id in queries::pause_exclusive_offers(ctx, tx, lineage_id).await? {
                studio::deletion::mark_unpublished(ctx, tx, generation_id).await?;
                any = true;
            }
            competitors::turn_away(ctx, tx, lineage_id, order.id, true).await?;
        }
        _ => {}
    }
    if stock.is_last && !(stock.is_exclusive && item.license == Some(LicenseType::Exclusive)) {
        queries::mark_sold_out(ctx, tx, item.product_id).await?;
    }
    Ok(any)
}
