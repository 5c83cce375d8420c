//! The ways between the pages of the room.

use ui::Words;

/// Every place of the room as (label, address, whether one stands there), for the tabs of a page.
pub(crate) fn places(t: Words, here: &str) -> Vec<(String, String, bool)> {
    const PLACES: [(&str, &str); 4] = [
        ("console-figures", "/console/figures"),
        ("console-people", "/console/people"),
        ("console-prices", "/console/prices"),
        ("console-plan-terms", "/console/plans"),
    ];
    PLACES.iter().map(|&(key, href)| (t.say(key), href.to_owned(), href == here)).collect()
}
