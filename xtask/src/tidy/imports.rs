//! Which file of a crate names which other: the paths in its code, resolved to files.

use super::Sources;
use super::module_tree::{self, ModuleFile, ModulePath, ModuleTree};
use super::shipped_code::closing;
use super::tokens::{Kind, is_at};
use std::collections::{BTreeMap, HashMap};

/// The files of a crate and what they import from each other.
pub(super) struct ImportGraph<'a> {
    /// Their paths from the root of the workspace.
    pub(super) files: Vec<&'a str>,
    /// For each file those that it names, with the first line that does.
    pub(super) edges: Vec<BTreeMap<usize, usize>>,
}

/// The imports of every crate, by its name.
pub(super) fn of_crates(sources: &Sources) -> BTreeMap<&str, ImportGraph<'_>> {
    let by_path: HashMap<&str, _> = sources.with_extension("rs").map(|file| (file.path.as_str(), file)).collect();
    let mut graphs = BTreeMap::new();
    for (name, root) in module_tree::roots(sources) {
        let graph = graphs.entry(name).or_insert_with(|| ImportGraph { files: Vec::new(), edges: Vec::new() });
        graph.add(&ModuleTree::below(root, &by_path));
    }
    graphs
}

impl<'a> ImportGraph<'a> {
    fn add(&mut self, tree: &ModuleTree<'a>) {
        let nodes: Vec<usize> = tree.files.iter().map(|file| self.node(&file.source.path)).collect();
        for (index, file) in tree.files.iter().enumerate() {
            for (target, line) in (Paths { file, tree, found: Vec::new() }).read() {
                if nodes[target] != nodes[index] {
                    let first = self.edges[nodes[index]].entry(nodes[target]).or_insert(line);
                    *first = line.min(*first);
                }
            }
        }
    }

    /// The node of a file; two roots may share one.
    fn node(&mut self, path: &'a str) -> usize {
        self.files.iter().position(|known| *known == path).unwrap_or_else(|| {
            self.files.push(path);
            self.edges.push(BTreeMap::new());
            self.files.len() - 1
        })
    }
}

/// Reads the paths of a file that lead into its own crate.
struct Paths<'tree, 'a> {
    file: &'tree ModuleFile<'a>,
    tree: &'tree ModuleTree<'a>,
    /// The files that are named, with the lines.
    found: Vec<(usize, usize)>,
}

impl<'a> Paths<'_, 'a> {
    fn read(mut self) -> Vec<(usize, usize)> {
        let tokens = &self.file.tokens;
        let mut at = 0;
        while at < tokens.len() {
            let is_use = tokens[at].is("use") && !is_at(tokens, at + 1, "<");
            at = if is_use {
                self.follow(at + 1, Some(self.file.module_at(at)), true)
            } else if self.starts_path(at) {
                self.follow(at, Some(self.file.module_at(at)), true)
            } else {
                at + 1
            };
        }
        self.found
    }

    /// Whether a path that may lead into the crate starts here, outside of a `use`.
    fn starts_path(&self, at: usize) -> bool {
        let tokens = &self.file.tokens;
        let is_before = |mark: &str| at > 0 && tokens[at - 1].is(mark);
        if tokens[at].kind != Kind::Word || !is_at(tokens, at + 1, "::") || is_before("::") || is_before(".") {
            return false;
        }
        // `pub(in crate::x)` says who may see an item; it imports nothing.
        let is_visibility = is_before("in") && at > 2 && tokens[at - 2].is("(") && tokens[at - 3].is("pub");
        !is_visibility && self.entered(self.file.module_at(at), tokens[at].text).is_some()
    }

    /// Where the first name of a path leads to from a module; to nothing when that is another crate.
    fn entered(&self, mut module: ModulePath<'a>, name: &'a str) -> Option<ModulePath<'a>> {
        match name {
            "crate" => module.clear(),
            "self" => {}
            "super" => drop(module.pop()?),
            name => {
                module.push(name);
                return self.tree.has(&module).then_some(module);
            }
        }
        Some(module)
    }

    /// Follows a path, or a tree of them in braces, and returns the place behind it.
    fn follow(&mut self, mut at: usize, mut module: Option<ModulePath<'a>>, mut is_head: bool) -> usize {
        let file = self.file;
        let tokens = &file.tokens;
        if is_head && is_at(tokens, at, "::") {
            // `::x` is another crate's in any case.
            (at, module, is_head) = (at + 1, None, false);
        }
        while let Some(token) = tokens.get(at) {
            if token.is("{") {
                return self.follow_group(at, module.as_ref(), is_head);
            }
            if token.kind != Kind::Word {
                break;
            }
            module = match (module, token.text) {
                (Some(module), name) if is_head => self.entered(module, name),
                (Some(mut module), "super") => module.pop().map(|_| module),
                (Some(module), "self") => Some(module),
                (Some(mut module), name) => {
                    module.push(name);
                    Some(module)
                }
                (None, _) => None,
            };
            is_head = false;
            at += 1;
            if !is_at(tokens, at, "::") {
                break;
            }
            at += 1;
        }
        if let Some(target) = module.and_then(|module| self.tree.file_of(&module)) {
            let line = tokens.get(at.saturating_sub(1)).map_or(0, |token| token.line);
            self.found.push((target, line));
        }
        at
    }

    fn follow_group(&mut self, open: usize, module: Option<&ModulePath<'a>>, is_head: bool) -> usize {
        let end = closing(&self.file.tokens, open);
        let mut at = open + 1;
        while at < end {
            let next = self.follow(at, module.cloned(), is_head);
            // Past `as y`, `*` and the comma.
            let tokens = &self.file.tokens;
            at = (next..end).find(|at| tokens[*at].is(",")).map_or(end, |comma| comma + 1);
        }
        end + 1
    }
}
