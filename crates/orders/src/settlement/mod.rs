//! Settlement: what follows when an order's payment is captured, fails, expires or is refunded.
//!
//! What always holds: sale, entitlement, licence, package job and mails are written in one transaction, keyed by the
//! order, so that a repeated notice changes nothing; a payment for goods that are no longer available is refunded.

pub(crate) mod close;
pub(crate) mod fulfil;
pub(crate) mod items;
pub(crate) mod lapse;
pub(crate) mod mails;
pub(crate) mod model;
pub(crate) mod queries;
pub(crate) mod refuse;
pub(crate) mod settle;
pub(crate) mod settle_free;

pub use model::{LapseOrder, OrderRefunded, SettleOrder};

use platform::jobs::{JobRun, Registry};

use crate::state::Orders;
use model::CloseOrder;

/// The jobs of settlement.
pub(crate) fn registry(orders: &Orders) -> Registry {
    let (settling, closing) = (orders.clone(), orders.clone());
    Registry::new()
        .on(move |run: JobRun<SettleOrder>| settle::run(settling.clone(), run))
        .on(|run: JobRun<LapseOrder>| lapse::run(run))
        .on(|run: JobRun<OrderRefunded>| lapse::refunded(run))
        .on(move |run: JobRun<CloseOrder>| close::run(closing.clone(), run))
}
