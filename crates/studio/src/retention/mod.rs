//! Retention: how long what was made is kept, which the plan of its owner says.
//!
//! What always holds: what is on show, was sold or is in use never goes; a plan that keeps more keeps it at once, one
//! that keeps less takes nothing away before its owner was told thirty days earlier; nothing goes that the owner's plan
//! of this moment still keeps; removal is finished however often it is killed, and is never undone.
//!
//! A picture's own `expires_at` is the truth: set when it is asked for, moved when the plan changes. So that a notice
//! that was withdrawn leaves no trace, the time of a plan that keeps less is never before the end of its notice.

mod follow_plan;
mod model;
mod notify;
pub(crate) mod queries;
mod remove_expired;

#[cfg(test)]
mod tests;

use credits::PlanChanged;
use platform::jobs::Registry;
use time::Duration;

use crate::Studio;

pub use model::{NOTICE_PERIOD, Notice, RemoveExpired};
pub(crate) use model::{WARNED_BEFORE, days_left};

pub(crate) fn register_jobs(studio: &Studio) -> Registry {
    let studio = studio.clone();
    Registry::new()
        .on::<PlanChanged, _, _>(follow_plan::follow_plan)
        .on::<RemoveExpired, _, _>(move |run| remove_expired::remove_expired(studio.clone(), run))
        .every(Duration::minutes(10), &RemoveExpired {})
}
