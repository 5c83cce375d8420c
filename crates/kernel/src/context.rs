//! The context of a use case: actor, clock, random source, locale and request id.

use std::fmt;

use time::OffsetDateTime;
use uuid::Uuid;

use crate::actor::{Actor, UserActor};
use crate::clock::Clock;
use crate::ids::UserId;
use crate::locale::Locale;
use crate::random::Random;

/// The first argument of every use case.
#[derive(Clone, Debug)]
pub struct Ctx {
    /// Who acts.
    pub actor: Actor,
    /// The language of the messages that result.
    pub locale: Locale,
    /// The request that caused what happens here; logs, audit entries, jobs and mails carry it.
    pub request_id: RequestId,
    clock: Clock,
    random: Random,
}

impl Ctx {
    /// A context with a fresh request id.
    pub fn new(actor: Actor, clock: Clock, random: Random, locale: Locale) -> Self {
        let request_id = RequestId(random.uuid_v7(clock.now()));
        Self { actor, locale, request_id, clock, random }
    }

    /// The same context for another actor: the platform acting in a use case, or a job acting for its owner.
    #[must_use]
    pub fn acting_as(&self, actor: Actor) -> Self {
        Self { actor, ..self.clone() }
    }

    /// The same context in another language, for a mail to another account.
    #[must_use]
    pub fn in_locale(&self, locale: Locale) -> Self {
        Self { locale, ..self.clone() }
    }

    /// The present moment.
    pub fn now(&self) -> OffsetDateTime {
        self.clock.now()
    }

    /// The clock, for work that outlives the request.
    pub const fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The random source.
    pub const fn random(&self) -> &Random {
        &self.random
    }

    /// A new id of any kind, ordered by time.
    pub fn new_id<T: From<Uuid>>(&self) -> T {
        T::from(self.random.uuid_v7(self.now()))
    }

    /// The acting account; `None` for anonymous callers and the platform.
    pub const fn user_id(&self) -> Option<UserId> {
        self.actor.user_id()
    }

    /// The acting user; `None` for anonymous callers and the platform.
    pub const fn user(&self) -> Option<&UserActor> {
        self.actor.user()
    }
}

/// The id of one request, shown in errors and logs.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct RequestId(pub Uuid);

impl fmt::Display for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0.simple())
    }
}

impl fmt::Debug for RequestId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "RequestId({self})")
    }
}
