//! Kept answers before everything else: a request that gets one passes no route and no other layer.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::task::{Context, Poll};
use std::time::Instant;

use axum::extract::Request;
use axum::response::Response;
use futures::future::Either;
use tower::Service;

use super::caller::ResponseCaching;
use crate::http::negotiate::{RequestFacts, locale};
use crate::http::telemetry;

/// The program's service behind its kept answers.
#[derive(Clone)]
pub struct CachedFirst<S> {
    caching: ResponseCaching,
    inner: S,
}

impl<S> CachedFirst<S> {
    /// Sends kept answers where there are any, and asks `inner` for the rest.
    pub const fn new(caching: ResponseCaching, inner: S) -> Self {
        Self { caching, inner }
    }
}

impl<S> Service<Request> for CachedFirst<S>
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
        match self.caching.answer(&request) {
            Some(response) => Either::Left(ready(Ok(response))),
            None => Either::Right(self.inner.call(request)),
        }
    }
}

impl ResponseCaching {
    /// A kept answer with the headers, metrics and log line of any other.
    fn answer(&self, request: &Request) -> Option<Response> {
        let began = Instant::now();
        let key = self.key(request, locale(request.uri().query(), request.headers()))?;
        let kept = self.app.response_cache().get_now(&key)?;
        let facts = RequestFacts::of(&self.app, request);
        let mut response = kept.answer(request.headers());
        facts.add_to(&mut response);
        telemetry::record(&facts, request.method(), kept.route(), response.status(), began);
        Some(response)
    }
}
