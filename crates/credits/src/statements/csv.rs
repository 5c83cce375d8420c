//! A statement as a table for a spreadsheet: UTF-8 with a byte order mark, so that every spreadsheet reads it right, and
//! nothing in it that a spreadsheet would take for a formula.

use std::borrow::Cow;

/// The mark that tells a spreadsheet that this is UTF-8.
const BYTE_ORDER_MARK: &str = "\u{feff}";

/// A cell.
pub(super) enum Cell<'a> {
    /// Messages, from us or from others.
    Text(Cow<'a, str>),
    /// A number that we wrote: digits, a point and perhaps a minus.
    Number(String),
}

/// Writes rows after a heading.
pub(super) fn write<'a>(heading: &[String], rows: impl Iterator<Item = Vec<Cell<'a>>>) -> String {
    let mut text = BYTE_ORDER_MARK.to_owned();
    write_row(&mut text, heading.iter().map(|word| Cell::Text(Cow::Borrowed(word))));
    for row in rows {
        write_row(&mut text, row.into_iter());
    }
    text
}

fn write_row<'a>(text: &mut String, cells: impl Iterator<Item = Cell<'a>>) {
    for (index, cell) in cells.enumerate() {
        if index > 0 {
            text.push(',');
        }
        match cell {
            Cell::Number(number) => text.push_str(&number),
            Cell::Text(words) => write_words(text, &words),
        }
    }
    text.push_str("\r\n");
}

/// In quotes; what a spreadsheet would calculate gets an apostrophe before it.
fn write_words(text: &mut String, words: &str) {
    text.push('"');
    if words.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']) {
        text.push('\'');
    }
    text.push_str(&words.replace('"', "\"\""));
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_calculated_and_nothing_breaks_out() {
        let row = |words: &'static str| vec![Cell::Text(words.into()), Cell::Number("-1.5".to_owned())];
        let text = write(&["型".to_owned()], ["=1+1", "a\"b,c", "＝SUM(A1)", "ok"].into_iter().map(row));
        assert_eq!(
            text,
            "\u{feff}\"型\"\r\n\"'=1+1\",-1.5\r\n\"a\"\"b,c\",-1.5\r\n\"'＝SUM(A1)\",-1.5\r\n\"ok\",-1.5\r\n"
        );
    }
}
