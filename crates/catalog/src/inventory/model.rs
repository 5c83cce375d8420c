//! The rules of reserving, selling and releasing, on rows that are locked.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{GenerationId, ProductId};

use crate::lineages::model::{ExclusiveState, LineageSales};
use crate::products::model::LineageId;
use crate::products::terms::Terms;

/// The licence cannot be had: it is sold, reserved by another order, or no longer offered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the product is not available")]
pub struct Unavailable;

/// A product with its counters.
#[derive(Clone, Debug)]
pub(crate) struct Stock {
    pub(crate) terms: Terms,
    pub(crate) listed: bool,
    pub(crate) lineage_id: Option<LineageId>,
    pub(crate) generation_id: Option<GenerationId>,
    pub(crate) max_sales: Option<i32>,
    pub(crate) sold: i32,
    pub(crate) reserved: i32,
    /// Licences sold since the inventory was locked.
    pub(crate) sold_now: i32,
}

impl Stock {
    fn has_room(&self) -> bool {
        self.max_sales.is_none_or(|max_sales| self.sold + self.reserved < max_sales)
    }

    /// Whether everything that may be sold is sold.
    pub(crate) fn is_sold_out(&self) -> bool {
        self.max_sales.is_some_and(|max_sales| self.sold >= max_sales)
    }
}

/// A lineage with its sales.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Lineage {
    pub(crate) sales: LineageSales,
    /// Whether an exclusive licence of it is offered at the moment.
    pub(crate) is_offered_exclusively: bool,
    /// Whether a licence was sold since the inventory was locked.
    pub(crate) is_sold_now: bool,
}

/// Products whose lineages are locked until the transaction ends. See the module for how it is used.
#[derive(Debug, Default)]
#[must_use]
pub struct Inventory {
    pub(crate) products: BTreeMap<ProductId, Stock>,
    pub(crate) lineages: BTreeMap<LineageId, Lineage>,
    pub(crate) changed_products: BTreeSet<ProductId>,
    pub(crate) changed_lineages: BTreeSet<LineageId>,
}

/// What the sales of an inventory ended.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EndedOffers {
    /// Products of lineages that are sold exclusively now: what other orders reserve of them cannot be sold any more.
    pub retired: Vec<ProductId>,
    /// Lineages of which a licence is sold now: what other orders reserve exclusively of them cannot be sold any more.
    pub no_longer_exclusive: Vec<LineageId>,
}

impl Inventory {
    fn stock(&self, id: ProductId) -> Result<&Stock, Unavailable> {
        self.products.get(&id).ok_or(Unavailable)
    }

    fn lineage(&self, stock: &Stock) -> Option<Lineage> {
        stock.lineage_id.and_then(|id| self.lineages.get(&id)).copied()
    }

    fn change(&mut self, id: ProductId, change: impl FnOnce(&mut Stock)) {
        if let Some(stock) = self.products.get_mut(&id) {
            change(stock);
            self.changed_products.insert(id);
        }
    }

    fn change_lineage(&mut self, id: Option<LineageId>, change: impl FnOnce(&mut Lineage)) {
        if let Some(id) = id
            && let Some(lineage) = self.lineages.get_mut(&id)
        {
            change(lineage);
            self.changed_lineages.insert(id);
        }
    }

    /// Reserves one licence of what is offered now, and gives the lineage when it is an exclusive one.
    ///
    /// # Errors
    /// [`Unavailable`]; nothing has changed then.
    pub fn reserve(&mut self, id: ProductId) -> Result<Option<LineageId>, Unavailable> {
        let stock = self.stock(id)?;
        let is_exclusive = stock.terms.is_exclusive();
        let sales = self.lineage(stock).map(|lineage| lineage.sales).unwrap_or_default();
        let is_taken = sales.is_exclusive_taken() || (is_exclusive && sales.licences_sold > 0);
        if !stock.listed || !stock.has_room() || is_taken {
            return Err(Unavailable);
        }
        let exclusive = stock.lineage_id.filter(|_| is_exclusive);
        self.change(id, |stock| stock.reserved += 1);
        self.change_lineage(exclusive, |lineage| lineage.sales.exclusive = Some(ExclusiveState::Reserved));
        Ok(exclusive)
    }

    /// Turns a licence that is reserved into a sale. `is_exclusive` says what was reserved.
    ///
    /// # Errors
    /// [`Unavailable`] when the lineage was sold in a way that excludes this sale; nothing has changed then.
    pub fn sell_reserved(&mut self, id: ProductId, is_exclusive: bool) -> Result<(), Unavailable> {
        let stock = self.stock(id)?;
        // An exclusive licence that somebody else reserved came after ours; one that is sold did not.
        let sales = self.lineage(stock).map(|lineage| lineage.sales).unwrap_or_default();
        if sales.is_sold_exclusively() || (is_exclusive && sales.licences_sold > 0) {
            return Err(Unavailable);
        }
        self.change(id, |stock| stock.reserved -= 1);
        self.count_sale(id, is_exclusive);
        Ok(())
    }

    /// Sells a licence whose reservation was released, for a payment that came late. The offer may be paused by now, but
    /// nothing is sold twice. Gives the lineage when it is an exclusive licence.
    ///
    /// # Errors
    /// [`Unavailable`]; nothing has changed then.
    pub fn sell_released(&mut self, id: ProductId, is_exclusive: bool) -> Result<Option<LineageId>, Unavailable> {
        let stock = self.stock(id)?;
        let sales = self.lineage(stock).map(|lineage| lineage.sales).unwrap_or_default();
        let is_taken = sales.is_exclusive_taken() || (is_exclusive && sales.licences_sold > 0);
        if is_taken || !stock.has_room() {
            return Err(Unavailable);
        }
        let exclusive = stock.lineage_id.filter(|_| is_exclusive);
        self.count_sale(id, is_exclusive);
        Ok(exclusive)
    }

    fn count_sale(&mut self, id: ProductId, is_exclusive: bool) {
        self.change(id, |stock| {
            stock.sold += 1;
            stock.sold_now += 1;
        });
        let lineage_id = self.products.get(&id).and_then(|stock| stock.lineage_id);
        self.change_lineage(lineage_id, |lineage| {
            lineage.sales.licences_sold += 1;
            lineage.is_sold_now = true;
            if is_exclusive {
                lineage.sales.exclusive = Some(ExclusiveState::Sold);
            }
        });
    }

    /// Gives back a licence that is reserved.
    pub fn release(&mut self, id: ProductId, is_exclusive: bool) {
        self.change(id, |stock| stock.reserved -= 1);
        let lineage_id = self.products.get(&id).and_then(|stock| stock.lineage_id).filter(|_| is_exclusive);
        self.change_lineage(lineage_id, |lineage| {
            if lineage.sales.exclusive == Some(ExclusiveState::Reserved) {
                lineage.sales.exclusive = None;
            }
        });
    }
}
