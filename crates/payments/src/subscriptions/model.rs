//! What is asked of a provider.

use kernel::{Locale, UserId, Yen};
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;
use url::Url;
use uuid::Uuid;

use crate::error::PaymentError;
use crate::providers::code::ProviderCode;

/// How often a subscription is paid.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema,
)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum BillingPeriod {
    /// Every month.
    Month,
    /// Every year.
    Year,
}

impl BillingPeriod {
    /// `month` or `year`, as in the database and at the provider.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Month => "month",
            Self::Year => "year",
        }
    }
}

/// A checkout page on which a subscription is to begin.
#[derive(Clone, Debug)]
pub struct NewSubscriptionCheckout {
    /// Ours; the same id gives the same page, and every later word of the provider carries it.
    pub checkout_id: Uuid,
    /// Who subscribes, where that is known before the payment.
    pub user_id: Option<UserId>,
    /// The plan, as in `subscription_plans.code`: `[a-z0-9_]`, at most 40 characters.
    pub plan_code: String,
    /// What the buyer reads, at most 100 characters.
    pub plan_name: String,
    /// How often it is paid.
    pub period: BillingPeriod,
    /// How much each time; ¥50 or more.
    pub price: Yen,
    /// Where the customer is known already: at which provider, and its name there.
    pub customer: Option<(ProviderCode, String)>,
    /// The mail address, where it is known; else the page asks for it. Of no effect beside a customer.
    pub email: Option<String>,
    /// Where the buyer goes after paying; the provider replaces `{CHECKOUT_SESSION_ID}` in it.
    pub success_url: String,
    /// Where the buyer goes when giving up.
    pub cancel_url: String,
    /// The language of the page.
    pub locale: Locale,
}

/// A checkout page that is open, for 24 hours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenedCheckout {
    /// Where.
    pub provider: ProviderCode,
    /// The provider's name of it.
    pub session_id: String,
    /// Where the buyer pays.
    pub url: Url,
}

/// When another plan comes into force.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Proration {
    /// Now; the difference for the rest of the period is invoiced and collected at once, or nothing changes.
    InvoiceNow,
    /// With the next period, at its price; nothing is invoiced before. Until then it is
    /// [`super::SubscriptionSnapshot::next`].
    NextPeriod,
}

/// Another plan, period or price for a subscription.
#[derive(Clone, Debug)]
pub struct PlanChange {
    /// Where the subscription is.
    pub provider: ProviderCode,
    /// The provider's name of it.
    pub subscription_id: String,
    /// The plan, as in `subscription_plans.code`.
    pub plan_code: String,
    /// What the buyer reads.
    pub plan_name: String,
    /// How often it is paid.
    pub period: BillingPeriod,
    /// How much each time.
    pub price: Yen,
    /// When.
    pub proration: Proration,
    /// The moment from which the difference is reckoned, as [`ChangePreview::at`] said it; now where nothing is said. What was
    /// shown is charged.
    pub prorated_at: Option<OffsetDateTime>,
    /// Stored by the caller before the call; the same key has its effect once.
    pub key: String,
}

/// What a change that comes into force now costs, by the provider's own reckoning.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangePreview {
    /// What is collected at once; zero where nothing is.
    pub amount: Yen,
    /// The moment from which it is reckoned: given to the change, it costs just that.
    pub at: OffsetDateTime,
    /// Whether anything would change; what is in force already costs nothing.
    pub is_change: bool,
}

/// How long a price that was reckoned may be agreed to.
pub(crate) const PREVIEW_HOLDS: time::Duration = time::Duration::minutes(30);

/// The moment from which a change is reckoned, in whole seconds: the one that was agreed to, which lies in the present period and
/// not too long ago, or now.
pub(crate) fn prorated_at(
    wanted: Option<OffsetDateTime>,
    now: OffsetDateTime,
    period_start: OffsetDateTime,
) -> Option<OffsetDateTime> {
    let now = now.replace_nanosecond(0).unwrap_or(now);
    let at = wanted.unwrap_or(now.max(period_start));
    (at >= period_start && at <= now.max(period_start) && now - at <= PREVIEW_HOLDS).then_some(at)
}

/// The longest plan code and plan name, in characters.
const PLAN_CODE_CHARS_MAX: usize = 40;
const PLAN_NAME_CHARS_MAX: usize = 100;
/// The longest mail address and the longest address of a page, in bytes.
const EMAIL_BYTES_MAX: usize = 254;
const URL_BYTES_MAX: usize = 5_000;
/// What stands for the session's name in the address of success.
pub(crate) const SESSION_PLACE: &str = "{CHECKOUT_SESSION_ID}";

impl NewSubscriptionCheckout {
    /// The customer at this provider: one of another provider means nothing to it.
    pub(crate) fn customer_at(&self, provider: ProviderCode) -> Option<&str> {
        self.customer.as_ref().filter(|(known_at, _)| *known_at == provider).map(|(_, id)| id.as_str())
    }

    /// Checks what a provider would refuse.
    ///
    /// # Errors
    /// [`PaymentError::InvalidRequest`] with the field.
    pub(crate) fn check(&self) -> Result<(), PaymentError> {
        check_plan(&self.plan_code, &self.plan_name, self.price)?;
        if self.email.as_ref().is_some_and(|email| email.len() > EMAIL_BYTES_MAX || !email.contains('@')) {
            return Err(PaymentError::InvalidRequest("email"));
        }
        for (field, address) in [("success_url", &self.success_url), ("cancel_url", &self.cancel_url)] {
            let readable = Url::parse(&address.replace(SESSION_PLACE, "session"))
                .is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host());
            if !readable || address.len() > URL_BYTES_MAX {
                return Err(PaymentError::InvalidRequest(field));
            }
        }
        Ok(())
    }
}

impl PlanChange {
    /// Checks what a provider would refuse.
    ///
    /// # Errors
    /// [`PaymentError::InvalidRequest`] with the field.
    pub(crate) fn check(&self) -> Result<(), PaymentError> {
        if self.key.is_empty() || self.key.len() > 200 {
            return Err(PaymentError::InvalidRequest("key"));
        }
        check_plan(&self.plan_code, &self.plan_name, self.price)
    }
}

fn check_plan(code: &str, name: &str, price: Yen) -> Result<(), PaymentError> {
    let sound = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'_';
    if code.is_empty() || code.len() > PLAN_CODE_CHARS_MAX || !code.bytes().all(sound) {
        return Err(PaymentError::InvalidRequest("plan_code"));
    }
    if name.trim().is_empty() || name.chars().count() > PLAN_NAME_CHARS_MAX {
        return Err(PaymentError::InvalidRequest("plan_name"));
    }
    if price.get() < kernel::limits::PRICE_YEN_MIN || price.get() > 99_999_999 {
        return Err(PaymentError::InvalidRequest("price"));
    }
    Ok(())
}

/// The code under which both providers refuse a moment that is too long ago.
pub(crate) const PREVIEW_IS_STALE: &str = "preview_is_stale";

/// The code under which both providers refuse to change what has ended.
pub(crate) const SUBSCRIPTION_IS_OVER: &str = "subscription_is_over";
