//! Icons (lucide) and the platform's own drawings, as inline SVG that follows the text colour and the theme.

mod drawn;

use askama::filters::Safe;

/// The icon of this lucide name, 1.25 em square, hidden from screen readers: the label beside it says what it means.
///
/// An unknown name draws nothing; `tests::every_icon_named_in_a_template_exists` finds it before a visitor does.
pub fn icon(name: &str) -> Safe<&'static str> {
    let found = drawn::DRAWN.binary_search_by_key(&name, |(known, _)| known);
    Safe(found.ok().and_then(|index| drawn::DRAWN.get(index)).map_or("", |(_, svg)| svg))
}

/// A drawing of the platform for empty states and problem pages, purely decorative.
///
/// Known: `noren`, `empty-frames`, `empty-orders`, `empty-search`, `lost`, `closed`, `resting`, `delivered`.
pub fn drawing(name: &str) -> Safe<&'static str> {
    Safe(match name {
        "noren" => include_str!("../../drawings/noren.svg"),
        "empty-frames" => include_str!("../../drawings/empty-frames.svg"),
        "empty-orders" => include_str!("../../drawings/empty-orders.svg"),
        "empty-search" => include_str!("../../drawings/empty-search.svg"),
        "lost" => include_str!("../../drawings/lost.svg"),
        "closed" => include_str!("../../drawings/closed.svg"),
        "resting" => include_str!("../../drawings/resting.svg"),
        "delivered" => include_str!("../../drawings/delivered.svg"),
        _ => "",
    })
}
