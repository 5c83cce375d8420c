//! Renders briefs to PNG files for looking at: `contact_sheet <folder> <step|mix|aspects> [seed] [long edge]`.

use illustrator::{Aspect, Brief, Step, illustrate, vocabulary};

fn base(seed: u64, edge: u32) -> Brief {
    Brief { aspect: Aspect::Portrait3x4, seed, long_edge_px: edge, ..Brief::default() }
}

fn briefs(kind: &str, seed: u64, edge: u32) -> Vec<(String, Brief)> {
    let v = vocabulary();
    let of = |step: Step, change: &dyn Fn(&mut Brief, &str, u64)| -> Vec<(String, Brief)> {
        let mut out = Vec::new();
        for (i, answer) in v.answers(step).iter().enumerate() {
            let mut brief = base(seed, edge);
            change(&mut brief, answer.slug, i as u64);
            out.push((answer.slug.to_owned(), brief));
        }
        out
    };
    match kind {
        "vibe" => of(Step::Vibe, &|b, s, i| {
            b.vibe = Some(s.into());
            b.seed += i;
        }),
        "silhouette" => of(Step::Silhouette, &|b, s, i| {
            b.silhouette = Some(s.into());
            b.seed += i;
        }),
        "colour" => of(Step::Colour, &|b, s, i| {
            b.colours = vec![s.into()];
            b.seed += i;
        }),
        "occasion" => of(Step::Occasion, &|b, s, i| {
            b.occasion = Some(s.into());
            b.seed += i;
        }),
        "season" => of(Step::Season, &|b, s, _| b.season = Some(s.into())),
        "aspects" => Aspect::ALL
            .into_iter()
            .map(|a| (a.to_string().replace(':', "x"), Brief { aspect: a, ..base(seed, edge) }))
            .collect(),
        _ => (0..12).map(|i| (format!("mix{i:02}"), base(seed + i * 101, edge))).collect(),
    }
}

fn main() -> std::io::Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let folder = arguments.first().cloned().unwrap_or_else(|| "contact".into());
    let kind = arguments.get(1).cloned().unwrap_or_else(|| "mix".into());
    let number = |i: usize, default: u64| arguments.get(i).and_then(|a| a.parse().ok()).unwrap_or(default);
    std::fs::create_dir_all(&folder)?;
    for (i, (name, mut brief)) in briefs(&kind, number(2, 1), number(3, 760) as u32).into_iter().enumerate() {
        if let Some(extra) = arguments.get(4) {
            brief.extra = extra.clone();
        }
        std::fs::write(format!("{folder}/{i:02}-{name}.png"), illustrate(&brief).encode_png())?;
    }
    Ok(())
}
