//! Two figures become a ratio.

use std::fmt;

/// A comparison and what it should come to.
pub(super) struct Goal {
    pub(super) name: &'static str,
    what: &'static str,
    ratio: Option<f64>,
}

impl Goal {
    pub(super) const fn new(name: &'static str, what: &'static str, ratio: Option<f64>) -> Self {
        Self { name, what, ratio }
    }
}

/// One measured figure.
#[derive(Debug, PartialEq)]
pub(super) struct Figure {
    name: String,
    peer: Option<String>,
    value: Value,
}

/// What was measured. A time is kept as its rate.
#[derive(Debug, PartialEq)]
enum Value {
    /// More is better.
    PerSecond(f64),
    /// Less is better: so much of a unit.
    Amount(f64, String),
}

impl Value {
    fn read(line: &serde_json::Value) -> Option<Self> {
        if let Some(amount) = line["amount"].as_f64() {
            return Some(Self::Amount(amount, line["unit"].as_str()?.to_owned()));
        }
        line["perSecond"].as_f64().or_else(|| Some(1000.0 / line["msPerOp"].as_f64()?)).map(Self::PerSecond)
    }

    /// How often this is as good as `other`.
    fn ratio_to(&self, other: &Self) -> Option<f64> {
        match (self, other) {
            (Self::PerSecond(ours), Self::PerSecond(theirs)) => Some(ours / theirs),
            (Self::Amount(ours, unit), Self::Amount(theirs, other_unit)) if unit == other_unit => Some(theirs / ours),
            _ => None,
        }
    }
}

impl fmt::Display for Value {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::PerSecond(rate) => write!(f, "{rate:.1}/s"),
            Self::Amount(amount, unit) => write!(f, "{amount:.2} {unit}"),
        }
    }
}

/// The figures among the lines that a program printed; other lines are its own business.
pub(super) fn read_figures(printed: &str) -> Vec<Figure> {
    let lines = printed.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    lines
        .filter_map(|line| {
            let peer = line["peer"].as_str().map(str::to_owned);
            Some(Figure { name: line["name"].as_str()?.to_owned(), peer, value: Value::read(&line)? })
        })
        .collect()
}

/// The table's row for a comparison, when both sides were measured.
pub(super) fn row(goal: &Goal, figures: &[Figure]) -> Option<String> {
    let find =
        |is_peer: bool| figures.iter().find(|figure| figure.name == goal.name && figure.peer.is_some() == is_peer);
    let (ours, peer) = (find(false)?, find(true)?);
    let ratio = ours.value.ratio_to(&peer.value)?;
    let wanted = goal.ratio.map_or_else(|| "–".to_owned(), |wanted| format!("{wanted:.2}"));
    let mark = if goal.ratio.is_some_and(|wanted| ratio < wanted) { "  MISSED" } else { "" };
    let peer_name = peer.peer.as_deref().unwrap_or_default();
    let [ours, peers] = [ours, peer].map(|figure| figure.value.to_string());
    Some(format!(
        "{:<25} {ours:>12} {peers:>12} {ratio:>7.2} {wanted:>6}{mark}   {} ({peer_name})",
        goal.name, goal.what
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_rates_become_ratios() {
        let figures = read_figures(
            "noise\n{\"name\":\"zip\",\"peer\":null,\"msPerOp\":2.0}\n{\"name\":\"zip\",\"peer\":\"jszip 3\",\"msPerOp\":11.0}\n\
             {\"name\":\"tx\",\"peer\":null,\"perSecond\":300}\n{\"name\":\"tx\",\"peer\":\"pgbench\",\"perSecond\":1200}\n\
             {\"name\":\"alone\",\"peer\":null,\"perSecond\":300}\n{\"name\":\"rss\",\"peer\":null,\"amount\":60,\"unit\":\"MB\"}\n\
             {\"name\":\"rss\",\"peer\":\"the goal\",\"amount\":150,\"unit\":\"MB\"}\n",
        );
        assert_eq!(figures.len(), 7);
        let memory = row(&Goal::new("rss", "memory", Some(1.0)), &figures).unwrap();
        assert!(memory.contains("60.00 MB") && memory.contains(" 2.50") && !memory.contains("MISSED"), "{memory}");
        let zip = row(&Goal::new("zip", "a package", Some(5.0)), &figures).unwrap();
        assert!(zip.contains("500.0/s") && zip.contains(" 5.50") && zip.contains("(jszip 3)"), "{zip}");
        assert!(!zip.contains("MISSED"), "{zip}");
        let transaction = row(&Goal::new("tx", "a transaction", Some(0.3)), &figures).unwrap();
        assert!(transaction.contains(" 0.25") && transaction.contains("MISSED"), "{transaction}");
        assert_eq!(row(&Goal::new("alone", "", None), &figures), None, "a figure without its peer says nothing");
    }
}
