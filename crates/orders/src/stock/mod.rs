//! Stock: reserved for an order before anybody is asked to pay, then sold or released.
//!
//! A reservation says what an order item has; the catalogue's inventory says how much there is. Both change in one
//! transaction, under the lock of the inventory, so competing purchases follow one another.

pub(crate) mod model;
pub(crate) mod queries;
pub(crate) mod release;
pub(crate) mod release_competing;
pub(crate) mod reserve;
pub(crate) mod sell;

pub use model::{Hold, StockError};
pub use release::release;
pub use reserve::reserve;
pub use sell::sell;
