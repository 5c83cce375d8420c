//! Packs and stores.

use bytes::Bytes;
use media::content_address::ContentAddress;
use media::packages::build_design_package;
use platform::jobs::{Job, JobError, JobRun, Registry};
use platform::storage::NewFile;
use serde::{Deserialize, Serialize};
use serde_json::json;
use time::Duration;
use time::macros::offset;

use super::model::DeliveryId;
use super::queries;

/// Makes the package of one delivery.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DeliverPackage {
    /// Which.
    pub delivery_id: DeliveryId,
}

impl Job for DeliverPackage {
    const NAME: &'static str = "orders.deliver_package";
    // Somebody has paid. When all of these have failed, upkeep asks again.
    const MAX_ATTEMPTS: i32 = 30;
    const PRIORITY: i16 = 5;
    const LEASE: Duration = Duration::seconds(120);
}

pub(crate) fn registry() -> Registry {
    Registry::new().on(deliver)
}

async fn deliver(run: JobRun<DeliverPackage>) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    let order = queries::packing_list(&mut tx, run.job.delivery_id).await?;
    tx.commit().await?;
    let Some(list) = order else {
        return Err(JobError::give_up(anyhow::anyhow!("there is no such delivery")));
    };
    if list.is_ready {
        return Ok(());
    }
    run.progress(20, "reading").await?;
    let original = run.app.storage.get(&list.original_key).await?;
    if ContentAddress::of(&original).as_bytes().as_slice() != list.picture_sha256.as_slice() {
        return Err(anyhow::anyhow!("the stored original {} is not what was sold", list.original_key).into());
    }
    run.progress(50, "packing").await?;
    let written_at = list.issued_at.to_offset(offset!(+9));
    let licence = list.licence_text;
    let packed = tokio::task::spawn_blocking(move || build_design_package(&original, &licence, written_at)).await??;
    let size_bytes = i64::try_from(packed.bytes.len())?;
    let sha256 = *packed.content.as_bytes();
    run.progress(80, "storing").await?;
    let file =
        NewFile { key: list.package_key.clone(), bytes: Bytes::from(packed.bytes), content_type: "application/zip" };
    run.app.storage.put(file).await?;
    let mut tx = run.begin().await?;
    queries::mark_ready(&run.ctx, &mut tx, run.job.delivery_id, &sha256, size_bytes).await?;
    run.finish(&mut tx, &json!({"sizeBytes": size_bytes})).await?;
    Ok(tx.commit().await?)
}
