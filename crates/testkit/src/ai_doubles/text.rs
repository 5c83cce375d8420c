//! Streamed texts, which both doubles answer with, each in its own JSON.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures::StreamExt as _;
use futures::stream::{self, BoxStream};
use http::header;

/// What a text model answers.
#[derive(Clone, Debug)]
pub enum TextAnswer {
    /// This text, in pieces of a few characters, and a proper end.
    Text(String),
    /// This text piece by piece, with so many milliseconds between them.
    Slowly(String, u64),
    /// This text, and the limit of tokens as the reason why it ends.
    UpToTheLimit(String),
    /// This text, and then the end of the stream without a reason.
    WithoutEnd(String),
    /// This text, and then the connection breaks.
    Cut(String),
    /// Text without end, as fast as it is read.
    ForEver,
    /// A refusal.
    Refused,
    /// Events that are not JSON.
    NotJson,
    /// 503 before anything is written.
    Unavailable,
}

/// Tokens that every answer counts: of the question and of the answer.
pub const TEXT_TOKENS: (i64, i64) = (120, 80);

/// How a provider writes the events of a stream.
pub(super) trait TextEvents: Clone + Send + Sync + 'static {
    /// A piece of the text.
    fn piece(&self, text: &str) -> String;
    /// The end with a reason (`None` of a refusal), and the tokens.
    fn end(&self, reason: EndReason) -> Vec<String>;
}

/// Why a text ends.
#[derive(Clone, Copy, Debug)]
pub(super) enum EndReason {
    Done,
    Limit,
    Refused,
}

/// The stream of an answer; `None` where it is an error and not a stream.
pub(super) fn stream_of(answer: TextAnswer, events: &impl TextEvents) -> Option<Response> {
    let pieces = |text: &str| -> Vec<String> {
        let chars: Vec<char> = text.chars().collect();
        chars.chunks(7).map(|piece| events.piece(&piece.iter().collect::<String>())).collect()
    };
    let lines: BoxStream<'static, Result<Bytes, std::io::Error>> = match answer {
        TextAnswer::Text(text) => whole(pieces(&text), events.end(EndReason::Done)),
        TextAnswer::Slowly(text, pause_ms) => {
            let lines = stream::iter(pieces(&text).into_iter().chain(events.end(EndReason::Done)));
            let slowly = lines.then(move |line| async move {
                tokio::time::sleep(Duration::from_millis(pause_ms)).await;
                Ok(data(&line))
            });
            slowly.boxed()
        }
        TextAnswer::UpToTheLimit(text) => whole(pieces(&text), events.end(EndReason::Limit)),
        TextAnswer::WithoutEnd(text) => whole(pieces(&text), Vec::new()),
        TextAnswer::Cut(text) => {
            let broken = stream::once(async { Err(std::io::Error::other("cut by order of a test")) });
            whole(pieces(&text), Vec::new()).chain(broken).boxed()
        }
        TextAnswer::ForEver => {
            let line = data(&events.piece("for ever and ever and ever "));
            // Gives way after each piece: a test's client runs on the same thread.
            let pieces = stream::repeat(line).then(|line| async {
                tokio::task::yield_now().await;
                Ok(line)
            });
            pieces.boxed()
        }
        TextAnswer::Refused => whole(Vec::new(), events.end(EndReason::Refused)),
        TextAnswer::NotJson => whole(vec!["<html>".to_owned()], Vec::new()),
        TextAnswer::Unavailable => return None,
    };
    Some(([(header::CONTENT_TYPE, "text/event-stream")], Body::from_stream(lines)).into_response())
}

fn whole(pieces: Vec<String>, end: Vec<String>) -> BoxStream<'static, Result<Bytes, std::io::Error>> {
    let lines = pieces.into_iter().chain(end).map(|line| Ok::<_, Infallible>(data(&line)));
    stream::iter(lines).map(|line| line.map_err(|never| match never {})).boxed()
}

fn data(line: &str) -> Bytes {
    Bytes::from(format!("data: {line}\n\n"))
}
