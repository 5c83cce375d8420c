//! What can be chosen, and what it costs: the models that are offered here, each with its price of this moment.

use credits::prices::{self, Operation, Price};
use credits::wallets::{self, Balance};
use kernel::Ctx;
use platform::{Problem, Tx};

use super::model::AiModel;
use super::queries;
use crate::providers::model::ProviderKind;
use crate::providers::set::Providers;

/// A model that can be chosen.
#[derive(Clone, Debug)]
pub(crate) struct Offer {
    /// The model.
    pub model: AiModel,
    /// What a picture costs; `None` when no price is set, and then none can be made.
    pub price: Option<Price>,
    /// Whether it is taken when none is chosen.
    pub is_default: bool,
}

/// Everything that can be chosen, and the visitor's balance.
#[derive(Clone, Debug)]
pub(crate) struct Offers {
    /// In the order in which they are shown.
    pub models: Vec<Offer>,
    /// `None` without a session.
    pub balance: Option<Balance>,
}

impl Offers {
    /// The offer of this model, else the default one.
    pub(crate) fn of(&self, provider: ProviderKind, model: &str) -> Option<&Offer> {
        let named = self.models.iter().find(|offer| offer.model.provider == provider && offer.model.model == model);
        named.or_else(|| self.default())
    }

    /// The offer that is taken when none is chosen.
    pub(crate) fn default(&self) -> Option<&Offer> {
        self.models.iter().find(|offer| offer.is_default)
    }
}

/// Reads what can be chosen, in a transaction of the visitor.
///
/// # Errors
/// 503 when the database does not answer.
pub(crate) async fn offers(ctx: &Ctx, tx: &mut Tx, providers: &Providers) -> Result<Offers, Problem> {
    let priced = prices::current(tx).await?;
    let default = queries::default_of(tx, providers.preferred(), Operation::Generate).await?;
    let is_default = |model: &AiModel| {
        default.as_ref().is_some_and(|default| default.provider == model.provider && default.model == model.model)
    };
    let price_of = |model: &AiModel| {
        let is_it = |known: &&prices::PricedModel| {
            known.operation == Operation::Generate
                && known.provider == model.provider.as_str()
                && known.model == model.model
        };
        priced.iter().find(is_it).map(|known| known.price)
    };
    let models = queries::offered(tx).await?.into_iter().filter(|model| {
        providers.has(model.provider) && model.operations.iter().any(|known| known == Operation::Generate.as_str())
    });
    let models = models.map(|model| Offer { price: price_of(&model), is_default: is_default(&model), model }).collect();
    let balance = match ctx.user_id() {
        Some(user_id) => Some(wallets::balance(tx, user_id, ctx.now()).await?),
        None => None,
    };
    Ok(Offers { models, balance })
}
