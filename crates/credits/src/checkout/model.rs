//! What a checkout is.

use kernel::{Locale, UserId, Yen};
use serde::Serialize;
use time::Duration;
use utoipa::ToSchema;

use crate::ids::CheckoutId;
use crate::plans::model::PlanCode;
use payments::providers::ProviderCode;
use payments::subscriptions::BillingPeriod;

/// A page of the provider takes money for so long; after that, with room for what is on its way, nobody can pay.
pub(crate) const PAGE_LIFE: Duration = Duration::hours(25);

/// Where a checkout stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum CheckoutState {
    /// The buyer may pay, or has paid and the news is on its way.
    Open,
    /// A subscription has begun with it.
    Begun,
    /// It was paid and could not begin; the money goes back.
    GivenBack,
    /// Nobody can pay any more.
    Lapsed,
}

/// A checkout, as the platform keeps it.
#[derive(Clone, Debug)]
pub struct Checkout {
    /// Ours.
    pub id: CheckoutId,
    /// Who asked, or who it became.
    pub user_id: Option<UserId>,
    /// What is to begin.
    pub plan: PlanCode,
    /// How often it is paid.
    pub period: BillingPeriod,
    /// How much each time.
    pub price: Yen,
    /// The language in which it was asked for.
    pub locale: Locale,
    /// Where the page is, and the provider's name of it.
    pub session: Option<(ProviderCode, String)>,
    /// Where it stands.
    pub state: CheckoutState,
    /// The address that was given, made unreadable.
    pub email_masked: Option<String>,
    /// Whether an account was made.
    pub is_new_user: Option<bool>,
}

/// What whoever comes back from paying may know.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum CompletionState {
    /// The news of the payment has not arrived.
    Pending,
    /// The plan is there.
    Ready,
    /// There was a plan already, or no account could be made: the money goes back.
    GivenBack,
}

/// What whoever comes back from paying may know: nothing that would serve somebody who found the address.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct Completion {
    /// Where it stands.
    pub state: CompletionState,
    /// `u•••@e•••.com`; absent while it is pending.
    pub email: Option<String>,
    /// The plan's name in the asker's language.
    pub plan_name: String,
    /// Whether an account was made; absent while it is pending.
    pub is_new_user: Option<bool>,
}

/// An address as somebody who holds only the name of a checkout may see it: the first letters and the ending.
pub(crate) fn mask(email: &str) -> String {
    let (local, domain) = email.split_once('@').unwrap_or((email, ""));
    let first = |text: &str| text.chars().next().map(String::from).unwrap_or_default();
    let (host, ending) = domain.rsplit_once('.').unwrap_or((domain, ""));
    format!("{}•••@{}•••.{ending}", first(local), first(host))
}

#[cfg(test)]
mod tests {
    use super::mask;

    #[test]
    fn an_address_is_known_to_its_owner_only() {
        assert_eq!(mask("user@example.com"), "u•••@e•••.com");
        assert_eq!(mask("a@b.co.jp"), "a•••@b•••.jp");
        assert_eq!(mask("@"), "•••@•••.");
    }
}
