//! What a page of the doorway answers: a cookie and a way on, or what is wrong.

use axum::response::{IntoResponse as _, Response};
use http::{HeaderValue, StatusCode, header};
use kernel::Locale;
use platform::config::Config;
use platform::http::cookies;
use platform::{App, FieldProblem, Problem};
use time::Duration;

use super::log_in::LoggedIn;
use crate::login_throttle::device_cookie_name;
use crate::sessions::{self, SESSION_LIFETIME, StartedSession};

/// How long a browser is known.
const DEVICE_LIFETIME: Duration = Duration::days(400);

/// Through the door: the cookies, and on to where somebody wanted to go.
pub(crate) fn enter(app: &App, entered: &LoggedIn, next: &str) -> Response {
    let next = if next == "/" { "/studio" } else { next };
    let mut response = (StatusCode::SEE_OTHER, [(header::LOCATION, next)]).into_response();
    set_session(&app.config, &mut response, &entered.session);
    if let Some(device) = &entered.device {
        let name = device_cookie_name(&app.config);
        add_cookie(&mut response, cookies::set(&app.config, name, device.reveal(), DEVICE_LIFETIME));
    }
    response
}

/// Gives the browser the secret of its session.
pub(crate) fn set_session(config: &Config, response: &mut Response, session: &StartedSession) {
    let name = sessions::cookie_name(config);
    add_cookie(response, cookies::set(config, name, session.token.reveal(), SESSION_LIFETIME));
}

/// Makes the browser forget its session.
pub(crate) fn forget_session(config: &Config, response: &mut Response) {
    add_cookie(response, cookies::clear(config, sessions::cookie_name(config)));
}

/// Adds a cookie, where one could be written.
pub(crate) fn add_cookie(response: &mut Response, cookie: Option<HeaderValue>) {
    if let Some(cookie) = cookie {
        response.headers_mut().append(header::SET_COOKIE, cookie);
    }
}

/// A page whose address holds a secret: no other site, cache or search engine learns of it.
pub(crate) fn secretive(mut response: Response) -> Response {
    response.headers_mut().insert(header::REFERRER_POLICY, HeaderValue::from_static("no-referrer"));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

/// A page that says what is wrong, with the status of the problem and, where it has one, the time to wait.
pub(crate) fn told_page(problem: &Problem, page: Response) -> Response {
    let mut response = (problem.status(), page).into_response();
    if let Some(wait) = problem.clone().into_response().headers_mut().remove(header::RETRY_AFTER) {
        response.headers_mut().insert(header::RETRY_AFTER, wait);
    }
    response
}

/// What a form says about a problem.
#[derive(Clone, Debug, Default)]
pub(crate) struct Told {
    /// What is wrong with which field.
    pub fields: Vec<(String, String)>,
    /// What went wrong where no field is to blame: title and explanation.
    pub failure: Option<(String, String)>,
}

impl Told {
    /// `at` says of a problem's code at which field it is best said, when it is no field's own.
    pub(crate) fn of(app: &App, locale: Locale, problem: &Problem, at: &[(&str, &str)]) -> Self {
        let body = problem.body(&app.languages, locale);
        if let Some((_, field)) = at.iter().find(|(code, _)| *code == problem.code()) {
            return Self { fields: vec![((*field).to_owned(), body.title)], failure: None };
        }
        let message = |field: &FieldProblem| (field.field.clone(), field.message(&app.languages, locale));
        let fields: Vec<_> = problem.fields().iter().map(message).collect();
        let failure = fields.is_empty().then(|| (body.title, body.detail.unwrap_or_default()));
        Self { fields, failure }
    }

    /// What is wrong with a field; empty when nothing is.
    pub(crate) fn fault(&self, field: &str) -> &str {
        self.fields.iter().find(|(name, _)| name == field).map_or("", |(_, message)| message)
    }
}
