//! What a payment is.

use kernel::{Locale, PaymentId, UserId, Yen};
use serde::{Deserialize, Serialize};
use time::{Duration, OffsetDateTime};
use url::Url;
use uuid::Uuid;

use crate::error::PaymentError;
use crate::providers::code::ProviderCode;
use crate::providers::snapshot::CheckoutState;
use crate::purpose::Purpose;

/// Where a payment stands. Only forward: `pending → authorized → captured → (partially_refunded →) refunded`, or to
/// `failed` or `expired`, which money that arrives late overrules.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, sqlx::Type, utoipa::ToSchema)]
#[serde(rename_all = "snake_case")]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub enum PaymentStatus {
    /// The buyer may pay.
    Pending,
    /// The buyer has chosen how; the money is on its way.
    Authorized,
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
            Self::Authorized => "authorized",
            Self::Captured => "captured",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::PartiallyRefunded => "partially_refunded",
            Self::Refunded => "refunded",
        }
    }

    /// Whether the provider may still change its mind without being asked to.
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Pending | Self::Authorized)
    }

    /// Whether money arrived.
    pub const fn has_money(self) -> bool {
        matches!(self, Self::Captured | Self::PartiallyRefunded | Self::Refunded)
    }

    /// The status that follows from what the provider says; nothing when that changes nothing.
    pub(crate) const fn after(self, state: CheckoutState) -> Option<Self> {
        match (self, state) {
            (Self::Pending | Self::Authorized | Self::Failed | Self::Expired, CheckoutState::Paid) => {
                Some(Self::Captured)
            }
            (Self::Pending, CheckoutState::AwaitingMoney) => Some(Self::Authorized),
            (Self::Pending | Self::Authorized, CheckoutState::Expired) => Some(Self::Expired),
            (Self::Pending | Self::Authorized, CheckoutState::Failed) => Some(Self::Failed),
            _ => None,
        }
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

/// The provider's shortest life of a page, with room for the call itself.
pub(crate) const LIFE_MIN: Duration = Duration::minutes(32);
/// The provider's longest, likewise.
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
        if self.purpose == Purpose::Orphan {
            return Err(PaymentError::InvalidRequest("purpose"));
        }
        Ok(())
    }

    /// The end of the offer, where a provider accepts it.
    pub(crate) fn expiry_within_bounds(&self, now: OffsetDateTime) -> OffsetDateTime {
        self.expires_at.clamp(now + LIFE_MIN, now + LIFE_MAX)
    }
}

/// What a buyer may know of a payment.
#[derive(Clone, Debug)]
pub struct PaymentView {
    /// The payment.
    pub id: PaymentId,
    /// Where it stands.
    pub status: PaymentStatus,
    /// How much.
    pub amount: Yen,
    /// How much went back.
    pub refunded: Yen,
    /// Who takes the money, as people call it.
    pub provider_name: String,
    /// Where to pay, while that is possible.
    pub checkout_url: Option<String>,
    /// Why the last attempt failed.
    pub last_failure_code: Option<String>,
    /// When the offer ends.
    pub expires_at: OffsetDateTime,
    /// When the money arrived.
    pub captured_at: Option<OffsetDateTime>,
    /// Where the slip for a convenience store is shown, while it waits to be paid.
    pub slip_url: Option<String>,
    /// Until when the slip can be paid, where the provider said so.
    pub slip_expires_at: Option<OffsetDateTime>,
}

/// A payment as the platform knows it.
#[derive(Clone, Debug)]
pub(crate) struct Payment {
    pub id: PaymentId,
    pub purpose: Purpose,
    pub reference_id: Uuid,
    pub buyer_id: Option<UserId>,
    pub provider: ProviderCode,
    pub session_id: Option<String>,
    pub intent_id: Option<String>,
    pub checkout_url: Option<String>,
    pub amount: Yen,
    pub refunded: Yen,
    pub provider_fee: Option<Yen>,
    pub status: PaymentStatus,
    pub description: String,
    pub success_url: String,
    pub cancel_url: String,
    pub locale: String,
    pub idempotency_key: String,
    pub generation: i32,
    pub expires_at: OffsetDateTime,
    pub check_count: i32,
}

impl Payment {
    /// The language of the checkout page.
    pub(crate) fn locale(&self) -> Locale {
        self.locale.parse().unwrap_or_default()
    }

    /// When to ask the provider next, after `check_count` times: soon at first, never long after the offer ends.
    pub(crate) fn next_check_at(
        &self,
        now: OffsetDateTime,
        status: PaymentStatus,
        fee_known: bool,
    ) -> Option<OffsetDateTime> {
        let doublings = self.check_count.clamp(0, 12);
        let wait = |first: Duration, longest: Duration| (first * 2_i32.pow(doublings.unsigned_abs())).min(longest);
        match status {
            PaymentStatus::Pending if now < self.expires_at => {
                Some((now + wait(Duration::minutes(3), Duration::hours(1))).min(self.expires_at))
            }
            PaymentStatus::Pending => Some(now + wait(Duration::minutes(1), Duration::minutes(15))),
            PaymentStatus::Authorized => Some(now + wait(Duration::minutes(5), Duration::hours(6))),
            status if status.has_money() && !fee_known => Some(now + wait(Duration::seconds(30), Duration::hours(24))),
            _ => None,
        }
    }
}

/// The key of a payment's n-th page. Stored before it is used.
pub(crate) fn checkout_key(payment_id: PaymentId, generation: i32) -> String {
    format!("checkout:{payment_id}:{generation}")
}

#[cfg(test)]
mod tests {
    use super::*;

    const STATES: [CheckoutState; 6] = [
        CheckoutState::Open,
        CheckoutState::AwaitingMoney,
        CheckoutState::Paid,
        CheckoutState::Expired,
        CheckoutState::Failed,
        CheckoutState::Unclear,
    ];

    /// Whatever order the provider's words come in, a payment that was ever called paid ends captured, and its status
    /// never returns to an earlier one.
    #[test]
    fn no_order_of_events_moves_a_payment_backwards() {
        let rank = |status| match status {
            PaymentStatus::Pending => 0,
            PaymentStatus::Authorized => 1,
            PaymentStatus::Failed | PaymentStatus::Expired => 2,
            PaymentStatus::Captured => 3,
            PaymentStatus::PartiallyRefunded => 4,
            PaymentStatus::Refunded => 5,
        };
        for number in 0..STATES.len().pow(4) {
            let states: Vec<_> = (0..4).map(|place| STATES[number / STATES.len().pow(place) % STATES.len()]).collect();
            let mut status = PaymentStatus::Pending;
            for state in &states {
                if let Some(next) = status.after(*state) {
                    assert!(rank(next) > rank(status), "{states:?}");
                    status = next;
                }
            }
            assert_eq!(status == PaymentStatus::Captured, states.contains(&CheckoutState::Paid), "{states:?}");
        }
    }
}
