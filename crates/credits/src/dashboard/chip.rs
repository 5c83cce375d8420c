//! The balance in the frame of every page, for whoever is logged in.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use kernel::{Actor, Locale};
use platform::App;
use platform::http::RequestFacts;
use ui::{BalanceChip, Messages, Page, arg};

use crate::wallets;

/// Puts the balance beside a page that somebody is shown who is logged in; the frame draws it. A page without it is
/// better than none, so a database that does not answer is no fault here.
pub async fn show_balance(State(app): State<App>, request: Request, next: Next) -> Response {
    let viewer = request.extensions().get::<Actor>().filter(|actor| actor.user().is_some()).cloned();
    let locale = request.extensions().get::<RequestFacts>().map(|facts| facts.locale).unwrap_or_default();
    let mut response = next.run(request).await;
    if let Some(viewer) = viewer.filter(|_| response.extensions().get::<Page>().is_some())
        && let Some(chip) = chip_of(&app, viewer, locale).await
    {
        response.extensions_mut().insert(chip);
    }
    response
}

async fn chip_of(app: &App, viewer: Actor, locale: Locale) -> Option<BalanceChip> {
    let user_id = viewer.user()?.user_id;
    let ctx = app.ctx(viewer, locale);
    let mut tx = app.db.begin_as(&ctx).await.ok()?;
    let balance = wallets::balance(&mut tx, user_id, ctx.now()).await.ok()?;
    tx.commit().await.ok()?;
    let words = Messages::new(locale)
        .say_with("admin-balance-chip", arg("images", balance.image_credits).arg("tokens", balance.tokens));
    Some(BalanceChip {
        href: "/admin/settings#balance",
        label: words,
        images: balance.image_credits.to_string(),
        tokens: balance.tokens.to_string(),
    })
}
