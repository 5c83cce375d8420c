//! Serves the style guide without a database: `cargo run -p ui --example style_guide`, then open `/dev/style`.
//!
//! `web/scripts/axe.mjs` checks it in both themes; `MACHIYA_LISTEN` chooses the address (127.0.0.1:8090 by default).

use axum::Router;
use axum::middleware::from_fn_with_state;
use platform::http::{localise_problems, request_facts};

#[path = "../src/stand_in.rs"]
mod stand_in;

#[tokio::main]
async fn main() -> anyhow::Result<()> {
    let listen = std::env::var("MACHIYA_LISTEN").unwrap_or_else(|_| "127.0.0.1:8090".to_owned());
    let files = std::env::temp_dir().join("machiya-style-guide");
    let app = stand_in::app_without_database(&[("MACHIYA_LISTEN", &listen)], &files)?;
    let app = Router::new()
        .merge(ui::assets::routes())
        .merge(ui::switches::routes())
        .merge(ui::style_guide::routes())
        .layer(from_fn_with_state(app.clone(), ui::shell::wrap))
        .layer(from_fn_with_state(app.clone(), localise_problems))
        .layer(from_fn_with_state(app.clone(), request_facts))
        .with_state(app);
    let listener = tokio::net::TcpListener::bind(&listen).await?;
    axum::serve(listener, app).await?;
    Ok(())
}
