//! Files that interrupted attempts left behind.

use kernel::{Ctx, GenerationId};
use platform::Tx;
use platform::jobs::{self, Enqueue, JobError};
use time::Duration;

use super::files::queries as files;
use crate::deletion::remove_files::RemoveFiles;

/// When stray files are removed: long after any attempt could still be writing.
const STRAY_LIFETIME: Duration = Duration::minutes(15);

/// Has the files of dead attempts removed, if there are any.
pub(super) async fn remove_strays_later(ctx: &Ctx, tx: &mut Tx, generation_id: GenerationId) -> Result<(), JobError> {
    if files::stray_files(tx, generation_id).await?.is_empty() {
        return Ok(());
    }
    let how = Enqueue { run_at: Some(ctx.now() + STRAY_LIFETIME), ..Enqueue::default() };
    jobs::enqueue_with(ctx, tx, &RemoveFiles { generation_id }, how).await?;
    Ok(())
}
