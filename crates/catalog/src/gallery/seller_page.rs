//! `/sellers/{id}`: what one seller has published.

use askama::Template;
use axum::extract::State;
use kernel::{PageRequest, Paginated, UserId};
use platform::http::{Anyone, Path, Query};
use platform::{App, Problem};
use serde::Deserialize;
use ui::{Messages, Page};

use super::browse::of_seller;
use super::cache::SHARED_FOR;
use super::cards::ShownCard;
use super::model::Card;

#[derive(Template)]
#[template(path = "gallery/seller.html")]
struct SellerPage {
    t: Messages,
    name: String,
    bio: String,
    cards: Vec<ShownCard>,
    next_href: String,
}

/// Which part of the list.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(super) struct Position {
    cursor: String,
}

pub(super) async fn show(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    Path(id): Path<UserId>,
    Query(position): Query<Position>,
) -> Result<Page, Problem> {
    let t = Messages::new(ctx.locale);
    let request = PageRequest::parse(Some(&position.cursor), None)?;
    let mut tx = app.db.begin_as(&ctx).await?;
    let profile = identity::users::public_profile(&mut tx, id).await?.ok_or_else(Problem::not_found)?;
    let cards = of_seller(&mut tx, id, None, &request).await?;
    tx.commit().await?;
    // Whoever has published nothing has no page.
    if cards.is_empty() && request.after.is_none() {
        return Err(Problem::not_found());
    }
    let page = Paginated::from_rows(cards, &request, Card::position);
    let next_href = page.next_cursor.map(|cursor| format!("/sellers/{id}?cursor={cursor}")).unwrap_or_default();
    let name = profile.display_name;
    let body = SellerPage {
        t,
        name: name.clone(),
        bio: profile.bio.unwrap_or_default(),
        cards: ShownCard::all(&app, t, &page.items),
        next_href,
    };
    Ok(Page::new(&name, body.render().map_err(Problem::internal)?)
        .description(t.say_with("seller-description", ui::arg("name", &name)))
        .canonical(format!("/sellers/{id}"))
        .island("gallery")
        .shared(SHARED_FOR))
}
