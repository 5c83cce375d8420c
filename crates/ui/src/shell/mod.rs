//! The frame of every page, put around it by one middleware.
//!
//! [`wrap`] belongs inside `platform::http::localise_problems` and inside the middleware that finds the actor, and
//! outside all routes. It looks at what comes back: a [`Page`] gets its frame, a [`Problem`] becomes a page for
//! people (and stays JSON for programs), everything gets the security headers.

mod frame;
mod headers;
mod problems;
mod request;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Redirect, Response};
use http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use platform::App;
use platform::http::{CacheRules, Cacheable, Problem, cookies};

use crate::flash;
use crate::page::{BalanceChip, FormTargets, Page};
use crate::switches::THEME_COOKIE;
use crate::views::{self, ViewTally};
use frame::Surroundings;
use request::FramedRequest;

/// Which callers share cached answers: those without `session_cookie` or a toast, by appearance.
pub const fn cache_rules(session_cookie: &'static str) -> CacheRules {
    CacheRules { private_cookies: [session_cookie, flash::COOKIE], varying_cookies: [THEME_COOKIE] }
}

/// Puts the frame around pages and problems, and the security headers on everything.
pub async fn wrap(State(app): State<App>, request: Request, next: Next) -> Response {
    let asked = FramedRequest::read(&request);
    let is_looked_at = views::is_looked_at(request.headers());
    let response = next.run(request).await;
    let mut response = Shell { app: &app }.dress(&asked, response);
    headers::secure(&app.config, &mut response);
    if let Some(tally) = response.extensions_mut().remove::<ViewTally>() {
        if is_looked_at {
            tally.add();
        }
        // Cached answers are sent without passing here.
        if let Some(mark) = response.extensions_mut().remove::<Cacheable>() {
            let counted = move |asked: &HeaderMap| {
                if views::is_looked_at(asked) {
                    tally.add();
                }
            };
            response.extensions_mut().insert(mark.on_sent(counted));
        }
    }
    response
}

struct Shell<'a> {
    app: &'a App,
}

impl Shell<'_> {
    fn dress(&self, asked: &FramedRequest, mut response: Response) -> Response {
        if let Some(page) = response.extensions_mut().remove::<Page>() {
            return self.frame(asked, page, response);
        }
        if !asked.wants_html || response.headers().contains_key(header::CONTENT_TYPE) {
            return response;
        }
        let problem = response.extensions().get::<Problem>().cloned();
        let status = response.status();
        if status == StatusCode::UNAUTHORIZED && asked.method == Method::GET {
            return Redirect::to(&format!("/login?next={}", asked.encoded_here())).into_response();
        }
        let lacks_second_proof = problem.as_ref().is_some_and(|problem| problem.code() == "second_factor_required");
        if lacks_second_proof && status == StatusCode::FORBIDDEN && asked.method == Method::GET {
            let place = "/account/security#second-factor";
            return flash::redirect_with_toast(&self.app.config, place, "danger", "error-second-factor-required");
        }
        if problem.is_none() && !(status.is_client_error() || status.is_server_error()) {
            return response;
        }
        let page = problems::page(self.app, asked, problem.as_ref(), status);
        self.frame(asked, page, response)
    }

    /// Renders the frame; the headers that the handler set (cookies above all) stay.
    fn frame(&self, asked: &FramedRequest, mut page: Page, response: Response) -> Response {
        let t = asked.messages();
        if let Some(toast) = asked.flash.as_deref().and_then(|carried| flash::read(carried, t)) {
            page.toasts.push(toast);
        }
        let tally = page.view_tally.take();
        let nonce = headers::nonce(&self.app.random);
        let cacheable = page.cacheable.take().filter(|_| page.toasts.is_empty() && asked.viewer.is_none());
        let surroundings = Surroundings {
            t,
            theme: &asked.theme,
            here: &asked.here,
            path: &asked.path,
            viewer: asked.viewer.as_deref(),
            is_operator: asked.is_operator,
            balance: response.extensions().get::<BalanceChip>(),
            nonce: &nonce,
            config: &self.app.config,
        };
        let policy = headers::page_policy(&self.app.config, &nonce, response.extensions().get::<FormTargets>());
        let html = match frame::render(page, &surroundings) {
            Ok(html) => html,
            Err(error) => return Problem::internal(error).into_response(),
        };
        let (mut parts, _) = response.into_parts();
        let answer = &mut parts.headers;
        answer.remove(header::CONTENT_LENGTH);
        answer.insert(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"));
        answer.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("private, no-cache"));
        answer.insert(header::VARY, HeaderValue::from_static("cookie, accept-language, accept-encoding"));
        answer.insert(header::CONTENT_SECURITY_POLICY, policy);
        if asked.flash.is_some()
            && let Some(forget) = cookies::clear(&self.app.config, flash::COOKIE)
        {
            answer.append(header::SET_COOKIE, forget);
        }
        if let Some(tally) = tally.filter(|_| asked.method == Method::GET) {
            parts.extensions.insert(tally);
        }
        if let Some(cacheable) = cacheable {
            parts.extensions.insert(cacheable);
        }
        Response::from_parts(parts, Body::from(html))
    }
}
