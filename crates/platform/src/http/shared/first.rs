//! Copies before everything else: a request that a copy answers passes no route and no other layer.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};
use std::time::Instant;

use axum::extract::Request;
use axum::response::Response;
use futures::future::Either;
use tower::Service;

use super::Sharing;
use crate::http::negotiate::{RequestFacts, locale};
use crate::http::telemetry;

/// The platform's service with its copies in front.
#[derive(Clone)]
pub struct SharedFirst<S> {
    sharing: Sharing,
    inner: S,
}

impl<S> SharedFirst<S> {
    /// Sends copies where there are any, and asks `inner` for the rest.
    pub const fn new(sharing: Sharing, inner: S) -> Self {
        Self { sharing, inner }
    }
}

impl<S> Service<Request> for SharedFirst<S>
where
    S: Service<Request, Response = Response, Error = Infallible>,
{
    type Response = Response;
    type Error = Infallible;
    type Future = Either<Ready<Result<Response, Infallible>>, S::Future>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.inner.poll_ready(context)
    }

    fn call(&mut self, request: Request) -> Self::Future {
        match self.sharing.answer(&request) {
            Some(response) => Either::Left(ready(Ok(response))),
            None => Either::Right(self.inner.call(request)),
        }
    }
}

impl Sharing {
    /// A copy's answer, told, counted and logged as any other.
    fn answer(&self, request: &Request) -> Option<Response> {
        let began = Instant::now();
        let key = self.key(request, locale(request.uri().query(), request.headers()))?;
        let copy = self.app.shared().get(&key)?;
        let facts = RequestFacts::of(&self.app, request);
        let mut response = copy.answer(request.headers());
        facts.tell(&mut response);
        telemetry::record(&facts, request.method(), copy.route(), response.status(), began);
        Some(response)
    }
}
