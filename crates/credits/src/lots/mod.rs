//! Lots: credits that came together, and expire together.

mod end;
mod follow_refunds;
mod grant;
pub(crate) mod model;
mod queries;
mod take_back;
mod withdraw;

pub use end::end_plan_lots;
pub use follow_refunds::{Followed, follow_refunds};
pub use grant::grant;
pub use model::{Amount, LotSource, NewLot, TakenBack, Withdrawal};
pub use take_back::take_back;
pub use withdraw::withdraw;
