//! Whether little is left; with a plan, by the rule of the mail that says so (`app.credits_count_use`).

use kernel::{ImageCredits, Tokens};

use super::overview::Overview;

/// What is little at least, whatever the plan: five pictures.
const IMAGES_FEW: i64 = 5;
/// The same in tokens, at the price of the usual model.
const TOKENS_FEW: Tokens = Tokens(IMAGES_FEW * 201_000);

impl Overview {
    /// Whether neither image credits nor tokens last much longer: below a tenth of a month's. Without a plan, only where
    /// nothing at all is left, since nothing comes again by itself.
    pub(super) fn is_low(&self) -> bool {
        let (plan, balance) = (&self.user_plan.plan, &self.balance);
        if plan.code.is_free() {
            return balance.image_credits.is_zero() && balance.tokens.is_zero();
        }
        let few_images = ImageCredits((plan.image_credits_month.get() / 10).max(IMAGES_FEW));
        let few_tokens = Tokens((plan.tokens_month.get() / 10).max(TOKENS_FEW.get()));
        balance.image_credits < few_images && balance.tokens < few_tokens
    }
}
