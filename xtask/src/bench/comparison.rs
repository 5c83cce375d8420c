//! Two figures become a ratio.

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

/// One measured figure. A time is kept as its rate, so that more is always better.
#[derive(Debug, PartialEq)]
pub(super) struct Figure {
    name: String,
    peer: Option<String>,
    per_second: f64,
}

/// The figures among the lines that a program printed; other lines are its own business.
pub(super) fn read_figures(printed: &str) -> Vec<Figure> {
    let lines = printed.lines().filter_map(|line| serde_json::from_str::<serde_json::Value>(line).ok());
    lines
        .filter_map(|line| {
            let per_second = line["perSecond"].as_f64().or_else(|| Some(1000.0 / line["msPerOp"].as_f64()?));
            let peer = line["peer"].as_str().map(str::to_owned);
            Some(Figure { name: line["name"].as_str()?.to_owned(), peer, per_second: per_second? })
        })
        .collect()
}

/// The table's row for a comparison, when both sides were measured.
pub(super) fn row(goal: &Goal, figures: &[Figure]) -> Option<String> {
    let find =
        |is_peer: bool| figures.iter().find(|figure| figure.name == goal.name && figure.peer.is_some() == is_peer);
    let (ours, peer) = (find(false)?, find(true)?);
    let ratio = ours.per_second / peer.per_second;
    let wanted = goal.ratio.map_or_else(|| "–".to_owned(), |wanted| format!("{wanted:.1}"));
    let mark = if goal.ratio.is_some_and(|wanted| ratio < wanted) { "  MISSED" } else { "" };
    let peer_name = peer.peer.as_deref().unwrap_or_default();
    let rates = [ours, peer].map(|figure| format!("{:.1}/s", figure.per_second));
    let [ours, peers] = rates;
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
             {\"name\":\"alone\",\"peer\":null,\"perSecond\":300}\n",
        );
        assert_eq!(figures.len(), 5);
        let zip = row(&Goal::new("zip", "a package", Some(5.0)), &figures).unwrap();
        assert!(zip.contains("500.0/s") && zip.contains(" 5.50") && zip.contains("(jszip 3)"), "{zip}");
        assert!(!zip.contains("MISSED"), "{zip}");
        let transaction = row(&Goal::new("tx", "a transaction", Some(0.3)), &figures).unwrap();
        assert!(transaction.contains(" 0.25") && transaction.contains("MISSED"), "{transaction}");
        assert_eq!(row(&Goal::new("alone", "", None), &figures), None, "a figure without its peer says nothing");
    }
}
