//! All decisions about one picture.

use super::answers::{self, Cut, Occasion, Season, Vibe, understand};
use super::extra::Details;
use crate::brief::Brief;
use crate::colour::Rgb;
use crate::rng::{Rng, scramble};
use crate::textile::motif::Motif;
use crate::vocabulary::model::Step;
use crate::vocabulary::tables::vocabulary;

/// Cloth colours and the colour of the room.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Palette {
    pub(crate) main: Rgb,
    pub(crate) second: Rgb,
    pub(crate) accent: Rgb,
    pub(crate) ground: Rgb,
}

/// How a cloth falls.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Weight {
    Light,
    Middle,
    Heavy,
}

/// Hair, from short to long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HairStyle {
    Pixie,
    Bob,
    Long,
    Wavy,
    LowBun,
    TopBun,
    Ponytail,
    Braid,
}

/// Everything that the brief, its words and its seed decide.
#[derive(Debug, Clone)]
pub(crate) struct Design {
    pub(crate) seed: u64,
    pub(crate) vibe: Vibe,
    pub(crate) cut: Cut,
    pub(crate) occasion: Occasion,
    pub(crate) season: Season,
    pub(crate) palette: Palette,
    pub(crate) details: Details,
    pub(crate) motif: Motif,
    pub(crate) weight: Weight,
    pub(crate) gloss: f32,
    pub(crate) hair: HairStyle,
    pub(crate) hair_colour: Rgb,
    pub(crate) skin: Rgb,
    pub(crate) mirror: bool,
    pub(crate) pose: usize,
}

impl Design {
    /// Reads a brief.
    pub(crate) fn read(brief: &Brief) -> Self {
        let details = Details::read(&brief.extra);
        let of = |step| answers::answer_to(brief, step);
        let (vibe, cut, occasion, season) =
            (of(Step::Vibe), of(Step::Silhouette), of(Step::Occasion), of(Step::Season));
        let twists = [vibe.twist, cut.twist, occasion.twist, season.twist, details.twist];
        let seed = twists.iter().fold(scramble(brief.seed ^ 0x5eed), |s, t| if *t == 0 { s } else { scramble(s ^ t) });
        let pick = |table: &[Vibe]| table.get(vibe.index).copied().unwrap_or(Vibe::Minimal);
        let vibe_value = pick(&answers::VIBES);
        let cut_value = answers::CUTS.get(cut.index).copied().unwrap_or(Cut::ALine);
        let occasion_value = answers::OCCASIONS.get(occasion.index).copied().unwrap_or(Occasion::Daily);
        let season_value = answers::SEASONS.get(season.index).copied().unwrap_or(Season::Spring);
        let mut person = Rng::new(seed ^ (vibe.index as u64 * 31 + occasion.index as u64), "person");
        let mut stance = Rng::new(seed ^ (cut.index as u64 * 131), "stance");
        let motif = details.motif.unwrap_or_else(|| choose_motif(vibe_value, occasion_value, seed));
        Self {
            seed,
            vibe: vibe_value,
            cut: cut_value,
            occasion: occasion_value,
            season: season_value,
            palette: read_palette(brief, of(Step::Colour)),
            motif,
            weight: weight_of(season_value, motif),
            gloss: gloss_of(&details, occasion_value, motif),
            details,
            hair: choose_hair(vibe_value, occasion_value, &mut person),
            hair_colour: choose_hair_colour(vibe_value, &mut person),
            skin: choose_skin(&mut person),
            mirror: stance.chance(0.5),
            pose: stance.below(1 << 16),
        }
    }

    /// The random numbers for one part of this picture.
    pub(crate) fn rng(&self, name: &str) -> Rng {
        Rng::new(self.seed, name)
    }
}

fn read_palette(brief: &Brief, first: answers::Understood) -> Palette {
    let known = vocabulary().colours;
    let mut leads: Vec<[Rgb; 4]> = Vec::new();
    for text in brief.colours.iter().filter(|t| !t.trim().is_empty()).take(4) {
        leads.push(palette_of(known, text));
    }
    if leads.is_empty() {
        leads.push(swatches(known.get(first.index).map_or(&[], |a| a.swatches)));
    }
    let lead = leads.first().copied().unwrap_or([Rgb([0.5; 3]); 4]);
    let [main, mut second, mut accent, ground] = lead;
    if let Some([next, ..]) = leads.get(1) {
        second = *next;
    }
    if let Some([next, ..]) = leads.get(2) {
        accent = *next;
    }
    Palette { main, second, accent, ground }
}

fn palette_of(known: &'static [crate::vocabulary::model::Answer], text: &str) -> [Rgb; 4] {
    let folded = answers::folded(text);
    if let Some(main) = Rgb::parse_hex(&folded) {
        let light = main.lightness() > 0.6;
        let second = if light { main.shift(-0.32, 0.7) } else { main.at_lightness(0.9) };
        return [main, second, main.turned(2.4).at_lightness(0.68), main.shift(0.0, 0.35).at_lightness(0.9)];
    }
    let understood = understand(known, text);
    let colours = swatches(known.get(understood.index).map_or(&[], |a| a.swatches));
    if understood.twist == 0 {
        return colours;
    }
    let mut rng = Rng::new(understood.twist, "tint");
    let (turn, lift) = (rng.range(-0.16, 0.16), rng.range(-0.04, 0.04));
    colours.map(|c| c.turned(turn).shift(lift, 1.0))
}

fn swatches(hex: &[&str]) -> [Rgb; 4] {
    [0, 1, 2, 3].map(|i| hex.get(i).map_or(Rgb([0.6; 3]), |h| Rgb::hex(h)))
}

fn choose_motif(vibe: Vibe, occasion: Occasion, seed: u64) -> Motif {
    use Motif as M;
    let options: &[Motif] = match vibe {
        Vibe::Minimal => &[M::Plain, M::Plain, M::Herringbone, M::Pinstripe, M::Corduroy],
        Vibe::Street => &[M::Denim, M::Tartan, M::Geometric, M::Brushstroke, M::Border],
        Vibe::Elegant => &[M::Plain, M::Ombre, M::Lace, M::Herringbone, M::Brushstroke],
        Vibe::Romantic => &[M::Blossom, M::Ditsy, M::Lace, M::Dots, M::Ombre],
        Vibe::AvantGarde => &[M::Geometric, M::Brushstroke, M::Zebra, M::Ombre, M::Plain],
        Vibe::Sporty => &[M::Border, M::Quilted, M::Geometric, M::Ombre, M::Corduroy],
        Vibe::Vintage => &[M::Houndstooth, M::Tartan, M::Dots, M::Tweed, M::Argyle, M::Paisley],
        Vibe::Edgy => &[M::Plain, M::Leopard, M::Tartan, M::Zebra, M::Pinstripe],
        Vibe::Natural => &[M::Plain, M::Gingham, M::Ditsy, M::Stripe, M::CableKnit],
        Vibe::Wa => &[M::Seigaiha, M::Asanoha, M::Yagasuri, M::Shippo, M::Blossom],
        Vibe::Pop => &[M::Dots, M::Gingham, M::Geometric, M::Stripe, M::Brushstroke],
        Vibe::Bohemian => &[M::Paisley, M::Blossom, M::Stripe, M::Lace, M::Brushstroke],
    };
    let mut rng = Rng::new(seed ^ (vibe as u64), "motif");
    match occasion {
        Occasion::Party if rng.chance(0.4) => M::Sequins,
        Occasion::Wedding if rng.chance(0.6) => M::Lace,
        Occasion::Office if rng.chance(0.4) => rng.pick(&[M::Pinstripe, M::Houndstooth, M::Tweed]).unwrap_or(M::Plain),
        _ => rng.pick(options).unwrap_or(M::Plain),
    }
}

fn weight_of(season: Season, motif: Motif) -> Weight {
    match motif {
        Motif::Tweed | Motif::CableKnit | Motif::Quilted | Motif::Denim | Motif::Corduroy => Weight::Heavy,
        Motif::Lace => Weight::Light,
        _ => match season {
            Season::Summer => Weight::Light,
            Season::Winter => Weight::Heavy,
            Season::Spring | Season::Autumn | Season::Rainy => Weight::Middle,
        },
    }
}

fn gloss_of(details: &Details, occasion: Occasion, motif: Motif) -> f32 {
    let cloth = match motif {
        Motif::Sequins => 0.7,
        Motif::Quilted => 0.35,
        Motif::Tweed | Motif::CableKnit | Motif::Denim | Motif::Corduroy => 0.0,
        _ => 0.1,
    };
    let evening = if matches!(occasion, Occasion::Party | Occasion::Wedding | Occasion::Ceremony) { 0.3 } else { 0.0 };
    let named = if details.gloss { 0.6 } else { 0.0 };
    f32::max(cloth, f32::max(evening, named))
}

fn choose_hair(vibe: Vibe, occasion: Occasion, rng: &mut Rng) -> HairStyle {
    use HairStyle as H;
    let options: &[HairStyle] = match (occasion, vibe) {
        (Occasion::Wedding | Occasion::Ceremony, _) => &[H::LowBun, H::LowBun, H::Braid, H::Wavy],
        (Occasion::Sports, _) => &[H::Ponytail, H::TopBun, H::Pixie],
        (Occasion::Festival, Vibe::Wa) | (_, Vibe::Wa) => &[H::LowBun, H::TopBun, H::Bob],
        (_, Vibe::Minimal | Vibe::Edgy | Vibe::AvantGarde) => &[H::Bob, H::LowBun, H::Pixie, H::Long],
        (_, Vibe::Romantic | Vibe::Bohemian | Vibe::Elegant) => &[H::Wavy, H::Long, H::Braid, H::LowBun],
        (_, Vibe::Sporty | Vibe::Street | Vibe::Pop) => &[H::Ponytail, H::TopBun, H::Bob, H::Long],
        (_, Vibe::Vintage | Vibe::Natural) => &[H::Bob, H::Wavy, H::Braid, H::LowBun],
    };
    rng.pick(options).unwrap_or(H::Bob)
}

fn choose_hair_colour(vibe: Vibe, rng: &mut Rng) -> Rgb {
    const NATURAL: [&str; 7] = ["#2a2220", "#1e1b1f", "#4a3326", "#6b4a32", "#8a5c3a", "#b58a56", "#3b2a2a"];
    const DYED: [&str; 4] = ["#8d4f63", "#5d6fa0", "#c9bfb4", "#a65a3a"];
    let dyed = matches!(vibe, Vibe::Pop | Vibe::AvantGarde | Vibe::Street) && rng.chance(0.5);
    let options: &[&str] = if dyed { &DYED } else { &NATURAL };
    Rgb::hex(rng.pick(options).unwrap_or("#2a2220"))
}

fn choose_skin(rng: &mut Rng) -> Rgb {
    const TONES: [&str; 8] = ["#f6dccb", "#f2d0b8", "#eec4a6", "#e3b08d", "#cf9670", "#b07a56", "#8a5a3e", "#f4d6c4"];
    Rgb::hex(rng.pick(&TONES).unwrap_or("#f2d0b8"))
}
