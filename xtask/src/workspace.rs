//! Where things are, and which files belong to the workspace.

use anyhow::{Context, Result};
use std::collections::hash_map::DefaultHasher;
use std::fs;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the workspace, two levels above this program's sources.
pub(crate) fn root() -> PathBuf {
    let manifest = std::env::var_os("CARGO_MANIFEST_DIR").map(PathBuf::from);
    let manifest = manifest.unwrap_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")));
    manifest.parent().map(Path::to_owned).unwrap_or(manifest)
}

/// The folder for build products and stamps.
pub(crate) fn target() -> PathBuf {
    std::env::var_os("CARGO_TARGET_DIR").map_or_else(|| root().join("target"), PathBuf::from)
}

/// The files of the workspace that git does not ignore; all of them where there is no git.
pub(crate) fn files() -> Vec<PathBuf> {
    let listed = Command::new("git")
        .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
        .current_dir(root())
        .output()
        .ok()
        .filter(|output| output.status.success() && !output.stdout.is_empty());
    let Some(listed) = listed else { return files_below(&root()) };
    let names = String::from_utf8_lossy(&listed.stdout).into_owned();
    let mut files: Vec<PathBuf> =
        names.split('\0').filter(|name| !name.is_empty()).map(|name| root().join(name)).collect();
    files.retain(|path| path.is_file());
    files.sort();
    files.dedup();
    files
}

/// Every file below a folder, sorted, without hidden folders, build products and installed packages.
pub(crate) fn files_below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in folder.read_dir().into_iter().flatten().flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let Ok(kind) = entry.file_type() else { continue };
            if kind.is_dir() {
                if !name.starts_with('.') && !["target", "node_modules", "dist", "data"].contains(&&*name) {
                    open.push(entry.path());
                }
            } else if kind.is_file() {
                found.push(entry.path());
            }
        }
    }
    found.sort();
    found
}

/// The migrations in the order in which they are applied.
pub(crate) fn migrations() -> Vec<PathBuf> {
    let mut files = files_below(&root().join("migrations"));
    files.retain(|path| path.extension().is_some_and(|extension| extension == "sql"));
    files
}

/// A fingerprint of files, by name and content, for "has anything changed since"; not for security.
pub(crate) fn fingerprint<'a>(files: impl IntoIterator<Item = &'a PathBuf>) -> Result<String> {
    let mut hasher = DefaultHasher::new();
    for path in files {
        path.strip_prefix(root()).unwrap_or(path).hash(&mut hasher);
        fs::read(path).with_context(|| format!("cannot read {}", path.display()))?.hash(&mut hasher);
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// What a chore remembers between runs, below the folder for build products.
pub(crate) fn stamps() -> PathBuf {
    target().join("xtask")
}

/// Whether a stamp holds this fingerprint.
pub(crate) fn is_stamped(name: &str, fingerprint: &str) -> bool {
    fs::read_to_string(stamps().join(name)).is_ok_and(|stamp| stamp == fingerprint)
}

/// Remembers a fingerprint.
pub(crate) fn stamp(name: &str, fingerprint: &str) -> Result<()> {
    let folder = stamps();
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    fs::write(folder.join(name), fingerprint).with_context(|| format!("cannot write the stamp {name}"))
}

/// `cargo`, as it was called for this chore.
pub(crate) fn cargo() -> Command {
    let mut command = Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.current_dir(root());
    command
}

/// Runs a command with its output visible, and fails when it does.
pub(crate) fn succeed(command: &mut Command) -> Result<()> {
    let shown = format!("{command:?}");
    let status = command.status().with_context(|| format!("cannot run {shown}"))?;
    anyhow::ensure!(status.success(), "{shown} failed");
    Ok(())
}
