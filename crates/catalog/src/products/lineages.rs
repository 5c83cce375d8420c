//! Which pictures are the same picture, or descend from it: what an exclusive licence is exclusive for.
//!
//! Two products belong together when one's picture was made from the other's, when their bytes are equal, or when the
//! same seller shows nearly the same picture twice.

use std::collections::BTreeSet;

use kernel::{Ctx, GenerationId, ProductId, UserId};
use media::previews::Fingerprint;
use platform::{DatabaseError, Tx};

use super::model::LineageId;
use super::queries::{self, LineageSales};

/// Fewer differing bits than this, and nearly the same colours, are the same picture to a buyer. Stricter than
/// [`Fingerprint::SAME_PICTURE_BITS`], because two designs in the same pose are not one design.
const SAME_PICTURE_BITS: u32 = 10;
/// The mean difference of the sixteen colours, per channel out of 255.
const SAME_COLOURS: u32 = 8;

/// What is known of a picture when it looks for its relatives.
#[derive(Clone, Debug)]
pub struct Likeness<'a> {
    /// The first picture of its line of descent.
    pub root_id: GenerationId,
    /// Who shows it.
    pub seller_id: UserId,
    /// SHA-256 of the original.
    pub sha256: &'a [u8],
    /// Its perceptual hash.
    pub fingerprint: Fingerprint,
    /// Its sixteen colours.
    pub grid: &'a str,
}

/// Where a picture belongs, and what has been sold there.
#[derive(Clone, Copy, Debug)]
pub struct Belonging {
    /// The lineage; locked until the transaction ends.
    pub lineage_id: LineageId,
    /// What has been sold of it.
    pub sales: LineageSales,
}

/// Finds the lineage of a picture, makes it when it is new, joins lineages that turn out to be one, and locks it until
/// the transaction ends. While an exclusive licence of any of them is held or sold, they are left apart: nothing more
/// may be shown of them.
///
/// # Errors
/// When the database does not answer.
pub async fn join(ctx: &Ctx, tx: &mut Tx, likeness: &Likeness<'_>) -> Result<Belonging, DatabaseError> {
    let own = queries::lineage_of_root(ctx, tx, likeness.root_id).await?;
    let mut related: BTreeSet<LineageId> = BTreeSet::from([own]);
    related.extend(queries::lineages_of_bytes(tx, likeness.sha256).await?);
    for shown in queries::shown_by(tx, likeness.seller_id).await? {
        let Ok(bits) = <[u8; 32]>::try_from(shown.perceptual_hash.as_slice()) else { continue };
        let near = likeness.fingerprint.distance_bits(&Fingerprint::from_bytes(bits)) <= SAME_PICTURE_BITS;
        if near && colour_distance(likeness.grid, &shown.placeholder_grid) <= SAME_COLOURS {
            related.insert(shown.lineage_id);
        }
    }
    let ids: Vec<LineageId> = related.into_iter().collect();
    queries::lock_lineages(tx, &ids).await?;
    let sales = queries::lineage_sales(tx, &ids, None).await?;
    let lineage_id = ids.first().copied().unwrap_or(own);
    if ids.len() > 1 && !sales.exclusive_taken {
        queries::merge_lineages(tx, lineage_id, &ids).await?;
    }
    Ok(Belonging { lineage_id, sales })
}

/// Locks the lineage of a product until the transaction ends. A publication may move the product to another lineage while
/// we wait for the lock.
///
/// # Errors
/// When the database does not answer.
pub async fn lock_lineage(tx: &mut Tx, product_id: ProductId) -> Result<Option<LineageId>, DatabaseError> {
    let mut known = queries::lineage_of(tx, product_id).await?;
    while let Some(lineage_id) = known {
        queries::lock_lineages(tx, &[lineage_id]).await?;
        let now = queries::lineage_of(tx, product_id).await?;
        if now == known {
            break;
        }
        known = now;
    }
    Ok(known)
}

/// The mean difference between two grids of sixteen colours; the largest possible when one is no grid.
fn colour_distance(one: &str, other: &str) -> u32 {
    let channels = |grid: &str| -> Option<Vec<u8>> {
        (grid.len() == 96 && grid.is_ascii()).then(|| {
            (0..48).filter_map(|index| u8::from_str_radix(grid.get(index * 2..index * 2 + 2)?, 16).ok()).collect()
        })
    };
    let (Some(one), Some(other)) = (channels(one), channels(other)) else { return 255 };
    if one.len() != 48 || other.len() != 48 {
        return 255;
    }
    one.iter().zip(&other).map(|(a, b)| u32::from(a.abs_diff(*b))).sum::<u32>() / 48
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::colour_distance;

    #[test]
    fn colours_are_compared_channel_by_channel() {
        let (black, white) = ("000000".repeat(16), "ffffff".repeat(16));
        assert_eq!(colour_distance(&black, &black), 0);
        assert_eq!(colour_distance(&black, &white), 255);
        assert_eq!(colour_distance(&black, &"080808".repeat(16)), 8);
        assert_eq!(colour_distance(&black, "short"), 255);
    }

    proptest! {
        #[test]
        fn any_two_texts_have_a_distance(one in "[0-9a-fé]{90,98}", other in "[0-9a-f]{96}") {
            prop_assert!(colour_distance(&one, &other) <= 255);
            prop_assert_eq!(colour_distance(&one, &other), colour_distance(&other, &one));
        }
    }
}
