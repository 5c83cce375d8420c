//! What an attempt is.

use kernel::{PaymentId, Yen};
use time::{Duration, OffsetDateTime};

use super::ids::AttemptId;
use crate::providers::code::ProviderCode;
use crate::providers::snapshot::{CheckoutState, Voucher};

/// The state of an attempt. Only forward: `opening → open → (voucher_issued | processing | authorized) → captured`, or to
/// `failed`, `expired` or `cancelled`, which a late capture overrules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum AttemptState {
    /// Stored with its key; the provider may or may not know it.
    Opening,
    /// The buyer may pay.
    Open {
        /// Where.
        checkout_url: String,
    },
    /// A convenience store slip is printed and not paid.
    VoucherIssued(Voucher),
    /// The buyer has finished and a bank has the order.
    Processing,
    /// The buyer has approved; the money is to be captured.
    Authorized,
    /// The money is there.
    Captured {
        /// How much.
        amount: Yen,
        /// Since when.
        at: OffsetDateTime,
    },
    /// The money will not come.
    Failed,
    /// The buyer can pay no more.
    Expired,
    /// We closed it.
    Cancelled,
}

impl AttemptState {
    /// The name in `payment_attempts.state`.
    pub(crate) const fn as_str(&self) -> &'static str {
        match self {
            Self::Opening => "opening",
            Self::Open { .. } => "open",
            Self::VoucherIssued(_) => "voucher_issued",
            Self::Processing => "processing",
            Self::Authorized => "authorized",
            Self::Captured { .. } => "captured",
            Self::Failed => "failed",
            Self::Expired => "expired",
            Self::Cancelled => "cancelled",
        }
    }

    /// Reads the columns of a row; nothing when they do not fit together.
    pub(crate) fn read(
        name: &str,
        checkout_url: Option<String>,
        voucher: Option<Voucher>,
        captured: Option<(Yen, OffsetDateTime)>,
    ) -> Option<Self> {
        Some(match name {
            "opening" => Self::Opening,
            "open" => Self::Open { checkout_url: checkout_url? },
            "voucher_issued" => Self::VoucherIssued(voucher?),
            "processing" => Self::Processing,
            "authorized" => Self::Authorized,
            "captured" => captured.map(|(amount, at)| Self::Captured { amount, at })?,
            "failed" => Self::Failed,
            "expired" => Self::Expired,
            "cancelled" => Self::Cancelled,
            _ => return None,
        })
    }

    const fn rank(&self) -> u8 {
        match self {
            Self::Opening => 0,
            Self::Open { .. } => 1,
            Self::VoucherIssued(_) | Self::Processing | Self::Authorized => 2,
            Self::Failed | Self::Expired | Self::Cancelled => 3,
            Self::Captured { .. } => 4,
        }
    }

    /// Whether the buyer may still pay by it, or has and the money is on its way.
    pub(crate) const fn is_live(&self) -> bool {
        self.rank() < 3
    }

    /// Whether the buyer has finished and the money is on its way.
    pub(crate) const fn is_on_its_way(&self) -> bool {
        self.rank() == 2
    }

    /// Whether money arrived by it.
    pub(crate) const fn is_captured(&self) -> bool {
        matches!(self, Self::Captured { .. })
    }

    /// The state that follows from what the provider reports; nothing when that changes nothing. `amount` is what the
    /// provider says was captured.
    pub(crate) fn after(&self, reported: &CheckoutState, amount: Yen, now: OffsetDateTime) -> Option<Self> {
        let next = match reported {
            CheckoutState::Open { url } => Self::Open { checkout_url: url.clone()? },
            CheckoutState::VoucherIssued(voucher) => Self::VoucherIssued(voucher.clone()),
            CheckoutState::Processing => Self::Processing,
            CheckoutState::Authorized => Self::Authorized,
            CheckoutState::Captured => Self::Captured { amount, at: now },
            CheckoutState::Expired => Self::Expired,
            CheckoutState::Failed => Self::Failed,
            CheckoutState::Unclear => return None,
        };
        (next.rank() > self.rank()).then_some(next)
    }
}

/// An attempt as the platform knows it.
#[derive(Clone, Debug)]
pub(crate) struct Attempt {
    pub(crate) id: AttemptId,
    /// The payment that its money belongs to.
    pub(crate) payment_id: PaymentId,
    pub(crate) provider: ProviderCode,
    pub(crate) state: AttemptState,
    pub(crate) idempotency_key: String,
    /// What was asked for.
    pub(crate) amount: Yen,
    /// Whether the provider's fee is known.
    pub(crate) fee_is_known: bool,
    pub(crate) session_id: Option<String>,
    pub(crate) txn_id: Option<String>,
    pub(crate) expires_at: OffsetDateTime,
    pub(crate) check_count: i32,
}

impl Attempt {
    /// When to ask the provider next in `state`, after `check_count` times: soon at first, never long after the offer ends.
    pub(crate) fn next_check_at(
        &self,
        now: OffsetDateTime,
        state: &AttemptState,
        fee_is_known: bool,
    ) -> Option<OffsetDateTime> {
        let doublings = self.check_count.clamp(0, 12);
        let wait = |first: Duration, longest: Duration| (first * 2_i32.pow(doublings.unsigned_abs())).min(longest);
        match state {
            AttemptState::Opening | AttemptState::Open { .. } if now < self.expires_at => {
                Some((now + wait(Duration::minutes(3), Duration::hours(1))).min(self.expires_at))
            }
            AttemptState::Opening | AttemptState::Open { .. } => {
                Some(now + wait(Duration::minutes(1), Duration::minutes(15)))
            }
            AttemptState::Authorized => Some(now + wait(Duration::minutes(2), Duration::minutes(30))),
            AttemptState::VoucherIssued(_) | AttemptState::Processing => {
                Some(now + wait(Duration::minutes(5), Duration::hours(6)))
            }
            AttemptState::Captured { .. } if !fee_is_known => {
                Some(now + wait(Duration::seconds(30), Duration::hours(24)))
            }
            AttemptState::Captured { .. } | AttemptState::Failed | AttemptState::Expired | AttemptState::Cancelled => {
                None
            }
        }
    }
}

/// The key of an attempt's page. Stored before it is used; another page is another attempt.
pub(crate) fn checkout_key(id: AttemptId) -> String {
    format!("checkout:{id}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Whatever order the provider's reports come in, an attempt that was ever called captured ends captured, and its state
    /// never returns to an earlier one.
    #[test]
    fn no_order_of_events_moves_an_attempt_backwards() {
        let voucher = Voucher { url: "https://x.example/slip".to_owned(), expires_at: None };
        let reports = [
            CheckoutState::Open { url: Some("https://x.example/pay".to_owned()) },
            CheckoutState::VoucherIssued(voucher),
            CheckoutState::Processing,
            CheckoutState::Authorized,
            CheckoutState::Captured,
            CheckoutState::Expired,
            CheckoutState::Failed,
            CheckoutState::Unclear,
        ];
        for number in 0..reports.len().pow(4) {
            let order: Vec<_> =
                (0..4).map(|place| &reports[number / reports.len().pow(place) % reports.len()]).collect();
            let mut state = AttemptState::Opening;
            for report in &order {
                if let Some(next) = state.after(report, Yen(1), OffsetDateTime::UNIX_EPOCH) {
                    assert!(next.rank() > state.rank(), "{order:?}");
                    state = next;
                }
            }
            assert_eq!(state.is_captured(), order.contains(&&CheckoutState::Captured), "{order:?}");
        }
    }

    #[test]
    fn a_row_whose_columns_do_not_fit_its_state_is_not_read() {
        assert_eq!(AttemptState::read("open", None, None, None), None);
        assert_eq!(AttemptState::read("voucher_issued", None, None, None), None);
        assert_eq!(AttemptState::read("captured", None, None, None), None);
        assert_eq!(AttemptState::read("somewhere", None, None, None), None);
        assert_eq!(AttemptState::read("processing", None, None, None), Some(AttemptState::Processing));
    }
}
