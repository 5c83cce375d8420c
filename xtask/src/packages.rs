//! What the chores need from the system: found, or installed where that is possible, or asked for in one sentence.

use crate::postgres::{Binaries, BinarySearch};
use crate::web;
use crate::workspace::{self, succeed};
use anyhow::{Result, bail};
use std::env;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Something that the system has or has not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    /// The database's server.
    Postgres,
    /// The browser of the browser tests.
    Chromium,
    /// Letters for Japanese, without which screenshots show boxes.
    JapaneseFont,
    /// `wrk`, which asks for pages as fast as it can.
    LoadGenerator,
}

impl Need {
    fn name(self) -> &'static str {
        match self {
            Self::Postgres => "PostgreSQL 15 or newer",
            Self::Chromium => "Chromium",
            Self::JapaneseFont => "a Japanese font",
            Self::LoadGenerator => "wrk",
        }
    }

    fn debian_package(self) -> &'static str {
        match self {
            Self::Postgres => "postgresql",
            Self::Chromium => "chromium",
            Self::JapaneseFont => "fonts-noto-cjk",
            Self::LoadGenerator => "wrk",
        }
    }

    fn is_there(self) -> bool {
        match self {
            Self::Postgres => find_postgres().is_some(),
            Self::Chromium => {
                ["chromium", "chromium-browser", "google-chrome"].iter().any(|name| on_path(name).is_some())
            }
            Self::JapaneseFont => {
                let fonts = Command::new("fc-list").args([":lang=ja", "family"]).output();
                fonts.is_ok_and(|output| !output.stdout.is_empty())
            }
            Self::LoadGenerator => on_path("wrk").is_some(),
        }
    }
}

/// Installs what is missing where `apt-get` exists and may be used. PostgreSQL then still comes from npm, for this
/// workspace alone.
pub(crate) fn ensure(needs: &[Need]) -> Result<()> {
    let missing = |needs: &[Need]| needs.iter().copied().filter(|need| !need.is_there()).collect::<Vec<_>>();
    let mut wanted = missing(needs);
    if wanted.is_empty() {
        return Ok(());
    }
    if let Some(apt) = Apt::usable() {
        apt.install(&wanted);
        wanted = missing(&wanted);
    }
    if wanted.contains(&Need::Postgres) && postgres_from_npm().is_ok() {
        wanted.retain(|need| *need != Need::Postgres);
    }
    if wanted.is_empty() {
        return Ok(());
    }
    let names: Vec<&str> = wanted.iter().map(|need| need.name()).collect();
    let packages: Vec<&str> = wanted.iter().map(|need| need.debian_package()).collect();
    bail!("{} is missing; install it (Debian, Ubuntu: `apt-get install {}`)", names.join(" and "), packages.join(" "))
}

/// The folder of PostgreSQL's programs, the ones from npm last.
pub(crate) fn find_postgres() -> Option<PathBuf> {
    let mut search = BinarySearch::usual(&workspace::root());
    search.node_modules.push(npm_folder().join("node_modules"));
    Binaries::find(&search, None).ok().map(|binaries| binaries.folder)
}

fn npm_folder() -> PathBuf {
    workspace::stamps().join("postgres")
}

/// Installs the server that `xtask/postgres/package-lock.json` pins, with its integrity checked, for this workspace.
fn postgres_from_npm() -> Result<()> {
    println!("PostgreSQL is missing and may not be installed here; taking it from npm for this workspace alone");
    let folder = npm_folder();
    fs::create_dir_all(&folder)?;
    for name in ["package.json", "package-lock.json"] {
        fs::copy(workspace::root().join("xtask/postgres").join(name), folder.join(name))?;
    }
    succeed(web::npm(&folder).args(["ci", "--ignore-scripts"]))?;
    anyhow::ensure!(Need::Postgres.is_there(), "npm has no PostgreSQL for this machine");
    Ok(())
}

/// `apt-get` with the right to use it.
struct Apt {
    before: &'static [&'static str],
}

impl Apt {
    fn usable() -> Option<Self> {
        on_path("apt-get")?;
        if nix::unistd::geteuid().is_root() {
            return Some(Self { before: &[] });
        }
        let mut sudo = Command::new("sudo");
        sudo.args(["-n", "true"]).stdout(Stdio::null()).stderr(Stdio::null());
        sudo.status().is_ok_and(|status| status.success()).then_some(Self { before: &["sudo", "-n"] })
    }

    /// What cannot be installed is reported as missing afterwards.
    fn install(&self, needs: &[Need]) {
        let names: Vec<&str> = needs.iter().map(|need| need.name()).collect();
        println!("installing {} with apt-get", names.join(" and "));
        let packages: Vec<&str> = needs.iter().map(|need| need.debian_package()).collect();
        let install = || self.run(&[&["install", "--yes", "--no-install-recommends"], packages.as_slice()].concat());
        // Containers come without lists, and old lists name packages that are gone.
        if !has_package_lists() {
            self.run(&["update"]);
        }
        if !install() && has_package_lists() {
            self.run(&["update"]);
            install();
        }
    }

    fn run(&self, arguments: &[&str]) -> bool {
        let words = [self.before, &["env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q"], arguments].concat();
        Command::new(words[0]).args(&words[1..]).stdin(Stdio::null()).status().is_ok_and(|status| status.success())
    }
}

fn has_package_lists() -> bool {
    let lists = Path::new("/var/lib/apt/lists").read_dir().into_iter().flatten().flatten();
    lists.into_iter().any(|entry| entry.file_name().to_string_lossy().contains("_Packages"))
}

/// The full path of a program on the search path.
pub(crate) fn on_path(name: &str) -> Option<PathBuf> {
    let folders: Vec<PathBuf> = env::split_paths(&env::var_os("PATH")?).collect();
    folders.into_iter().map(|folder| folder.join(name)).find(|path| path.is_file())
}
