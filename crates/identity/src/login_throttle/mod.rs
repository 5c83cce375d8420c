//! Guesses at passwords are counted before they are looked at, and cost more and more time.
//!
//! What always holds: of many guesses at once no more pass than one after the other would; whoever guesses at somebody's
//! account makes strangers wait and never a browser from which its owner has logged in before; no address is kept for a
//! guess, only a hash of it.

mod devices;
mod queries;
#[cfg(test)]
mod tests;
mod throttle;

pub use devices::{DeviceToken, device_cookie_name};
pub(crate) use devices::{known_device, remember_device};
pub(crate) use queries::forget_devices;
pub(crate) use throttle::{Guess, SweepGuesses, address_key, sweep};
