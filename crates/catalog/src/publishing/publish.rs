//! Publish a picture.

use http::StatusCode;
use kernel::{Ctx, GenerationId, ProductId, SystemReason, UserActor};
use media::previews::{Fingerprint, Placeholder};
use platform::jobs::{Enqueue, enqueue_with};
use platform::{Problem, Tx, audit};
use serde_json::json;
use studio::generations::{PictureToPublish, picture_to_publish};
use time::Duration;

use super::model::{Offer, Published, StoredPreviews};
use super::preview_names::PreviewNames;
use super::previews;
use super::queries::{self, Existing, NewDesign};
use super::sweep_previews::SweepPreviews;
use crate::gallery::cache;
use crate::gallery::cards::absolute;
use crate::lineages::join::{Likeness, Membership, join};
use crate::products::model::{LicenseType, ProductStatus, slug_for};
use crate::state::Catalog;

/// After how long the files of an interrupted publication are removed.
const SWEEP_AFTER: Duration = Duration::hours(24);

/// Publishes one of the seller's pictures. A paused product is published again, as a new version under the new terms.
///
/// # Errors
/// 403 `account_banned`; 404 for a picture that is not the seller's or not finished; 409 `already_published`,
/// `sold_exclusively`, `already_licensed`, `product_suspended`; 503 when the storage is down (nothing has happened then).
pub async fn publish(
    catalog: &Catalog,
    ctx: &Ctx,
    seller: &UserActor,
    generation_id: GenerationId,
    offer: &Offer,
) -> Result<Published, Problem> {
    identity::require_active(seller)?;
    let app = catalog.app();
    let mut tx = app.db.begin_system(SystemReason::PlatformRules).await?;
    let picture = picture_to_publish(&mut tx, seller.user_id, generation_id).await?.ok_or_else(Problem::not_found)?;
    let existing = queries::product_of_picture(&mut tx, seller.user_id, generation_id).await?;
    check_existing(existing.as_ref(), offer)?;
    if existing.is_none() {
        // Enqueued before the first file is written, so that the files of an interrupted attempt are removed.
        let names = PreviewNames::of(&picture.storage_key, picture.user_id, picture.created_at);
        let job = SweepPreviews {
            generation_id,
            png_key: names.png().map_err(Problem::internal)?,
            original_width_px: u32::try_from(picture.width).map_err(Problem::internal)?,
        };
        let how = Enqueue {
            unique_key: Some(generation_id.to_string()),
            run_at: Some(ctx.now() + SWEEP_AFTER),
            ..Enqueue::default()
        };
        enqueue_with(ctx, &mut tx, &job, how).await?;
    }
    tx.commit().await?;
    let previews = match &existing {
        Some(_) => None,
        None => Some(previews::make_and_store(catalog, &picture).await?),
    };
    let mut tx = app.db.begin_system(SystemReason::PlatformRules).await?;
    let (product_id, slug, preview_key) = record(ctx, &mut tx, seller, &picture, offer, previews.as_ref()).await?;
    cache::forget(app, &mut tx);
    tx.commit().await?;
    let preview_url = absolute(&app.config, app.storage.public_url(&preview_key));
    Ok(Published { product_id, slug, preview_url })
}

/// Whether a picture that is a product already may be published under the offer.
fn check_existing(existing: Option<&Existing>, offer: &Offer) -> Result<(), Problem> {
    let Some(existing) = existing else { return Ok(()) };
    match existing.status {
        ProductStatus::Active => Err(Problem::conflict("already_published")),
        ProductStatus::SoldOut if existing.license == LicenseType::Exclusive => {
            Err(Problem::conflict("sold_exclusively"))
        }
        ProductStatus::SoldOut => Err(Problem::conflict("already_published")),
        ProductStatus::Suspended => Err(Problem::conflict("product_suspended")),
        ProductStatus::Draft | ProductStatus::Paused | ProductStatus::Deleted => {
            let taken = existing.total_sold + existing.total_reserved;
            match offer.max_sales {
                Some(max_sales) if max_sales <= existing.total_sold => Err(Problem::conflict("already_licensed")),
                Some(max_sales) if max_sales < taken => Err(Problem::conflict("being_bought")),
                _ => Ok(()),
            }
        }
    }
}

/// One transaction: product, version, asset, terms, tags, the generation's state, the seller's role, the audit log.
async fn record(
    ctx: &Ctx,
    tx: &mut Tx,
    seller: &UserActor,
    picture: &PictureToPublish,
    offer: &Offer,
    previews: Option<&StoredPreviews>,
) -> Result<(ProductId, String, platform::storage::StorageKey), Problem> {
    let before = queries::product_of_picture(tx, seller.user_id, picture.id).await?;
    let (fingerprint, grid) = likeness_of(before.as_ref(), previews)?;
    let likeness = Likeness {
        root_id: picture.root_id,
        seller_id: seller.user_id,
        sha256: &picture.sha256,
        fingerprint,
        grid: &grid,
    };
    let membership = join(ctx, tx, &likeness).await?;
    refuse_what_is_licensed(membership, offer)?;
    // The lineage first, then the picture: the order in which a sale locks them, too.
    if studio::deletion::lock_original(tx, seller.user_id, picture.id).await?.is_none() {
        return Err(Problem::not_found());
    }
    let existing = queries::product_of_picture(tx, seller.user_id, picture.id).await?;
    check_existing(existing.as_ref(), offer)?;
    let (id, slug, key, version) = match (existing, previews) {
        (Some(existing), _) => {
            let version = existing.version + 1;
            queries::reactivate_product(ctx, tx, existing.id, version, membership.lineage_id, offer).await?;
            (existing.id, existing.slug, existing.preview_key, version)
        }
        (None, Some(previews)) => {
            let (id, slug) = (ctx.new_id(), slug_for(ctx.random(), &offer.title));
            let new = NewDesign { id, slug: &slug, picture, lineage_id: membership.lineage_id, offer, previews };
            queries::insert_product(ctx, tx, &new).await?;
            (id, slug, previews.png_key.clone(), 1)
        }
        // The product that was there at the beginning has been deleted since; the next attempt makes the previews.
        (None, None) => return Err(Problem::conflict("conflict")),
    };
    queries::set_terms(tx, id, offer).await?;
    queries::insert_version(ctx, tx, id, version, picture, offer).await?;
    queries::set_tags(tx, id, &offer.tags).await?;
    studio::deletion::mark_published(ctx, tx, picture.id, &key).await?;
    identity::users::become_seller(tx, seller.user_id, ctx.now()).await?;
    let diff = json!({
        "generationId": picture.id, "version": version, "priceYen": offer.price, "licenseType": offer.license,
        "maxSales": offer.max_sales,
    });
    audit::record(ctx, tx, "products.publish", "product", Some(id.uuid()), &diff).await?;
    Ok((id, slug, key))
}

fn likeness_of(
    existing: Option<&Existing>,
    previews: Option<&StoredPreviews>,
) -> Result<(Fingerprint, String), Problem> {
    if let Some(StoredPreviews { fingerprint, placeholder: Placeholder { grid, .. }, .. }) = previews {
        return Ok((*fingerprint, grid.clone()));
    }
    let existing = existing.ok_or_else(|| Problem::conflict("conflict"))?;
    let bits = <[u8; 32]>::try_from(existing.perceptual_hash.as_slice()).map_err(Problem::internal)?;
    Ok((Fingerprint::from_bytes(bits), existing.placeholder_grid.clone()))
}

/// Nothing more is published of a lineage that is sold exclusively, and no exclusive offer of one that others have a
/// licence of.
fn refuse_what_is_licensed(membership: Membership, offer: &Offer) -> Result<(), Problem> {
    if membership.sales.is_sold_exclusively() {
        return Err(Problem::conflict("sold_exclusively"));
    }
    if membership.sales.is_exclusive_taken() {
        return Err(Problem::new(StatusCode::CONFLICT, "being_bought"));
    }
    if offer.license == LicenseType::Exclusive && membership.sales.licences_sold > 0 {
        return Err(Problem::conflict("already_licensed"));
    }
    Ok(())
}
