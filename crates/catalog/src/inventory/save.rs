//! Writes what was reserved, sold and released, and ends the offers that this excludes.

use kernel::{Ctx, GenerationId};
use platform::{App, DatabaseError, Tx};

use super::model::{EndedOffers, Inventory};
use super::queries;
use crate::gallery::cache;
use crate::products::model::LineageId;

impl Inventory {
    /// Writes the changes. A product of which all licences are sold, and every listing of a lineage that is sold
    /// exclusively, is sold out; exclusive offers of a lineage of which any other licence is sold are paused.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn save(self, ctx: &Ctx, app: &App, tx: &mut Tx) -> Result<EndedOffers, DatabaseError> {
        queries::save_stock(tx, &self).await?;
        queries::save_lineages(tx, &self).await?;
        queries::count_sales(tx, &self).await?;
        let mut ended = EndedOffers::default();
        let mut generations: Vec<GenerationId> = Vec::new();
        let (exclusive, other): (Vec<_>, Vec<_>) = self
            .lineages
            .iter()
            .filter(|(_, lineage)| lineage.is_sold_now)
            .partition(|(_, lineage)| lineage.sales.is_sold_exclusively());
        let exclusive: Vec<LineageId> = exclusive.into_iter().map(|(id, _)| *id).collect();
        if !exclusive.is_empty() {
            ended.retired = queries::retire_lineages(ctx, tx, &exclusive).await?;
        }
        let offered = other.into_iter().filter(|(_, lineage)| lineage.is_offered_exclusively);
        ended.no_longer_exclusive = offered.map(|(id, _)| *id).collect();
        if !ended.no_longer_exclusive.is_empty() {
            generations = queries::pause_exclusive_offers(ctx, tx, &ended.no_longer_exclusive).await?;
        }
        let sold_now = self.products.iter().filter(|(_, stock)| stock.sold_now > 0);
        let sold_out: Vec<_> = sold_now.clone().filter(|(_, stock)| stock.is_sold_out()).map(|(id, _)| *id).collect();
        if !sold_out.is_empty() {
            queries::mark_sold_out(ctx, tx, &sold_out).await?;
        }
        if !(ended.retired.is_empty() && generations.is_empty() && sold_out.is_empty()) {
            cache::forget(app, tx);
        }
        for generation_id in generations {
            studio::deletion::mark_unpublished(ctx, tx, generation_id).await?;
        }
        for generation_id in sold_now.filter_map(|(_, stock)| stock.generation_id) {
            studio::deletion::mark_sold(ctx, tx, generation_id).await?;
        }
        Ok(ended)
    }
}
