//! What a payment is.

use kernel::{Locale, PaymentId, UserId, Yen};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use url::Url;
use uuid::Uuid;

use crate::error::PaymentError;
use crate::providers::code::ProviderCode;
use crate::providers::snapshot::Voucher;
use crate::purpose::Purpose;

/// The status of a payment, over all attempts to pay it. Undecided statuses may follow one another in any order; then only
/// forward: `captured → (partially_refunded →) refunded`, or to `failed` or `expired`, which a late capture overrules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum PaymentStatus {
    /// The buyer may pay.
    Pending,
    /// A convenience store slip is printed and not paid.
    VoucherIssued,
    /// The buyer has finished; the money is on its way.
    Processing,
    /// The money is there.
    Captured,
    /// The money that was on its way will not come.
    Failed,
    /// Nobody can pay any more.
    Expired,
    /// Some of the money went back.
    PartiallyRefunded,
    /// All of the money went back.
    Refunded,
}

impl PaymentStatus {
    /// The name in `payments.status`.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::VoucherIssued => "voucher_issued",
            Self::Processing => "processing",
            Self::Captured => "captured",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::PartiallyRefunded => "partially_refunded",
            Self::Refunded => "refunded",
        }
    }

    /// Whether an attempt may still pay it without a new decision of the buyer's.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Pending) || self.is_on_its_way()
    }

    /// Whether the buyer has finished and the money is on its way.
    pub const fn is_on_its_way(self) -> bool {
        matches!(self, Self::VoucherIssued | Self::Processing)
    }

    /// Whether money arrived.
    pub const fn has_money(self) -> bool {
        matches!(self, Self::Captured | Self::PartiallyRefunded | Self::Refunded)
    }
}

/// A payment that is wanted.
#[derive(Clone, Debug)]
pub struct NewPayment {
    /// What it is for.
    pub purpose: Purpose,
    /// What exactly: the order. One payment each.
    pub reference_id: Uuid,
    /// Who pays.
    pub buyer_id: UserId,
    /// How much; ¥50 or more.
    pub amount: Yen,
    /// What the buyer reads at the provider, at most 200 characters.
    pub description: String,
    /// Where the buyer goes after paying; already allowed.
    pub success_url: Url,
    /// Where the buyer goes when giving up; already allowed.
    pub cancel_url: Url,
    /// When the offer ends; brought within the provider's 30 minutes to 24 hours.
    pub expires_at: OffsetDateTime,
}

/// The shortest life of a checkout page, in minutes: Stripe's 30, with room for the call itself.
pub(crate) const LIFE_MIN: Duration = Duration::minutes(32);
/// The longest, likewise.
const LIFE_MAX: Duration = Duration::minutes(24 * 60 - 10);
/// The lowest amount that a provider takes.
const AMOUNT_MIN: Yen = Yen(kernel::limits::PRICE_YEN_MIN);
/// The highest amount of one payment.
const AMOUNT_MAX: Yen = Yen(Yen::MAX_ABS);
/// The longest description, in characters.
const DESCRIPTION_CHARS_MAX: usize = 200;
/// The longest address, in bytes.
const URL_BYTES_MAX: usize = 5_000;

impl NewPayment {
    /// Checks what a provider would refuse.
    ///
    /// # Errors
    /// [`PaymentError::InvalidRequest`] with the field.
    pub(crate) fn check(&self) -> Result<(), PaymentError> {
        if self.amount < AMOUNT_MIN || self.amount > AMOUNT_MAX {
            return Err(PaymentError::InvalidRequest("amount"));
        }
        if self.description.trim().is_empty() || self.description.chars().count() > DESCRIPTION_CHARS_MAX {
            return Err(PaymentError::InvalidRequest("description"));
        }
        for (field, url) in [("success_url", &self.success_url), ("cancel_url", &self.cancel_url)] {
            if !matches!(url.scheme(), "http" | "https") || !url.has_host() || url.as_str().len() > URL_BYTES_MAX {
                return Err(PaymentError::InvalidRequest(field));
            }
        }
        if self.purpose == Purpose::Unmatched {
            return Err(PaymentError::InvalidRequest("purpose"));
        }
        Ok(())
    }

    /// The end of the offer, where a provider accepts it.
    pub(crate) fn expiry_within_bounds(&self, now: OffsetDateTime) -> OffsetDateTime {
        self.expires_at.clamp(now + LIFE_MIN, now + LIFE_MAX)
    }
}

/// What a buyer may know of a payment: of its attempts the one that paid it, else the newest.
#[derive(Clone, Debug)]
pub struct PaymentView {
    /// The payment.
    pub id: PaymentId,
    /// Its status.
    pub status: PaymentStatus,
    /// How much.
    pub amount: Yen,
    /// How much went back.
    pub refunded: Yen,
    /// Who takes the money.
    pub provider: ProviderCode,
    /// Who takes the money, as people call it.
    pub provider_name: String,
    /// Where to pay, while that is possible.
    pub checkout_url: Option<String>,
    /// Why the last try failed.
    pub last_failure_code: Option<String>,
    /// When the offer ends.
    pub expires_at: OffsetDateTime,
    /// When the money arrived.
    pub captured_at: Option<OffsetDateTime>,
    /// The convenience store slip, while it waits to be paid.
    pub voucher: Option<Voucher>,
}

/// A payment as the platform knows it.
#[derive(Clone, Debug)]
pub(crate) struct Payment {
    pub(crate) id: PaymentId,
    pub(crate) purpose: Purpose,
    pub(crate) reference_id: Uuid,
    pub(crate) buyer_id: Option<UserId>,
    pub(crate) amount: Yen,
    pub(crate) refunded: Yen,
    pub(crate) status: PaymentStatus,
    pub(crate) description: String,
    pub(crate) success_url: String,
    pub(crate) cancel_url: String,
    pub(crate) locale: String,
    pub(crate) expires_at: OffsetDateTime,
}

impl Payment {
    /// The language of the checkout page.
    pub(crate) fn locale(&self) -> Locale {
        self.locale.parse().unwrap_or_default()
    }
}
