//! A sale's life on the real ledger.

use kernel::{RefundId, Yen};

use super::*;
use crate::accounts::model::ProviderName;
use crate::balances::SellerBalance;
use crate::balances::{of_platform, of_seller};
use crate::error::LedgerError;
use crate::payouts;
use crate::test_fixture::LedgerFixture;
use crate::transfers::post;

fn sandbox() -> ProviderName {
    ProviderName::from("sandbox")
}

async fn balance(fixture: &LedgerFixture, seller: kernel::UserId) -> SellerBalance {
    of_seller(&mut fixture.begin().await, seller).await.unwrap()
}

async fn refund(fixture: &LedgerFixture, sale: &Sale, extent: RefundExtent) -> Result<(), LedgerError> {
    let mut tx = fixture.begin().await;
    let id: RefundId = fixture.ctx.new_id();
    record_refund(&fixture.ctx, &mut tx, id, sale.payment_id, &sandbox(), &extent).await?;
    // The same refund again, as a repeated job would.
    let again = record_refund(&fixture.ctx, &mut tx, id, sale.payment_id, &sandbox(), &extent).await?;
    assert!(!again.is_new);
    Ok(tx.commit().await?)
}

#[tokio::test]
async fn a_sale_is_recorded_once() {
    let fixture = LedgerFixture::open().await;
    let seller = fixture.person().await;
    let sale = fixture.order(seller, &[999, 1, 500]);
    fixture.sell(&sale).await;
    assert_eq!(balance(&fixture, seller).await.pending, Yen(799 + 400));

    let mut tx = fixture.begin().await;
    assert!(!record_sale(&fixture.ctx, &mut tx, &sale).await.unwrap().is_new);
    tx.commit().await.unwrap();
    let mut other = sale.clone();
    other.lines[0].price = Yen(1_000);
    let mut tx = fixture.begin().await;
    assert!(matches!(record_sale(&fixture.ctx, &mut tx, &other).await, Err(LedgerError::KeyReused)));
    drop(tx);
    let mut tx = fixture.begin().await;
    let receipt = record_receipt(&fixture.ctx, &mut tx, sale.payment_id, &sandbox(), Yen(1_500)).await;
    assert!(matches!(receipt, Err(LedgerError::KeyReused)), "a payment is a sale or a receipt");
    drop(tx);
    assert_eq!(balance(&fixture, seller).await.pending, Yen(1_199));
    assert_eq!(fixture.findings().await, []);
}

#[tokio::test]
async fn fifty_workers_record_one_sale() {
    let fixture = LedgerFixture::open().await;
    let seller = fixture.person().await;
    let sale = fixture.order(seller, &[1_200]);
    let attempts = (0..50).map(|_| async {
        let mut tx = fixture.begin().await;
        let posted = record_sale(&fixture.ctx, &mut tx, &sale).await.unwrap();
        tx.commit().await.unwrap();
        posted
    });
    let posted = futures::future::join_all(attempts).await;
    assert_eq!(posted.iter().filter(|posted| posted.is_new).count(), 1);
    assert!(posted.iter().all(|one| one.transfer_id == posted[0].transfer_id));
    assert_eq!(balance(&fixture, seller).await.pending, Yen(960));
    assert_eq!(fixture.findings().await, []);
}

#[tokio::test]
async fn many_sales_at_once_lose_no_yen() {
    let fixture = LedgerFixture::open().await;
    let sellers = [fixture.person().await, fixture.person().await, fixture.person().await];
    let sales: Vec<Sale> =
        (0..60).map(|number| fixture.order(sellers[number % 3], &[1_000 + i64::try_from(number).unwrap()])).collect();
    futures::future::join_all(sales.iter().map(|sale| fixture.sell(sale))).await;
    let app = of_platform(&mut fixture.begin().await).await.unwrap();
    assert_eq!(app.iter().map(|kind| kind.debit).sum::<Yen>(), Yen::ZERO);
    let clearing = app.iter().find(|kind| kind.kind == "provider_clearing").unwrap().debit;
    assert_eq!(clearing, Yen((0..60).map(|number| 1_000 + number).sum()));
    assert_eq!(fixture.findings().await, []);
}

#[tokio::test]
async fn three_refunds_of_one_item_add_up() {
    let fixture = LedgerFixture::open().await;
    let seller = fixture.person().await;
    let sale = fixture.order(seller, &[100]);
    fixture.sell(&sale).await;
    let item = sale.lines[0].order_item_id;
    for (amount, left) in [(33, 54), (33, 28), (34, 0)] {
        refund(&fixture, &sale, RefundExtent::Lines(vec![(item, Yen(amount))])).await.unwrap();
        assert_eq!(balance(&fixture, seller).await.pending, Yen(left));
    }
    let more = refund(&fixture, &sale, RefundExtent::Lines(vec![(item, Yen(1))])).await;
    assert!(matches!(more, Err(LedgerError::Exceeds)));
    assert!(matches!(refund(&fixture, &sale, RefundExtent::Amount(Yen(1))).await, Err(LedgerError::Exceeds)));
    assert_eq!(fixture.findings().await, []);
}

#[tokio::test]
async fn two_refunds_at_once_give_back_no_more_than_was_paid() {
    let fixture = LedgerFixture::open().await;
    let seller = fixture.person().await;
    let sale = fixture.order(seller, &[700, 300]);
    fixture.sell(&sale).await;
    let results =
        futures::future::join_all((0..8).map(|_| refund(&fixture, &sale, RefundExtent::Amount(Yen(400))))).await;
    assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 2);
    assert!(results.iter().all(|result| matches!(result, Ok(()) | Err(LedgerError::Exceeds))));
    assert_eq!(fixture.findings().await, []);
}

#[tokio::test]
async fn a_refund_after_the_payout_makes_the_seller_owe() {
    let fixture = LedgerFixture::open().await;
    let seller = fixture.person().await;
    let sale = fixture.order(seller, &[1_000]);
    fixture.sell(&sale).await;
    let mut tx = fixture.begin().await;
    assert!(mature(&fixture.ctx, &mut tx, sale.lines[0].order_item_id).await.unwrap().is_some());
    assert!(mature(&fixture.ctx, &mut tx, sale.lines[0].order_item_id).await.unwrap().is_none(), "once");
    post(&fixture.ctx, &mut tx, &payouts::payout_started("p1", seller, Yen(800))).await.unwrap();
    post(&fixture.ctx, &mut tx, &payouts::payout_paid("p1", seller, Yen(800))).await.unwrap();
    tx.commit().await.unwrap();

    refund(&fixture, &sale, RefundExtent::Amount(Yen(1_000))).await.unwrap();
    assert_eq!(balance(&fixture, seller).await.available, Yen(-800));
    let mut tx = fixture.begin().await;
    let payout = post(&fixture.ctx, &mut tx, &payouts::payout_started("p2", seller, Yen(1))).await;
    assert!(matches!(payout, Err(LedgerError::FloorBreached)), "who owes is not paid");
    drop(tx);

    // Later sales net the debt.
    let next = fixture.order(seller, &[2_000]);
    fixture.sell(&next).await;
    let mut tx = fixture.begin().await;
    mature(&fixture.ctx, &mut tx, next.lines[0].order_item_id).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(balance(&fixture, seller).await.available, Yen(800));
    assert_eq!(fixture.findings().await, []);
}

#[tokio::test]
async fn a_failed_payout_comes_back() {
    let fixture = LedgerFixture::open().await;
    let seller = fixture.person().await;
    let sale = fixture.order(seller, &[1_000]);
    fixture.sell(&sale).await;
    let mut tx = fixture.begin().await;
    mature(&fixture.ctx, &mut tx, sale.lines[0].order_item_id).await.unwrap();
    post(&fixture.ctx, &mut tx, &payouts::payout_started("p1", seller, Yen(800))).await.unwrap();
    assert_eq!(of_seller(&mut tx, seller).await.unwrap().in_transit, Yen(800));
    post(&fixture.ctx, &mut tx, &payouts::payout_failed("p1", seller, Yen(800))).await.unwrap();
    post(&fixture.ctx, &mut tx, &payouts::provider_settlement(&sandbox(), "po_1", Yen(900))).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!(balance(&fixture, seller).await.available, Yen(800));
    assert_eq!(fixture.findings().await, []);
}

#[tokio::test]
async fn disputes_freeze_and_end_either_way() {
    let fixture = LedgerFixture::open().await;
    let seller = fixture.person().await;
    let (won, lost) = (fixture.order(seller, &[1_000]), fixture.order(seller, &[500]));
    fixture.sell(&won).await;
    fixture.sell(&lost).await;
    let mut tx = fixture.begin().await;
    for (name, sale, amount) in [("du_won", &won, 1_000), ("du_lost", &lost, 500)] {
        let held = hold_disputed(&fixture.ctx, &mut tx, name, sale.payment_id, Yen(amount)).await.unwrap();
        assert_eq!(held.lines, [(sale.lines[0].order_item_id, Yen(amount))]);
        let more = hold_disputed(&fixture.ctx, &mut tx, "du_more", sale.payment_id, Yen(1)).await.unwrap();
        assert_eq!(more.lines, [], "no more is held than was sold");
    }
    let frozen = of_seller(&mut tx, seller).await.unwrap();
    assert_eq!((frozen.pending, frozen.frozen), (Yen::ZERO, Yen(1_200)));
    end_dispute(&fixture.ctx, &mut tx, "du_won", won.payment_id, DisputeEnd::Won).await.unwrap();
    end_dispute(&fixture.ctx, &mut tx, "du_lost", lost.payment_id, DisputeEnd::Lost).await.unwrap();
    tx.commit().await.unwrap();
    let after = balance(&fixture, seller).await;
    assert_eq!((after.pending, after.frozen), (Yen(800), Yen::ZERO));
    assert_eq!(fixture.findings().await, []);
}

#[tokio::test]
async fn money_for_what_cannot_be_delivered_is_owed_and_given_back() {
    let fixture = LedgerFixture::open().await;
    let seller = fixture.person().await;
    let never_sold = fixture.order(seller, &[1_200]);
    let mut tx = fixture.begin().await;
    record_receipt(&fixture.ctx, &mut tx, never_sold.payment_id, &sandbox(), Yen(1_200)).await.unwrap();
    record_fee(&fixture.ctx, &mut tx, &sandbox(), "txn_1", never_sold.payment_id, Yen(43)).await.unwrap();
    let again = record_fee(&fixture.ctx, &mut tx, &sandbox(), "txn_1", never_sold.payment_id, Yen(43)).await.unwrap();
    assert!(again.is_some_and(|posted| !posted.is_new));
    tx.commit().await.unwrap();
    let mut tx = fixture.begin().await;
    let sale = record_sale(&fixture.ctx, &mut tx, &never_sold).await;
    assert!(matches!(sale, Err(LedgerError::KeyReused)));
    drop(tx);
    refund(&fixture, &never_sold, RefundExtent::Amount(Yen(1_200))).await.unwrap();
    let more = refund(&fixture, &never_sold, RefundExtent::Amount(Yen(1))).await;
    assert!(matches!(more, Err(LedgerError::FloorBreached)), "no more goes back than is owed");
    let app = of_platform(&mut fixture.begin().await).await.unwrap();
    let debit = |kind: &str| app.iter().find(|one| one.kind == kind).map(|one| one.debit);
    assert_eq!(debit("provider_clearing"), Some(Yen(-43)));
    assert_eq!(debit("payment_fee_expense"), Some(Yen(43)));
    assert_eq!(debit("refunds_owed"), Some(Yen::ZERO));
    assert_eq!(fixture.findings().await, []);
}

#[tokio::test]
async fn a_seller_sees_the_own_part_only() {
    let fixture = LedgerFixture::open().await;
    let (hana, ken) = (fixture.person().await, fixture.person().await);
    fixture.sell(&fixture.order(hana, &[1_000])).await;
    fixture.sell(&fixture.order(ken, &[2_000])).await;
    let mut tx = fixture.begin_as(hana).await;
    assert_eq!(of_seller(&mut tx, hana).await.unwrap().pending, Yen(800));
    assert_eq!(of_seller(&mut tx, ken).await.unwrap(), SellerBalance::default());
    let (entries, amount): (i64, i64) =
        sqlx::query_as("select count(*), sum(amount_jpy)::bigint from public.ledger_entries")
            .fetch_one(tx.conn())
            .await
            .unwrap();
    assert_eq!((entries, amount), (1, 800), "in the specification's sign the seller's share is a gain");
}

#[tokio::test]
async fn thirty_two_sales_are_recorded_in_one_statement_and_once() {
    let fixture = LedgerFixture::open().await;
    let (one, other) = (fixture.person().await, fixture.person().await);
    let sales: Vec<Sale> =
        (1..=32).map(|number| fixture.order(if number % 2 == 0 { one } else { other }, &[999, number])).collect();
    fixture.sell(&sales[7]).await;
    let mut tx = fixture.begin().await;
    let posted = record_sales(&fixture.ctx, &mut tx, &sales).await.unwrap();
    tx.commit().await.unwrap();
    let new: Vec<bool> = posted.iter().map(|posted| posted.is_new).collect();
    assert_eq!((new.len(), new.iter().filter(|is_new| **is_new).count(), new[7]), (32, 31, false));
    let mut tx = fixture.begin().await;
    let again = record_sales(&fixture.ctx, &mut tx, &sales).await.unwrap();
    tx.commit().await.unwrap();
    let ids = |all: &[crate::Posted]| all.iter().map(|posted| posted.transfer_id).collect::<Vec<_>>();
    assert!(again.iter().all(|posted| !posted.is_new));
    assert_eq!(ids(&again), ids(&posted), "the answers come in the order of the sales");
    let pending = balance(&fixture, one).await.pending + balance(&fixture, other).await.pending;
    let expected: Yen = sales
        .iter()
        .flat_map(|sale| &sale.lines)
        .map(|line| super::model::split_sale(line.price, line.seller_share).seller)
        .sum();
    assert_eq!(pending, expected);
    assert_eq!(fixture.findings().await, []);
}

#[tokio::test]
async fn a_batch_with_one_broken_sale_records_nothing() {
    let fixture = LedgerFixture::open().await;
    let seller = fixture.person().await;
    let good = fixture.order(seller, &[500]);
    let known = fixture.order(seller, &[700]);
    fixture.sell(&known).await;
    let mut reused = known.clone();
    reused.lines[0].price = Yen(701);
    let nobody = fixture.order(fixture.ctx.new_id(), &[100]);
    let mut twice = fixture.order(seller, &[900]);
    twice.payment_id = good.payment_id;
    let mut in_the_batch = good.clone();
    in_the_batch.lines[0].price = Yen(501);
    for (broken, code) in [
        (reused, "ledger_key_reused"),
        (nobody, "ledger_unknown_account"),
        (twice, "ledger_key_reused"),
        (in_the_batch, "ledger_key_reused"),
    ] {
        let mut tx = fixture.begin().await;
        let refused = record_sales(&fixture.ctx, &mut tx, &[good.clone(), broken]).await.unwrap_err();
        assert_eq!(refused.code(), code);
    }
    assert_eq!(balance(&fixture, seller).await.pending, Yen(560), "only what was sold alone");
    assert_eq!(fixture.findings().await, []);
}

#[tokio::test]
async fn batches_with_common_sales_at_once_record_each_sale_once() {
    let fixture = std::sync::Arc::new(LedgerFixture::open().await);
    let seller = fixture.person().await;
    let sales: Vec<Sale> = (0..12).map(|_| fixture.order(seller, &[1_000])).collect();
    let workers = (0..8).map(|number| {
        let (fixture, mut batch) = (std::sync::Arc::clone(&fixture), sales.clone());
        batch.rotate_left(number);
        if number % 2 == 1 {
            batch.reverse();
        }
        async move {
            let mut tx = fixture.begin().await;
            let posted = record_sales(&fixture.ctx, &mut tx, &batch).await.unwrap();
            tx.commit().await.unwrap();
            posted.iter().filter(|posted| posted.is_new).count()
        }
    });
    let new: usize = futures::future::join_all(workers).await.into_iter().sum();
    assert_eq!((new, balance(&fixture, seller).await.pending), (12, Yen(9_600)));
    assert_eq!(fixture.findings().await, []);
}

#[tokio::test]
async fn a_refund_is_attributed_anew_to_the_yen() {
    let fixture = LedgerFixture::open().await;
    let (first, second) = (fixture.person().await, fixture.person().await);
    let mut sale = fixture.order(first, &[999, 500]);
    sale.lines[1].seller_id = second;
    fixture.sell(&sale).await;
    let (one, other) = (sale.lines[0].order_item_id, sale.lines[1].order_item_id);
    let id: RefundId = fixture.ctx.new_id();
    let mut tx = fixture.begin().await;
    let drawn = attribute_refund(&mut tx, sale.payment_id, Yen(500)).await.unwrap().unwrap();
    assert_eq!((drawn.lines.as_slice(), drawn.is_certain), ([(other, Yen(500))].as_slice(), false));
    let extent = RefundExtent::Lines(drawn.lines);
    record_refund(&fixture.ctx, &mut tx, id, sale.payment_id, &sandbox(), &extent).await.unwrap();
    tx.commit().await.unwrap();
    assert_eq!((balance(&fixture, first).await.pending, balance(&fixture, second).await.pending), (Yen(799), Yen(0)));

    for (revision, lines, expected) in [
        (1, vec![(one, Yen(500))], (799 - 399, 400)),
        (2, vec![(one, Yen(333)), (other, Yen(167))], (799 - 266, 400 - 133)),
        (3, vec![(other, Yen(500))], (799, 0)),
    ] {
        let mut tx = fixture.begin().await;
        let posted = correct_refund(&fixture.ctx, &mut tx, id, sale.payment_id, revision, &lines).await.unwrap();
        assert!(posted.unwrap().is_new);
        let again = correct_refund(&fixture.ctx, &mut tx, id, sale.payment_id, revision + 10, &lines).await.unwrap();
        assert_eq!(again, None, "the same lines again are nothing");
        tx.commit().await.unwrap();
        let pending = (balance(&fixture, first).await.pending.get(), balance(&fixture, second).await.pending.get());
        assert_eq!(pending, expected, "revision {revision}");
    }
    let mut tx = fixture.begin().await;
    for lines in [vec![(one, Yen(499))], vec![(one, Yen(1_000))], vec![(fixture.ctx.new_id(), Yen(500))]] {
        let refused = correct_refund(&fixture.ctx, &mut tx, id, sale.payment_id, 4, &lines).await;
        assert!(matches!(refused, Err(LedgerError::Exceeds | LedgerError::NotSold)), "{refused:?}");
    }
    drop(tx);
    // What was corrected away may be refunded again, and not a yen more.
    refund(&fixture, &sale, RefundExtent::Amount(Yen(999))).await.unwrap();
    assert!(matches!(refund(&fixture, &sale, RefundExtent::Amount(Yen(1))).await, Err(LedgerError::Exceeds)));
    assert_eq!(fixture.findings().await, []);
}
