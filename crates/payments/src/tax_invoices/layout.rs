//! Where what stands on a sheet of A4: text that is measured, wrapped and spread over pages.

use krilla::text::GlyphId;
use skrifa::instance::{LocationRef, Size};
use skrifa::metrics::GlyphMetrics;
use skrifa::{FontRef, MetadataProvider as _};

use super::messages::Sheet;

/// A4, in points.
pub(super) const PAGE: (f32, f32) = (595.28, 841.89);
const LEFT: f32 = 56.0;
const RIGHT: f32 = PAGE.0 - LEFT;
const TOP: f32 = 72.0;
const BOTTOM: f32 = PAGE.1 - 72.0;
/// Where the issuer stands, beside the buyer.
const ISSUER_LEFT: f32 = 320.0;
/// Where quantities end.
const QUANTITY_RIGHT: f32 = 420.0;
/// Where descriptions end.
const DESCRIPTION_WIDTH: f32 = 310.0;
/// Where a page of several says its number.
const FOOT: f32 = PAGE.1 - 40.0;
const TEXT: f32 = 10.0;
const SMALL: f32 = 9.0;
const LEADING: f32 = 1.6;
/// Lines of a description that stay on one page.
const TOGETHER_MAX: u8 = 10;
/// What stands for a character that the font does not have.
const GETA: char = '〓';
/// What never begins a line.
const CLOSING: &str = "、。，．）」』】〕！？ー・";
/// An ASCII word that is longer is cut.
const WORD_CHARS_MAX: usize = 24;

/// Something on a page; the origin is at the upper left.
pub(super) enum Mark {
    Text { x: f32, baseline: f32, size: f32, text: String },
    Rule { y: f32, from: f32, to: f32, weight: f32 },
}

/// A font, as far as measuring needs it.
pub(super) struct Face<'a> {
    characters: skrifa::charmap::Charmap<'a>,
    metrics: GlyphMetrics<'a>,
    units_per_em: f32,
}

impl<'a> Face<'a> {
    /// Reads a TrueType or OpenType font.
    pub(super) fn new(bytes: &'a [u8]) -> Option<Self> {
        let font = FontRef::new(bytes).ok()?;
        let units_per_em = f32::from(font.metrics(Size::unscaled(), LocationRef::default()).units_per_em);
        let metrics = font.glyph_metrics(Size::unscaled(), LocationRef::default());
        Some(Self { characters: font.charmap(), metrics, units_per_em })
    }

    /// The glyph of a character, and its width where the font's size is one.
    pub(super) fn glyph(&self, character: char) -> (GlyphId, f32) {
        let glyph = self.characters.map(character).or_else(|| self.characters.map(GETA)).unwrap_or_default();
        let width = self.metrics.advance_width(glyph).unwrap_or_default() / self.units_per_em;
        (GlyphId::new(glyph.to_u32()), width)
    }

    fn width(&self, text: &str, size: f32) -> f32 {
        text.chars().map(|character| self.glyph(character).1 * size).sum()
    }

    /// Cuts a text into lines: between words, between any two Japanese characters, never before a closing mark.
    fn wrap(&self, text: &str, size: f32, width: f32) -> Vec<String> {
        let mut lines = Vec::new();
        let mut line = String::new();
        for piece in pieces(text) {
            if !line.is_empty() && self.width(&line, size) + self.width(piece.trim_end(), size) > width {
                lines.push(std::mem::take(&mut line).trim_end().to_owned());
            }
            line.push_str(piece);
        }
        lines.push(line.trim_end().to_owned());
        lines
    }
}

/// What stays together on a line.
fn pieces(text: &str) -> Vec<&str> {
    let mut pieces = Vec::new();
    let (mut begin, mut chars, mut before) = (0, 0, None::<char>);
    for (index, character) in text.char_indices() {
        let in_word = |character: char| character.is_ascii() && character != ' ';
        let joins = match before {
            None => true,
            Some(before) if in_word(before) => character.is_ascii() && chars < WORD_CHARS_MAX,
            Some(' ') => character == ' ',
            Some(_) => false,
        };
        if !joins && !CLOSING.contains(character) {
            pieces.push(&text[begin..index]);
            (begin, chars) = (index, 0);
        }
        chars += 1;
        before = Some(character);
    }
    if begin < text.len() {
        pieces.push(&text[begin..]);
    }
    pieces
}

/// Pages as they fill up.
struct Setting<'a, 'f> {
    face: &'a Face<'f>,
    pages: Vec<Vec<Mark>>,
    /// The next baseline of the page that is being set.
    y: f32,
}

impl Setting<'_, '_> {
    fn put(&mut self, mark: Mark) {
        if let Some(page) = self.pages.last_mut() {
            page.push(mark);
        }
    }

    fn text(&mut self, x: f32, size: f32, text: &str) {
        let baseline = self.y;
        self.put(Mark::Text { x, baseline, size, text: text.to_owned() });
    }

    fn ending_at(&mut self, right: f32, size: f32, text: &str) {
        let x = right - self.face.width(text, size);
        self.text(x, size, text);
    }

    fn rule(&mut self, from: f32, to: f32, weight: f32) {
        let y = self.y;
        self.put(Mark::Rule { y, from, to, weight });
    }

    fn go_down(&mut self, points: f32) {
        self.y += points;
    }

    /// Begins another page unless there is room for `points`. Says whether it did.
    fn need(&mut self, points: f32) -> bool {
        let is_full = self.y + points > BOTTOM;
        if is_full {
            self.pages.push(Vec::new());
            self.y = TOP;
        }
        is_full
    }

    /// Where there are several pages, each says whose it is and which.
    fn count_pages(&mut self, number: &str) {
        let all = self.pages.len();
        if all < 2 {
            return;
        }
        for (index, page) in self.pages.iter_mut().enumerate() {
            let text = format!("{number}  {} / {all}", index + 1);
            let x = RIGHT - self.face.width(&text, SMALL);
            page.push(Mark::Text { x, baseline: FOOT, size: SMALL, text });
        }
    }

    fn row(&mut self, label: &str, value: &str) {
        self.need(TEXT * LEADING);
        self.text(LEFT, TEXT, label);
        self.ending_at(RIGHT, TEXT, value);
        self.go_down(TEXT * LEADING);
    }
}

/// Sets a sheet; one page unless there are many lines.
pub(super) fn set(face: &Face<'_>, sheet: &Sheet) -> Vec<Vec<Mark>> {
    let mut setting = Setting { face, pages: vec![Vec::new()], y: TOP };
    head(&mut setting, sheet);
    lines(&mut setting, sheet);
    setting.need(TEXT * LEADING * 4.0);
    for (label, value) in &sheet.sums {
        setting.row(label, value);
    }
    setting.go_down(TEXT);
    for line in face.wrap(&sheet.note, TEXT, RIGHT - LEFT) {
        setting.need(TEXT * LEADING);
        setting.text(LEFT, TEXT, &line);
        setting.go_down(TEXT * LEADING);
    }
    setting.count_pages(&sheet.number);
    setting.pages
}

/// Title, number, buyer, issuer, total and dates.
fn head(setting: &mut Setting<'_, '_>, sheet: &Sheet) {
    setting.text(LEFT, 20.0, &sheet.title);
    setting.ending_at(RIGHT, SMALL, &sheet.number);
    setting.go_down(SMALL * LEADING);
    setting.ending_at(RIGHT, SMALL, &sheet.issued);
    setting.go_down(40.0);
    let beside = setting.y;
    for line in setting.face.wrap(&sheet.buyer, 14.0, ISSUER_LEFT - LEFT - 24.0) {
        setting.text(LEFT, 14.0, &line);
        setting.go_down(14.0 * LEADING);
    }
    for text in &sheet.buyer_lines {
        for line in setting.face.wrap(text, TEXT, ISSUER_LEFT - LEFT - 24.0) {
            setting.text(LEFT, TEXT, &line);
            setting.go_down(TEXT * LEADING);
        }
    }
    let below_buyer = setting.y;
    setting.y = beside;
    for text in &sheet.issuer {
        for line in setting.face.wrap(text, TEXT, RIGHT - ISSUER_LEFT) {
            setting.text(ISSUER_LEFT, TEXT, &line);
            setting.go_down(TEXT * LEADING);
        }
    }
    setting.y = setting.y.max(below_buyer) + 18.0;
    setting.rule(LEFT, RIGHT, 1.2);
    setting.go_down(28.0);
    setting.text(LEFT, 12.0, &sheet.total_label);
    setting.ending_at(RIGHT, 20.0, &sheet.total);
    setting.go_down(14.0);
    setting.rule(LEFT, RIGHT, 1.2);
    setting.go_down(26.0);
    for (label, value) in &sheet.facts {
        setting.row(label, value);
    }
    setting.go_down(14.0);
}

/// The names of the columns; again on every page that the table goes on to.
fn columns(setting: &mut Setting<'_, '_>, [what, quantity, amount]: &[String; 3]) {
    setting.text(LEFT, SMALL, what);
    setting.ending_at(QUANTITY_RIGHT, SMALL, quantity);
    setting.ending_at(RIGHT, SMALL, amount);
    setting.go_down(6.0);
    setting.rule(LEFT, RIGHT, 0.6);
    setting.go_down(TEXT * LEADING);
}

/// The table of what was sold.
fn lines(setting: &mut Setting<'_, '_>, sheet: &Sheet) {
    setting.need(TEXT * LEADING * 3.0);
    columns(setting, &sheet.columns);
    for line in &sheet.lines {
        let texts = setting.face.wrap(&line.description, TEXT, DESCRIPTION_WIDTH);
        // What was sold stays beside its amount, unless its name is as long as a page.
        let lines = u8::try_from(texts.len()).unwrap_or(u8::MAX).min(TOGETHER_MAX);
        if setting.need(f32::from(lines) * TEXT * LEADING) {
            columns(setting, &sheet.columns);
        }
        for (index, text) in texts.iter().enumerate() {
            if setting.need(TEXT * LEADING) {
                columns(setting, &sheet.columns);
            }
            if index == 0 {
                setting.ending_at(QUANTITY_RIGHT, TEXT, &line.quantity);
                setting.ending_at(RIGHT, TEXT, &line.amount);
            }
            setting.text(LEFT, TEXT, text);
            setting.go_down(TEXT * LEADING);
        }
    }
    setting.rule(LEFT, RIGHT, 0.6);
    setting.go_down(TEXT * 1.8);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tax_invoices::messages::SheetLine;

    /// A company with a long name that bought much.
    fn long_sheet() -> Sheet {
        let text = |text: &str| text.to_owned();
        let line = |number: i32| SheetLine {
            description: format!(
                "エンタープライズプラン（2026年11月21日〜2026年12月21日）、残りの期間の差額分、その{number} Enterprise-{}",
                "x".repeat(40)
            ),
            quantity: text("1"),
            amount: text("¥1,049,800"),
        };
        Sheet {
            title: text("適格請求書"),
            number: text("番号 2026-000123"),
            issued: text("発行日 2026年11月21日"),
            buyer: text("株式会社まちや被服企画室ホールディングス 東京支店 商品開発部 第二企画課 町屋 花子 様"),
            buyer_lines: vec![text(
                "東京都台東区浅草橋一丁目二番地三号 町家ビルディング別館 東棟 十二階 第三会議室 気付",
            )],
            total_label: text("ご請求金額（税込）"),
            total: text("¥52,490,000"),
            facts: vec![(text("取引年月日"), text("2026年11月21日"))],
            columns: [text("内容"), text("数量"), text("金額（税込）")],
            lines: (1..=50).map(line).collect(),
            sums: vec![
                (text("10%対象（税込）"), text("¥52,490,000")),
                (text("うち消費税額（10%）"), text("¥4,771,818")),
            ],
            issuer: vec![
                text("町屋デザイン合同会社"),
                text("〒600-8216 京都府京都市下京区烏丸通七条下ル東塩小路町721-1 町家ビルディング 12階"),
                text("登録番号 T7000012050002"),
            ],
            note: text("上記の金額を領収いたしました。"),
            keywords: Vec::new(),
        }
    }

    #[test]
    fn a_long_paper_goes_on_over_pages_and_stays_within_its_margins() {
        let sheet = long_sheet();
        let bytes = ui::assets::paper_font().unwrap().into_owned();
        let face = Face::new(&bytes).unwrap();
        let pages = set(&face, &sheet);
        assert!(pages.len() >= 3, "{}", pages.len());
        let mut amounts = 0;
        for (number, page) in pages.iter().enumerate() {
            let mut heads = 0;
            for mark in page {
                let Mark::Text { x, baseline, size, text } = mark else { continue };
                let right = x + face.width(text, *size);
                assert!(*x >= LEFT - 0.01 && right <= RIGHT + 0.01, "{text} stands between {x} and {right}");
                assert!(*baseline <= FOOT, "{text} stands at {baseline}");
                heads += usize::from(*text == sheet.columns[0]);
                amounts += usize::from(text == "¥1,049,800");
            }
            let of = format!("番号 2026-000123  {} / {}", number + 1, pages.len());
            assert!(page.iter().any(|mark| matches!(mark, Mark::Text { text, .. } if *text == of)), "{of}");
            assert!(heads <= 1 && (heads == 1 || number + 1 == pages.len()), "the columns are named on page {number}");
        }
        assert_eq!(amounts, 50);
        if let Some(folder) = std::env::var_os("MACHIYA_PAPERS") {
            let file = super::super::pdf::draw(&sheet, "ja").unwrap();
            std::fs::write(std::path::Path::new(&folder).join("long.pdf"), file).unwrap();
        }
    }

    #[test]
    fn words_stay_whole_and_closing_marks_with_what_they_close() {
        assert_eq!(pieces("One year"), ["One ", "year"]);
        assert_eq!(pieces("月（年）。"), ["月", "（", "年）。"]);
        assert_eq!(pieces(""), Vec::<&str>::new());
        let long = "x".repeat(60);
        assert_eq!(pieces(&long).iter().map(|piece| piece.len()).collect::<Vec<_>>(), [24, 24, 12]);
    }
}
