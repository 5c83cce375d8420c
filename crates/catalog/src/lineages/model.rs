//! How far a lineage has been sold.

/// Where the exclusive licence of a lineage stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, sqlx::Type)]
#[sqlx(type_name = "text", rename_all = "lowercase")]
pub enum ExclusiveState {
    /// An order that may still be paid reserves it.
    Reserved,
    /// It is sold.
    Sold,
}

/// What has been reserved and sold of a lineage.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LineageSales {
    /// Where its exclusive licence stands; none while it may be had.
    pub exclusive: Option<ExclusiveState>,
    /// Licences that are sold, of every type.
    pub licences_sold: i32,
}

impl LineageSales {
    /// Whether an exclusive licence is reserved or sold.
    pub const fn is_exclusive_taken(self) -> bool {
        self.exclusive.is_some()
    }

    /// Whether an exclusive licence is sold.
    pub fn is_sold_exclusively(self) -> bool {
        self.exclusive == Some(ExclusiveState::Sold)
    }
}
