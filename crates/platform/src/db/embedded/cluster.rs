//! The cluster's folder: what it is, and how a new one comes to be.

use super::binaries::Binaries;
use super::error::EmbeddedError;
use super::initialise::{Durability, initialise};
use super::server_user::ServerUser;
use std::fs::{self, File};
use std::path::Path;

/// The major version of the cluster, or nothing when there is no cluster yet.
///
/// A cluster is made elsewhere and renamed, so that a folder under the final name is whole. A folder that is neither
/// empty nor a cluster is somebody's, and refused.
pub(super) fn major(cluster: &Path) -> Result<Option<u32>, EmbeddedError> {
    let Ok(mut entries) = cluster.read_dir() else { return Ok(None) };
    if entries.next().is_none() {
        return Ok(None);
    }
    fs::read_to_string(cluster.join("PG_VERSION"))
        .ok()
        .filter(|_| cluster.join("global/pg_control").exists())
        .and_then(|version| version.trim().split('.').next()?.parse().ok())
        .map(Some)
        .ok_or_else(|| EmbeddedError::NotACluster { cluster: cluster.to_owned() })
}

/// Makes a cluster in a folder beside the final one, and renames it when it is whole and on the disk.
pub(super) fn create(binaries: &Binaries, user: &ServerUser, cluster: &Path) -> Result<(), EmbeddedError> {
    remove_half_made(cluster);
    // The name carries the process, since an `initdb` whose program was killed may still be writing to the other.
    let unfinished = cluster.with_extension(format!("new-{}", std::process::id()));
    initialise(binaries, user, &unfinished, Durability::Durable)?;
    if cluster.exists() {
        fs::remove_dir(cluster).map_err(EmbeddedError::io("replace", cluster))?;
    }
    fs::rename(&unfinished, cluster).map_err(EmbeddedError::io("finish", cluster))?;
    let folder = cluster.parent().unwrap_or(Path::new("/"));
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(EmbeddedError::io("write out", folder))
}

/// Removes what earlier attempts left. What cannot be removed now is removed next time.
fn remove_half_made(cluster: &Path) {
    let Some(folder) = cluster.parent() else { return };
    let half_made =
        folder.read_dir().into_iter().flatten().flatten().map(|entry| entry.path()).filter(|path| is_half_made(path));
    for path in half_made {
        if let Err(error) = fs::remove_dir_all(&path) {
            tracing::warn!("could not remove the half-made database {}: {error}", path.display());
        }
    }
}

fn is_half_made(path: &Path) -> bool {
    path.file_name().is_some_and(|name| name.to_string_lossy().starts_with("cluster.new-"))
}
