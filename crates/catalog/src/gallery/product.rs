//! A product as its own page shows it.

use super::model::Card;

/// How many licences there are of a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Supply {
    /// How many may be sold; none for any number.
    pub max_sales: Option<i32>,
    /// How many are sold.
    pub sold: i32,
}

/// A product with what only its own page shows.
#[derive(Clone, Debug)]
pub struct Product {
    /// What lists show of it.
    pub card: Card,
    /// Lines of text, may be empty.
    pub description: String,
    /// Whether it can be bought.
    pub listed: bool,
    /// How many licences there are.
    pub supply: Supply,
    /// Width and height of the original in pixels, for a picture.
    pub original_size: Option<(i32, i32)>,
    /// The model or program that made it.
    pub made_with: String,
}

/// Whether a text can be the address or the id of a product at all.
pub fn is_key(text: &str) -> bool {
    (3..=80).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}
