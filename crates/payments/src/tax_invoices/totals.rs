//! The sums of a document, and the one rounding of each rate.

use std::collections::BTreeMap;

use kernel::Yen;

use super::model::{InvoiceLine, RateTotal, TaxRate};

/// The tax in an amount that includes it: `⌊amount · rate / (100 + rate)⌋`.
pub(super) fn tax_within(amount: Yen, rate: TaxRate) -> Yen {
    let percent = i128::from(rate.percent());
    let exact = i128::from(amount.get()) * percent;
    // The tax is less than the amount, which is an `i64`.
    Yen(i64::try_from(exact.div_euclid(100 + percent)).unwrap_or(amount.get()))
}

/// The sums of each rate, lowest first. The law wants one rounding per document and rate, none per line.
pub(super) fn totals_of(lines: &[InvoiceLine]) -> Vec<RateTotal> {
    let mut by_rate = BTreeMap::new();
    for line in lines {
        let sum = by_rate.entry(line.rate).or_insert(Yen::ZERO);
        *sum = *sum + line.amount_with_tax;
    }
    by_rate
        .into_iter()
        .map(|(rate, amount_with_tax)| RateTotal { rate, amount_with_tax, tax: tax_within(amount_with_tax, rate) })
        .collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(amount: i64) -> InvoiceLine {
        InvoiceLine {
            description: "クレジット".to_owned(),
            quantity: 1,
            amount_with_tax: Yen(amount),
            rate: TaxRate::Standard10,
        }
    }

    /// ¥105 has ¥9 of tax in it (9.54); three of them have ¥28 (28.63), not three times ¥9.
    #[test]
    fn three_times_105_is_rounded_once() {
        assert_eq!(tax_within(Yen(105), TaxRate::Standard10), Yen(9));
        let three = totals_of(&[line(105), line(105), line(105)]);
        assert_eq!(three, [RateTotal { rate: TaxRate::Standard10, amount_with_tax: Yen(315), tax: Yen(28) }]);
        assert_eq!(totals_of(&[line(1_100)])[0].tax, Yen(100));
        assert_eq!(totals_of(&[line(1_099)])[0].tax, Yen(99));
    }

    proptest! {
        #[test]
        fn lines_add_up_and_the_tax_is_the_floor_of_the_whole(amounts in prop::collection::vec(1_i64..1_000_000, 1..40)) {
            let lines: Vec<_> = amounts.iter().copied().map(line).collect();
            let totals = totals_of(&lines);
            let sum: i64 = amounts.iter().sum();
            prop_assert_eq!(totals.iter().map(|total| total.amount_with_tax).sum::<Yen>(), Yen(sum));
            let tax = totals[0].tax.get();
            prop_assert!(tax * 110 <= sum * 10 && sum * 10 < (tax + 1) * 110);
            // However it is cut into lines, the document's tax is the same; rounding each line would lose up to a yen each.
            prop_assert_eq!(totals_of(&[line(sum)])[0].tax, totals[0].tax);
            let by_line: i64 = amounts.iter().map(|amount| tax_within(Yen(*amount), TaxRate::Standard10).get()).sum();
            prop_assert!(by_line <= tax && tax - by_line < i64::try_from(amounts.len()).unwrap());
        }
    }
}
