//! What is counted.

use kernel::Yen;
use time::Date;

/// The platform in stats.
#[derive(Clone, Debug)]
pub struct Stats {
    /// Accounts.
    pub people: i64,
    /// Of these, banned ones.
    pub banned: i64,
    /// How many people are on which plan.
    pub plans: Vec<PlanShare>,
    /// What waits, and what went wrong.
    pub work: Work,
    /// Day by day in Tokyo, the oldest first, without gaps.
    pub days: Vec<Day>,
}

/// How many people are on a plan.
#[derive(Clone, Debug)]
pub struct PlanShare {
    /// The plan.
    pub plan: String,
    /// People on it.
    pub people: i64,
    /// Of these, people whose payment failed.
    pub overdue: i64,
}

/// Work of the platform: what an operator looks at first.
#[derive(Clone, Copy, Debug)]
pub struct Work {
    /// Jobs that are due and not begun.
    pub jobs_waiting: i64,
    /// For how long the oldest of them has been due, in seconds.
    pub oldest_wait_s: i64,
    /// Jobs that were given up.
    pub jobs_dead: i64,
    /// Events of payment providers that are not handled.
    pub events_waiting: i64,
    /// Mails that are not sent.
    pub mails_waiting: i64,
    /// What the program found and cannot put right by itself.
    pub findings_open: i64,
}

/// A day.
#[derive(Clone, Copy, Debug)]
pub struct Day {
    /// In Tokyo.
    pub date: Date,
    /// New accounts.
    pub sign_ups: i64,
    /// Pictures that were finished.
    pub pictures: i64,
    /// Pictures that failed or were refused.
    pub failures: i64,
    /// Money taken.
    pub taken: Yen,
    /// Money given back.
    pub given_back: Yen,
    /// Tokens spent, whole ones.
    pub tokens_used: i64,
    /// Image credits spent.
    pub image_credits_used: i64,
}
