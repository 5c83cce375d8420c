//! Looks through the names of a file, each language in its own way.

use super::declarations::{self, Declared};
use super::table::{How, WORDS, candidates, has_part, snake};
use crate::tidy::tokens::{self, Kind, MARKUP, SCRIPT, SQL, Token};
use crate::tidy::{Finding, SourceFile, Sources, locales};
use std::collections::{HashMap, HashSet};

/// Reads files and remembers what it knows about names, since the same ones occur everywhere.
pub(super) struct Reader<'a> {
    pub(super) findings: Vec<Finding>,
    /// The refused words that a name may be.
    known: HashMap<&'a str, Vec<usize>>,
    /// Files and folders whose names are looked at already.
    places: HashSet<&'a str>,
}

impl<'a> Reader<'a> {
    pub(super) fn new(sources: &'a Sources) -> Self {
        let known = HashMap::with_capacity(sources.files.len() * 16);
        Self { findings: Vec::new(), known, places: HashSet::new() }
    }

    pub(super) fn read(&mut self, file: &'a SourceFile) {
        match file.extension() {
            "rs" => self.read_rust(file),
            "sql" => {
                let tokens = code(tokens::of(&file.text, &SQL));
                self.names(file, &tokens, declarations::of_sql);
            }
            "ts" | "mjs" => {
                let tokens = code(tokens::of(&file.text, &SCRIPT));
                self.names(file, &tokens, declarations::of_script);
                self.literals(file, &tokens);
            }
            "html" => self.names(file, &in_tags(tokens::of(&file.text, &MARKUP)), |_| HashMap::new()),
            "ftl" => {
                for (line, key) in locales::keys(file) {
                    for index in candidates(&key) {
                        let is_it = matches!(WORDS[index].2, How::Part | How::Code | How::Declared);
                        self.report(index, file, line, &key, is_it);
                    }
                }
            }
            "toml" => return self.crate_name(file),
            _ => return,
        }
        self.place(file);
    }

    fn read_rust(&mut self, file: &'a SourceFile) {
        let tokens = code(tokens::of_rust(&file.text));
        self.names(file, &tokens, declarations::of_rust);
        self.literals(file, &tokens);
        if file.path.ends_with("/queries.rs") {
            // SQL in string literals is code like that of the migrations.
            for token in tokens.iter().filter(|token| token.kind == Kind::Text) {
                let sql = tokens::of(token.text, &SQL).into_iter().filter(|token| token.kind == Kind::Word);
                let moved = sql.map(|word| Token { line: word.line + token.line - 1, ..word });
                self.names(file, &moved.collect::<Vec<_>>(), |_| HashMap::new());
            }
        }
    }

    /// Looks at every name of a file; what is declared is worked out only where a name may be refused for it.
    fn names(
        &mut self,
        file: &SourceFile,
        tokens: &[Token<'a>],
        declared: impl Fn(&[Token<'a>]) -> HashMap<usize, Declared>,
    ) {
        let mut declarations = None;
        for (at, token) in tokens.iter().enumerate().filter(|(_, token)| token.kind == Kind::Word) {
            let found = self.known.entry(token.text).or_insert_with(|| candidates(token.text));
            for index in found.clone() {
                let mut what = || declarations.get_or_insert_with(|| declared(tokens)).get(&at).copied();
                let is_it = match WORDS[index].2 {
                    How::Part | How::TypePart | How::TypeEnd | How::Code => true,
                    How::Declared => what().is_some(),
                    How::Type => what() == Some(Declared::Type),
                    How::Module(below) => file.path.contains(below) && what() == Some(Declared::Module),
                    How::ModuleOrFunction(below) => {
                        file.path.contains(below) && matches!(what(), Some(Declared::Module | Declared::Function))
                    }
                    How::File | How::Scope | How::Crate => false,
                };
                self.report(index, file, token.line, token.text, is_it);
            }
        }
    }

    /// Codes of answers and scopes, which are string literals.
    fn literals(&mut self, file: &SourceFile, tokens: &[Token<'_>]) {
        let defines_scopes = file.path.ends_with("/scopes.rs") || file.path == "crates/platform/src/http/access.rs";
        let codes: Vec<_> =
            WORDS.iter().enumerate().filter(|(_, (_, _, how))| matches!(how, How::Code | How::Scope)).collect();
        for token in tokens.iter().filter(|token| token.kind == Kind::Text) {
            for &(index, (word, _, how)) in &codes {
                let is_it = match how {
                    How::Code => token.text.contains(word),
                    How::Scope => defines_scopes && token.text == *word,
                    _ => false,
                };
                self.report(index, file, token.line, word, is_it);
            }
        }
    }

    /// The name of a file and those of its folders, each once.
    fn place(&mut self, file: &'a SourceFile) {
        let ends = file.path.match_indices('/').map(|(end, _)| end).chain([file.path.len()]);
        for end in ends {
            let place = &file.path[..end];
            if !self.places.insert(place) {
                continue;
            }
            let name = place.rsplit('/').next().unwrap_or_default();
            let (stem, is_rust_file) = (name.split('.').next().unwrap_or(name), name.ends_with(".rs"));
            let snake = snake(stem);
            let is_module = file.path.contains("/src/") && file.extension() == "rs";
            for (index, (word, _, how)) in WORDS.iter().enumerate() {
                let is_it = match *how {
                    How::Part => has_part(&snake, word),
                    How::Declared => is_module && snake == *word,
                    How::Module(below) | How::ModuleOrFunction(below) => {
                        is_module && snake == *word && file.path.contains(below)
                    }
                    How::File => is_rust_file && snake == *word,
                    _ => false,
                };
                self.report(index, file, 0, place, is_it);
            }
        }
    }

    fn crate_name(&mut self, file: &SourceFile) {
        for (index, (word, _, how)) in WORDS.iter().enumerate().filter(|(_, (_, _, how))| *how == How::Crate) {
            let is_it = *how == How::Crate && file.path == format!("crates/{word}/Cargo.toml");
            self.report(index, file, 0, word, is_it);
        }
    }

    fn report(&mut self, index: usize, file: &SourceFile, line: usize, name: &str, is_it: bool) {
        if is_it {
            let (word, instead, _) = WORDS[index];
            let text = format!("`{name}`: `{word}` is an old word; call it {instead}");
            self.findings.push(Finding::error(&file.path, line, text));
        }
    }
}

fn code(mut tokens: Vec<Token<'_>>) -> Vec<Token<'_>> {
    tokens.retain(|token| token.kind != Kind::Comment);
    tokens
}

/// The tokens of a template inside its tags and its expressions; what stands between them is text for people.
fn in_tags(tokens: Vec<Token<'_>>) -> Vec<Token<'_>> {
    let (mut is_tag, mut is_expression) = (false, false);
    let mut before = "";
    let mut inside = Vec::with_capacity(tokens.len());
    for token in tokens {
        match token.text {
            "{" | "%" if before == "{" => is_expression = true,
            "}" if before == "}" || before == "%" => is_expression = false,
            "<" if !is_expression => is_tag = true,
            ">" if !is_expression => is_tag = false,
            _ => {}
        }
        before = token.text;
        if token.kind != Kind::Comment && (is_tag || is_expression) {
            inside.push(token);
        }
    }
    inside
}
