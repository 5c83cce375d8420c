//! Plans: what a person pays regularly, and what comes with it.

mod model;
mod queries;
mod set_plan;

pub use model::{Pack, Plan, PlanChanged, PlanCode, PlanStanding, Standing};
pub use queries::{all, find, offered, pack, packs, plan_of};
pub use set_plan::set_plan;
