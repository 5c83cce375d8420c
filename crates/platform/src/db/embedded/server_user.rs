//! The account that the server runs as. PostgreSQL refuses root, so root hands it to `postgres`, else `nobody`.

use super::error::EmbeddedError;
use nix::unistd::{Uid, User, geteuid};
use std::os::unix::fs::{MetadataExt, chown};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Who runs the server and owns its files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ServerUser {
    /// The user that runs this program.
    Ourselves,
    /// Another account, because this program runs as root.
    Other {
        /// The account's name, for messages.
        name: String,
        /// Its user number.
        uid: u32,
        /// Its group number.
        gid: u32,
    },
}

impl ServerUser {
    /// Chooses the account for a cluster: its owner when it exists already, otherwise ourselves, or for root
    /// `postgres`, else `nobody`.
    pub(super) fn choose(cluster: &Path) -> Result<Self, EmbeddedError> {
        let owner = cluster.metadata().ok().map(|metadata| metadata.uid());
        let ours = geteuid();
        match owner {
            Some(owner) if owner == ours.as_raw() && !ours.is_root() => Ok(Self::Ourselves),
            Some(owner) if !ours.is_root() => Err(EmbeddedError::ForeignOwner { cluster: cluster.to_owned(), owner }),
            Some(owner) if owner != 0 => match User::from_uid(Uid::from_raw(owner)) {
                Ok(Some(user)) => Ok(Self::other(&user)),
                // A user number without an account still owns its files and can run the server.
                _ => Ok(Self::Other { name: format!("#{owner}"), uid: owner, gid: owner }),
            },
            None if !ours.is_root() => Ok(Self::Ourselves),
            _ => ["postgres", "nobody"]
                .iter()
                .find_map(|name| User::from_name(name).ok().flatten())
                .map(|user| Self::other(&user))
                .ok_or(EmbeddedError::NoUnprivilegedUser),
        }
    }

    fn other(user: &User) -> Self {
        Self::Other { name: user.name.clone(), uid: user.uid.as_raw(), gid: user.gid.as_raw() }
    }

    /// The user number that owns the cluster's files.
    pub(super) fn uid(&self) -> u32 {
        match self {
            Self::Ourselves => geteuid().as_raw(),
            Self::Other { uid, .. } => *uid,
        }
    }

    /// A command that runs as this user, from a folder that everyone may enter, without the settings by which the
    /// environment could send a PostgreSQL program to another server.
    pub(super) fn command(&self, program: &Path) -> Command {
        let mut command = Command::new(program);
        for (name, _) in std::env::vars_os() {
            let text = name.to_string_lossy();
            if text.starts_with("PG") || text.starts_with("LC_") || text.starts_with("LANG") {
                command.env_remove(&name);
            }
        }
        command.env("LC_ALL", "C.UTF-8").current_dir("/");
        if let Self::Other { uid, gid, .. } = self {
            command.uid(*uid).gid(*gid);
        }
        command
    }

    /// Makes this user the owner of a path; the group stays readable by nobody else through the path's own mode.
    pub(super) fn own(&self, path: &Path) -> Result<(), EmbeddedError> {
        match self {
            Self::Ourselves => Ok(()),
            Self::Other { uid, gid, .. } => {
                chown(path, Some(*uid), Some(*gid)).map_err(EmbeddedError::io("hand over", path))
            }
        }
    }

    /// Refuses a path when a folder on the way to it is closed to this user.
    pub(super) fn check_reaches(&self, path: &Path) -> Result<(), EmbeddedError> {
        let Self::Other { name, uid, gid } = self else { return Ok(()) };
        match first_closed_folder(path, *uid, *gid) {
            None => Ok(()),
            Some(closed) => Err(EmbeddedError::Unreachable { user: name.clone(), closed, path: path.to_owned() }),
        }
    }
}

/// The outermost existing folder above `path` (the path itself included when it is a folder) that the user may not
/// enter, judged by its mode bits.
fn first_closed_folder(path: &Path, uid: u32, gid: u32) -> Option<PathBuf> {
    let mut folders: Vec<&Path> = path.ancestors().collect();
    folders.reverse();
    folders.into_iter().find_map(|folder| {
        let metadata = folder.metadata().ok().filter(std::fs::Metadata::is_dir)?;
        let enter = match metadata.uid() == uid {
            true => 0o100,
            false if metadata.gid() == gid => 0o010,
            false => 0o001,
        };
        (metadata.mode() & enter == 0).then(|| folder.to_owned())
    })
}
