//! Make a package and store it.

use bytes::Bytes;
use catalog::products::{Fulfilment, sold_versions};
use media::content_address::ContentAddress;
use media::packages::build_design_package;
use platform::jobs::{JobError, JobRun};
use platform::storage::NewFile;
use serde_json::json;

use super::model::DeliverPackage;
use super::queries;

/// Packs the original and the licence of a delivery, and stores the package.
pub(super) async fn run(run: JobRun<DeliverPackage>) -> Result<(), JobError> {
    let mut tx = run.begin().await?;
    let Some(list) = queries::packing_list(&mut tx, run.job.delivery_id).await? else {
        return Err(JobError::give_up(anyhow::anyhow!("there is no such delivery")));
    };
    let version = sold_versions(&mut tx, &[list.version_id]).await?.pop();
    tx.commit().await?;
    if list.is_ready {
        return Ok(());
    }
    let Some(Fulfilment::PicturePackage(picture)) = version.map(|version| version.fulfilment) else {
        return Err(JobError::give_up(anyhow::anyhow!("there is no picture to deliver")));
    };
    run.progress(20, "reading").await?;
    let original = run.app.storage.get(&picture.original_key).await?;
    if ContentAddress::of(&original).as_bytes().as_slice() != list.picture_sha256.as_slice() {
        return Err(anyhow::anyhow!("the stored original {} is not what was sold", picture.original_key).into());
    }
    run.progress(50, "packing").await?;
    let written_at = list.issued_at.to_offset(ui::dates::JAPAN);
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
