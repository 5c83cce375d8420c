//! What strangers see, against a bare axum handler that returns the same bytes from memory.

use std::net::SocketAddr;

use anyhow::{Context as _, Result};
use axum::Router;
use axum::routing::get;
use http::header;
use platform::App;
use testkit::measurements::{median, print};
use tokio::net::TcpListener;

use super::measurements::{ROUNDS, requests_per_second};

const SECONDS: &str = "3s";

/// Measures the gallery, its data and a product of the platform at `ours` (an origin).
pub(super) async fn measure(app: &App, ours: &str) -> Result<()> {
    let data = app.http.get(format!("{ours}/api/gallery/public")).send().await?.error_for_status()?.bytes().await?;
    let data: serde_json::Value = serde_json::from_slice(&data)?;
    let slug = data["items"][0]["slug"].as_str().context("the gallery is empty")?;
    let product = format!("/d/{slug}");
    for (name, path, accept) in [
        ("gallery_page", "/gallery", "text/html"),
        ("gallery_api", "/api/gallery/public", "application/json"),
        ("product_page", product.as_str(), "text/html"),
    ] {
        let bare = bare_handler(app, ours, path, accept).await?;
        let (mut own, mut peer) = (Vec::new(), Vec::new());
        for round in 0..=ROUNDS {
            let one = requests_per_second(&format!("{ours}{path}"), accept, SECONDS).await?;
            let other = requests_per_second(&format!("{bare}{path}"), accept, SECONDS).await?;
            // The first round warms both up.
            if round > 0 {
                own.push(one);
                peer.push(other);
            }
        }
        print(name, None, median(own));
        print(name, Some("a bare axum handler"), median(peer));
    }
    Ok(())
}

/// Serves what the platform answers, from memory and by nothing but axum; returns its origin.
async fn bare_handler(app: &App, ours: &str, path: &str, accept: &str) -> Result<String> {
    let request = app.http.get(format!("{ours}{path}")).header(header::ACCEPT, accept);
    let answer = request.header(header::ACCEPT_ENCODING, "gzip, deflate, br").send().await?.error_for_status()?;
    let headers = [header::CONTENT_TYPE, header::CONTENT_ENCODING].map(|name| {
        let value = answer.headers().get(&name).cloned();
        (name, value.unwrap_or(http::HeaderValue::from_static("identity")))
    });
    let bytes = answer.bytes().await?;
    let handler = get(move || {
        let answer = (headers.clone(), bytes.clone());
        async move { answer }
    });
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = listener.local_addr()?;
    serve(app, listener, Router::new().route(path, handler));
    Ok(format!("http://{address}"))
}

/// Serves until the platform stops.
pub(super) fn serve(app: &App, listener: TcpListener, router: Router) {
    let stopping = app.tasks.clone();
    app.tasks.spawn(async move {
        let service = router.into_make_service_with_connect_info::<SocketAddr>();
        let stop = async move { stopping.stopping().await };
        if let Err(error) = axum::serve(listener, service).with_graceful_shutdown(stop).await {
            tracing::error!(%error, "the server ended");
        }
    });
}
