//! The kernel: the types that every other crate shares.
//!
//! Typed ids, money, the clock, the random source, the actor and the context that carries them.
//!
//! What always holds: nothing here performs input or output; no type here knows a table, a page or a provider; time
//! and randomness enter only through [`Clock`] and [`Random`].
//!
//! Absent on purpose: error texts (they live with the languages) and anything that only one domain needs.

pub mod actor;
pub mod clock;
pub mod context;
pub mod ids;
pub mod limits;
pub mod locale;
pub mod money;
pub mod paginated;
pub mod random;

pub use actor::{AccountStatus, Actor, Role, SystemReason, UserActor};
pub use clock::{Clock, ManualClock};
pub use context::{Ctx, RequestId};
pub use ids::*;
pub use locale::Locale;
pub use money::{ImageCredits, Share, Tokens, Yen};
pub use paginated::{Cursor, CursorError, PageRequest, Paginated};
pub use random::Random;
