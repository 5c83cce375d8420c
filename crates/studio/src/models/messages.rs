//! The price of a picture as text, shown before it is requested.

use credits::prices::Price;
use credits::wallets::Balance;
use kernel::ImageCredits;
use ui::{Messages, arg};

use super::offers::{Offer, Offers};

/// The price as a visitor sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Cost {
    /// The price, what there is, and what is left afterwards.
    pub line: String,
    /// Whether there is too little for it.
    pub is_short: bool,
}

/// The price of an offer for the visitor, with what they have left.
pub(crate) fn cost(t: &Messages, offer: Option<&Offer>, offers: &Offers) -> Cost {
    let Some(price) = offer.and_then(|offer| offer.price) else {
        return Cost { line: t.say("studio-cost-unknown"), is_short: false };
    };
    let Some(left) = &offers.balance else {
        return Cost { line: t.say_with("studio-cost", arg("price", either(t, &price))), is_short: false };
    };
    let line = |left: String, after: String, price: String| {
        let args = arg("price", price).arg("left", left).arg("after", after);
        Cost { line: t.say_with("studio-cost-after", args), is_short: false }
    };
    if pays_with_images(&price, left) {
        let after = ImageCredits(left.image_credits.get() - price.image_credits.get());
        return line(left.image_credits.to_string(), after.to_string(), images(t, &price));
    }
    if left.tokens >= price.tokens && (!price.tokens.is_zero() || price.image_credits.is_zero()) {
        let after = kernel::Tokens(left.tokens.get() - price.tokens.get());
        return line(left.tokens.to_string(), after.to_string(), tokens(t, &price));
    }
    let args = arg("price", either(t, &price)).arg("images", left.image_credits).arg("tokens", left.tokens);
    Cost { line: t.say_with("studio-cost-short", args), is_short: true }
}

/// The price of an offer in a few words, as it stands beside its name.
pub(crate) fn short_price(t: &Messages, offer: &Offer) -> String {
    match offer.price {
        Some(price) => either(t, &price),
        None => t.say("studio-cost-unknown"),
    }
}

/// As the wallet decides: image credits where there are enough.
fn pays_with_images(price: &Price, left: &Balance) -> bool {
    !price.image_credits.is_zero() && left.image_credits >= price.image_credits
}

fn images(t: &Messages, price: &Price) -> String {
    t.say_with("studio-price-images", arg("images", price.image_credits))
}

fn tokens(t: &Messages, price: &Price) -> String {
    t.say_with("studio-price-tokens", arg("tokens", price.tokens))
}

fn either(t: &Messages, price: &Price) -> String {
    match (price.image_credits.is_zero(), price.tokens.is_zero()) {
        (true, _) => tokens(t, price),
        (false, true) => images(t, price),
        (false, false) => {
            t.say_with("studio-price-either", arg("images", price.image_credits).arg("tokens", price.tokens))
        }
    }
}
