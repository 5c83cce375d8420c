//! Faults that a test orders.

/// What goes wrong with the next calls to a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The call has its effect, then the connection breaks before the answer is whole.
    BreakAfterSuccess,
    /// The connection breaks before anything happened.
    BreakBefore,
    /// Status 500, kept under the idempotency key: a repetition with it gets the same 500, as at Stripe.
    ServerError,
    /// Status 500 after the effect took place; kept under the idempotency key as well.
    ServerErrorAfterSuccess,
    /// Status 429 with this `Retry-After`; nothing happened and nothing is kept.
    RateLimited {
        /// Seconds.
        retry_after_seconds: u32,
    },
    /// Status 200 with a body that is no JSON.
    Garbage,
}

/// A fault, where it strikes, and how often yet.
#[derive(Clone, Debug)]
pub(super) struct ScriptedFailure {
    pub(super) method: &'static str,
    pub(super) path_start: String,
    pub(super) fault: Fault,
    pub(super) times: u32,
}

/// Takes the first fault that fits the call, if there is one.
pub(super) fn take(faults: &mut Vec<ScriptedFailure>, method: &str, path: &str) -> Option<Fault> {
    let index = faults.iter().position(|fault| fault.method == method && path.starts_with(&fault.path_start))?;
    let ordered = faults.get_mut(index)?;
    let fault = ordered.fault;
    ordered.times -= 1;
    if ordered.times == 0 {
        faults.remove(index);
    }
    Some(fault)
}
