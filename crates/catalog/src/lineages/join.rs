//! Finds the lineage of a picture that is published. Two products belong together when one's picture was made from the other's, when their bytes are equal, or when the
//! same seller shows nearly the same picture twice.

use std::collections::BTreeSet;

use kernel::{Ctx, GenerationId, UserId};
use media::previews::Fingerprint;
use platform::{DatabaseError, Tx};

use super::model::LineageSales;
use super::queries;
use crate::products::model::LineageId;

/// Perceptual hashes that differ in at most this many of 256 bits, with nearly the same colours, are of one picture.
/// Stricter than
/// [`Fingerprint::SAME_PICTURE_BITS`], because two designs in the same pose are not one design.
const SAME_PICTURE_BITS: u32 = 10;
/// The mean difference of the sixteen colours, per channel out of 255.
const SAME_COLOURS: u32 = 8;

/// What is known of a picture whose lineage is looked for.
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

/// The lineage of a picture, and what has been sold of it.
#[derive(Clone, Copy, Debug)]
pub struct Membership {
    /// The lineage; locked until the transaction ends.
    pub lineage_id: LineageId,
    /// What has been sold of it.
    pub sales: LineageSales,
}

/// Finds the lineage of a picture, creates it when it is new, joins lineages that turn out to be one, and locks it until
/// the transaction ends. While an exclusive licence of any of them is reserved or sold they stay apart, and nothing more
/// of them may be published.
///
/// # Errors
/// When the database does not answer.
pub async fn join(ctx: &Ctx, tx: &mut Tx, likeness: &Likeness<'_>) -> Result<Membership, DatabaseError> {
    let own = queries::lineage_of_root(ctx, tx, likeness.root_id).await?;
    let mut related: BTreeSet<LineageId> = BTreeSet::from([own]);
    related.extend(queries::lineages_of_bytes(tx, likeness.sha256).await?);
    for other in queries::published_by(tx, likeness.seller_id).await? {
        let Ok(bits) = <[u8; 32]>::try_from(other.perceptual_hash.as_slice()) else { continue };
        let near = likeness.fingerprint.distance_bits(&Fingerprint::from_bytes(bits)) <= SAME_PICTURE_BITS;
        if near && colour_distance(likeness.grid, &other.placeholder_grid) <= SAME_COLOURS {
            related.insert(other.lineage_id);
        }
    }
    let ids: Vec<LineageId> = related.into_iter().collect();
    queries::lock_lineages(tx, &ids).await?;
    let sales = queries::sales(tx, &ids).await?;
    let lineage_id = ids.first().copied().unwrap_or(own);
    if ids.len() > 1 && !sales.is_exclusive_taken() {
        queries::merge_lineages(tx, lineage_id, &ids).await?;
    }
    Ok(Membership { lineage_id, sales })
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
