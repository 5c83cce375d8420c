//! The rules in memory: whatever is asked for in whatever order, nothing is sold twice.

use std::collections::BTreeMap;

use kernel::ProductId;
use proptest::prelude::*;
use uuid::Uuid;

use super::model::{Inventory, Lineage, Stock, Unavailable};
use crate::lineages::model::{ExclusiveState, LineageSales};
use crate::products::model::{LicenseType, LineageId};
use crate::products::terms::Terms;

fn product(number: u8) -> ProductId {
    ProductId(Uuid::from_u128(u128::from(number)))
}

const LINEAGE: LineageId = LineageId(Uuid::from_u128(1_000));

fn stock(terms: Terms, max_sales: Option<i32>) -> Stock {
    let lineage_id = terms.license_type().map(|_| LINEAGE);
    Stock { terms, listed: true, lineage_id, generation_id: None, max_sales, sold: 0, reserved: 0, sold_now: 0 }
}

fn inventory(products: impl IntoIterator<Item = (u8, Stock)>) -> Inventory {
    let lineage = Lineage { sales: LineageSales::default(), is_offered_exclusively: true, is_sold_now: false };
    Inventory {
        products: products.into_iter().map(|(number, stock)| (product(number), stock)).collect(),
        lineages: BTreeMap::from([(LINEAGE, lineage)]),
        ..Inventory::default()
    }
}

fn one_lineage() -> Inventory {
    inventory([
        (1, stock(Terms::Design(LicenseType::Exclusive), Some(1))),
        (2, stock(Terms::Design(LicenseType::NonExclusive), None)),
        (3, stock(Terms::Design(LicenseType::SingleUse), Some(2))),
    ])
}

#[test]
fn an_exclusive_reservation_closes_its_lineage_until_it_is_released() {
    let mut inventory = one_lineage();
    assert_eq!(inventory.reserve(product(1)), Ok(Some(LINEAGE)));
    assert_eq!(inventory.reserve(product(1)), Err(Unavailable));
    assert_eq!(inventory.reserve(product(2)), Err(Unavailable));
    inventory.release(product(1), true);
    assert_eq!(inventory.reserve(product(2)), Ok(None));
    assert_eq!(inventory.reserve(product(1)), Ok(Some(LINEAGE)), "a reservation of another licence may still lapse");
    assert_eq!(inventory.sell_reserved(product(2), false), Ok(()));
    assert_eq!(inventory.sell_reserved(product(1), true), Err(Unavailable));
}

#[test]
fn what_was_released_is_sold_while_it_is_there() {
    let mut inventory = one_lineage();
    inventory.reserve(product(3)).unwrap();
    inventory.release(product(3), false);
    assert_eq!(inventory.sell_released(product(3), false), Ok(None));
    assert_eq!(inventory.sell_released(product(1), true), Err(Unavailable), "somebody has a licence");
    inventory.reserve(product(3)).unwrap();
    assert_eq!(inventory.sell_released(product(3), false), Err(Unavailable), "the last one is reserved");
}

#[test]
fn a_prompt_is_sold_any_number_of_times_and_an_unlisted_product_is_not_reserved() {
    let mut inventory = inventory([(4, stock(Terms::Prompt, None))]);
    for _ in 0..10 {
        assert_eq!(inventory.reserve(product(4)), Ok(None));
        assert_eq!(inventory.sell_reserved(product(4), false), Ok(()));
    }
    inventory.products.get_mut(&product(4)).unwrap().listed = false;
    assert_eq!(inventory.reserve(product(4)), Err(Unavailable));
    assert_eq!(inventory.reserve(product(9)), Err(Unavailable), "there is no such product");
}

proptest! {
    #[test]
    fn nothing_is_sold_twice_whatever_the_order(steps in prop::collection::vec((1..=3_u8, 0..4_u8), 0..60)) {
        let mut inventory = one_lineage();
        let mut reserved: Vec<(u8, bool)> = Vec::new();
        let (mut exclusive_sales, mut sales) = (0, 0);
        for (number, step) in steps {
            let id = product(number);
            let held = reserved.iter().position(|(one, _)| *one == number);
            match (step, held) {
                (0, _) => if let Ok(lineage) = inventory.reserve(id) {
                    reserved.push((number, lineage.is_some()));
                },
                (1, Some(index)) => {
                    let (_, is_exclusive) = reserved.remove(index);
                    if inventory.sell_reserved(id, is_exclusive).is_ok() {
                        sales += 1;
                        exclusive_sales += i32::from(is_exclusive);
                    } else {
                        inventory.release(id, is_exclusive);
                    }
                }
                (2, Some(index)) => {
                    let (_, is_exclusive) = reserved.remove(index);
                    inventory.release(id, is_exclusive);
                }
                (3, _) if inventory.sell_released(id, number == 1).is_ok() => {
                    sales += 1;
                    exclusive_sales += i32::from(number == 1);
                }
                _ => {}
            }
            let lineage = inventory.lineages[&LINEAGE].sales;
            prop_assert_eq!(lineage.licences_sold, sales);
            prop_assert_eq!(lineage.exclusive == Some(ExclusiveState::Sold), exclusive_sales > 0);
            prop_assert!(exclusive_sales == 0 || sales == 1);
            for stock in inventory.products.values() {
                prop_assert!(stock.sold >= 0 && stock.reserved >= 0);
                prop_assert!(stock.max_sales.is_none_or(|max_sales| stock.sold + stock.reserved <= max_sales));
            }
        }
    }
}
