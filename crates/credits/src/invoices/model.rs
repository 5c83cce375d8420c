//! What an invoice is to credits.

use kernel::{PaymentId, Tokens, UserId, Yen};
use payments::subscriptions::{BillingReason, InvoiceLine, InvoiceSnapshot, InvoiceStatus};
use time::OffsetDateTime;

use super::grants::{Change, Given};
use crate::ids::{SubscriptionId, SubscriptionInvoiceId};
use crate::plans::model::{Plan, PlanCode};
use payments::subscriptions::BillingPeriod;
use ui::dates::months_later;

/// Why an invoice was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(crate) enum Reason {
    /// The subscription began.
    Create,
    /// A period began.
    Cycle,
    /// The plan changed within a period.
    Update,
    /// Anything else; gives nothing.
    Other,
}

impl From<BillingReason> for Reason {
    fn from(reason: BillingReason) -> Self {
        match reason {
            BillingReason::SubscriptionCreate => Self::Create,
            BillingReason::SubscriptionCycle => Self::Cycle,
            BillingReason::SubscriptionUpdate => Self::Update,
            BillingReason::Manual | BillingReason::Other => Self::Other,
        }
    }
}

/// Where an invoice stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "snake_case")]
pub(crate) enum Status {
    /// To be paid.
    Open,
    /// Paid.
    Paid,
    /// Withdrawn.
    Void,
    /// Given up.
    Uncollectible,
}

impl From<InvoiceStatus> for Status {
    fn from(status: InvoiceStatus) -> Self {
        match status {
            InvoiceStatus::Draft | InvoiceStatus::Open => Self::Open,
            InvoiceStatus::Paid => Self::Paid,
            InvoiceStatus::Void => Self::Void,
            InvoiceStatus::Uncollectible => Self::Uncollectible,
        }
    }
}

/// An invoice, as we keep it.
#[derive(Clone, Debug)]
pub(crate) struct Invoice {
    pub id: SubscriptionInvoiceId,
    pub subscription_id: SubscriptionId,
    pub user_id: Option<UserId>,
    pub provider_invoice_id: String,
    pub reason: Reason,
    pub status: Status,
    pub plan: Option<PlanCode>,
    pub amount: Yen,
    pub period_start: OffsetDateTime,
    pub period_end: OffsetDateTime,
    pub given: Given,
    pub months_granted: i32,
    pub image_price: Tokens,
    pub payment_id: Option<PaymentId>,
}

impl Invoice {
    /// What makes the gift of a month unique: image credits have this key, tokens the same with an ending.
    pub(crate) fn grant_key(&self, number: i32) -> String {
        match number {
            0 => format!("plan_grant:{}", self.provider_invoice_id),
            number => format!("plan_grant:{}:{number}", self.provider_invoice_id),
        }
    }

    /// The key of the tokens of a month.
    pub(crate) fn tokens_key(&self, number: i32) -> String {
        format!("{}:tokens", self.grant_key(number))
    }

    /// When the next month of what it gives begins, while there is one.
    pub(crate) fn next_grant_at(&self) -> Option<OffsetDateTime> {
        let is_open = self.months_granted < self.given.months;
        is_open.then(|| self.month(self.months_granted).0)
    }

    /// The begin of a month of what it gives, and when its image credits end.
    pub(crate) fn month(&self, number: i32) -> (OffsetDateTime, OffsetDateTime) {
        super::grants::month_of(self.period_start, self.period_end, self.given.months, number)
    }
}

/// What an invoice is about: the plan that it pays for, the time, and what it gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Subject {
    pub plan: Option<PlanCode>,
    pub period_start: OffsetDateTime,
    pub period_end: OffsetDateTime,
    pub given: Given,
}

/// Reads what an invoice is about. What says nothing of a plan of ours gives nothing.
pub(crate) fn subject_of(invoice: &InvoiceSnapshot, plans: &[Plan]) -> Subject {
    let plan_of = |line: &InvoiceLine| plans.iter().find(|plan| Some(plan.code.as_str()) == line.plan_code.as_deref());
    let charged = invoice.lines.iter().filter(|line| line.amount > Yen::ZERO).max_by_key(|line| line.amount);
    let Some((line, plan)) = charged.and_then(|line| Some((line, plan_of(line)?))) else {
        let (start, end) = invoice
            .lines
            .first()
            .map_or((invoice.created_at, invoice.created_at), |line| (line.period_start, line.period_end));
        return Subject { plan: None, period_start: start, period_end: end.max(start), given: Given::default() };
    };
    let period = line.period.unwrap_or(BillingPeriod::Month);
    let given = match Reason::from(invoice.billing_reason) {
        Reason::Create | Reason::Cycle => Given::whole(plan, period),
        Reason::Other => Given::default(),
        Reason::Update => {
            let unused = invoice.lines.iter().filter(|line| line.amount < Yen::ZERO).min_by_key(|line| line.amount);
            match unused.and_then(|line| Some((line, plan_of(line)?))) {
                Some((unused, before)) => {
                    let period_before = unused.period.unwrap_or(BillingPeriod::Month);
                    let length = if period_before == BillingPeriod::Year { 12 } else { 1 };
                    let change = Change {
                        period_before,
                        period_after: period,
                        period_start: months_later(unused.period_end, -length),
                        period_end: unused.period_end,
                        at: unused.period_start,
                    };
                    Given::difference(before, plan, &change)
                }
                None => Given::default(),
            }
        }
    };
    Subject {
        plan: Some(plan.code.clone()),
        period_start: line.period_start,
        period_end: line.period_end.max(line.period_start),
        given,
    }
}
