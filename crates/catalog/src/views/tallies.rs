//! The views that this process has counted and not written yet.

use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

use kernel::{ProductId, SystemReason};
use platform::{App, DatabaseError};
use ui::ViewTally;

use super::queries;

/// One tally for each product whose page was shown lately.
#[derive(Debug, Default)]
pub(crate) struct Views(Mutex<BTreeMap<ProductId, ViewTally>>);

impl Views {
    /// The tally of a product, which its page keeps.
    pub(crate) fn tally(&self, product: ProductId) -> ViewTally {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).entry(product).or_default().clone()
    }

    /// Takes what was counted since the last time, and drops the tallies of products that nobody looks at any more.
    fn take(&self) -> BTreeMap<ProductId, u64> {
        let mut tallies = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let mut counted = BTreeMap::new();
        tallies.retain(|product, tally| {
            // Read before the views are taken: a later view comes from a page that keeps the tally alive.
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

    /// Writes what was counted, and gives the number of products. A product whose counters are locked is left for the
    /// next time, so that counting does not wait for a sale, nor a sale for counting.
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
