//! Seasons.

use super::model::Answer;

pub(super) const SEASONS: &[Answer] = &[
    Answer {
        slug: "spring",
        ja: "春",
        en: "Spring",
        keywords: &["spring", "春", "haru", "march", "april", "may"],
        swatches: &["#f7d9de", "#dfe8c8", "#f3c3cf"],
        icon: "M12 10C9 7 9 4 12 2c3 2 3 5 0 8zm2 1c1-4 4-5 7-4 0 4-3 6-7 4zm-.5 2c4 0 6 3 5 6-4 1-6-2-5-6zm-3 0c1 4-1 7-5 6-1-3 1-6 5-6zM10 11c-4 2-7 0-7-4 3-1 6 0 7 4z",
    },
    Answer {
        slug: "summer",
        ja: "夏",
        en: "Summer",
        keywords: &["summer", "夏", "natsu", "june", "july", "august", "beach", "真夏"],
        swatches: &["#bfe3ef", "#fff0b8", "#5fb7c9"],
        icon: "M12 7a5 5 0 1 1 0 10a5 5 0 0 1 0-10zM11 1h2v4h-2zm0 18h2v4h-2zM1 11h4v2H1zm18 0h4v2h-4zM4.9 3.5l2.8 2.8-1.4 1.4-2.8-2.8zm12.8 12.8l2.8 2.8-1.4 1.4-2.8-2.8zM19.1 3.5l1.4 1.4-2.8 2.8-1.4-1.4zM6.3 16.3l1.4 1.4-2.8 2.8-1.4-1.4z",
    },
    Answer {
        slug: "autumn",
        ja: "秋",
        en: "Autumn",
        keywords: &["autumn", "fall", "秋", "aki", "september", "october", "november", "紅葉"],
        swatches: &["#e8b27a", "#b9573a", "#8a6a3a"],
        icon: "M12 2l2 5 4-2-1 5 5-1-3 4 2 3-6 1 .5 2-3-.5V22h-1v-3.5L8.5 19 9 17l-6-1 2-3-3-4 5 1-1-5 4 2z",
    },
    Answer {
        slug: "winter",
        ja: "冬",
        en: "Winter",
        keywords: &["winter", "snow", "冬", "fuyu", "december", "january", "february", "雪", "クリスマス"],
        swatches: &["#dfe8f2", "#a9bdd3", "#f6f8fb"],
        icon: "M11 2h2v5l3-2 1 1.5-4 3v1l1-.5 .5-5 2 .2-.3 3.3 4.3-2.5 1 1.7-4.3 2.5 3 1.5-.8 1.7-4.4-2.2-1 .6 1 .6 4.4-2.2.8 1.7-3 1.5 4.3 2.5-1 1.7-4.3-2.5.3 3.3-2 .2-.5-5-1-.5v1l4 3-1 1.5-3-2v5h-2v-5l-3 2-1-1.5 4-3v-1l-1 .5-.5 5-2-.2.3-3.3-4.3 2.5-1-1.7 4.3-2.5-3-1.5.8-1.7 4.4 2.2 1-.6-1-.6-4.4 2.2-.8-1.7 3-1.5-4.3-2.5 1-1.7 4.3 2.5-.3-3.3 2-.2.5 5 1 .5v-1l-4-3L8 5l3 2z",
    },
    Answer {
        slug: "rainy",
        ja: "梅雨",
        en: "Rainy season",
        keywords: &["rain", "rainy", "tsuyu", "梅雨", "雨", "つゆ"],
        swatches: &["#c3cede", "#8ea3bb", "#8f86c4"],
        icon: "M12 2C9 7 6 10 6 14.5a6 6 0 0 0 12 0C18 10 15 7 12 2zm-3.5 12h1.6a2.2 2.2 0 0 0 2.2 2.4v1.6a3.8 3.8 0 0 1-3.8-4z",
    },
];
