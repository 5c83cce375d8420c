//! What both pages of the customer say of plan and balance.

use kernel::{Ctx, UserId};
use platform::{Problem, Tx};
use ui::{Messages, arg};

use crate::plans;
use crate::plans::model::{DunningState, UserPlan};
use crate::wallets;
use crate::wallets::model::Balance;
use ui::dates::day;

/// A warning about an unpaid plan.
pub(super) struct Warning {
    pub(super) words: String,
    pub(super) is_grave: bool,
}

/// Plan and balance.
pub(super) struct Overview {
    pub(super) user_plan: UserPlan,
    pub(super) balance: Balance,
    pub(super) warning: Option<Warning>,
}

impl Overview {
    pub(super) async fn read(ctx: &Ctx, tx: &mut Tx, user_id: UserId) -> Result<Self, Problem> {
        let user_plan = plans::plan_of(tx, user_id).await?;
        let balance = wallets::balance(tx, user_id, ctx.now()).await?;
        let t = Messages::new(ctx.locale);
        let warning = match user_plan.dunning {
            DunningState::Active => None,
            DunningState::Grace { until } => Some(Warning {
                words: t.say_with("admin-plan-dunning-grace", arg("day", day(ctx.locale, until))),
                is_grave: false,
            }),
            DunningState::ReadOnly { until } => {
                let words = t.say_with("admin-plan-dunning-read-only", arg("day", day(ctx.locale, until)));
                Some(Warning { words, is_grave: true })
            }
        };
        Ok(Self { user_plan, balance, warning })
    }
}

/// The ways between the customer's pages.
pub(crate) fn tabs(t: Messages, here: &str) -> Vec<(String, String, bool)> {
    const PLACES: [(&str, &str); 4] = [
        ("admin-pages", "/admin/pages"),
        ("admin-settings", "/admin/settings"),
        ("admin-usage", "/account/usage"),
        ("admin-security", "/account/security"),
    ];
    PLACES.iter().map(|&(key, href)| (t.say(key), href.to_owned(), href == here)).collect()
}
