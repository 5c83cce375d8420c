//! What a paid invoice gives, and how its money is spread over that. Pure.

use kernel::{ImageCredits, Tokens, Yen};
use time::{Duration, OffsetDateTime};
use ui::dates::months_later;

use crate::plans::model::Plan;
use payments::subscriptions::BillingPeriod;

/// How long tokens last from their issue, always (DESIGN decision 5).
pub(crate) const TOKENS_LAST: Duration = Duration::days(180);
/// The next period's invoice may come this long after the period's end; the credits of the last one last as long.
const RENEWAL_SLACK: Duration = Duration::hours(2);

/// What an invoice gives: once for each of its months, the first time perhaps less.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Given {
    /// How often.
    pub months: i32,
    /// Tokens each month.
    pub tokens_month: Tokens,
    /// Image credits each month.
    pub image_credits_month: ImageCredits,
    /// Tokens the first time.
    pub tokens_first: Tokens,
    /// Image credits the first time.
    pub image_credits_first: ImageCredits,
}

impl Given {
    /// A whole period of a plan.
    pub(crate) const fn whole(plan: &Plan, period: BillingPeriod) -> Self {
        Self {
            months: match period {
                BillingPeriod::Month => 1,
                BillingPeriod::Year => 12,
            },
            tokens_month: plan.tokens_month,
            image_credits_month: plan.image_credits_month,
            tokens_first: plan.tokens_month,
            image_credits_first: plan.image_credits_month,
        }
    }

    /// The difference that a better plan makes, from `at` to the end of what is paid.
    pub(crate) fn difference(before: &Plan, after: &Plan, change: &Change) -> Self {
        let tokens = (after.tokens_month - before.tokens_month).max(Tokens::ZERO);
        let images = (after.image_credits_month - before.image_credits_month).max(ImageCredits::ZERO);
        let rest = change.rest_of_month();
        match (change.period_before, change.period_after) {
            // A new period begins with the change: all of the new plan, less what is left of the old one.
            (BillingPeriod::Month, BillingPeriod::Year) => Self {
                months: 12,
                tokens_month: after.tokens_month,
                image_credits_month: after.image_credits_month,
                tokens_first: (after.tokens_month - Tokens(rest.of(before.tokens_month.get()))).max(Tokens::ZERO),
                image_credits_first: (after.image_credits_month
                    - ImageCredits(rest.of(before.image_credits_month.get())))
                .max(ImageCredits::ZERO),
            },
            _ => Self {
                months: change.months_left(),
                tokens_month: tokens,
                image_credits_month: images,
                tokens_first: Tokens(rest.of(tokens.get())),
                image_credits_first: ImageCredits(rest.of(images.get())),
            },
        }
    }

    /// What is given in the month `number`, from 0.
    pub(crate) const fn in_month(&self, number: i32) -> (Tokens, ImageCredits) {
        if number == 0 {
            (self.tokens_first, self.image_credits_first)
        } else {
            (self.tokens_month, self.image_credits_month)
        }
    }

    /// The part of `paid` that belongs to the month `number`, by what each month gives: the parts make the whole.
    pub(crate) fn paid_in_month(&self, paid: Yen, number: i32, image_price: Tokens) -> Yen {
        let weight = |month: i32| {
            let (tokens, images) = self.in_month(month);
            i128::from(tokens.get()) + i128::from(images.get()) * i128::from(image_price.get().max(1))
        };
        let whole: i128 = (0..self.months).map(weight).sum();
        if whole == 0 {
            return if number == 0 { paid } else { Yen::ZERO };
        }
        let until = |month: i32| i128::from(paid.get()) * (0..month).map(weight).sum::<i128>() / whole;
        Yen(i64::try_from(until(number + 1) - until(number)).unwrap_or(0))
    }
}

/// Splits what was paid for a month into what was paid for its tokens and for its image credits, by what each would cost
/// alone: floor for tokens, the rest for images.
pub(crate) fn split(paid: Yen, tokens: Tokens, images: ImageCredits, image_price: Tokens) -> (Yen, Yen) {
    let for_tokens = i128::from(tokens.get());
    let for_images = i128::from(images.get()) * i128::from(image_price.get().max(1));
    if for_images == 0 {
        return (paid, Yen::ZERO);
    }
    let part = i128::from(paid.get()) * for_tokens / (for_tokens + for_images);
    let part = Yen(i64::try_from(part).unwrap_or(0));
    (part, paid - part)
}

/// A change within what is paid.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Change {
    /// How often the plan before was paid.
    pub period_before: BillingPeriod,
    /// How often the plan after is.
    pub period_after: BillingPeriod,
    /// The period before, by the provider's figures.
    pub period_start: OffsetDateTime,
    /// Its end.
    pub period_end: OffsetDateTime,
    /// When the change came into force.
    pub at: OffsetDateTime,
}

/// A part of a whole.
#[derive(Clone, Copy, Debug)]
struct Part {
    numerator: i128,
    denominator: i128,
}

impl Part {
    fn of(self, amount: i64) -> i64 {
        i64::try_from(i128::from(amount) * self.numerator / self.denominator).unwrap_or(amount)
    }
}

impl Change {
    /// The month of the period that the change falls into, from 0.
    fn month_number(&self) -> i32 {
        match self.period_before {
            BillingPeriod::Month => 0,
            BillingPeriod::Year => {
                let begun = (1..12).take_while(|number| months_later(self.period_start, *number) <= self.at);
                begun.last().unwrap_or(0)
            }
        }
    }

    /// The end of that month.
    fn month_end(&self) -> OffsetDateTime {
        match self.period_before {
            BillingPeriod::Month => self.period_end,
            BillingPeriod::Year => months_later(self.period_start, self.month_number() + 1).min(self.period_end),
        }
    }

    /// How many months are left, the present one included.
    fn months_left(&self) -> i32 {
        match self.period_before {
            BillingPeriod::Month => 1,
            BillingPeriod::Year => 12 - self.month_number(),
        }
    }

    /// The part of the present month that is left.
    fn rest_of_month(&self) -> Part {
        let start = match self.period_before {
            BillingPeriod::Month => self.period_start,
            BillingPeriod::Year => months_later(self.period_start, self.month_number()),
        };
        let whole = (self.month_end() - start).whole_seconds().max(1);
        let left = (self.month_end() - self.at).whole_seconds().clamp(0, whole);
        Part { numerator: i128::from(left), denominator: i128::from(whole) }
    }
}

/// When the month `number` (from 0) of what an invoice gives begins, and when its image credits end. The months of a year
/// are counted back from its end, so that a change in its midst falls into the same months.
pub(crate) fn month_of(
    period_start: OffsetDateTime,
    period_end: OffsetDateTime,
    months: i32,
    number: i32,
) -> (OffsetDateTime, OffsetDateTime) {
    let edge = |number: i32| match number {
        0 => period_start,
        number if number >= months => period_end,
        number => months_later(period_end, number - months),
    };
    (edge(number), edge(number + 1) + RENEWAL_SLACK)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use time::macros::datetime;

    use super::*;

    const IMAGE: Tokens = Tokens::whole(201);

    #[test]
    fn a_months_money_is_split_by_what_each_would_cost_alone() {
        // 50,000 tokens are ¥5,000 alone, 200 pictures ¥4,020.
        let (tokens, images) = split(Yen(9_800), Tokens::whole(50_000), ImageCredits(200), IMAGE);
        assert_eq!((tokens, images), (Yen(5_432), Yen(4_368)));
        assert_eq!(split(Yen(1_980), Tokens::ZERO, ImageCredits(50), IMAGE), (Yen::ZERO, Yen(1_980)));
        assert_eq!(split(Yen(5_000), Tokens::whole(1), ImageCredits::ZERO, IMAGE), (Yen(5_000), Yen::ZERO));
    }

    #[test]
    fn months_are_counted_by_the_calendar() {
        let (start, end) = (datetime!(2026-11-30 03:00 UTC), datetime!(2027-11-30 03:00 UTC));
        let begins: Vec<_> = (0..12).map(|number| month_of(start, end, 12, number).0.date()).collect();
        assert_eq!(begins[0], datetime!(2026-11-30 0:00 UTC).date());
        assert_eq!(begins[3], datetime!(2027-02-28 0:00 UTC).date());
        assert_eq!(begins[4], datetime!(2027-03-30 0:00 UTC).date());
        assert_eq!(month_of(start, end, 12, 11).1, end + RENEWAL_SLACK);
    }

    #[test]
    fn half_a_month_gives_half_the_difference() {
        let change = Change {
            period_before: BillingPeriod::Month,
            period_after: BillingPeriod::Month,
            period_start: datetime!(2027-04-01 0:00 UTC),
            period_end: datetime!(2027-05-01 0:00 UTC),
            at: datetime!(2027-04-16 0:00 UTC),
        };
        assert_eq!(change.rest_of_month().of(150), 75);
        assert_eq!(change.months_left(), 1);
        let yearly = Change {
            period_before: BillingPeriod::Year,
            period_after: BillingPeriod::Year,
            period_start: datetime!(2027-01-01 0:00 UTC),
            period_end: datetime!(2028-01-01 0:00 UTC),
            ..change
        };
        assert_eq!(yearly.rest_of_month().of(150), 75);
        assert_eq!(yearly.months_left(), 9);
    }

    proptest! {
        #[test]
        fn the_parts_make_the_whole(
            paid in 0_i64..1_000_000, months in 1_i32..13, tokens in 0_i64..300_000_000, images in 0_i64..3_000,
            first in 0_i64..300_000_000,
        ) {
            let given = Given {
                months,
                tokens_month: Tokens(tokens),
                image_credits_month: ImageCredits(images),
                tokens_first: Tokens(first),
                image_credits_first: ImageCredits(images / 2),
            };
            let parts: Vec<Yen> = (0..months).map(|number| given.paid_in_month(Yen(paid), number, IMAGE)).collect();
            prop_assert_eq!(parts.iter().copied().sum::<Yen>(), Yen(paid));
            for (number, part) in (0..).zip(parts) {
                let (tokens, images) = given.in_month(number);
                let (for_tokens, for_images) = split(part, tokens, images, IMAGE);
                prop_assert_eq!(for_tokens + for_images, part);
                prop_assert!(for_tokens >= Yen::ZERO && for_images >= Yen::ZERO);
            }
        }
    }
}
