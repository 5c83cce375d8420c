//! `/`: what the house is, and what is new in it.

use askama::Template;
use axum::extract::State;
use kernel::PageRequest;
use platform::http::Anyone;
use platform::{House, Problem};
use ui::{Page, Words};

use super::cards::ShownCard;
use super::model::Filter;
use super::{SHARED_FOR, queries};

/// New designs on the front page.
const NEW_DESIGNS: u32 = 8;

#[derive(Template)]
#[template(path = "gallery/front_page.html")]
struct FrontPage {
    t: Words,
    cards: Vec<ShownCard>,
    is_member: bool,
}

pub(super) async fn show(State(house): State<House>, Anyone(ctx): Anyone) -> Result<Page, Problem> {
    let t = Words::new(ctx.locale);
    let mut tx = house.db.begin_as(&ctx).await?;
    let mut cards = queries::browse(&mut tx, &Filter::default(), &PageRequest::first(NEW_DESIGNS)).await?;
    tx.commit().await?;
    cards.truncate(8);
    let body = FrontPage { t, cards: ShownCard::all(&house, t, &cards), is_member: ctx.user().is_some() };
    Ok(Page::new("", body.render().map_err(Problem::internal)?)
        .description(t.say("site-description"))
        .canonical("/")
        .shared(SHARED_FOR))
}
