//! The SQL of offers and published versions.

use std::collections::BTreeMap;

use kernel::{GenerationId, ProductId, ProductVersionId, UserId, Yen};
use platform::DatabaseError;
use platform::storage::StorageKey;
use sqlx::PgConnection;
use uuid::Uuid;

use super::model::{LicenseType, ProductKind, ProductStatus};
use super::terms::{Fulfilment, PicturePackage, Terms};
use super::versions::{CurrentOffer, SoldVersion};

/// Products that are or were published, as they are offered now; the others are left out. Their rows are locked against
/// changes of the offer until the transaction ends. Lock the inventory first, as a publication does.
///
/// # Errors
/// When the database does not answer, or a design has no licence.
pub async fn current_offers(tx: &mut PgConnection, ids: &[ProductId]) -> Result<Vec<CurrentOffer>, DatabaseError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!(
        r#"select p.id as "id: ProductId", p.kind as "kind: ProductKind", p.seller_id as "seller_id: UserId", p.title,
                  p.price_yen as "price: Yen", p.status as "status: ProductStatus", p.listed as "listed!",
                  v.id as "version_id: ProductVersionId", t.license_type as "license?: LicenseType",
                  c.seller_share_basis_points
           from public.products p
           join public.product_versions v on v.product_id = p.id and v.version = p.current_version
           join public.commission_rules c on c.product_kind = p.kind
           left join public.design_terms t on t.product_id = p.id
           where p.id = any($1) and p.status in ('active', 'paused', 'sold_out') and p.visibility <> 'private'
           order by p.id for share of p"#,
        &ids,
    )
    .fetch_all(tx)
    .await?;
    rows.into_iter()
        .map(|row| {
            Ok(CurrentOffer {
                product_id: row.id,
                seller_id: row.seller_id,
                title: row.title,
                price: row.price,
                status: row.status,
                listed: row.listed,
                version_id: row.version_id,
                terms: Terms::of(row.kind, row.license)?,
                seller_share_basis_points: row.seller_share_basis_points,
            })
        })
        .collect()
}

/// A version, its product and the picture that belongs to it.
struct VersionRow {
    id: ProductVersionId,
    product_id: ProductId,
    kind: ProductKind,
    slug: String,
    generation_id: Option<GenerationId>,
    title: String,
    prompt: String,
    made_with: String,
    license: Option<LicenseType>,
    terms_edition: String,
    storage_key: Option<StorageKey>,
    sha256: Option<Vec<u8>>,
}

/// A version of a design is recorded without its picture.
#[derive(Debug, thiserror::Error)]
#[error("the version {0} of a design has no picture")]
struct MissingPicture(ProductVersionId);

impl VersionRow {
    fn read(self) -> Result<SoldVersion, DatabaseError> {
        let fulfilment = match self.kind {
            ProductKind::Prompt => Fulfilment::PromptVersion,
            ProductKind::Design => match (self.generation_id, self.storage_key, self.sha256) {
                (Some(generation_id), Some(original_key), Some(sha256)) => {
                    let prompt = self.prompt;
                    Fulfilment::PicturePackage(PicturePackage { generation_id, original_key, sha256, prompt })
                }
                _ => return Err(DatabaseError::Decode(Box::new(MissingPicture(self.id)))),
            },
        };
        Ok(SoldVersion {
            id: self.id,
            product_id: self.product_id,
            slug: self.slug,
            title: self.title,
            made_with: self.made_with,
            terms: Terms::of(self.kind, self.license)?,
            terms_edition: self.terms_edition,
            fulfilment,
        })
    }
}

/// Versions with what their buyers are given, in no order; those that do not exist are left out. For the platform.
///
/// # Errors
/// When the database does not answer, or a design has no licence or no picture.
pub async fn sold_versions(tx: &mut PgConnection, ids: &[ProductVersionId]) -> Result<Vec<SoldVersion>, DatabaseError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query_as!(
        VersionRow,
        r#"select v.id as "id: ProductVersionId", v.product_id as "product_id: ProductId", p.kind as "kind: ProductKind",
                  p.slug, p.generation_id as "generation_id: GenerationId", v.title_snapshot as title,
                  v.prompt_snapshot as prompt, v.made_with, v.license_type as "license: LicenseType",
                  v.license_terms_edition as terms_edition, a.storage_key as "storage_key?: StorageKey",
                  a.sha256 as "sha256?"
           from public.product_versions v
           join public.products p on p.id = v.product_id
           left join lateral (select storage_key, sha256 from public.product_assets
                               where product_version_id = v.id and kind = 'image' and storage_key is not null
                               order by id limit 1) a on true
           where v.id = any($1)"#,
        &ids,
    )
    .fetch_all(tx)
    .await?;
    rows.into_iter().map(VersionRow::read).collect()
}

/// The titles of versions as they were published. A buyer reads those that they are entitled to.
///
/// # Errors
/// When the database does not answer.
pub async fn version_titles(
    tx: &mut PgConnection,
    ids: &[ProductVersionId],
) -> Result<BTreeMap<ProductVersionId, String>, DatabaseError> {
    let ids: Vec<Uuid> = ids.iter().map(|id| id.uuid()).collect();
    let rows = sqlx::query!(
        r#"select id as "id: ProductVersionId", title_snapshot as title from public.product_versions
           where id = any($1)"#,
        &ids,
    )
    .fetch_all(tx)
    .await?;
    Ok(rows.into_iter().map(|row| (row.id, row.title)).collect())
}

/// The titles of a seller's products, whatever their state.
///
/// # Errors
/// When the database does not answer.
pub async fn titles_of(tx: &mut PgConnection, seller_id: UserId) -> Result<Vec<String>, DatabaseError> {
    sqlx::query_scalar!("select title from public.products where seller_id = $1", seller_id as UserId)
        .fetch_all(tx)
        .await
}
