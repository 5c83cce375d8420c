//! Bar charts without a script, drawn from presentation attributes alone because pages allow no inline style.

use std::fmt::Write as _;

use askama::filters::{Html, Safe, escape};

/// The room of a bar, the bar within it, and the height of the drawing, in units of its `viewBox`.
const ROOM: usize = 10;
const BAR_WIDTH: usize = 8;
const HEIGHT: i64 = 100;
/// The least height of a value above zero, so that it can be seen.
const HEIGHT_MIN: i64 = 2;

/// A bar of a chart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bar {
    /// Its value; nothing is drawn for zero and less.
    pub value: i64,
    /// The tooltip; may be empty.
    pub title: String,
}

impl From<i64> for Bar {
    fn from(value: i64) -> Self {
        Self { value, title: String::new() }
    }
}

/// The ids of the elements that name and describe a chart for screen readers.
#[derive(Clone, Copy, Debug)]
pub struct ChartLabels<'a> {
    /// The id of the element that names it.
    pub labelled_by: &'a str,
    /// The id of the element that describes it.
    pub described_by: &'a str,
}

/// A chart of equal bars, the highest filling its height. Without `labels` it is hidden from screen readers: a table
/// beside it must say the same.
pub fn bar_chart(bars: &[Bar], labels: Option<ChartLabels<'_>>) -> Safe<String> {
    let top = bars.iter().map(|bar| bar.value).max().unwrap_or(0).max(1);
    let width = bars.len() * ROOM;
    let role = match labels {
        Some(ChartLabels { labelled_by, described_by }) => {
            format!(r#"role="img" aria-labelledby="{labelled_by}" aria-describedby="{described_by}""#)
        }
        None => r#"aria-hidden="true" focusable="false""#.to_owned(),
    };
    let mut svg = format!(r#"<svg class="chart" viewBox="0 0 {width} {HEIGHT}" preserveAspectRatio="none" {role}>"#);
    for (index, bar) in bars.iter().enumerate().filter(|(_, bar)| bar.value > 0) {
        let height = (bar.value * HEIGHT / top).max(HEIGHT_MIN);
        let (x, y) = (index * ROOM + (ROOM - BAR_WIDTH) / 2, HEIGHT - height);
        // Writing to a String cannot fail, here and below.
        let _ = write!(svg, r#"<rect class="chart__bar" x="{x}" y="{y}" width="{BAR_WIDTH}" height="{height}""#);
        if bar.title.is_empty() {
            svg.push_str("/>");
        } else {
            let Ok(title) = escape(&bar.title, Html);
            let _ = write!(svg, "><title>{title}</title></rect>");
        }
    }
    svg.push_str("</svg>");
    Safe(svg)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(values: &[i64]) -> Vec<Bar> {
        values.iter().copied().map(Bar::from).collect()
    }

    #[test]
    fn the_highest_fills_the_height_and_the_smallest_is_seen() {
        let svg = bar_chart(&values(&[0, 1, 100_000]), None).0;
        assert_eq!(svg.matches("<rect").count(), 2);
        assert!(svg.contains(r#"y="98" width="8" height="2""#), "{svg}");
        assert!(svg.contains(r#"y="0" width="8" height="100""#), "{svg}");
        assert!(svg.contains("aria-hidden"));
        assert!(!bar_chart(&values(&[0, 0, -3]), None).0.contains("<rect"));
        assert!(bar_chart(&[], None).0.starts_with("<svg"));
    }

    #[test]
    fn a_title_is_text_and_never_markup() {
        let bars = [Bar { value: 3, title: "<b>3 & more</b>".to_owned() }];
        let svg = bar_chart(&bars, Some(ChartLabels { labelled_by: "words", described_by: "top" })).0;
        assert!(!svg.contains("<b>") && svg.contains("<title>"), "{svg}");
        assert!(svg.contains(r#"role="img" aria-labelledby="words" aria-describedby="top""#), "{svg}");
    }
}
