//! The jobs by which payments tells what became of the money.

use payments::PaymentNotice;
use platform::jobs::{Job, JobRun, Registry};
use serde::{Deserialize, Serialize};

use super::close::{self, CloseOrder};
use super::{lapse, settle};
use crate::Orders;

/// The money is there; also after a lapse.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SettleOrder(pub PaymentNotice);

/// The money will not come, and nobody can pay any more.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct LapseOrder(pub PaymentNotice);

/// Some or all of the money went back.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(transparent)]
pub struct OrderRefunded(pub PaymentNotice);

impl Job for SettleOrder {
    const NAME: &'static str = "orders.settle_order";
    // Somebody has paid: this is tried for days before an operator has to look.
    const MAX_ATTEMPTS: i32 = 80;
    const PRIORITY: i16 = 10;
}

impl Job for LapseOrder {
    const NAME: &'static str = "orders.lapse_order";
    const MAX_ATTEMPTS: i32 = 40;
}

impl Job for OrderRefunded {
    const NAME: &'static str = "orders.order_refunded";
    const MAX_ATTEMPTS: i32 = 40;
}

impl From<PaymentNotice> for SettleOrder {
    fn from(notice: PaymentNotice) -> Self {
        Self(notice)
    }
}

impl From<PaymentNotice> for LapseOrder {
    fn from(notice: PaymentNotice) -> Self {
        Self(notice)
    }
}

impl From<PaymentNotice> for OrderRefunded {
    fn from(notice: PaymentNotice) -> Self {
        Self(notice)
    }
}

/// The handlers.
pub(crate) fn registry(orders: &Orders) -> Registry {
    let (settling, closing) = (orders.clone(), orders.clone());
    Registry::new()
        .on(move |run: JobRun<SettleOrder>| settle::run(settling.clone(), run))
        .on(|run: JobRun<LapseOrder>| lapse::run(run))
        .on(|run: JobRun<OrderRefunded>| lapse::refunded(run))
        .on(move |run: JobRun<CloseOrder>| close::run(closing.clone(), run))
}
