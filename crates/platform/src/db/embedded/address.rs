//! How a client names a server that listens on a socket only.

use std::fmt::Write as _;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

/// The port that is part of the socket's file name.
pub(super) const SOCKET_PORT: u16 = 5432;

/// A connection address for a server with its socket in `folder`. Port and TLS mode are written out, so that `PGPORT`
/// or `PGSSLMODE` in the environment cannot send the client elsewhere.
pub fn socket_url(folder: &Path, user: &str, database: &str) -> String {
    format!(
        "postgres://{}@localhost:{SOCKET_PORT}/{}?host={}&sslmode=disable",
        percent_encoded(user.as_bytes()),
        percent_encoded(database.as_bytes()),
        percent_encoded(folder.as_os_str().as_bytes()),
    )
}

fn percent_encoded(bytes: &[u8]) -> String {
    let mut encoded = String::with_capacity(bytes.len());
    for &byte in bytes {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'/' => {
                encoded.push(char::from(byte));
            }
            // Writing to a String cannot fail.
            _ => drop(write!(encoded, "%{byte:02X}")),
        }
    }
    encoded
}
