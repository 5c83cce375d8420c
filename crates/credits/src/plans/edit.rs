//! An operator edits what a plan brings.

use kernel::Ctx;
use platform::Tx;
use platform::jobs::{Enqueue, enqueue_with};

use super::model::PlanEdit;
use super::queries;
use super::renew_terms::RenewFreeTerms;
use crate::error::CreditError;

/// Edits a plan; says whether anything changed. Whoever begins it from now on has what it brings now. Whoever is on it keeps
/// what is paid for, and has the rest with the next renewal: the grants of the next invoice, and how long things are kept
/// and how many pages there may be. A year that is paid keeps its months. The free plan has no renewal: its people follow
/// at once, and what is kept for a shorter time only after the thirty days of the notice.
///
/// # Errors
/// [`CreditError::NoPlan`], [`CreditError::Malformed`].
pub async fn edit(ctx: &Ctx, tx: &mut Tx, edit: &PlanEdit) -> Result<bool, CreditError> {
    if edit.benefits_ja.is_empty() || edit.benefits_ja.len() != edit.benefits_en.len() {
        return Err(CreditError::Malformed);
    }
    let before = queries::find(tx, &edit.code).await?.ok_or(CreditError::NoPlan)?;
    let is_changed = queries::edit(tx, edit).await?;
    let follows_at_once =
        edit.code.is_free() && (before.history_days != edit.history_days || before.page_limit != edit.page_limit);
    if follows_at_once {
        let how = Enqueue { unique_key: Some("free".to_owned()), ..Enqueue::default() };
        enqueue_with(ctx, tx, &RenewFreeTerms {}, how).await?;
    }
    Ok(is_changed)
}
