//! The ways between the pages of the room.

use ui::Messages;

/// Every place of the room as (label, address, whether one stands there), for the tabs of a page.
pub(crate) fn places(t: Messages, here: &str) -> Vec<(String, String, bool)> {
    const PLACES: [(&str, &str); 4] = [
        ("console-stats", "/console/stats"),
        ("console-users", "/console/users"),
        ("console-prices", "/console/prices"),
        ("console-plan-terms", "/console/plans"),
    ];
    PLACES.iter().map(|&(key, href)| (t.say(key), href.to_owned(), href == here)).collect()
}
