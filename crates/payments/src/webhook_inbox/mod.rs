//! The inbox: events are believed by their signature, stored once, answered at once, and handled by a job.

pub(crate) mod api;
pub(crate) mod jobs;
pub(crate) mod orphans;
pub(crate) mod queries;
