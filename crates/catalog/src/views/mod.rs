//! How often the page of a product is viewed.
//!
//! A view is counted in memory when the page is sent, also from a shared copy, and without the visitor's name. Every
//! [`FLUSH_EVERY`] a process adds its counts to `product_counters.view_count`, all products in one statement. A killed
//! process loses what it has not written; an orderly end writes it.

mod queries;
pub(crate) mod tallies;

use crate::state::Catalog;

/// How often the counts are written; at most this much is lost when a process is killed.
const FLUSH_EVERY: std::time::Duration = std::time::Duration::from_secs(30);

/// Writes the views that this process counts, again and again until the program stops, and once more then.
pub async fn keep_counting(catalog: Catalog) {
    let app = catalog.app();
    loop {
        let is_over = tokio::select! {
            () = app.tasks.stopping() => true,
            () = tokio::time::sleep(FLUSH_EVERY) => false,
        };
        if let Err(error) = catalog.views().flush(app).await {
            tracing::warn!(%error, "views could not be written; they are kept for the next time");
        }
        if is_over {
            return;
        }
    }
}
