//! The tokens of source texts, so that rules can tell code from comments and from what stands in quotes.

use std::ops::Range;

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// An identifier or a keyword; of `r#type` only `type`.
    Word,
    /// Punctuation: one character, or `::`, `->` and `=>`.
    Mark,
    /// A string literal; its text is what stands between the quotes, with its escapes.
    Text,
    /// A comment with its marks.
    Comment,
    /// A number, a character or a lifetime.
    Other,
}

/// A token and the line that it starts on, counted from one.
#[derive(Debug, Clone, Copy)]
pub(super) struct Token<'a> {
    pub(super) kind: Kind,
    pub(super) text: &'a str,
    pub(super) line: usize,
}

impl Token<'_> {
    /// Whether it is this word or this mark; a string literal is neither.
    pub(super) fn is(&self, text: &str) -> bool {
        matches!(self.kind, Kind::Word | Kind::Mark) && self.text == text
    }
}

/// Whether the token at a place is this word or mark. Past the end there is none.
pub(super) fn is_at(tokens: &[Token<'_>], at: usize, text: &str) -> bool {
    tokens.get(at).is_some_and(|token| token.is(text))
}

/// The tokens of a Rust file.
pub(super) fn of_rust(text: &str) -> Vec<Token<'_>> {
    let mut reader = Reader::new(text);
    while reader.at < text.len() {
        reader.read_rust();
    }
    reader.tokens
}

/// How comments and strings look in a language that needs no more than that.
pub(super) struct Syntax {
    /// What a comment starts and ends with.
    comments: &'static [(&'static str, &'static str)],
    /// Quotes, and whether what they enclose may go over several lines.
    quotes: &'static [(u8, bool)],
    /// Whether a backslash escapes a quote.
    has_escapes: bool,
    /// Whether a hyphen belongs to a word, as in names of classes.
    has_hyphens: bool,
}

/// PostgreSQL. What stands between dollars is code, since it is what functions are made of.
pub(super) const SQL: Syntax = Syntax {
    comments: &[("--", "\n"), ("/*", "*/")],
    quotes: &[(b'\'', true)],
    has_escapes: false,
    has_hyphens: false,
};

/// TypeScript and JavaScript.
pub(super) const SCRIPT: Syntax = Syntax {
    comments: &[("//", "\n"), ("/*", "*/")],
    quotes: &[(b'"', false), (b'\'', false), (b'`', true)],
    has_escapes: true,
    has_hyphens: false,
};

/// Templates of pages.
pub(super) const MARKUP: Syntax =
    Syntax { comments: &[("<!--", "-->"), ("{#", "#}")], quotes: &[], has_escapes: false, has_hyphens: true };

/// The tokens of a text in one of the simpler languages.
pub(super) fn of<'a>(text: &'a str, syntax: &Syntax) -> Vec<Token<'a>> {
    let mut reader = Reader::new(text);
    while reader.at < text.len() {
        reader.read_simple(syntax);
    }
    reader.tokens
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    line: usize,
    tokens: Vec<Token<'a>>,
}

impl<'a> Reader<'a> {
    fn new(text: &'a str) -> Self {
        Self { text, at: 0, line: 1, tokens: Vec::with_capacity(text.len() / 6) }
    }

    fn byte(&self, at: usize) -> u8 {
        self.text.as_bytes().get(at).copied().unwrap_or_default()
    }

    /// Adds a token with this part of the text, and goes on behind `end`.
    fn take(&mut self, kind: Kind, part: Range<usize>, end: usize) {
        let end = end.min(self.text.len());
        let text = &self.text[part.start..part.end.min(self.text.len())];
        self.tokens.push(Token { kind, text, line: self.line });
        if matches!(kind, Kind::Text | Kind::Comment) {
            self.line += self.text[self.at..end].matches('\n').count();
        }
        self.at = end;
    }

    fn skip_blank(&mut self) {
        self.line += usize::from(self.byte(self.at) == b'\n');
        self.at += 1;
    }

    /// Where the word that starts here ends. Everything beyond ASCII counts as a letter.
    fn word_end(&self, start: usize, has_hyphens: bool) -> usize {
        let goes_on = |byte: u8| is_letter(byte) || byte.is_ascii_digit() || (has_hyphens && byte == b'-');
        let rest = &self.text.as_bytes()[start..];
        rest.iter().position(|byte| !goes_on(*byte)).map_or(self.text.len(), |length| start + length)
    }

    /// Where a mark next stands, or the end of the text.
    fn find(&self, mark: &str, from: usize) -> usize {
        let rest = self.text.get(from..).and_then(|rest| rest.find(mark));
        rest.map_or(self.text.len(), |length| from + length)
    }

    fn read_rust(&mut self) {
        let start = self.at;
        match (self.byte(start), self.byte(start + 1)) {
            (byte, _) if byte.is_ascii_whitespace() => self.skip_blank(),
            (b'/', b'/') => {
                let end = self.find("\n", start);
                self.take(Kind::Comment, start..end, end);
            }
            (b'/', b'*') => {
                let end = self.nested_comment_end();
                self.take(Kind::Comment, start..end, end);
            }
            (b'"', _) => self.string(start + 1),
            (b'\'', _) => self.quote(start + 1),
            (byte, _) if is_letter(byte) => self.word(),
            (byte, _) if byte.is_ascii_digit() => {
                let end = self.word_end(start, false);
                self.take(Kind::Other, start..end, end);
            }
            (b':', b':') | (b'-' | b'=', b'>') => self.take(Kind::Mark, start..start + 2, start + 2),
            _ => self.take(Kind::Mark, start..start + 1, start + 1),
        }
    }

    fn nested_comment_end(&self) -> usize {
        let (mut depth, mut at) = (0, self.at);
        while at < self.text.len() {
            match (self.byte(at), self.byte(at + 1)) {
                (b'/', b'*') => (depth, at) = (depth + 1, at + 2),
                (b'*', b'/') => (depth, at) = (depth - 1, at + 2),
                _ => at += 1,
            }
            if depth == 0 {
                return at;
            }
        }
        self.text.len()
    }

    /// A string with escapes, whose content starts here.
    fn string(&mut self, start: usize) {
        let mut end = start;
        while end < self.text.len() && self.byte(end) != b'"' {
            end += if self.byte(end) == b'\\' { 2 } else { 1 };
        }
        self.take(Kind::Text, start..end, end + 1);
    }

    /// A character or a lifetime, whose content starts here.
    fn quote(&mut self, start: usize) {
        let first = self.text[start..].chars().next().map_or(0, char::len_utf8);
        let end = if self.byte(start) == b'\\' {
            self.find("'", start + 2) + 1
        } else if self.byte(start + first) == b'\'' {
            start + first + 1
        } else {
            self.word_end(start, false)
        };
        self.take(Kind::Other, start..end, end);
    }

    /// A word, or a literal that starts with letters: `r#"…"#`, `b"…"`, `b'x'`.
    fn word(&mut self) {
        let start = self.at;
        let end = self.word_end(start, false);
        let is_raw = matches!(&self.text[start..end], "r" | "br" | "cr");
        match (&self.text[start..end], self.byte(end)) {
            ("b" | "c", b'"') => self.string(end + 1),
            ("b", b'\'') => self.quote(end + 1),
            (_, b'"' | b'#') if is_raw => self.raw(end),
            _ => self.take(Kind::Word, start..end, end),
        }
    }

    /// A raw string or a raw identifier; its hashes, if it has any, start here.
    fn raw(&mut self, hashes: usize) {
        let length = self.text.as_bytes()[hashes..].iter().take_while(|byte| **byte == b'#').count();
        let open = hashes + length;
        if self.byte(open) == b'"' {
            let closing = format!("\"{}", &self.text[hashes..open]);
            let end = self.find(&closing, open + 1);
            self.take(Kind::Text, open + 1..end, end + closing.len());
        } else if is_letter(self.byte(open)) {
            let end = self.word_end(open, false);
            self.take(Kind::Word, open..end, end);
        } else {
            self.take(Kind::Word, self.at..hashes, hashes);
        }
    }

    fn read_simple(&mut self, syntax: &Syntax) {
        let start = self.at;
        let byte = self.byte(start);
        let rest = &self.text.as_bytes()[start..];
        if byte.is_ascii_whitespace() {
            self.skip_blank();
        } else if is_letter(byte) || byte.is_ascii_digit() {
            let end = self.word_end(start, syntax.has_hyphens);
            self.take(Kind::Word, start..end, end);
        } else if let Some((open, close)) = syntax.comments.iter().find(|(open, _)| rest.starts_with(open.as_bytes())) {
            let end = self.find(close, start + open.len());
            // The end of a line is no part of the comment that it ends.
            let end = if *close == "\n" { end } else { end + close.len() };
            self.take(Kind::Comment, start..end, end);
        } else if let Some((quote, spans_lines)) = syntax.quotes.iter().find(|(quote, _)| *quote == byte) {
            let end = self.quoted_end(start + 1, *quote, *spans_lines, syntax.has_escapes);
            self.take(Kind::Text, start + 1..end, end + 1);
        } else {
            self.take(Kind::Mark, start..start + 1, start + 1);
        }
    }

    /// Where a quoted text ends. One that may not go over a line's end was no string: a quote in a regular expression.
    fn quoted_end(&self, start: usize, quote: u8, spans_lines: bool, has_escapes: bool) -> usize {
        let mut end = start;
        while end < self.text.len() {
            match self.byte(end) {
                byte if byte == quote => return end,
                b'\n' if !spans_lines => return end,
                b'\\' if has_escapes => end += 2,
                _ => end += 1,
            }
        }
        self.text.len()
    }
}

fn is_letter(byte: u8) -> bool {
    byte.is_ascii_alphabetic() || byte == b'_' || !byte.is_ascii()
}
