//! `/dev/style`: every component on one page, in development only. What people look at when they change the styles, and
//! what the browser tests check with axe in both themes.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::routing::get;
use kernel::Yen;
use platform::App;
use platform::http::{Anyone, Problem, Query};
use serde::Deserialize;

use crate::messages::Messages;
use crate::page::Page;
use crate::picture::Picture;

/// `GET /dev/style`; 404 in production.
pub fn routes() -> Router<App> {
    Router::new().route("/dev/style", get(show))
}

#[derive(Template)]
#[template(path = "style_guide.html")]
struct StyleGuide {
    t: Messages,
    cards: Vec<Card>,
    next_href: &'static str,
    price: Yen,
    free: Yen,
}

struct Card {
    title: &'static str,
    maker: &'static str,
    picture: Picture,
    price: Yen,
    badge: &'static str,
}

#[derive(Deserialize)]
struct Shown {
    page: Option<u8>,
}

async fn show(State(app): State<App>, Anyone(ctx): Anyone, Query(shown): Query<Shown>) -> Result<Page, Problem> {
    if !app.config.is_development() {
        return Err(Problem::not_found());
    }
    let t = Messages::new(ctx.locale);
    // Two pages, so that the endless list has an end.
    let next_href = if shown.page == Some(2) { "" } else { "/dev/style?page=2" };
    let guide = StyleGuide { t, cards: cards(), next_href, price: Yen(12_800), free: Yen::ZERO };
    let body = guide.render().map_err(Problem::internal)?;
    Ok(Page::new("Style guide", body).private().island("studio").island("publish").island("gallery"))
}

fn cards() -> Vec<Card> {
    // One pixel of the picture's own colour stands in for it: the guide needs no files.
    const DOT: &str = "data:image/gif;base64,R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";
    let card = |(title, maker, width, height, ground, price, badge)| Card {
        title,
        maker,
        picture: Picture::new(title, DOT, width, height).with_ground(ground),
        price: Yen(price),
        badge,
    };
    [
        ("庭のワンピース", "Atelier Nord", 900, 1200, "#c79069", 1_200, ""),
        ("カフタン No.7", "はな工房", 1024, 1024, "#1b2740", 3_800, "独占ライセンス"),
        ("桜色のラップドレス、春の式典に", "とても長い名前の作り手のアトリエ", 900, 1600, "#d9a6ab", 0, ""),
        ("Forest haori", "Mizu", 1600, 900, "#2c5344", 12_800, "残り1点"),
    ]
    .map(card)
    .into()
}
