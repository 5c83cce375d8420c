//! Requests of a test, over real HTTP.

use http::{HeaderMap, Method, StatusCode};
use platform::App;
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

use crate::contract;

/// Sends requests, with somebody's token or without.
#[derive(Clone)]
pub struct TestClient {
    http: reqwest::Client,
    url: String,
    token: Option<String>,
    headers: HeaderMap,
}

/// What came back.
#[derive(Clone, Debug)]
pub struct Answer {
    /// The status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body.
    pub bytes: bytes::Bytes,
}

impl TestClient {
    pub(super) fn new(app: &App, url: &str, token: Option<String>) -> Self {
        Self { http: app.http.clone(), url: url.to_owned(), token, headers: HeaderMap::new() }
    }

    /// The same client with one more header on every request.
    ///
    /// # Panics
    /// When it is no header.
    #[must_use]
    pub fn with_header(mut self, name: &'static str, value: &str) -> Self {
        #[expect(clippy::expect_used, reason = "a test that writes a bad header is a bad test")]
        self.headers.append(name, value.parse().expect("a header value"));
        self
    }

    /// The same client as a browser page of ours would send: it accepts pages and comes from the same origin.
    #[must_use]
    pub fn as_browser(self) -> Self {
        self.with_header("accept", "text/html,application/xhtml+xml").with_header("sec-fetch-site", "same-origin")
    }

    /// `GET`.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, |request| request).await
    }

    /// `DELETE`.
    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, |request| request).await
    }

    /// `POST` with a JSON body.
    pub async fn post(&self, path: &str, body: &(impl Serialize + Sync)) -> Answer {
        self.send(Method::POST, path, |request| request.json(body)).await
    }

    /// `POST` with a form's fields.
    pub async fn post_form(&self, path: &str, fields: &(impl Serialize + Sync)) -> Answer {
        self.send(Method::POST, path, |request| request.form(fields)).await
    }

    /// `POST` with raw bytes and their media type.
    pub async fn post_bytes(&self, path: &str, media_type: &str, bytes: impl Into<bytes::Bytes>) -> Answer {
        let bytes = bytes.into();
        self.send(Method::POST, path, |request| request.header("content-type", media_type).body(bytes)).await
    }

    /// Any request; `path` may be absolute.
    ///
    /// # Panics
    /// When nobody answers, or when the answer is not one that the API's document describes.
    pub async fn send(
        &self,
        method: Method,
        path: &str,
        build: impl FnOnce(reqwest::RequestBuilder) -> reqwest::RequestBuilder,
    ) -> Answer {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.url) };
        let mut request = self.http.request(method.clone(), url.clone()).headers(self.headers.clone());
        if let Some(token) = &self.token {
            request = request.bearer_auth(token);
        }
        #[expect(clippy::expect_used, reason = "a test whose server does not answer has failed")]
        let response = build(request).send().await.expect("the app answers");
        let (status, headers) = (response.status(), response.headers().clone());
        #[expect(clippy::expect_used, reason = "a test whose server breaks off has failed")]
        let bytes = response.bytes().await.expect("the answer has a body");
        let answer = Answer { status, headers, bytes };
        #[expect(clippy::panic, reason = "a test whose app breaks the contract of its API has failed")]
        if let Err(error) = contract::check(&method, &url, status, answer.header("content-type"), &answer.bytes) {
            panic!("{error}\n{}", answer.text());
        }
        answer
    }
}

impl Answer {
    /// The body as JSON.
    ///
    /// # Panics
    /// When it is not.
    #[track_caller]
    pub fn json(&self) -> Value {
        self.read()
    }

    /// The body as a value.
    ///
    /// # Panics
    /// When it is not one.
    #[track_caller]
    pub fn read<T: DeserializeOwned>(&self) -> T {
        match serde_json::from_slice(&self.bytes) {
            Ok(value) => value,
            #[expect(clippy::panic, reason = "a test's expectation")]
            Err(error) => panic!("{} answered no such JSON ({error}): {}", self.status, self.text()),
        }
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.bytes).into_owned()
    }

    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The stable code of a problem.
    ///
    /// # Panics
    /// When this is no problem.
    #[track_caller]
    pub fn error(&self) -> String {
        self.json()["error"].as_str().unwrap_or_default().to_owned()
    }

    /// Goes on when the status is `wanted`.
    ///
    /// # Panics
    /// With the body, when it is another.
    #[track_caller]
    pub fn expect(self, wanted: u16) -> Self {
        assert_eq!(self.status.as_u16(), wanted, "{}", self.text());
        self
    }

    /// Goes on when this is the problem `code` with the status `wanted`.
    ///
    /// # Panics
    /// With the body, when it is something else.
    #[track_caller]
    pub fn expect_problem(self, wanted: u16, code: &str) -> Self {
        assert_eq!(self.status.as_u16(), wanted, "{}", self.text());
        assert_eq!(self.header("content-type"), "application/problem+json");
        assert_eq!(self.error(), code, "{}", self.text());
        self
    }
}
