//! The switches of the header: language and appearance, remembered in a cookie for a year.

use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::post;
use http::header;
use kernel::Locale;
use platform::App;
use platform::http::{Form, LOCALE_COOKIE, Problem, cookies, redirect_location};
use serde::Deserialize;
use time::Duration;

use crate::address::without_language;

/// The cookie that remembers the appearance: `light` or `dark`; none follows the system.
pub(crate) const THEME_COOKIE: &str = "machiya_theme";
const REMEMBERED: Duration = Duration::days(365);

/// `POST /language` and `POST /theme`.
pub fn routes() -> Router<App> {
    Router::new().route("/language", post(set_language)).route("/theme", post(set_theme))
}

#[derive(Deserialize)]
struct LanguageChoice {
    language: String,
    next: Option<String>,
}

async fn set_language(State(app): State<App>, Form(choice): Form<LanguageChoice>) -> Result<Response, Problem> {
    let locale: Locale = choice.language.parse().map_err(|_| Problem::invalid_field("language", "unknown_value"))?;
    let back = without_language(&redirect_location(choice.next.as_deref()));
    let mut response = Redirect::to(&back).into_response();
    if let Some(cookie) = cookies::set(&app.config, LOCALE_COOKIE, locale.tag(), REMEMBERED) {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}

#[derive(Deserialize)]
struct ThemeChoice {
    theme: String,
    next: Option<String>,
}

async fn set_theme(State(app): State<App>, Form(choice): Form<ThemeChoice>) -> Result<Response, Problem> {
    let cookie = match choice.theme.as_str() {
        theme @ ("light" | "dark") => cookies::set(&app.config, THEME_COOKIE, theme, REMEMBERED),
        "system" => cookies::clear(&app.config, THEME_COOKIE),
        _ => return Err(Problem::invalid_field("theme", "unknown_value")),
    };
    let mut response = Redirect::to(&redirect_location(choice.next.as_deref())).into_response();
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
    Ok(response)
}
