//! What is worn and carried besides clothes, by occasion, season and the details that the brief names.

pub(super) mod behind;
pub(super) mod carried;
mod flowers;
mod headwear;
mod in_hand;
pub(super) mod jewellery;
