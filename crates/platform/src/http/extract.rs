//! Extractors: the caller, and what it sent. An error is a [`Problem`], never axum's plain text.

use axum::body::Bytes;
use axum::extract::{FromRef, FromRequest, FromRequestParts, Request};
use http::request::Parts;
use http::{HeaderMap, StatusCode, header};
use kernel::{Actor, Ctx, Role, UserActor};
use serde::de::{DeserializeOwned, IgnoredAny};

use super::access::{self, Access};
use super::negotiate::RequestFacts;
use super::problem::{FieldProblem, Problem};
use crate::app::App;

/// The context of any caller.
#[derive(Clone, Debug)]
pub struct Anyone(pub Ctx);

/// The context of a logged-in user; 401 for others.
#[derive(Clone, Debug)]
pub struct Member {
    /// The context; its actor is the person.
    pub ctx: Ctx,
    /// The person.
    pub user: UserActor,
}

/// The context of an operator; 404 for others; in production 403 `second_factor_required` for a session without a second
/// factor.
#[derive(Clone, Debug)]
pub struct Operator(pub Member);

impl<S> FromRequestParts<S> for Anyone
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let app = App::from_ref(state);
        access::check(&app, parts)?;
        let facts = parts.extensions.get::<RequestFacts>().copied().unwrap_or_default();
        let actor = parts.extensions.get::<Actor>().cloned().unwrap_or(Actor::Anonymous);
        let mut ctx = app.ctx(actor, facts.locale);
        if let Some(request_id) = facts.request_id {
            ctx.request_id = request_id;
        }
        Ok(Self(ctx))
    }
}

impl<S> FromRequestParts<S> for Member
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let Anyone(ctx) = Anyone::from_request_parts(parts, state).await?;
        let user = ctx.user().cloned().ok_or_else(Problem::unauthorized)?;
        Ok(Self { ctx, user })
    }
}

impl<S> FromRequestParts<S> for Operator
where
    App: FromRef<S>,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let member = Member::from_request_parts(parts, state).await?;
        if member.user.role != Role::Admin {
            return Err(Problem::not_found());
        }
        // A password alone is not enough where real money is paid; the demo needs no second factor.
        let is_proved = parts.extensions.get::<Access>().is_some_and(|access| access.has_second_factor);
        if is_proved || App::from_ref(state).config.is_development() {
            Ok(Self(member))
        } else {
            Err(Problem::new(StatusCode::FORBIDDEN, "second_factor_required"))
        }
    }
}

/// A JSON body. 415 when it does not say that it is JSON, 400 when it is not, 413 when it is too large, 422 with the
/// field when a value has the wrong type.
#[derive(Clone, Copy, Debug)]
pub struct Json<T>(pub T);

impl<T, S> FromRequest<S> for Json<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !media_type_is(request.headers(), "application/json") {
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type"));
        }
        let bytes = body_bytes(request, state).await?;
        let mut reader = serde_json::Deserializer::from_slice(&bytes);
        let value = serde_path_to_error::deserialize(&mut reader).map_err(|error| {
            let field = error.path().to_string();
            let inner = error.into_inner();
            // A wrong value may come before the place where the text stops being JSON.
            if !inner.is_data() || serde_json::from_slice::<IgnoredAny>(&bytes).is_err() {
                return Problem::malformed();
            }
            // serde names a missing field only in its message.
            let missing = inner.to_string();
            let missing = missing.strip_prefix("missing field `").and_then(|rest| rest.split('`').next());
            match missing {
                Some(name) if field == "." => Problem::invalid_field(name, "required"),
                Some(name) => Problem::invalid_field(format!("{field}.{name}"), "required"),
                None => Problem::invalid_field(field, "wrong_type"),
            }
        })?;
        reader.end().map_err(|_| Problem::malformed())?;
        Ok(Self(value))
    }
}

/// A form's fields (`application/x-www-form-urlencoded`).
#[derive(Clone, Copy, Debug)]
pub struct Form<T>(pub T);

impl<T, S> FromRequest<S> for Form<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        if !media_type_is(request.headers(), "application/x-www-form-urlencoded") {
            return Err(Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_media_type"));
        }
        let bytes = body_bytes(request, state).await?;
        serde_html_form::from_bytes(&bytes).map(Self).map_err(|_| Problem::malformed())
    }
}

/// The query string.
#[derive(Clone, Copy, Debug)]
pub struct Query<T>(pub T);

impl<T, S> FromRequestParts<S> for Query<T>
where
    T: DeserializeOwned,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let pairs = serde_html_form::Deserializer::new(form_pairs(query));
        serde_path_to_error::deserialize(pairs)
            .map(Self)
            .map_err(|error| Problem::invalid(vec![FieldProblem::new(error.path().to_string(), "wrong_type")]))
    }
}

fn form_pairs(query: &str) -> url::form_urlencoded::Parse<'_> {
    url::form_urlencoded::parse(query.as_bytes())
}

/// The variable parts of the path; 404 when they are not what they should be, as for any path that leads nowhere.
#[derive(Clone, Copy, Debug)]
pub struct Path<T>(pub T);

impl<T, S> FromRequestParts<S> for Path<T>
where
    T: DeserializeOwned + Send,
    S: Send + Sync,
{
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let path = axum::extract::Path::<T>::from_request_parts(parts, state).await;
        path.map(|axum::extract::Path(value)| Self(value)).map_err(|_| Problem::not_found())
    }
}

async fn body_bytes<S: Send + Sync>(request: Request, state: &S) -> Result<Bytes, Problem> {
    Bytes::from_request(request, state).await.map_err(|rejection| {
        if rejection.status() == StatusCode::PAYLOAD_TOO_LARGE {
            Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "body_too_large")
        } else {
            Problem::malformed()
        }
    })
}

fn media_type_is(headers: &HeaderMap, wanted: &str) -> bool {
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    content_type.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(wanted)
}
