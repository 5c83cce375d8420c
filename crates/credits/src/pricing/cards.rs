//! A plan as a card: its price, what comes with it, and what whoever looks can do.

use askama::Template;
use kernel::{Locale, Yen};
use platform::{Problem, Tx};
use ui::{Messages, arg};

use crate::plans;
use crate::plans::model::Plan;
use crate::subscriptions::change::{Effect, effect_of};
use crate::subscriptions::model::Subscription;
use payments::subscriptions::BillingPeriod;
use ui::dates::day;

/// What can be done with a plan.
pub(super) enum Offer {
    /// It is the one that the person is on.
    Current,
    /// It comes with the next period.
    Awaited(String),
    /// A link on.
    Link { href: String, label: String, is_signal: bool },
    /// Nothing: whoever is on a paid plan comes back to the free one by ending it.
    Nothing,
}

/// A plan as a card.
pub(super) struct Card {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) price: Yen,
    pub(super) is_yearly: bool,
    pub(super) per_month: String,
    pub(super) benefits: Vec<String>,
    pub(super) offer: Offer,
}

/// Who looks at the plans.
pub(super) enum Viewer<'a> {
    /// Nobody who is logged in.
    Visitor,
    /// Somebody without a subscription.
    Member,
    /// Somebody with one.
    Subscriber(&'a Subscription),
}

impl Card {
    pub(super) fn all(t: Messages, plans: &[Plan], period: BillingPeriod, viewer: &Viewer<'_>) -> Vec<Self> {
        plans.iter().filter(|plan| plan.is_offered).map(|plan| Self::of(t, plans, plan, period, viewer)).collect()
    }

    fn of(t: Messages, plans: &[Plan], plan: &Plan, period: BillingPeriod, viewer: &Viewer<'_>) -> Self {
        let price = plan.price(period);
        let is_yearly = period == BillingPeriod::Year && !price.is_zero();
        let per_month = if is_yearly {
            t.say_with("plans-per-month-equal", arg("price", t.yen_amount(&Yen(price.get() / 12))))
        } else {
            String::new()
        };
        Self {
            code: plan.code.as_str().to_owned(),
            name: plan.name(t.locale()).to_owned(),
            price,
            is_yearly,
            per_month,
            benefits: plan.benefits(t.locale()).to_vec(),
            offer: offer(t, plans, plan, period, viewer),
        }
    }
}

fn offer(t: Messages, plans: &[Plan], plan: &Plan, period: BillingPeriod, viewer: &Viewer<'_>) -> Offer {
    let confirm = format!("/plans/confirm?plan={}&period={}", plan.code, period.as_str());
    let link = |label: &str, is_signal| Offer::Link { href: confirm.clone(), label: t.say(label), is_signal };
    match viewer {
        Viewer::Visitor if plan.code.is_free() => {
            Offer::Link { href: "/signup".to_owned(), label: t.say("plans-start-free"), is_signal: false }
        }
        Viewer::Member if plan.code.is_free() => Offer::Current,
        Viewer::Visitor | Viewer::Member => link("plans-choose", true),
        Viewer::Subscriber(_) if plan.code.is_free() => Offer::Nothing,
        Viewer::Subscriber(live) => {
            if live.next.as_ref().is_some_and(|next| next.are(&plan.code, period)) {
                return Offer::Awaited(t.say_with("plans-next-from", arg("day", day(t.locale(), live.period_end))));
            }
            let Some(present) = plans.iter().find(|one| one.code == live.plan) else { return Offer::Nothing };
            let is_same = present.code == plan.code;
            match effect_of(live, present, plan, period) {
                None => Offer::Current,
                Some(Effect::Withdrawn) => link("plans-keep", false),
                Some(Effect::Now) if is_same => link("plans-switch-year", true),
                Some(Effect::NextPeriod) if is_same => link("plans-switch-month", false),
                Some(Effect::Now) => link("plans-upgrade", true),
                Some(Effect::NextPeriod) => link("plans-downgrade", false),
            }
        }
    }
}

#[derive(Template)]
#[template(path = "pricing/front_page_section.html")]
struct FrontPageSection {
    t: Messages,
    cards: Vec<Card>,
}

/// The part of the front page that shows the plans to people without an account (specification 3, §1-1).
///
/// # Errors
/// When the database does not answer.
pub async fn front_page_section(tx: &mut Tx, locale: Locale) -> Result<String, Problem> {
    let t = Messages::new(locale);
    let offered = plans::offered(tx).await?;
    let paid: Vec<Plan> = offered.into_iter().filter(|plan| !plan.price_month.is_zero()).collect();
    let cards = Card::all(t, &paid, BillingPeriod::Month, &Viewer::Visitor);
    FrontPageSection { t, cards }.render().map_err(Problem::internal)
}
