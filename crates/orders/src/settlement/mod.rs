//! Settlement: what follows when the money is there, will not come, or went back.
//!
//! What always holds: sale, entitlement, licence, package order and mails are written in one transaction, keyed by the
//! order, so that being told twice changes nothing; money for what is gone goes back by itself.

mod close;
mod competitors;
mod facts;
mod fulfil;
pub mod jobs;
mod lapse;
mod mails;
mod queries;
mod refuse;
mod settle;

pub(crate) use close::CloseOrder;
pub(crate) use fulfil::settle_free;
pub(crate) use jobs::registry;
pub(crate) use lapse::lapse;
