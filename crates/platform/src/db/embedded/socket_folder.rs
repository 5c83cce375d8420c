//! Where the server's socket lies.

use super::address::SOCKET_PORT;
use super::error::EmbeddedError;
use super::server_user::ServerUser;
use nix::unistd::geteuid;
use sha2::{Digest, Sha256};
use std::fs::{self, DirBuilder};
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};

/// The longest path of a socket, in bytes, that every system accepts: Linux has 108 with the closing zero.
const LONGEST_SOCKET_PATH: usize = 107;

/// Makes the socket's folder: in the database's folder, or where that is too long, a short one in `/tmp` whose name is
/// a hash of the long one.
pub(super) fn prepare(folder: &Path, user: &ServerUser) -> Result<PathBuf, EmbeddedError> {
    let inside = folder.join("socket");
    let chosen = if fits(&inside) { inside } else { short_folder(folder) };
    match DirBuilder::new().mode(0o700).create(&chosen) {
        Ok(()) => {}
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {}
        Err(error) => return Err(EmbeddedError::io("create", &chosen)(error)),
    }
    // Anyone may create names in /tmp. Only a real folder (no link), closed to others and owned by the server's user
    // or by us is taken; in /tmp no other user can replace such a folder.
    let metadata = fs::symlink_metadata(&chosen).map_err(EmbeddedError::io("look at", &chosen))?;
    let is_private = metadata.is_dir() && metadata.mode() & 0o077 == 0;
    if !is_private || (metadata.uid() != user.uid() && metadata.uid() != geteuid().as_raw()) {
        return Err(EmbeddedError::SocketFolderTaken { folder: chosen });
    }
    user.own(&chosen)?;
    Ok(chosen)
}

fn fits(folder: &Path) -> bool {
    let name = format!("/.s.PGSQL.{SOCKET_PORT}");
    folder.as_os_str().len() + name.len() <= LONGEST_SOCKET_PATH
}

pub(super) fn short_folder(folder: &Path) -> PathBuf {
    let digest = Sha256::digest(folder.as_os_str().as_bytes());
    PathBuf::from("/tmp").join(format!("machiya-{}", hex::encode(&digest[..8])))
}
