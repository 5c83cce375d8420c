//! How often a product's page was looked at.
//!
//! A page is counted in memory as it is sent, also when it is a copy that strangers share, and nobody's name goes with
//! it. Every [`FLUSH_EVERY`] a process adds what it has counted to `products.view_count`, all products in one statement.
//! What a killed process had not yet written is lost; an orderly end writes it.

mod queries;

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use kernel::{ProductId, SystemReason};
use platform::{App, DatabaseError};
use ui::ViewTally;

use crate::Catalog;

/// How often the counts are written; at most this much is lost when a process is killed.
pub(crate) const FLUSH_EVERY: std::time::Duration = std::time::Duration::from_secs(30);

/// The tallies of this process, one for each product that was looked at lately.
#[derive(Debug, Default)]
pub(crate) struct Views(Mutex<BTreeMap<ProductId, ViewTally>>);

impl Views {
    /// The tally of a product, for its page to keep.
    pub(crate) fn tally(&self, product: ProductId) -> ViewTally {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(product).or_default().clone()
    }

    /// What was counted since the last time, and forgets products that nobody looks at any more.
    fn take(&self) -> BTreeMap<ProductId, u64> {
        let mut tallies = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut counted = BTreeMap::new();
        tallies.retain(|product, tally| {
            // Asked first: a view that comes afterwards is of a page that keeps the tally alive.
            let is_idle = tally.is_idle();
            let views = tally.take();
            if views > 0 {
                counted.insert(*product, views);
            }
            !is_idle
        });
        counted
    }

    fn put_back(&self, counted: impl IntoIterator<Item = (ProductId, u64)>) {
        for (product, views) in counted {
            self.tally(product).put_back(views);
        }
    }

    /// Writes what was counted; gives the number of products. A product that somebody is changing just now is left for
    /// the next time, so that counting never waits for a sale nor a sale for counting.
    ///
    /// # Errors
    /// When the database does not answer; nothing that was counted is lost then.
    pub(crate) async fn flush(&self, app: &App) -> Result<usize, DatabaseError> {
        let mut counted = self.take();
        if counted.is_empty() {
            return Ok(0);
        }
        match record(app, &counted).await {
            Ok(recorded) => {
                for product in &recorded {
                    counted.remove(product);
                }
                self.put_back(counted);
                Ok(recorded.len())
            }
            Err(fault) => {
                self.put_back(counted);
                Err(fault)
            }
        }
    }
}

async fn record(app: &App, counted: &BTreeMap<ProductId, u64>) -> Result<Vec<ProductId>, DatabaseError> {
    let mut tx = app.db.begin_system(SystemReason::Maintenance).await?;
    let recorded = queries::add(&mut tx, counted).await?;
    tx.commit().await?;
    Ok(recorded)
}

impl Catalog {
    /// Writes the views that this process counts, again and again until the program stops, and once more then.
    pub fn keep_counting_views(&self) -> impl Future<Output = ()> + Send + 'static {
        let catalog = self.clone();
        async move {
            let app = catalog.app();
            loop {
                let is_over = tokio::select! {
                    () = app.tasks.stopping() => true,
                    () = tokio::time::sleep(FLUSH_EVERY) => false,
                };
                if let Err(fault) = catalog.views().flush(app).await {
                    tracing::warn!(%fault, "views could not be written; they are kept for the next time");
                }
                if is_over {
                    return;
                }
            }
        }
    }
}
