//! A crowd that asks for the same at once: one works, the others wait for what comes of it.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

use super::copy::Copy;

/// Who works at what; cheap to clone.
#[derive(Clone, Default)]
pub(super) struct Flights(Arc<Mutex<HashMap<String, watch::Receiver<bool>>>>);

/// What a request does about an answer that is not there.
pub(super) enum Boarding {
    /// Takes the copy that somebody has made meanwhile.
    Landed(Copy),
    /// Makes the answer, also for those who wait.
    Lead(Flight),
    /// Makes the answer for itself: it is nobody else's.
    Alone,
}

/// Somebody works. However that ends, those who wait go on.
pub(super) struct Flight {
    flights: Flights,
    key: String,
    is_alone: watch::Sender<bool>,
}

/// A place among those who ask for one answer.
pub(super) enum Place {
    First(Flight),
    Later(watch::Receiver<bool>),
}

impl Flights {
    /// The first comes to work, the later ones to wait.
    pub(super) fn place(&self, key: &str) -> Place {
        match self.lock().entry(key.to_owned()) {
            Entry::Occupied(flying) => Place::Later(flying.get().clone()),
            Entry::Vacant(empty) => {
                let (is_alone, news) = watch::channel(false);
                empty.insert(news);
                Place::First(Flight { flights: self.clone(), key: key.to_owned(), is_alone })
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, watch::Receiver<bool>>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Flight {
    /// The answer turned out to be for nobody else.
    pub(super) fn land_alone(self) {
        self.is_alone.send_replace(true);
    }
}

impl Drop for Flight {
    fn drop(&mut self) {
        self.flights.lock().remove(&self.key);
    }
}
