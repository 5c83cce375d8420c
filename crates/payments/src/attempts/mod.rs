//! Attempts to pay a payment: a page or a call at a provider each, of which at most one is the payment's capture.

pub(crate) mod apply;
pub(crate) mod capture;
pub(crate) mod close;
pub(crate) mod ids;
pub(crate) mod jobs;
pub(crate) mod model;
pub(crate) mod queries;
pub(crate) mod redirect;
mod unmatched;
