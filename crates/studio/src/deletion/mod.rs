//! Keeping: deleting with a day to change one's mind, removing files, and what may not be deleted.
//!
//! What always holds: a picture that is on show, in use or was sold is never deleted
//! ([`KeptReason`](crate::generations::KeptReason)); files go only after the
//! day is over, and from then on the picture cannot be brought back; a file that no row names is removed.
//!
//! Absent on purpose: what a publication is. The market publishes and sells; it says so here, in its own transaction.

mod delete;
mod hold;
pub(crate) mod queries;
mod remove_files;

#[cfg(test)]
mod tests;

use platform::jobs::Registry;

use crate::Studio;

pub use delete::{delete, restore};
pub use hold::{Original, lock_original, mark_published, mark_sold, mark_unpublished, mark_unused, mark_used};
pub use remove_files::RemoveFiles;

pub(crate) fn register_jobs(studio: &Studio) -> Registry {
    let studio = studio.clone();
    Registry::new().on::<RemoveFiles, _, _>(move |run| remove_files::remove_files(studio.clone(), run))
}
