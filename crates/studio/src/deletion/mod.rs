//! Deletion: deleting with a day to undo, removing files, and what may not be deleted.
//!
//! What always holds: a picture that is published, in use or sold is never deleted; files are removed only after the day
//! is over, and from then on the picture cannot be restored; a file that no row names is removed.
//!
//! Absent on purpose: what a publication is. The market publishes and sells, and marks the picture here in its own
//! transaction.

pub(crate) mod delete;
mod protection;
pub(crate) mod queries;
pub(crate) mod remove_files;

#[cfg(test)]
mod tests;

use platform::jobs::Registry;

use crate::state::Studio;
use remove_files::RemoveFiles;

pub use protection::{Original, lock_original, mark_published, mark_sold, mark_unpublished, mark_unused, mark_used};

/// The handlers of this feature's jobs.
pub(crate) fn register_jobs(studio: &Studio) -> Registry {
    let studio = studio.clone();
    Registry::new().on::<RemoveFiles, _, _>(move |run| remove_files::remove_files(studio.clone(), run))
}
