//! A plain text in paragraphs, headings and lists.

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Block {
    /// A line that began with `# `.
    Heading(String),
    /// Lines up to the next empty one.
    Paragraph(String),
    /// Lines that each began with `- `.
    List(Vec<String>),
}

/// Reads a text. Every text is one: what is neither heading nor list is a paragraph.
pub(super) fn blocks(text: &str) -> Vec<Block> {
    let text = text.trim_start_matches('\u{feff}').replace("\r\n", "\n");
    let mut blocks = Vec::new();
    for block in text.split("\n\n").map(str::trim).filter(|block| !block.is_empty()) {
        let mut rest = block;
        if let Some(titled) = block.strip_prefix("# ") {
            let (title, after) = titled.split_once('\n').unwrap_or((titled, ""));
            blocks.push(Block::Heading(title.trim().to_owned()));
            rest = after.trim();
        }
        let lines: Vec<&str> = rest.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
        let items: Option<Vec<String>> = lines.iter().map(|line| line.strip_prefix("- ").map(str::to_owned)).collect();
        match items {
            Some(items) if !items.is_empty() => blocks.push(Block::List(items)),
            _ if !lines.is_empty() => blocks.push(Block::Paragraph(lines.join("\n"))),
            _ => {}
        }
    }
    blocks
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn headings_lists_and_paragraphs_are_told_apart() {
        let text = "# One\nwords\nof two lines\n\n- a\n- b\r\n\r\n# Two\n\n- c\nno list";
        let heading = |text: &str| Block::Heading(text.to_owned());
        let paragraph = |text: &str| Block::Paragraph(text.to_owned());
        assert_eq!(
            blocks(text),
            [
                heading("One"),
                paragraph("words\nof two lines"),
                Block::List(vec!["a".to_owned(), "b".to_owned()]),
                heading("Two"),
                paragraph("- c\nno list"),
            ]
        );
        assert_eq!(blocks(""), []);
    }

    proptest! {
        #[test]
        fn nothing_written_is_lost(lines in proptest::collection::vec("[a-z]{1,8}", 0..20)) {
            let read: String = blocks(&lines.join("\n\n")).iter().map(|block| match block {
                Block::Heading(text) | Block::Paragraph(text) => text.clone(),
                Block::List(items) => items.concat(),
            }).collect();
            prop_assert_eq!(read, lines.concat());
        }
    }
}
