//! A sale's life on the real ledger.

use kernel::{RefundId, Yen};

use super::*;
use crate::balances::{SellerBalance, of_house, of_seller};
use crate::test_desk::TestDesk;
use crate::transfers::post;
use crate::{LedgerError, ProviderName, payouts};

fn sandbox() -> ProviderName {
    ProviderName::from("sandbox")
}

async fn balance(desk: &TestDesk, seller: kernel::UserId) -> SellerBalance {
    of_seller(&mut desk.begin().await, seller).await.unwrap()
}

async fn refund(desk: &TestDesk, sale: &Sale, extent: RefundExtent) -> Result<(), LedgerError> {
    let mut tx = desk.begin().await;
    let id: RefundId = desk.ctx.new_id();
    record_refund(&desk.ctx, &mut tx, id, sale.payment_id, &sandbox(), &extent).await?;
    // The same refund again, as a repeated job would.
    let again = record_refund(&desk.ctx, &mut tx, id, sale.payment_id, &sandbox(), &extent).await?;
    assert!(!again.is_new);
    Ok(tx.commit().await?)
}

#[tokio::test]
async fn a_sale_is_recorded_once() {
    let desk = TestDesk::open().await;
    let seller = desk.person().await;
    let sale = desk.order(seller, &[999, 1, 500]);
    desk.sell(&sale).await;
    assert_eq!(balance(&desk, seller).await.pending, Yen(799 + 400));

    let mut tx = desk.begin().await;
    assert!(!record_sale(&desk.ctx, &mut tx, &sale).await.unwrap().is_new);
    tx.commit().await.unwrap();
    let mut other = sale.clone();
    other.lines[0].price = Yen(1_000);
    let mut tx = desk.begin().await;
    assert!(matches!(record_sale(&desk.ctx, &mut tx, &other).await, Err(LedgerError::KeyReused)));
    drop(tx);
    let mut tx = desk.begin().await;
    let receipt = record_receipt(&desk.ctx, &mut tx, sale.payment_id, &sandbox(), Yen(1_500)).await;
    assert!(matches!(receipt, Err(LedgerError::KeyReused)), "a payment is a sale or a receipt");
    drop(tx);
    assert_eq!(balance(&desk, seller).await.pending, Yen(1_199));
    assert_eq!(desk.findings().await, []);
}

#[tokio::test]
async fn fifty_workers_record_one_sale() {
    let desk = TestDesk::open().await;
    let seller = desk.person().await;
    let sale = desk.order(seller, &[1_200]);
    let attempts = (0..50).map(|_| async {
        let mut tx = desk.begin().await;
        let posted = record_sale(&desk.ctx, &mut tx, &sale).await.unwrap();
        tx.commit().await.unwrap();
        posted
    });
    let posted = futures::future::join_all(attempts).await;
    assert_eq!(posted.iter().filter(|posted| posted.is_new).count(), 1);
    assert!(posted.iter().all(|one| one.transfer_id == posted[0].transfer_id));
    assert_eq!(balance(&desk, seller).await.pending, Yen(960));
    assert_eq!(desk.findings().await, []);
}

#[tokio::test]
async fn many_sales_at_once_lose_no_yen() {
    let desk = TestDesk::open().await;
    let sellers = [desk.person().await, desk.person().await, desk.person().await];
    let sales: Vec<Sale> =
        (0..60).map(|number| desk.order(sellers[number % 3], &[1_000 + i64::try_from(number).unwrap()])).collect();
    futures::future::join_all(sales.iter().map(|sale| desk.sell(sale))).await;
    let house = of_house(&mut desk.begin().await).await.unwrap();
    assert_eq!(house.iter().map(|kind| kind.debit).sum::<Yen>(), Yen::ZERO);
    let clearing = house.iter().find(|kind| kind.kind == "provider_clearing").unwrap().debit;
    assert_eq!(clearing, Yen((0..60).map(|number| 1_000 + number).sum()));
    assert_eq!(desk.findings().await, []);
}

#[tokio::test]
async fn three_refunds_of_one_item_add_up() {
    let desk = TestDesk::open().await;
    let seller = desk.person().await;
    let sale = desk.order(seller, &[100]);
    desk.sell(&sale).await;
    let item = sale.lines[0].order_item_id;
    for (amount, left) in [(33, 54), (33, 28), (34, 0)] {
        refund(&desk, &sale, RefundExtent::Lines(vec![(item, Yen(amount))])).await.unwrap();
        assert_eq!(balance(&desk, seller).await.pending, Yen(left));
    }
    let more = refund(&desk, &sale, RefundExtent::Lines(vec![(item, Yen(1))])).await;
    assert!(matches!(more, Err(LedgerError::Exceeds)));
    assert!(matches!(refund(&desk, &sale, RefundExtent::Amount(Yen(1))).await, Err(LedgerError::Exceeds)));
    assert_eq!(desk.findings().await, []);
}

#[tokio::test]
async fn two_refunds_at_once_give_back_no_more_than_was_paid() {
    let desk = TestDesk::open().await;
    let seller = desk.person().await;
    let sale = desk.order(seller, &[700, 300]);
    desk.sell(&sale).await;
    let results = futures::future::join_all((0..8).map(|_| refund(&desk, &sale, RefundExtent::Amount(Yen(400))))).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 2);
    assert!(results.iter().all(|result| matches!(result, Ok(()) | Err(LedgerError::Exceeds))));
    assert_eq!(desk.findings().await, []);
}

#[tokio::test]
async fn a_refund_after_the_payout_makes_the_seller_owe() {
    let desk = TestDesk::open().await;
    let seller = desk.person().await;
    let sale = desk.order(seller, &[1_000]);
    desk.sell(&sale).await;
    let mut tx = desk.begin().await;
    assert!(mature(&desk.ctx, &mut tx, sale.lines[0].order_item_id).await.unwrap().is_some());
    assert!(mature(&desk.ctx, &mut tx, sale.lines[0].order_item_id).await.unwrap().is_none(), "once");
    post(&desk.ctx, &mut tx, &payouts::payout_started("p1", seller, Yen(800))).await.unwrap();
    post(&desk.ctx, &mut tx, &payouts::payout_paid("p1", seller, Yen(800))).await.unwrap();
    tx.commit().await.unwrap();

    refund(&desk, &sale, RefundExtent::Amount(Yen(1_000))).await.unwrap();
    assert_eq!(balance(&desk, seller).await.available, Yen(-800));
    let mut tx = desk.begin().await;
    let payout = post(&desk.ctx, &mut tx, &payouts::payout_started("p2", seller, Yen(1))).await;
    assert!(matches!(payout, Err(LedgerError::FloorBreached)), "who owes is not paid");
    drop(tx);

    // Later sales net the debt.
    let next = desk.order(seller, &[2_000]);
    desk.sell(&next).await;
    let mut tx = desk.begin().await;
    mature(&desk.ctx, &mut tx, next.lines[0].order_item_id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(balance(&desk, seller).await.available, Yen(800));
    assert_eq!(desk.findings().await, []);
}

#[tokio::test]
async fn a_failed_payout_comes_back() {
    let desk = TestDesk::open().await;
    let seller = desk.person().await;
    let sale = desk.order(seller, &[1_000]);
    desk.sell(&sale).await;
    let mut tx = desk.begin().await;
    mature(&desk.ctx, &mut tx, sale.lines[0].order_item_id).await.unwrap();
    post(&desk.ctx, &mut tx, &payouts::payout_started("p1", seller, Yen(800))).await.unwrap();
    assert_eq!(of_seller(&mut tx, seller).await.unwrap().in_transit, Yen(800));
    post(&desk.ctx, &mut tx, &payouts::payout_failed("p1", seller, Yen(800))).await.unwrap();
    post(&desk.ctx, &mut tx, &payouts::provider_settlement(&sandbox(), "po_1", Yen(900))).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(balance(&desk, seller).await.available, Yen(800));
    assert_eq!(desk.findings().await, []);
}

#[tokio::test]
async fn disputes_freeze_and_end_either_way() {
    let desk = TestDesk::open().await;
    let seller = desk.person().await;
    let (won, lost) = (desk.order(seller, &[1_000]), desk.order(seller, &[500]));
    desk.sell(&won).await;
    desk.sell(&lost).await;
    let mut tx = desk.begin().await;
    for (name, sale, amount) in [("du_won", &won, 1_000), ("du_lost", &lost, 500)] {
        let held = hold_disputed(&desk.ctx, &mut tx, name, sale.payment_id, Yen(amount)).await.unwrap();
        assert_eq!(held, Yen(amount));
        let more = hold_disputed(&desk.ctx, &mut tx, "du_more", sale.payment_id, Yen(1)).await.unwrap();
        assert_eq!(more, Yen::ZERO, "no more is held than was sold");
    }
    let frozen = of_seller(&mut tx, seller).await.unwrap();
    assert_eq!((frozen.pending, frozen.frozen), (Yen::ZERO, Yen(1_200)));
    end_dispute(&desk.ctx, &mut tx, "du_won", won.payment_id, DisputeEnd::Won).await.unwrap();
    end_dispute(&desk.ctx, &mut tx, "du_lost", lost.payment_id, DisputeEnd::Lost).await.unwrap();
    tx.commit().await.unwrap();
    let after = balance(&desk, seller).await;
    assert_eq!((after.pending, after.frozen), (Yen(800), Yen::ZERO));
    assert_eq!(desk.findings().await, []);
}

#[tokio::test]
async fn money_for_what_cannot_be_delivered_is_owed_and_given_back() {
    let desk = TestDesk::open().await;
    let seller = desk.person().await;
    let never_sold = desk.order(seller, &[1_200]);
    let mut tx = desk.begin().await;
    record_receipt(&desk.ctx, &mut tx, never_sold.payment_id, &sandbox(), Yen(1_200)).await.unwrap();
    record_fee(&desk.ctx, &mut tx, &sandbox(), "txn_1", never_sold.payment_id, Yen(43)).await.unwrap();
    let again = record_fee(&desk.ctx, &mut tx, &sandbox(), "txn_1", never_sold.payment_id, Yen(43)).await.unwrap();
    assert!(again.is_some_and(|posted| !posted.is_new));
    tx.commit().await.unwrap();
    let mut tx = desk.begin().await;
    let sale = record_sale(&desk.ctx, &mut tx, &never_sold).await;
    assert!(matches!(sale, Err(LedgerError::KeyReused)));
    drop(tx);
    refund(&desk, &never_sold, RefundExtent::Amount(Yen(1_200))).await.unwrap();
    let more = refund(&desk, &never_sold, RefundExtent::Amount(Yen(1))).await;
    assert!(matches!(more, Err(LedgerError::FloorBreached)), "no more goes back than is owed");
    let house = of_house(&mut desk.begin().await).await.unwrap();
    let debit = |kind: &str| house.iter().find(|one| one.kind == kind).map(|one| one.debit);
    assert_eq!(debit("provider_clearing"), Some(Yen(-43)));
    assert_eq!(debit("payment_fee_expense"), Some(Yen(43)));
    assert_eq!(debit("refunds_owed"), Some(Yen::ZERO));
    assert_eq!(desk.findings().await, []);
}

#[tokio::test]
async fn a_seller_sees_the_own_part_only() {
    let desk = TestDesk::open().await;
    let (hana, ken) = (desk.person().await, desk.person().await);
    desk.sell(&desk.order(hana, &[1_000])).await;
    desk.sell(&desk.order(ken, &[2_000])).await;
    let mut tx = desk.begin_as(hana).await;
    assert_eq!(of_seller(&mut tx, hana).await.unwrap().pending, Yen(800));
    assert_eq!(of_seller(&mut tx, ken).await.unwrap(), SellerBalance::default());
    let (entries, amount): (i64, i64) =
        sqlx::query_as("select count(*), sum(amount_jpy)::bigint from public.ledger_entries")
            .fetch_one(tx.conn())
            .await
            .unwrap();
    assert_eq!((entries, amount), (1, 800), "in the specification's sign the seller's share is a gain");
}
