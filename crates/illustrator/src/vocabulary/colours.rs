//! Palettes: cloth, second cloth, accent, ground.

use super::model::Answer;

const fn palette(
    slug: &'static str,
    ja: &'static str,
    en: &'static str,
    swatches: &'static [&'static str],
    keywords: &'static [&'static str],
) -> Answer {
    Answer { slug, ja, en, keywords, swatches, icon: "" }
}

pub(super) const COLOURS: &[Answer] = &[
    palette(
        "ivory",
        "アイボリー",
        "Ivory",
        &["#efe6d5", "#d3c0a0", "#a98758", "#e7ddd0"],
        &["ivory", "white", "cream", "offwhite", "アイボリー", "白", "ホワイト", "生成り", "クリーム"],
    ),
    palette(
        "black",
        "ブラック",
        "Black",
        &["#26262b", "#55545c", "#c9a86a", "#d5d2cf"],
        &["black", "noir", "ブラック", "黒", "墨"],
    ),
    palette(
        "greige",
        "グレージュ",
        "Greige",
        &["#a89c8e", "#6e655c", "#e4dacd", "#dcd3c9"],
        &["greige", "grey", "gray", "taupe", "グレージュ", "グレー", "灰", "トープ"],
    ),
    palette(
        "navy",
        "ネイビー",
        "Navy",
        &["#26365c", "#7d93b8", "#d9b36a", "#cdd6e2"],
        &["navy", "midnight", "indigo", "ネイビー", "紺", "藍", "インディゴ"],
    ),
    palette(
        "sky",
        "スカイブルー",
        "Sky blue",
        &["#82b4d6", "#f2f4f1", "#f0a661", "#d8e8f0"],
        &["sky", "blue", "light blue", "aqua", "水色", "青", "ブルー", "スカイ"],
    ),
    palette(
        "sakura",
        "桜色",
        "Cherry blossom",
        &["#eebcc4", "#fbf1ee", "#9c5668", "#f6e3e2"],
        &["sakura", "pink", "blush", "rose", "桜", "ピンク", "さくら", "桃"],
    ),
    palette(
        "red",
        "深紅",
        "Crimson",
        &["#b12a36", "#f0ddcf", "#3a2326", "#ecd3c8"],
        &["red", "crimson", "scarlet", "赤", "レッド", "深紅", "紅"],
    ),
    palette(
        "burgundy",
        "ボルドー",
        "Burgundy",
        &["#6c2237", "#c69a8b", "#d9b887", "#dfcac2"],
        &["burgundy", "wine", "bordeaux", "maroon", "ボルドー", "ワイン", "えんじ", "バーガンディ"],
    ),
    palette(
        "terracotta",
        "テラコッタ",
        "Terracotta",
        &["#c4694a", "#f0dcc0", "#49614f", "#efd9c6"],
        &["terracotta", "orange", "rust", "brick", "coral", "テラコッタ", "オレンジ", "橙", "コーラル"],
    ),
    palette(
        "mustard",
        "マスタード",
        "Mustard",
        &["#d6a02f", "#f4e9cd", "#3f4a5e", "#f0e3c2"],
        &["mustard", "yellow", "gold", "マスタード", "黄", "イエロー", "からし", "山吹", "ゴールド"],
    ),
    palette(
        "matcha",
        "抹茶",
        "Matcha green",
        &["#8ea35f", "#eff0de", "#6a4e3a", "#e1e6cf"],
        &["matcha", "green", "sage", "lime", "抹茶", "緑", "グリーン", "若草", "セージ"],
    ),
    palette(
        "forest",
        "フォレスト",
        "Forest green",
        &["#2c5344", "#c9b98d", "#c96f4a", "#d3dacb"],
        &["forest", "emerald", "deep green", "bottle", "フォレスト", "深緑", "エメラルド"],
    ),
    palette(
        "khaki",
        "カーキ",
        "Khaki",
        &["#8a7f58", "#dccfae", "#38404a", "#e2dac2"],
        &["khaki", "olive", "military", "カーキ", "オリーブ"],
    ),
    palette(
        "camel",
        "キャメル",
        "Camel",
        &["#c0915c", "#f1e5d3", "#43383a", "#ecdfcd"],
        &["camel", "beige", "tan", "brown", "キャメル", "ベージュ", "茶", "ブラウン"],
    ),
    palette(
        "lavender",
        "ラベンダー",
        "Lavender",
        &["#a79ad0", "#f3eff6", "#5d6f9c", "#e6e0f0"],
        &["lavender", "purple", "lilac", "violet", "ラベンダー", "紫", "パープル", "藤", "ライラック"],
    ),
    palette(
        "turquoise",
        "ターコイズ",
        "Turquoise",
        &["#2c9c9d", "#f3ecd8", "#e6734f", "#cfe6e2"],
        &["turquoise", "teal", "cyan", "ターコイズ", "ティール", "青緑", "浅葱"],
    ),
    palette(
        "monotone",
        "モノトーン",
        "Black and white",
        &["#f3f2ef", "#222226", "#8d8c90", "#d9d9da"],
        &["monotone", "monochrome", "black and white", "モノトーン", "白黒", "モノクロ"],
    ),
    palette(
        "pastel",
        "パステル",
        "Pastel mix",
        &["#b9dccd", "#f7c9d3", "#f6e3a1", "#dfe4f5"],
        &["pastel", "candy", "パステル", "ゆめかわ"],
    ),
    palette(
        "vivid",
        "ビビッド",
        "Vivid mix",
        &["#f2495c", "#2f6fde", "#ffc52e", "#f4ede0"],
        &["vivid", "neon", "bright", "multicolor", "multicolour", "rainbow", "ビビッド", "ネオン", "カラフル", "原色"],
    ),
];
