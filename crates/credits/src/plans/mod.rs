//! Plans: what a person pays regularly, and what comes with it.

mod edit;
pub(crate) mod model;
pub(crate) mod queries;
mod renew_terms;
mod set_plan;

pub use edit::edit;
pub use model::{DunningState, KeptBefore, Pack, Plan, PlanChanged, PlanCode, PlanEdit, UserPlan};
pub use queries::{OnPlan, all, find, history_days, offered, on_plan, pack, packs, plan_of};
pub(crate) use renew_terms::registry;
pub use renew_terms::{RenewFreeTerms, renew_terms};
pub use set_plan::set_plan;
