//! The part that both doubles share: a local server, a script of answers, a record of requests.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use axum::{Json, Router};
use bytes::Bytes;
use http::{HeaderMap, HeaderValue, StatusCode, header};
use serde_json::Value;
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// Trouble that no provider documents.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WireError {
    /// This status with a body that is not JSON, as a proxy in between sends it.
    Status(u16),
    /// This status with `Retry-After` in seconds.
    StatusRetryAfter(u16, u32),
    /// A success whose body is not JSON.
    NotJson,
    /// A success with this many bytes of nothing.
    Huge(usize),
    /// The connection ends in the middle of the answer.
    Cut,
    /// The picture is made and counted, and no answer ever comes.
    Hang,
    /// A redirect to another host.
    Redirect,
}

/// A request as it arrived.
#[derive(Clone, Debug)]
pub struct RecordedRequest {
    /// With the query, so that a key in it would be seen.
    pub path_and_query: String,
    /// All headers.
    pub headers: HeaderMap,
    /// The body.
    pub body: Value,
}

/// What is shared between a double's handle and its server.
#[derive(Debug)]
pub(super) struct World<A> {
    script: Mutex<VecDeque<A>>,
    otherwise: Mutex<A>,
    requests: Mutex<Vec<RecordedRequest>>,
    made: Mutex<u32>,
    pause: Mutex<Duration>,
}

impl<A: Clone> World<A> {
    pub(super) fn new(otherwise: A) -> Arc<Self> {
        Arc::new(Self {
            script: Mutex::default(),
            otherwise: Mutex::new(otherwise),
            requests: Mutex::default(),
            made: Mutex::default(),
            pause: Mutex::default(),
        })
    }

    pub(super) fn push(&self, answers: impl IntoIterator<Item = A>) {
        locked(&self.script).extend(answers);
    }

    pub(super) fn set_otherwise(&self, answer: A) {
        *locked(&self.otherwise) = answer;
    }

    pub(super) fn set_pause(&self, pause: Duration) {
        *locked(&self.pause) = pause;
    }

    pub(super) fn record(&self, request: RecordedRequest) {
        locked(&self.requests).push(request);
    }

    pub(super) fn requests(&self) -> Vec<RecordedRequest> {
        locked(&self.requests).clone()
    }

    /// The next answer of the script, after the pause that every answer takes.
    pub(super) async fn next(&self) -> A {
        let answer = locked(&self.script).pop_front().unwrap_or_else(|| locked(&self.otherwise).clone());
        let pause = *locked(&self.pause);
        tokio::time::sleep(pause).await;
        answer
    }

    /// Counts a picture that was made, and would be billed.
    pub(super) fn count(&self) -> u32 {
        let mut made = locked(&self.made);
        *made += 1;
        *made
    }

    pub(super) fn made(&self) -> u32 {
        *locked(&self.made)
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// A server on a port of its own, ended when dropped.
#[derive(Debug)]
pub(super) struct LocalServer {
    pub(super) base_url: String,
    task: JoinHandle<()>,
}

impl LocalServer {
    pub(super) async fn start(router: Router) -> anyhow::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let base_url = format!("http://{}", listener.local_addr()?);
        #[expect(clippy::disallowed_methods, reason = "a double ends with its test, which aborts the task on drop")]
        let task = tokio::spawn(async move {
            let _ = axum::serve(listener, router).await;
        });
        Ok(Self { base_url, task })
    }
}

impl Drop for LocalServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Acts out a fault.
pub(super) async fn act_out(fault: WireError, count: impl FnOnce()) -> Response {
    let status = |code: u16| StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    match fault {
        WireError::Status(code) => (status(code), "<html>upstream trouble</html>").into_response(),
        WireError::StatusRetryAfter(code, seconds) => {
            (status(code), [(header::RETRY_AFTER, seconds.to_string())], "slow down").into_response()
        }
        WireError::NotJson => "<html>hello</html>".into_response(),
        WireError::Huge(bytes) => huge(bytes),
        WireError::Cut => cut(),
        WireError::Hang => {
            count();
            std::future::pending().await
        }
        WireError::Redirect => {
            (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, "http://127.0.0.2:9/elsewhere")]).into_response()
        }
    }
}

/// Streamed, so that no length announces it.
fn huge(bytes: usize) -> Response {
    const CHUNK: &[u8] = &[b' '; 64 * 1024];
    let chunks = (0..bytes.div_ceil(CHUNK.len())).map(|_| Ok::<_, Infallible>(Bytes::from_static(CHUNK)));
    Body::from_stream(futures::stream::iter(chunks)).into_response()
}

fn cut() -> Response {
    let parts = [Ok(Bytes::from_static(b"{\"candidates\":[")), Err(std::io::Error::other("cut by order of a test"))];
    let mut response = Body::from_stream(futures::stream::iter(parts)).into_response();
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
    response
}

/// JSON with a status.
pub(super) fn json_response(status: StatusCode, body: Value) -> Response {
    (status, Json(body)).into_response()
}
