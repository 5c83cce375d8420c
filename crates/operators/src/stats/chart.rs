//! A bar chart that needs no script: one bar a day, drawn from presentation attributes alone, because the page allows no
//! inline style. The same stats stand in a table beside it, so the drawing is hidden from screen readers.

use std::fmt::Write as _;

/// Width of a day and of its bar, height of the drawing, in its own units.
const DAY_WIDTH: usize = 12;
const BAR_WIDTH: usize = 8;
const HEIGHT: i64 = 96;

/// Draws `values`, the oldest first; the highest fills the height, and a value above zero can always be seen.
pub(super) fn bars(values: &[i64]) -> String {
    let top = values.iter().copied().max().unwrap_or(0).max(1);
    let width = values.len() * DAY_WIDTH;
    let mut svg = format!(
        r#"<svg class="chart" viewBox="0 0 {width} {HEIGHT}" preserveAspectRatio="none" aria-hidden="true" focusable="false">"#
    );
    for (day, value) in values.iter().enumerate() {
        let height = (value.max(&0) * HEIGHT / top).max(i64::from(*value > 0));
        if height > 0 {
            let (x, y) = (day * DAY_WIDTH + (DAY_WIDTH - BAR_WIDTH) / 2, HEIGHT - height);
            let _infallible =
                write!(svg, r#"<rect class="chart__bar" x="{x}" y="{y}" width="{BAR_WIDTH}" height="{height}"/>"#);
        }
    }
    svg.push_str("</svg>");
    svg
}

#[cfg(test)]
mod tests {
    use super::bars;

    #[test]
    fn the_highest_fills_the_height_and_the_smallest_is_seen() {
        let svg = bars(&[0, 1, 100_000]);
        assert_eq!(svg.matches("<rect").count(), 2);
        assert!(svg.contains(r#"y="95" width="8" height="1""#), "{svg}");
        assert!(svg.contains(r#"y="0" width="8" height="96""#), "{svg}");
        assert!(!bars(&[0, 0]).contains("<rect"));
        assert!(bars(&[]).starts_with("<svg"));
    }
}
