//! The tables of all five steps together.

use super::model::Vocabulary;
use super::{colours, occasions, seasons, silhouettes, vibes};

/// The known answers of the five steps, for the studio's chips and for API documentation.
#[must_use]
pub fn vocabulary() -> Vocabulary {
    Vocabulary {
        vibes: vibes::VIBES,
        silhouettes: silhouettes::SILHOUETTES,
        colours: colours::COLOURS,
        occasions: occasions::OCCASIONS,
        seasons: seasons::SEASONS,
    }
}
