//! The files that go into a generation: resolved when it is requested, loaded and prepared when it is made.

use anyhow::Context as _;
use bytes::Bytes;
use kernel::UserId;
use media::images::{decode, encode_png};
use platform::jobs::JobError;
use platform::storage::StorageKey;
use platform::{Problem, Tx};

use super::composite::MaskValues;
use super::files::queries::{self as files, NewInput, StoredInput};
use super::queries::NewGeneration;
use crate::generations::model::GenerationStatus;
use crate::generations::queries as generations;
use crate::generations::spec::{GenerationSpec, InputAsset, InputRole};
use crate::providers::model::{EditMask, InputPicture};
use crate::state::Studio;

/// An input with the file that it names now.
#[derive(Clone, Debug)]
pub(super) struct ResolvedInput {
    pub role: InputRole,
    pub asset: InputAsset,
    /// SHA-256 of the file: another file is another request.
    pub sha256: Vec<u8>,
}

/// The picture that is changed, and where.
#[derive(Clone, Debug)]
pub(super) struct SourcePicture {
    pub file: Bytes,
    pub mask: Option<MaskValues>,
}

/// The inputs of a generation, ready for a provider.
#[derive(Clone, Debug, Default)]
pub(super) struct PreparedInputs {
    pub pictures: Vec<InputPicture>,
    pub mask: Option<EditMask>,
    pub source: Option<SourcePicture>,
}

/// Finds the files that a specification names, all of them the account's own.
///
/// # Errors
/// 422 for a file that is not the account's, was deleted, or is not finished.
pub(super) async fn resolve(
    tx: &mut Tx,
    user_id: UserId,
    spec: &GenerationSpec,
) -> Result<Vec<ResolvedInput>, Problem> {
    let mut resolved = Vec::new();
    for (role, asset) in spec.inputs() {
        let unknown = || Problem::invalid_field(role.as_str(), "unknown_value");
        let InputAsset::Generation(id) = asset;
        let generation = generations::find(tx, user_id, id).await?.ok_or_else(unknown)?;
        if generation.status != GenerationStatus::Completed || generation.deleted_at.is_some() {
            return Err(unknown());
        }
        let file = generations::files(tx, id).await?.into_iter().next().ok_or_else(unknown)?;
        resolved.push(ResolvedInput { role, asset, sha256: file.sha256 });
    }
    Ok(resolved)
}

/// Loads the files of stored inputs and brings a mask into the size of its source.
///
/// # Errors
/// A retry while the storage is away; giving up where a file is gone or is no picture.
pub(super) async fn prepare(studio: &Studio, inputs: Vec<StoredInput>) -> Result<PreparedInputs, JobError> {
    let mut files = Vec::with_capacity(inputs.len());
    for input in inputs {
        let key = input.storage_key.context("an input was deleted").map_err(JobError::give_up)?;
        files.push((input.role, load(studio, &key).await?, input.mime_type.unwrap_or_default()));
    }
    if files.is_empty() {
        return Ok(PreparedInputs::default());
    }
    let prepared = tokio::task::spawn_blocking(move || arrange(files)).await;
    prepared.context("preparing the inputs panicked").and_then(|prepared| prepared).map_err(JobError::give_up)
}

async fn load(studio: &Studio, key: &StorageKey) -> Result<Bytes, JobError> {
    Ok(studio.app.storage.get(key).await?)
}

fn arrange(files: Vec<(InputRole, Bytes, String)>) -> anyhow::Result<PreparedInputs> {
    let mut prepared = PreparedInputs::default();
    let mut mask_file = None;
    for (role, bytes, mime_type) in files {
        match role {
            InputRole::Mask => mask_file = Some(bytes),
            InputRole::Source => {
                prepared.source = Some(SourcePicture { file: bytes.clone(), mask: None });
                prepared.pictures.insert(0, InputPicture { bytes, mime_type });
            }
            InputRole::Reference | InputRole::Product | InputRole::Logo => {
                prepared.pictures.push(InputPicture { bytes, mime_type });
            }
        }
    }
    if let (Some(mask_file), Some(source)) = (mask_file, &mut prepared.source) {
        let values = MaskValues::of(&decode(&mask_file)?, decode(&source.file)?.size())?;
        let (white, transparent) = values.white().zip(values.transparent()).context("a mask of no size")?;
        let file = |bitmap| encode_png(bitmap).map(Bytes::from);
        prepared.mask = Some(EditMask { white: file(&white)?, transparent: file(&transparent)? });
        source.mask = Some(values);
    }
    Ok(prepared)
}

/// Records the inputs of a generation.
///
/// # Errors
/// When the database does not answer.
pub(super) async fn record(tx: &mut Tx, new: &NewGeneration<'_>, inputs: &[ResolvedInput]) -> Result<(), Problem> {
    for (position, input) in inputs.iter().enumerate() {
        let position = i32::try_from(position).unwrap_or(i32::MAX);
        let InputAsset::Generation(source) = input.asset;
        let input = NewInput { position, role: input.role, source, sha256: &input.sha256 };
        files::insert_input(tx, new.id, new.user_id, &input).await?;
    }
    Ok(())
}
