//! Occasions.

use super::model::Answer;

const fn occasion(
    slug: &'static str,
    ja: &'static str,
    en: &'static str,
    keywords: &'static [&'static str],
    icon: &'static str,
) -> Answer {
    Answer { slug, ja, en, keywords, swatches: &[], icon }
}

pub(super) const OCCASIONS: &[Answer] = &[
    occasion(
        "daily",
        "デイリー",
        "Everyday",
        &["daily", "everyday", "casual", "weekend", "デイリー", "普段", "日常", "カジュアル", "休日"],
        "M4 8h16l-1.5 13h-13zM8 8a4 4 0 0 1 8 0h-1.6a2.4 2.4 0 0 0-4.8 0z",
    ),
    occasion(
        "office",
        "オフィス",
        "Office",
        &["office", "work", "business", "meeting", "interview", "オフィス", "仕事", "ビジネス", "通勤", "面接"],
        "M9 4h6v3h6v13H3V7h6zm1.5 1.5V7h3V5.5zM3 12h7v2h4v-2h7v1.5h-7V15h-4v-1.5H3z",
    ),
    occasion(
        "party",
        "パーティー",
        "Party",
        &["party", "gala", "cocktail", "club", "night", "パーティ", "ナイト", "二次会", "クラブ"],
        "M5 3h14l-6 8v7h4v2H7v-2h4v-7zm4 2l1.5 2h3L15 5z",
    ),
    occasion(
        "wedding",
        "ウェディング",
        "Wedding",
        &["wedding", "bridal", "bride", "ウェディング", "結婚", "ブライダル", "花嫁", "披露宴"],
        "M9 9a6 6 0 1 1-.1 0zm0 1.8a4.2 4.2 0 1 0 .1 0zM15 7a6 6 0 0 1 2 11.5v-2A4.2 4.2 0 0 0 15 8.8zM13 2h4l-2 3.5z",
    ),
    occasion(
        "travel",
        "旅行",
        "Travel",
        &["travel", "trip", "vacation", "holiday", "airport", "旅行", "旅", "トラベル", "バカンス"],
        "M9 3h6v4h3v14H6V7h3zm1.5 1.5V7h3V4.5zM9 10v8h1.5v-8zm4.5 0v8H15v-8z",
    ),
    occasion(
        "outdoor",
        "アウトドア",
        "Outdoor",
        &["outdoor", "camp", "hiking", "hike", "picnic", "park", "アウトドア", "キャンプ", "山", "ピクニック", "公園"],
        "M2 20L9 7l4 7 2-3 7 9zm7-9l-2 4 2-1 2 1z",
    ),
    occasion(
        "date",
        "デート",
        "Date",
        &["date", "dinner", "anniversary", "デート", "ディナー", "記念日"],
        "M12 10c-2-4-8-3-7 2 .6 3 4 5 7 8 3-3 6.4-5 7-8 1-5-5-6-7-2zM11 2h2v5h-2z",
    ),
    occasion(
        "ceremony",
        "式典",
        "Ceremony",
        &[
            "ceremony",
            "graduation",
            "formal",
            "entrance",
            "recital",
            "式典",
            "卒業",
            "入学",
            "式",
            "フォーマル",
            "発表会",
            "七五三",
        ],
        "M12 5a2 2 0 1 1 .1 0zM7 7a2 2 0 1 1 .1 0zm10 0a2 2 0 1 1 .1 0zM4 12a2 2 0 1 1 .1 0zm16 0a2 2 0 1 1 .1 0zM6 17a2 2 0 1 1 .1 0zm12 0a2 2 0 1 1 .1 0zm-6 5a3 3 0 1 1 .1 0z",
    ),
    occasion(
        "festival",
        "お祭り",
        "Festival",
        &["festival", "matsuri", "fireworks", "concert", "live", "祭", "フェス", "花火", "縁日", "ライブ"],
        "M10 2h4v2h2c3 3 3 11 0 14h-2v2h-4v-2H8C5 15 5 7 8 4h2zM7 8v1.3h10V8zm-.3 5v1.3h10.6V13z",
    ),
    occasion(
        "lounge",
        "おうち",
        "At home",
        &["lounge", "home", "relax", "sleep", "room", "おうち", "家", "ルーム", "部屋", "くつろぎ"],
        "M12 3l10 9h-3v9h-5v-6h-4v6H5v-9H2z",
    ),
    occasion(
        "sports",
        "スポーツ",
        "Sports",
        &[
            "running",
            "training",
            "workout",
            "tennis",
            "golf",
            "yoga",
            "運動",
            "スポーツ",
            "ランニング",
            "ヨガ",
            "ゴルフ",
            "テニス",
        ],
        "M12 3a9 9 0 1 0 0 18a9 9 0 0 0 0-18zM5 8.5c3 1 3 6 0 7zm14 0v7c-3-1-3-6 0-7zM11.2 5h1.6v14h-1.6z",
    ),
];
