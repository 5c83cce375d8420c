//! What the free line selects.

use super::answers::{folded, mentions};
use crate::textile::motif::Motif;

/// Headwear that the free line names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hat {
    Straw,
    Beret,
    Knit,
    Cap,
}

/// Sleeves that the free line names.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sleeves {
    None,
    Short,
    Long,
    Puff,
}

/// Details that the free line asks for; each is absent unless a word names it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Details {
    pub(crate) motif: Option<Motif>,
    pub(crate) hat: Option<Hat>,
    pub(crate) sleeve: Option<Sleeves>,
    pub(crate) ribbon: bool,
    pub(crate) pockets: bool,
    pub(crate) belt: bool,
    pub(crate) buttons: bool,
    pub(crate) glasses: bool,
    pub(crate) scarf: bool,
    pub(crate) gloss: bool,
    pub(crate) longer: bool,
    pub(crate) shorter: bool,
    /// 0 when the line is empty; otherwise a hash of it.
    pub(crate) twist: u64,
}

const MOTIFS: &[(Motif, &[&str])] = &[
    (Motif::Houndstooth, &["houndstooth", "千鳥"]),
    (Motif::Pinstripe, &["pinstripe", "ピンストライプ"]),
    (Motif::Border, &["border", "breton", "marin", "ボーダー"]),
    (Motif::Stripe, &["stripe", "ストライプ", "縞"]),
    (Motif::Gingham, &["gingham", "ギンガム", "市松"]),
    (Motif::Tartan, &["tartan", "check", "plaid", "チェック", "タータン", "格子"]),
    (Motif::Herringbone, &["herringbone", "ヘリンボーン", "杉綾"]),
    (Motif::Dots, &["dot", "polka", "ドット", "水玉"]),
    (Motif::Seigaiha, &["seigaiha", "wave pattern", "青海波"]),
    (Motif::Asanoha, &["asanoha", "hemp leaf", "麻の葉"]),
    (Motif::Yagasuri, &["yagasuri", "arrow feather", "矢絣", "矢がすり", "矢羽"]),
    (Motif::Shippo, &["shippo", "七宝"]),
    (Motif::Paisley, &["paisley", "ペイズリー"]),
    (Motif::Leopard, &["leopard", "animal", "ヒョウ", "レオパード", "豹", "アニマル"]),
    (Motif::Zebra, &["zebra", "ゼブラ"]),
    (Motif::Denim, &["denim", "jean", "デニム", "ジーンズ"]),
    (Motif::Lace, &["lace", "レース"]),
    (Motif::CableKnit, &["cable", "knit", "sweater", "ニット", "ケーブル", "セーター", "編み"]),
    (Motif::Corduroy, &["corduroy", "rib", "コーデュロイ", "リブ"]),
    (Motif::Tweed, &["tweed", "ツイード"]),
    (Motif::Quilted, &["quilt", "puffer", "down jacket", "キルト", "キルティング", "ダウン"]),
    (Motif::Argyle, &["argyle", "アーガイル"]),
    (Motif::Sequins, &["sequin", "glitter", "sparkl", "スパンコール", "ラメ", "キラキラ"]),
    (Motif::Ombre, &["gradient", "ombre", "ombré", "グラデーション"]),
    (Motif::Blossom, &["floral", "flower", "botanical", "花柄", "花", "ボタニカル"]),
    (
        Motif::Brushstroke,
        &["marble", "abstract", "watercolor", "watercolour", "tie-dye", "マーブル", "抽象", "タイダイ", "絞り"],
    ),
    (Motif::Geometric, &["geometric", "幾何"]),
    (Motif::Plain, &["plain", "solid", "無地"]),
];

const HATS: &[(Hat, &[&str])] = &[
    (Hat::Straw, &["straw hat", "sun hat", "麦わら", "ストローハット"]),
    (Hat::Beret, &["beret", "ベレー"]),
    (Hat::Knit, &["beanie", "knit hat", "knit cap", "ニット帽"]),
    (Hat::Cap, &["baseball cap", "cap ", "キャップ"]),
    (Hat::Straw, &["hat", "帽子", "ハット"]),
];

const SLEEVES: &[(Sleeves, &[&str])] = &[
    (Sleeves::Puff, &["puff", "balloon sleeve", "パフスリーブ", "パフ袖"]),
    (Sleeves::None, &["sleeveless", "ノースリーブ", "袖なし"]),
    (Sleeves::Short, &["short sleeve", "半袖"]),
    (Sleeves::Long, &["long sleeve", "長袖"]),
];

fn first<T: Copy>(table: &[(T, &[&str])], text: &str) -> Option<T> {
    table.iter().find(|(_, words)| words.iter().any(|w| mentions(text, w))).map(|(value, _)| *value)
}

impl Details {
    /// Reads the free line.
    pub(crate) fn read(line: &str) -> Self {
        let text = folded(line);
        let has = |words: &[&str]| words.iter().any(|w| mentions(&text, w));
        Self {
            motif: first(MOTIFS, &text),
            hat: first(HATS, &text),
            sleeve: first(SLEEVES, &text),
            ribbon: has(&["ribbon", "bow", "リボン"]),
            pockets: has(&["pocket", "ポケット"]),
            belt: has(&["belt", "sash", "ベルト", "帯"]),
            buttons: has(&["button", "ボタン"]),
            glasses: has(&["glasses", "spectacles", "眼鏡", "メガネ"]),
            scarf: has(&["scarf", "muffler", "stole", "マフラー", "スカーフ", "ストール"]),
            gloss: has(&[
                "satin",
                "silk",
                "leather",
                "velvet",
                "shiny",
                "サテン",
                "シルク",
                "絹",
                "レザー",
                "革",
                "ベルベット",
                "光沢",
            ]),
            longer: has(&["long", "maxi", "ロング", "マキシ"]) && !has(&["long sleeve"]),
            shorter: has(&["short", "ショート"]) && !has(&["short sleeve", "short hair"]),
            twist: if text.is_empty() { 0 } else { crate::rng::text_hash(&text) },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_select_details() {
        let d = Details::read("デニム素材、リボンとポケット付き、麦わら帽子");
        assert_eq!(d.motif, Some(Motif::Denim));
        assert!(d.ribbon && d.pockets && !d.belt);
        assert_eq!(d.hat, Some(Hat::Straw));
        let d = Details::read("Floral print, puff sleeves, satin belt");
        assert_eq!((d.motif, d.sleeve), (Some(Motif::Blossom), Some(Sleeves::Puff)));
        assert!(d.gloss && d.belt);
        assert_eq!(Details::read("").twist, 0);
        assert_ne!(Details::read("xyzzy").twist, 0);
    }
}
