//! What a wallet should hold, in plain Rust: slow, obvious, and written without a look at the SQL.

use std::collections::BTreeMap;

use time::OffsetDateTime;

use crate::LotId;

#[derive(Clone, Debug)]
pub(super) struct ModelLot {
    pub(super) id: LotId,
    pub(super) unit: &'static str,
    pub(super) is_bought: bool,
    pub(super) issued_at: OffsetDateTime,
    pub(super) expires_at: Option<OffsetDateTime>,
    pub(super) ended: bool,
    pub(super) taken_back: bool,
    pub(super) available: i64,
    pub(super) held: i64,
    pub(super) used: i64,
    pub(super) expired: i64,
    pub(super) refunded: i64,
}

impl ModelLot {
    fn is_over(&self, now: OffsetDateTime) -> bool {
        self.ended || self.expires_at.is_some_and(|at| at <= now)
    }
}

#[derive(Clone, Debug)]
pub(super) struct ModelHold {
    pub(super) unit: &'static str,
    pub(super) amount: i64,
    pub(super) parts: Vec<(LotId, i64)>,
    pub(super) expires_at: OffsetDateTime,
}

/// A wallet, and the holds that are open on it.
#[derive(Clone, Debug, Default)]
pub(super) struct Model {
    pub(super) lots: Vec<ModelLot>,
    pub(super) open: BTreeMap<String, ModelHold>,
}

impl Model {
    fn lot(&mut self, id: LotId) -> &mut ModelLot {
        self.lots.iter_mut().find(|lot| lot.id == id).unwrap()
    }

    pub(super) fn sum(&self, unit: &str, of: impl Fn(&ModelLot) -> i64) -> i64 {
        self.lots.iter().filter(|lot| lot.unit == unit).map(of).sum()
    }

    pub(super) fn spendable(&self, unit: &str, now: OffsetDateTime) -> i64 {
        self.sum(unit, |lot| if lot.is_over(now) { 0 } else { lot.available })
    }

    /// Which lots give `amount`, in the order in which they are spent.
    fn pick(&self, unit: &str, amount: i64, now: OffsetDateTime) -> Vec<(LotId, i64)> {
        let mut lots: Vec<&ModelLot> = self.lots.iter().filter(|lot| lot.unit == unit && !lot.is_over(now)).collect();
        lots.sort_by_key(|lot| (lot.expires_at.is_none(), lot.expires_at, lot.is_bought, lot.issued_at, lot.id));
        let mut missing = amount;
        let mut parts = Vec::new();
        for lot in lots {
            let part = missing.min(lot.available);
            if part > 0 {
                parts.push((lot.id, part));
                missing -= part;
            }
        }
        parts
    }

    pub(super) fn hold(
        &mut self,
        key: &str,
        unit: &'static str,
        amount: i64,
        expires_at: OffsetDateTime,
        now: OffsetDateTime,
    ) {
        let parts = self.pick(unit, amount, now);
        for (id, part) in &parts {
            let lot = self.lot(*id);
            lot.available -= part;
            lot.held += part;
        }
        self.open.insert(key.to_owned(), ModelHold { unit, amount, parts, expires_at });
    }

    pub(super) fn close(&mut self, key: &str, used: i64, now: OffsetDateTime) {
        let hold = self.open.remove(key).unwrap();
        let mut to_use = used;
        for (id, part) in hold.parts {
            let spent = to_use.min(part);
            to_use -= spent;
            let lot = self.lot(id);
            lot.held -= part;
            lot.used += spent;
            if lot.is_over(now) {
                lot.expired += part - spent;
            } else {
                lot.available += part - spent;
            }
        }
    }

    pub(super) fn end(&mut self, which: impl Fn(&ModelLot) -> bool) {
        for lot in self.lots.iter_mut().filter(|lot| !lot.ended && which(lot)) {
            lot.expired += lot.available;
            lot.available = 0;
            lot.ended = true;
        }
    }

    pub(super) fn withdraw(&mut self, unit: &str, amount: i64, now: OffsetDateTime) {
        for (id, part) in self.pick(unit, amount, now) {
            let lot = self.lot(id);
            lot.available -= part;
            lot.expired += part;
        }
    }

    /// `yen` of the `paid` that a lot cost went back.
    pub(super) fn give_back(&mut self, id: LotId, yen: i64, paid: i64) {
        let lot = self.lot(id);
        let granted = lot.available + lot.held + lot.used + lot.expired + lot.refunded;
        let part = (granted * yen / paid - lot.refunded).clamp(0, lot.available);
        lot.refunded += part;
        lot.available -= part;
    }

    pub(super) fn take_back(&mut self, id: LotId) {
        let lot = self.lot(id);
        if !lot.taken_back {
            lot.refunded += lot.available;
            lot.available = 0;
            lot.taken_back = true;
        }
    }
}
