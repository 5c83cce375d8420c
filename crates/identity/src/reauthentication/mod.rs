//! Proving once more who one is, before what matters most.
//!
//! A page that needs it shows the form of [`ask`]: it carries along what was typed, and after the right password the
//! browser sends exactly that again to where it was meant for. A page that is only looked at is led to `/account/confirm`
//! and back.

mod ask;
mod pages;
mod prove;
#[cfg(test)]
mod tests;

pub use ask::ask;
pub use pages::{described, routes};
pub(crate) use prove::check_password;
pub use prove::prove;
