//! Retention: how long what was made is kept, which its owner's plan decides.
//!
//! What always holds: what is published, sold or in use never expires; a plan that keeps more applies at once, one that
//! keeps less removes nothing before its owner was notified thirty days earlier; nothing is removed that the owner's
//! current plan still keeps; a removal is finished however often it is interrupted, and is never undone.
//!
//! A picture's `expires_at` is the truth: set when it is asked for, moved when the plan changes. So that a withdrawn
//! notice leaves no trace, a shorter plan never moves it to before the end of its notice.

mod follow_plan;
pub(crate) mod model;
mod notify;
pub(crate) mod queries;
mod remove_expired;

#[cfg(test)]
mod tests;

use credits::PlanChanged;
use platform::jobs::Registry;
use time::Duration;

use crate::state::Studio;
use model::RemoveExpired;

/// The handlers of this feature's jobs.
pub(crate) fn register_jobs(studio: &Studio) -> Registry {
    let studio = studio.clone();
    Registry::new()
        .on::<PlanChanged, _, _>(follow_plan::follow_plan)
        .on::<RemoveExpired, _, _>(move |run| remove_expired::remove_expired(studio.clone(), run))
        .every(Duration::minutes(10), &RemoveExpired {})
}
