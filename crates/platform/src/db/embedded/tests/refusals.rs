//! What is refused, with which sentence, and that nothing was touched.

use super::super::ServerUser;
use super::{EmbeddedError, Folder, start};
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

#[test]
fn a_folder_of_another_major_version_is_refused_and_untouched() {
    let folder = Folder::new("major");
    drop(start(&folder.0).unwrap());
    fs::write(folder.cluster().join("PG_VERSION"), "9.6\n").unwrap();
    let before = everything_in(&folder.cluster());
    let fault = start(&folder.0).unwrap_err();
    assert!(matches!(fault, EmbeddedError::OtherMajorVersion { folder_major: 9, .. }), "{fault}");
    assert!(fault.to_string().contains("made by PostgreSQL 9"), "{fault}");
    assert_eq!(everything_in(&folder.cluster()), before);
}

#[test]
fn a_folder_that_is_no_cluster_is_refused_and_untouched() {
    let folder = Folder::new("foreign");
    fs::create_dir_all(folder.cluster()).unwrap();
    fs::write(folder.cluster().join("thesis.txt"), "irreplaceable").unwrap();
    assert!(matches!(start(&folder.0).unwrap_err(), EmbeddedError::NotACluster { .. }));
    assert_eq!(fs::read_to_string(folder.cluster().join("thesis.txt")).unwrap(), "irreplaceable");
}

#[test]
fn a_folder_in_use_is_refused_and_the_holder_is_named() {
    let folder = Folder::new("busy");
    let _running = start(&folder.0).unwrap();
    let fault = start(&folder.0).unwrap_err();
    let ours = std::process::id().to_string();
    assert!(matches!(&fault, EmbeddedError::InUse { holder, .. } if *holder == ours), "{fault}");
}

#[test]
fn a_folder_closed_to_the_servers_user_is_named() {
    let folder = Folder::new("closed");
    let closed = folder.0.join("closed");
    let inside = closed.join("data");
    fs::create_dir_all(&inside).unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o700)).unwrap();
    let stranger = ServerUser::Other { name: "stranger".to_owned(), uid: 54_321, gid: 54_321 };
    let fault = stranger.check_reaches(&inside).unwrap_err();
    assert!(matches!(&fault, EmbeddedError::Unreachable { closed: named, .. } if *named == closed), "{fault}");
    assert!(fault.to_string().contains(&format!("chmod o+x {}", closed.display())), "{fault}");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o711)).unwrap();
    stranger.check_reaches(&inside).unwrap();
}

#[test]
fn a_socket_folder_that_someone_prepared_is_refused() {
    let folder = Folder::new("squat");
    let deep = folder.0.join("x".repeat(120));
    let app = deep.join("postgres");
    fs::create_dir_all(&app).unwrap();
    let short = super::super::socket_folder::short_folder(&app);
    for prepare in [open_folder as fn(&Path), link_elsewhere] {
        prepare(&short);
        let fault = start(&deep).unwrap_err();
        remove(&short);
        assert!(matches!(&fault, EmbeddedError::SocketFolderTaken { folder } if *folder == short), "{fault}");
    }
}

fn open_folder(path: &Path) {
    fs::create_dir(path).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(0o777)).unwrap();
}

fn link_elsewhere(path: &Path) {
    std::os::unix::fs::symlink(std::env::temp_dir(), path).unwrap();
}

fn remove(path: &Path) {
    if path.is_symlink() { fs::remove_file(path).unwrap() } else { fs::remove_dir(path).unwrap() }
}

/// Every file below a folder with its time of change and length.
fn everything_in(folder: &Path) -> Vec<(PathBuf, std::time::SystemTime, u64)> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(folder) = open.pop() {
        for entry in folder.read_dir().unwrap() {
            let entry = entry.unwrap();
            let metadata = entry.metadata().unwrap();
            if metadata.is_dir() {
                open.push(entry.path());
            }
            found.push((entry.path(), metadata.modified().unwrap(), metadata.len()));
        }
    }
    found.sort();
    found
}
