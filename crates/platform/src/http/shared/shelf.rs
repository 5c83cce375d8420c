//! Where the copies are.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use moka::sync::Cache;

use super::copy::Copy;
use super::flights::{Boarding, Flights, Place};
use crate::App;
use crate::db::follow;

/// What all copies together may take, in bytes.
const SHELF_BYTES: u64 = 64 * 1024 * 1024;
/// When a copy leaves the shelf; it ends before, by its own lifetime.
const LONGEST_LIFETIME: Duration = Duration::from_mins(1);
/// How often a request waits for others before it works by itself.
const WAITS_MAX: usize = 2;

/// The copies of a process; cheap to clone.
#[derive(Clone)]
pub struct SharedAnswers(Arc<Shelf>);

struct Shelf {
    copies: Cache<String, Copy>,
    flights: Flights,
    /// Whether a route's answers are sometimes shared; unknown until it has answered once.
    routes: RwLock<HashMap<String, bool>>,
    /// Copies of an earlier round are not sent any more.
    round: AtomicU64,
}

impl Default for SharedAnswers {
    fn default() -> Self {
        let weight = |key: &String, copy: &Copy| u32::try_from(key.len() + copy.weight()).unwrap_or(u32::MAX);
        let copies = Cache::builder().max_capacity(SHELF_BYTES).weigher(weight).time_to_live(LONGEST_LIFETIME).build();
        Self(Arc::new(Shelf {
            copies,
            flights: Flights::default(),
            routes: RwLock::default(),
            round: AtomicU64::default(),
        }))
    }
}

impl SharedAnswers {
    /// Something that strangers see has changed: nothing that was made before is sent after this.
    pub fn clear(&self) {
        self.0.round.fetch_add(1, Ordering::AcqRel);
        self.0.copies.invalidate_all();
    }

    /// Clears whenever something is said on `channel`, until the program stops. While the database cannot be heard, what
    /// changed is seen when the copies' lifetime ends.
    pub async fn follow(app: App, channel: &'static str) {
        follow(&app, channel, |heard| {
            tracing::trace!(channel, ?heard, "shared answers are made anew");
            app.shared().clear();
        })
        .await;
    }

    /// A copy that may be sent now.
    pub(super) fn get(&self, key: &str) -> Option<Copy> {
        self.0.copies.get(key).filter(|copy| copy.is_fresh(self.round()))
    }

    /// The round that an answer belongs to which is begun now.
    pub(super) fn round(&self) -> u64 {
        self.0.round.load(Ordering::Acquire)
    }

    pub(super) fn keep(&self, key: String, copy: Copy) {
        if copy.is_fresh(self.round()) {
            self.0.copies.insert(key, copy);
        }
    }

    /// Whether a route may have answers to share, as far as is known.
    pub(super) fn may_share(&self, route: &str) -> bool {
        self.0.routes.read().unwrap_or_else(PoisonError::into_inner).get(route).copied().unwrap_or(true)
    }

    /// Learns what a route's answer was. A route that has shared once may share again, whatever it answers now.
    pub(super) fn learn(&self, route: &str, shares: bool) {
        let known = self.0.routes.read().unwrap_or_else(PoisonError::into_inner).get(route).copied();
        if known.is_none_or(|known| shares && !known) {
            self.0.routes.write().unwrap_or_else(PoisonError::into_inner).insert(route.to_owned(), shares);
        }
    }

    /// Leads, or waits for whoever leads.
    pub(super) async fn board(&self, key: &str) -> Boarding {
        for _ in 0..WAITS_MAX {
            let place = self.0.flights.place(key);
            if let Place::Later(mut news) = place {
                // Whoever leads says that the answer is its own, or just ends.
                if news.changed().await.is_ok() {
                    return Boarding::Alone;
                }
                if let Some(copy) = self.get(key) {
                    return Boarding::Landed(copy);
                }
            } else if let Place::First(flight) = place {
                // Somebody may have landed since we looked.
                return self.get(key).map_or(Boarding::Lead(flight), Boarding::Landed);
            }
        }
        Boarding::Alone
    }
}

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use super::super::MayBeShared;
    use super::super::copy::Origin;
    use super::*;

    #[tokio::test]
    async fn the_shelf_is_never_fuller_than_its_limit() {
        let shelf = SharedAnswers::default();
        for number in 0..100 {
            let answer = axum::response::Response::new(vec![b'x'; 1024 * 1024].into());
            let mark = MayBeShared::during(time::Duration::seconds(60));
            let origin = Origin { route: "/".into(), round: shelf.round(), begun: Instant::now() };
            let Ok(copy) = Copy::of(answer, mark, origin).await else { panic!("an answer of a megabyte is kept") };
            shelf.keep(format!("/{number}"), copy);
        }
        shelf.0.copies.run_pending_tasks();
        assert!(shelf.0.copies.weighted_size() <= SHELF_BYTES);
        assert!(shelf.0.copies.entry_count() >= 20, "and is used");
    }
}
