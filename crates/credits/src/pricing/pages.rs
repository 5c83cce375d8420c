//! `/plans`: the ladder, with what each step would mean for whoever looks.

use askama::Template;
use axum::Extension;
use axum::response::{IntoResponse as _, Response};
use kernel::SystemReason;
use platform::Problem;
use platform::http::{Anyone, Query};
use serde::Deserialize;
use time::Duration;
use ui::dates::day;
use ui::{Messages, Page, arg};

use super::cards::{Card, Offer, Viewer};
use crate::plans;
use crate::state::Billing;
use crate::subscriptions::queries as subscription_queries;
use payments::subscriptions::BillingPeriod;

/// How long visitors who are not logged in are served the same copy.
const SHARED_FOR: Duration = Duration::seconds(5);

#[derive(Debug, Deserialize)]
pub(super) struct Look {
    period: Option<BillingPeriod>,
    #[serde(default)]
    canceled: String,
}

#[derive(Template)]
#[template(path = "pricing/plans.html")]
struct PlansPage {
    t: Messages,
    cards: Vec<Card>,
    is_yearly: bool,
    was_canceled: bool,
    is_subscriber: bool,
    next_words: String,
}

pub(super) async fn show(
    Extension(billing): Extension<Billing>,
    Anyone(ctx): Anyone,
    Query(look): Query<Look>,
) -> Result<Response, Problem> {
    let t = Messages::new(ctx.locale);
    let mut tx = billing.app().db.begin_as(&ctx).await?;
    let all = plans::all(&mut tx).await?;
    tx.commit().await?;
    let mut live = None;
    if let Some(user_id) = ctx.user_id() {
        let mut tx = billing.app().db.begin_system(SystemReason::PlatformRules).await?;
        live = subscription_queries::live_of(&mut tx, user_id).await?;
        tx.commit().await?;
    }
    let period = look.period.or(live.as_ref().map(|live| live.period)).unwrap_or(BillingPeriod::Month);
    let viewer = match (&live, ctx.user_id()) {
        (Some(live), _) => Viewer::Subscriber(live),
        (None, Some(_)) => Viewer::Member,
        (None, None) => Viewer::Visitor,
    };
    let next_words =
        live.as_ref().map(|live| t.say_with("plans-effect-next", arg("day", day(ctx.locale, live.period_end))));
    let body = PlansPage {
        t,
        cards: Card::all(t, &all, period, &viewer),
        is_yearly: period == BillingPeriod::Year,
        was_canceled: look.canceled == "true",
        is_subscriber: live.is_some(),
        next_words: next_words.unwrap_or_default(),
    };
    let page = Page::new(t.say("plans-title"), body.render().map_err(Problem::internal)?)
        .description(t.say("plans-description"))
        .canonical("/plans")
        .shared(SHARED_FOR);
    Ok(page.into_response())
}
