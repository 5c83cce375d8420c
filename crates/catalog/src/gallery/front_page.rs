//! `/`: what the platform is, and what is new in it.

use askama::Template;
use axum::extract::State;
use kernel::PageRequest;
use platform::http::Anyone;
use platform::{App, Problem};
use ui::{Messages, Page, Picture};

use super::browse::browse;
use super::cache::SHARED_FOR;
use super::cards::ShownCard;
use super::model::GalleryFilter;

/// New designs on the front page.
const NEW_DESIGNS: u32 = 8;

#[derive(Template)]
#[template(path = "gallery/front_page.html")]
struct FrontPage {
    t: Messages,
    cards: Vec<ShownCard>,
    heroes: Vec<Picture>,
    is_member: bool,
    /// The plans, for people without an account.
    plans: String,
}

pub(super) async fn show(State(app): State<App>, Anyone(ctx): Anyone) -> Result<Page, Problem> {
    let t = Messages::new(ctx.locale);
    let mut tx = app.db.begin_as(&ctx).await?;
    let mut cards = browse(&mut tx, &GalleryFilter::default(), &PageRequest::first(NEW_DESIGNS)).await?;
    let is_member = ctx.user().is_some();
    let plans =
        if is_member { String::new() } else { credits::pricing::front_page_section(&mut tx, ctx.locale).await? };
    tx.commit().await?;
    cards.truncate(NEW_DESIGNS as usize);
    let cards = ShownCard::all(&app, t, &cards);
    let body = FrontPage { t, heroes: heroes(&cards), cards, is_member, plans };
    Ok(Page::new("", body.render().map_err(Problem::internal)?)
        .description(t.say("site-description"))
        .canonical("/")
        .shared(SHARED_FOR))
}

/// Three pictures for the top of the page: upright ones, which fill their frames, before others. None when there are
/// fewer than three.
fn heroes(cards: &[ShownCard]) -> Vec<Picture> {
    let shown = cards.iter().map(|card| &card.picture).filter(|picture| !picture.src.is_empty());
    let mut pictures: Vec<Picture> = shown.cloned().collect();
    pictures.sort_by_key(|picture| picture.ratio_class() != "3x4");
    pictures.truncate(3);
    // The words beside them say what they are; a screen reader need not say it twice.
    for picture in &mut pictures {
        picture.alt.clear();
    }
    if pictures.len() == 3 { pictures } else { Vec::new() }
}
