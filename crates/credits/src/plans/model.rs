//! What a plan is made of.

use std::fmt;

use kernel::{ImageCredits, Locale, Tokens, UserId, Yen};
use payments::subscriptions::BillingPeriod;
use platform::jobs::Job;
use serde::{Deserialize, Serialize};
use time::OffsetDateTime;

/// The name of a plan, as in `subscription_plans.code`. Plans are data, so this is no list.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(transparent)]
#[sqlx(transparent)]
pub struct PlanCode(pub String);

impl PlanCode {
    /// The plan that everybody begins on, and falls back to.
    pub const FREE: &'static str = "free";

    /// The plan that everybody begins on, and falls back to.
    pub fn free() -> Self {
        Self(Self::FREE.to_owned())
    }

    /// The code as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it is the plan without a price.
    pub fn is_free(&self) -> bool {
        self.0 == Self::FREE
    }
}

impl From<&str> for PlanCode {
    fn from(code: &str) -> Self {
        Self(code.to_owned())
    }
}

impl fmt::Display for PlanCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A text in both languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct InBoth<T> {
    pub(super) ja: T,
    pub(super) en: T,
}

impl<T> InBoth<T> {
    fn of(&self, locale: Locale) -> &T {
        match locale {
            Locale::Ja => &self.ja,
            Locale::En => &self.en,
        }
    }
}

/// A plan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Its name for the program.
    pub code: PlanCode,
    pub(super) name: InBoth<String>,
    pub(super) benefits: InBoth<Vec<String>>,
    /// The price of a month, tax included.
    pub price_month: Yen,
    /// The price of a year, tax included.
    pub price_year: Yen,
    /// Tokens a month.
    pub tokens_month: Tokens,
    /// Image credits a month.
    pub image_credits_month: ImageCredits,
    /// Image credits once, at sign-up.
    pub image_credits_once: ImageCredits,
    /// How many days what was made is kept; nothing is for ever.
    pub history_days: Option<i32>,
    /// How many pages may be published.
    pub page_limit: i32,
    /// Whether it can be begun.
    pub is_offered: bool,
}

impl Plan {
    /// What people call it.
    pub fn name(&self, locale: Locale) -> &str {
        self.name.of(locale)
    }

    /// What comes with it, line by line.
    pub fn benefits(&self, locale: Locale) -> &[String] {
        self.benefits.of(locale)
    }

    /// The price of a period, tax included.
    pub const fn price(&self, period: BillingPeriod) -> Yen {
        match period {
            BillingPeriod::Month => self.price_month,
            BillingPeriod::Year => self.price_year,
        }
    }
}

/// What a plan is to bring. Its prices are not here: a subscription keeps the price that was agreed to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanEdit {
    /// Which plan.
    pub code: PlanCode,
    /// Tokens a month.
    pub tokens_month: Tokens,
    /// Image credits a month.
    pub image_credits_month: ImageCredits,
    /// How many days what was made is kept; nothing is for ever.
    pub history_days: Option<i32>,
    /// How many pages may be published.
    pub page_limit: i32,
    /// What the plan's card says in Japanese, line by line.
    pub benefits_ja: Vec<String>,
    /// And in English, as many lines.
    pub benefits_en: Vec<String>,
}

/// Whether the plan of a user is paid, and what follows when it is not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DunningState {
    /// Everything is paid.
    Active,
    /// A payment failed; nothing changes until then.
    Grace {
        /// When grace ends.
        until: OffsetDateTime,
    },
    /// Unpaid: nothing can be made, everything can be read.
    ReadOnly {
        /// When the plan ends.
        until: OffsetDateTime,
    },
}

impl DunningState {
    /// The name in `user_settings.dunning_state`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Grace { .. } => "grace",
            Self::ReadOnly { .. } => "read_only",
        }
    }

    /// Until when, where it ends.
    pub const fn until(self) -> Option<OffsetDateTime> {
        match self {
            Self::Active => None,
            Self::Grace { until } | Self::ReadOnly { until } => Some(until),
        }
    }

    pub(super) fn of(name: &str, until: Option<OffsetDateTime>) -> Self {
        match (name, until) {
            ("grace", Some(until)) => Self::Grace { until },
            ("read_only", Some(until)) => Self::ReadOnly { until },
            _ => Self::Active,
        }
    }
}

/// The plan of a person.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserPlan {
    /// The plan.
    pub plan: Plan,
    /// Whether it is paid.
    pub dunning: DunningState,
}

/// A pack of tokens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pack {
    /// Its name for the program: 1, 2, 3.
    pub id: i32,
    /// What is in it.
    pub tokens: Tokens,
    /// Its price, tax included.
    pub price: Yen,
    /// Whether it can be bought.
    pub is_offered: bool,
}

/// The news that a person is on another plan: queued in the transaction of the change. Whoever keeps what people make
/// registers a handler for it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PlanChanged {
    /// Whose plan.
    pub user_id: UserId,
    /// The plan before.
    pub from: PlanCode,
    /// The plan from now on.
    pub to: PlanCode,
    /// How long things were kept before, where the plan stayed and its terms were edited.
    #[serde(default)]
    pub kept_before: Option<KeptBefore>,
}

/// How long what was made was kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptBefore {
    /// Days; nothing is for ever.
    pub days: Option<i32>,
}

impl Job for PlanChanged {
    const NAME: &'static str = "credits.plan_changed";
}
