//! Properties of the rules.

use kernel::{OrderId, OrderItemId, PaymentId, RefundId, Share, UserId, Yen};
use proptest::prelude::*;
use uuid::Uuid;

use super::model::{ItemState, Sale, SaleLine, attribute, split_sale, spread};
use super::rules;
use crate::accounts::model::ProviderName;
use crate::transfers::model::Draft;

fn share(basis_points: i32) -> Share {
    Share::from_basis_points(basis_points).unwrap()
}

fn item(price: i64, seller_share: Share) -> ItemState {
    let split = split_sale(Yen(price), seller_share);
    ItemState {
        order_id: OrderId(Uuid::from_u128(1)),
        payment_id: PaymentId(Uuid::from_u128(2)),
        order_item_id: OrderItemId(Uuid::from_u128(3)),
        seller_id: Some(UserId(Uuid::from_u128(4))),
        provider: ProviderName::from("sandbox"),
        price: Yen(price),
        seller_net: split.seller,
        kept: Yen(price),
        disputed: Yen::ZERO,
        pending: split.seller,
        matured: Yen::ZERO,
        frozen: Yen::ZERO,
        platform: split.platform,
    }
}

/// What a refund leaves of an item.
fn after_refund(item: &ItemState, amount: Yen) -> ItemState {
    let split = item.take_back(amount);
    let from_pending = item.from_pending(split.seller);
    ItemState {
        kept: item.kept - amount,
        pending: item.pending - from_pending,
        matured: item.matured - (split.seller - from_pending),
        platform: item.platform - split.platform,
        ..item.clone()
    }
}

fn assert_balanced(draft: &Draft) {
    assert!(draft.is_balanced(), "{draft:?}");
    assert!(draft.legs.iter().all(|leg| !leg.debit.is_zero()));
}

#[test]
fn the_examples_of_the_handbook_hold() {
    let split = split_sale(Yen(999), share(8_000));
    assert_eq!((split.seller, split.platform), (Yen(799), Yen(200)));
    assert_eq!(split_sale(Yen(1), share(8_000)).seller, Yen::ZERO);

    // Three thirds of ¥100: the seller's ¥80 goes back as 26 + 26 + 28, never as 26 + 26 + 27.
    let mut state = item(100, share(8_000));
    let mut taken = Vec::new();
    for amount in [33, 33, 34] {
        taken.push(state.take_back(Yen(amount)).seller.get());
        state = after_refund(&state, Yen(amount));
    }
    assert_eq!(taken, [26, 26, 28]);
    assert_eq!((state.kept, state.pending, state.platform), (Yen::ZERO, Yen::ZERO, Yen::ZERO));
}

proptest! {
    #[test]
    fn a_sale_is_divided_without_loss(prices in proptest::collection::vec(1_i64..10_000_000, 1..20), rate in 0..=10_000) {
        let lines: Vec<SaleLine> = prices.iter().enumerate().map(|(index, price)| SaleLine {
            order_item_id: OrderItemId(Uuid::from_u128(u128::try_from(index).unwrap())),
            seller_id: UserId(Uuid::from_u128(9)),
            price: Yen(*price),
            seller_share: share(rate),
        }).collect();
        let sale = Sale {
            order_id: OrderId(Uuid::from_u128(1)),
            payment_id: PaymentId(Uuid::from_u128(2)),
            provider: ProviderName::from("stripe"),
            lines,
        };
        assert_balanced(&rules::sale(&sale));
        for line in &sale.lines {
            let split = split_sale(line.price, line.seller_share);
            prop_assert_eq!(split.total(), line.price);
            let exact = i128::from(line.price.get()) * i128::from(rate);
            prop_assert!(i128::from(split.seller.get()) * 10_000 <= exact, "the seller's share is floored");
            prop_assert!((i128::from(split.seller.get()) + 1) * 10_000 > exact, "and not below the floor");
        }
    }

    /// The cumulative rule: after any sequence of refunds the seller has given exactly ⌊N · refunded / P⌋.
    #[test]
    fn refunds_add_up(
        price in 1_i64..2_000_000,
        rate in 0..=10_000,
        parts in proptest::collection::vec(0.0_f64..1.0, 1..8),
        matures_after in 0_usize..8,
    ) {
        let mut state = item(price, share(rate));
        for (index, part) in parts.iter().enumerate() {
            if index == matures_after {
                state = ItemState { matured: state.matured + state.pending, pending: Yen::ZERO, ..state };
            }
            #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "picks a test amount")]
            let amount = Yen((state.kept.get() as f64 * part) as i64);
            let split = state.take_back(amount);
            prop_assert_eq!(split.total(), amount);
            prop_assert!(split.seller >= Yen::ZERO && split.platform >= Yen::ZERO);
            if !amount.is_zero() {
                assert_balanced(&rules::refund(RefundId(Uuid::from_u128(8)), &[(state.clone(), amount)]));
            }
            state = after_refund(&state, amount);
            let refunded = state.price - state.kept;
            let exact = i128::from(state.seller_net.get()) * i128::from(refunded.get()) / i128::from(price);
            prop_assert_eq!(i128::from((state.seller_net - state.pending - state.matured).get()), exact);
            prop_assert!(state.pending >= Yen::ZERO && state.matured >= Yen::ZERO && state.platform >= Yen::ZERO);
        }
        let rest = after_refund(&state, state.kept);
        prop_assert_eq!((rest.kept, rest.pending, rest.matured, rest.platform), (Yen::ZERO, Yen::ZERO, Yen::ZERO, Yen::ZERO));
    }

    /// A dispute that is won between two refunds costs nobody a yen, whatever the rounding.
    #[test]
    fn a_won_dispute_leaves_no_yen_astray(
        price in 3_i64..1_000_000, rate in 0..=10_000, first in 0_i64..1_000, disputed in 1_i64..1_000, second in 0_i64..1_000,
    ) {
        let mut state = item(price, share(rate));
        let first = Yen(first.min(price / 3));
        state = after_refund(&state, first);
        let disputed = Yen(disputed.min(price / 3));
        let withdrawn = state.take_back(disputed);
        assert_balanced(&rules::dispute_opened("du", &state, disputed));
        state = ItemState {
            kept: state.kept - disputed,
            disputed,
            pending: state.pending - withdrawn.seller,
            frozen: withdrawn.seller,
            ..state
        };
        let second = Yen(second.min(price / 3));
        state = after_refund(&state, second);
        assert_balanced(&rules::dispute_won("du", &state, false));
        assert_balanced(&rules::dispute_lost("du", &state));
        let won = ItemState {
            kept: state.kept + state.disputed,
            disputed: Yen::ZERO,
            pending: state.pending + state.frozen,
            frozen: Yen::ZERO,
            ..state
        };
        let rest = after_refund(&won, won.kept);
        prop_assert_eq!((rest.kept, rest.pending, rest.platform), (Yen::ZERO, Yen::ZERO, Yen::ZERO));
    }

    #[test]
    fn spreading_loses_nothing_and_takes_from_nobody_too_much(
        left in proptest::collection::vec(0_i64..100_000, 1..12), part in 0.0_f64..=1.0,
    ) {
        let left: Vec<Yen> = left.into_iter().map(Yen).collect();
        let total: Yen = left.iter().copied().sum();
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "picks a test amount")]
        let amount = Yen(((total.get() as f64 * part) as i64).min(total.get()));
        let parts = spread(amount, &left);
        prop_assert_eq!(parts.iter().copied().sum::<Yen>(), amount);
        for (part, rest) in parts.iter().zip(&left) {
            prop_assert!(*part >= Yen::ZERO && part <= rest);
        }
    }
}

#[test]
fn an_amount_that_fits_one_item_alone_is_that_items() {
    let of = |number: u128, price: i64| ItemState {
        order_item_id: OrderItemId(Uuid::from_u128(number)),
        ..item(price, share(8_000))
    };
    let (a, b, c) = (of(1, 500), of(2, 300), of(3, 300));
    let lines = |amount: i64, items: &[ItemState]| {
        let found = attribute(Yen(amount), items);
        let lines: Vec<(u128, i64)> = found.lines.iter().map(|(id, part)| (id.uuid().as_u128(), part.get())).collect();
        (lines, found.is_certain)
    };
    assert_eq!(lines(1_100, &[a.clone(), b.clone(), c.clone()]), (vec![(1, 500), (2, 300), (3, 300)], true));
    assert_eq!(lines(500, &[a.clone(), b.clone(), c.clone()]), (vec![(1, 500)], false));
    assert_eq!(lines(300, &[a.clone(), b.clone(), c]), (vec![(1, 138), (2, 81), (3, 81)], false), "two items fit");
    assert_eq!(lines(80, &[a.clone(), b]), (vec![(1, 50), (2, 30)], false));
    let gone = ItemState { kept: Yen::ZERO, ..of(4, 900) };
    assert_eq!(lines(70, &[a, gone]), (vec![(1, 70)], true), "one item alone has something left");
}

proptest! {
    /// Whatever the amount, its parts sum to it, none is zero or below, and no item gives more than it has left.
    #[test]
    fn attribution_loses_nothing(left in proptest::collection::vec(0_i64..5_000, 1..8), part in 0.0_f64..=1.0) {
        let items: Vec<ItemState> = left.iter().zip(1_u128..).map(|(rest, number)| ItemState {
            order_item_id: OrderItemId(Uuid::from_u128(number)),
            kept: Yen(*rest),
            ..item(5_000, share(8_000))
        }).collect();
        let total: i64 = left.iter().sum();
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "picks a test amount")]
        let amount = ((total as f64 * part) as i64).min(total);
        let found = attribute(Yen(amount), &items);
        prop_assert_eq!(found.lines.iter().map(|(_, part)| part.get()).sum::<i64>(), amount);
        for (id, part) in &found.lines {
            let rest = items.iter().find(|item| item.order_item_id == *id).unwrap().kept;
            prop_assert!(*part > Yen::ZERO && *part <= rest);
        }
        prop_assert!(found.is_certain || amount < total);
    }
}
