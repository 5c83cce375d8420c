//! Which module of a crate lies in which file.

use super::shipped_code::{self, attribute_end, closing};
use super::tokens::{Kind, Token, is_at};
use super::{SourceFile, Sources};
use std::collections::HashMap;
use std::ops::Range;

/// A module's names from the root of its crate; the root's is empty.
pub(super) type ModulePath<'a> = Vec<&'a str>;

/// A file of a crate, as the module that it is.
pub(super) struct ModuleFile<'a> {
    pub(super) source: &'a SourceFile,
    pub(super) module: ModulePath<'a>,
    /// Its code, without comments and tests.
    pub(super) tokens: Vec<Token<'a>>,
    /// `mod x { … }`, with all their names from the file's module on, and the tokens between the braces.
    inline: Vec<(ModulePath<'a>, Range<usize>)>,
}

impl<'a> ModuleFile<'a> {
    /// The module that a token of the file lies in.
    pub(super) fn module_at(&self, at: usize) -> ModulePath<'a> {
        let around = self.inline.iter().filter(|(_, body)| body.contains(&at)).max_by_key(|(names, _)| names.len());
        let names = around.map(|(names, _)| names.iter()).into_iter().flatten();
        self.module.iter().chain(names).copied().collect()
    }
}

/// The modules that are reached from one root of a crate: its library, its program, or one of its other programs.
pub(super) struct ModuleTree<'a> {
    pub(super) files: Vec<ModuleFile<'a>>,
    places: HashMap<ModulePath<'a>, usize>,
}

impl<'a> ModuleTree<'a> {
    /// Reads the files below a root. Those for tests are left out, and so is what only tests reach.
    pub(super) fn below(root: &'a SourceFile, by_path: &HashMap<&'a str, &'a SourceFile>) -> Self {
        let mut tree = Self { files: Vec::new(), places: HashMap::new() };
        let folder = folder_of(&root.path).to_owned();
        let mut open = vec![(root, Vec::new(), folder)];
        while let Some((source, module, folder)) = open.pop() {
            let tokens = shipped_code::of(&source.text);
            let (inline, declared) = modules_in(&tokens);
            for child in declared {
                let mut names: ModulePath<'a> = module.clone();
                names.extend(&child.names);
                let found = child.candidates(&source.path, &folder).into_iter().find_map(|(path, folder)| {
                    by_path.get_key_value(path.as_str()).map(|(_, source)| (*source, folder))
                });
                if let Some((source, folder)) = found.filter(|(source, _)| !source.is_test()) {
                    open.push((source, names, folder));
                }
            }
            let index = tree.files.len();
            for (names, _) in &inline {
                tree.places.insert(module.iter().chain(names).copied().collect(), index);
            }
            tree.places.insert(module.clone(), index);
            tree.files.push(ModuleFile { source, module, tokens, inline });
        }
        tree
    }

    /// Whether the crate has this module.
    pub(super) fn has(&self, module: &[&'a str]) -> bool {
        self.places.contains_key(module)
    }

    /// The file of the longest beginning of a path that is a module.
    pub(super) fn file_of(&self, path: &[&'a str]) -> Option<usize> {
        (0..=path.len()).rev().find_map(|length| self.places.get(&path[..length]).copied())
    }
}

/// The roots of every crate, by the crate's name.
pub(super) fn roots(sources: &Sources) -> Vec<(&str, &SourceFile)> {
    let root = |file: &'_ SourceFile| {
        let (_, place) = file.path.strip_prefix("crates/")?.split_once("/src/")?;
        let is_program = place.strip_prefix("bin/").is_some_and(|program| match program.split_once('/') {
            Some((_, rest)) => rest == "main.rs",
            None => true,
        });
        (is_program || place == "lib.rs" || place == "main.rs").then_some(())
    };
    let files = sources.with_extension("rs").filter(|file| !file.is_test());
    files.filter(|file| root(file).is_some()).map(|file| (crate_of(&file.path), file)).collect()
}

/// The crate that a file belongs to; nothing for one outside of `crates`.
pub(super) fn crate_of(path: &str) -> &str {
    path.strip_prefix("crates/").and_then(|rest| rest.split('/').next()).unwrap_or_default()
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

/// A `mod x;`.
struct Declared<'a> {
    /// Its name, behind those of the inline modules around it.
    names: ModulePath<'a>,
    /// What `#[path = "…"]` says.
    path: Option<&'a str>,
}

impl Declared<'_> {
    /// The files in which it may lie, each with the folder in which its own children lie. `folder` is where the
    /// children of the declaring file lie.
    fn candidates(&self, declaring: &str, folder: &str) -> Vec<(String, String)> {
        let place = format!("{folder}/{}", self.names.join("/"));
        let Some(path) = self.path else {
            return vec![(format!("{place}.rs"), place.clone()), (format!("{place}/mod.rs"), place)];
        };
        // The attribute counts from the file's own folder, inside an inline module from that module's.
        let base = if self.names.len() == 1 { folder_of(declaring) } else { folder_of(&place) };
        let mut parts: Vec<&str> = base.split('/').collect();
        for part in path.split('/') {
            match part {
                "." => {}
                ".." => drop(parts.pop()),
                part => parts.push(part),
            }
        }
        let path = parts.join("/");
        let folder = folder_of(&path).to_owned();
        vec![(path, folder)]
    }
}

/// An inline module: its names, and the tokens between its braces.
type Inline<'a> = (ModulePath<'a>, Range<usize>);

/// The modules that a file writes out, and those that it declares.
fn modules_in<'a>(tokens: &[Token<'a>]) -> (Vec<Inline<'a>>, Vec<Declared<'a>>) {
    let (mut inline, mut declared) = (Vec::<Inline<'a>>::new(), Vec::new());
    let mut path = None;
    let mut at = 0;
    while at < tokens.len() {
        if let Some(end) = attribute_end(tokens, at) {
            if is_at(tokens, at + 2, "path") && is_at(tokens, at + 3, "=") {
                path = tokens.get(at + 4).filter(|token| token.kind == Kind::Text).map(|token| token.text);
            }
            at = end;
            continue;
        }
        if is_at(tokens, at, "mod") && tokens.get(at + 1).is_some_and(|name| name.kind == Kind::Word) {
            let around = inline.iter().filter(|(_, body)| body.contains(&at)).max_by_key(|(names, _)| names.len());
            let mut names = around.map(|(names, _)| names.clone()).unwrap_or_default();
            names.push(tokens[at + 1].text);
            if is_at(tokens, at + 2, ";") {
                declared.push(Declared { names, path: path.take() });
            } else if is_at(tokens, at + 2, "{") {
                inline.push((names, at + 3..closing(tokens, at + 2)));
            }
        }
        if matches!(tokens[at].text, ";" | "{" | "}") {
            path = None;
        }
        at += 1;
    }
    (inline, declared)
}
