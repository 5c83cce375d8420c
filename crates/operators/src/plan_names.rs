//! The names of plans, for lists that know only their codes.

use kernel::Locale;
use platform::{Problem, Tx};

/// Every plan that is offered, as (code, name).
///
/// # Errors
/// When the database fails.
pub(crate) async fn plan_names(tx: &mut Tx, locale: Locale) -> Result<Vec<(String, String)>, Problem> {
    let plans = credits::plans::offered(tx).await?;
    Ok(plans.iter().map(|plan| (plan.code.to_string(), plan.name(locale).to_owned())).collect())
}

/// What people call a plan; its code where it is no longer offered.
pub(crate) fn name_of<'a>(plans: &'a [(String, String)], code: &'a str) -> &'a str {
    plans.iter().find(|(plan, _)| plan == code).map_or(code, |(_, name)| name)
}
