//! What a request says that the frame of its page depends on.

use axum::extract::Request;
use http::uri::PathAndQuery;
use http::{Method, header};
use kernel::{Actor, Role};
use platform::http::{RequestFacts, cookies, redirect_location, wants_html};

use crate::flash;
use crate::messages::Messages;
use crate::switches::THEME_COOKIE;

/// Facts of a request that are read before its handler takes it.
pub(super) struct FramedRequest {
    pub(super) method: Method,
    pub(super) path: String,
    /// The page to come back to: path and query of this request, or of the page that its form was sent from.
    pub(super) here: String,
    pub(super) facts: RequestFacts,
    /// `light`, `dark`, or empty to follow the system.
    pub(super) theme: String,
    /// The value of the toast cookie.
    pub(super) flash: Option<String>,
    /// The display name of the logged-in person.
    pub(super) viewer: Option<String>,
    pub(super) is_operator: bool,
    pub(super) wants_html: bool,
}

impl FramedRequest {
    pub(super) fn read(request: &Request) -> Self {
        let uri = request.uri();
        let theme = cookies::get(request.headers(), THEME_COOKIE).filter(|theme| matches!(*theme, "light" | "dark"));
        let user = request.extensions().get::<Actor>().and_then(Actor::user);
        let viewer = user.map(|user| user.display_name.clone());
        let is_operator = user.is_some_and(|user| user.role == Role::Admin);
        Self {
            method: request.method().clone(),
            path: uri.path().to_owned(),
            here: redirect_location(
                referring_page(request).as_deref().or(uri.path_and_query().map(PathAndQuery::as_str)),
            ),
            facts: request.extensions().get::<RequestFacts>().copied().unwrap_or_default(),
            theme: theme.unwrap_or_default().to_owned(),
            flash: cookies::get(request.headers(), flash::COOKIE).map(str::to_owned),
            viewer,
            is_operator,
            wants_html: wants_html(request.method(), uri.path(), request.headers()),
        }
    }

    pub(super) const fn messages(&self) -> Messages {
        Messages::new(self.facts.locale)
    }

    /// [`FramedRequest::here`] as a value of a query string.
    pub(super) fn encoded_here(&self) -> String {
        url::form_urlencoded::byte_serialize(self.here.as_bytes()).collect()
    }
}

/// The page of ours that a form was sent from, since the address of the form itself may answer no `GET`.
fn referring_page(request: &Request) -> Option<String> {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return None;
    }
    let text = |name: header::HeaderName| request.headers().get(name)?.to_str().ok();
    let page = url::Url::parse(text(header::REFERER)?).ok()?;
    let query = page.query().map(|query| format!("?{query}")).unwrap_or_default();
    (page.authority() == text(header::HOST)?).then(|| format!("{}{query}", page.path()))
}
