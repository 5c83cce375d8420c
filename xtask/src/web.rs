//! The pages' scripts and styles: installed and built only when something changed.

use crate::workspace::{self, succeed};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

/// `npm` in a folder, quiet about everything but errors.
pub(crate) fn npm(folder: &Path) -> Command {
    let mut command = Command::new("npm");
    command.current_dir(folder).env("npm_config_audit", "false").env("npm_config_fund", "false");
    command
}

/// The folder of the pages' sources.
pub(crate) fn folder() -> PathBuf {
    workspace::root().join("web")
}

/// Installs the packages unless the installed ones are those of the lock file.
pub(crate) fn ensure_installed() -> Result<()> {
    let folder = folder();
    let lock = folder.join("package-lock.json");
    let wanted = workspace::fingerprint([&lock, &folder.join("package.json")])?;
    if folder.join("node_modules").is_dir() && workspace::is_stamped("npm", &wanted) {
        return Ok(());
    }
    let node = Command::new("node")
        .arg("--version")
        .output()
        .context("Node.js 20 or newer is missing; install it (https://nodejs.org)")?;
    anyhow::ensure!(node.status.success(), "Node.js does not run");
    println!("installing the packages of web/");
    succeed(npm(&folder).arg("ci"))?;
    workspace::stamp("npm", &wanted)
}

/// Builds `web/dist` unless it was built from these very files.
pub(crate) fn ensure_built() -> Result<()> {
    ensure_installed()?;
    let folder = folder();
    let sources = workspace::files_below(&folder);
    let present = workspace::fingerprint(&sources)?;
    if folder.join("dist/manifest.json").is_file() && workspace::is_stamped("web", &present) {
        return Ok(());
    }
    println!("building the scripts and styles of web/");
    succeed(npm(&folder).args(["run", "--silent", "build"]))?;
    // What the build itself writes beside its sources counts as built.
    workspace::stamp("web", &workspace::fingerprint(&workspace::files_below(&folder))?)
}
