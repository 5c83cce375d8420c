//! Files in a bucket of a server that speaks S3: `s3rver` from npm, pinned in `xtask/s3`. It knows its access keys, and
//! does not compute signatures of version 4.

use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdout, Command, Stdio};

use bytes::Bytes;
use futures::StreamExt as _;
use kernel::{Actor, Clock, Ctx, Locale, Random, SystemReason};
use platform::config::BucketSettings;
use platform::storage::{LinkSigner, NewFile, Storage, StorageError, StorageKey};
use time::Duration;

const BUCKET: &str = "market";
const ACCESS_KEY_ID: &str = "S3RVER";
const SECRET: &str = "S3RVER secret";

/// A running server with an empty bucket; ended with the test.
struct S3Server {
    process: Child,
    endpoint: String,
    /// Kept open: the server writes a line for each request.
    _output: BufReader<ChildStdout>,
    _folder: tempfile::TempDir,
}

impl S3Server {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut process = Command::new("node")
            .arg(installed().join("node_modules/s3rver/bin/s3rver.js"))
            .args(["--address", "127.0.0.1", "--port", "0", "--configure-bucket", BUCKET, "--directory"])
            .arg(folder.path())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("node is installed");
        let mut output = BufReader::new(process.stdout.take().unwrap());
        let mut line = String::new();
        let address = loop {
            line.clear();
            assert!(output.read_line(&mut line).unwrap() > 0, "the server says where it listens");
            if let Some(address) = line.trim().strip_prefix("S3rver listening on ") {
                break address;
            }
        };
        let endpoint = format!("http://{address}");
        Self { process, endpoint, _output: output, _folder: folder }
    }

    fn storage(&self, access_key_id: &str) -> Storage {
        let settings = BucketSettings {
            bucket: BUCKET.to_owned(),
            endpoint: self.endpoint.parse().unwrap(),
            region: "us-east-1".to_owned(),
            access_key_id: access_key_id.to_owned(),
            secret_access_key: SECRET.to_owned().into(),
            public_base_url: None,
        };
        Storage::bucket(&settings, LinkSigner::new(b"a secret of the tests, long enough for anybody")).unwrap()
    }
}

impl Drop for S3Server {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

/// The folder of the server's package, which is installed once for the workspace.
fn installed() -> PathBuf {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../xtask/s3");
    let lock = std::fs::File::create(folder.join("install.lock")).unwrap();
    lock.lock().unwrap();
    if !folder.join("node_modules/s3rver").is_dir() {
        let install = Command::new("npm").current_dir(&folder).args(["ci", "--no-audit", "--no-fund"]).status();
        assert!(install.expect("npm is installed").success(), "`npm ci` in xtask/s3 failed");
    }
    folder
}

fn key(name: &str) -> StorageKey {
    StorageKey::new(name).unwrap()
}

fn file(name: &str, bytes: Bytes) -> NewFile {
    NewFile { key: key(name), bytes, content_type: "image/png" }
}

async fn read(storage: &Storage, name: &str, range: Option<std::ops::Range<u64>>) -> Vec<u8> {
    let mut file = storage.open(&key(name), range).await.unwrap();
    let mut read = Vec::new();
    while let Some(part) = file.parts.next().await {
        read.extend_from_slice(&part.unwrap());
    }
    read
}

#[tokio::test]
async fn a_real_bucket_keeps_lists_signs_and_forgets_files() {
    let server = S3Server::start();
    let storage = server.storage(ACCESS_KEY_ID);
    let name = "usergen/1/a.png";
    storage.put(file(name, Bytes::from_static(b"0123456789"))).await.unwrap();
    storage.put(file("public/1/b.webp", Bytes::from_static(b"two"))).await.unwrap();
    assert_eq!(storage.get(&key(name)).await.unwrap(), "0123456789");
    assert_eq!(storage.head(&key(name)).await.unwrap().size_bytes, 10);
    assert_eq!(read(&storage, name, None).await, b"0123456789");
    assert_eq!(read(&storage, name, Some(3..6)).await, b"345");
    assert_eq!(storage.list("usergen").await.unwrap(), [key(name)]);

    let ctx = Ctx::new(Actor::System(SystemReason::Job), Clock::System, Random::system(), Locale::Ja);
    let link = storage.signed_url(&ctx, &key(name), Duration::hours(1), None).await.unwrap();
    let http = platform::provider_client().unwrap();
    let answer = http.get(&link).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "image/png");
    assert_eq!(answer.headers()["cache-control"], "private, max-age=31536000, immutable");
    assert_eq!(answer.bytes().await.unwrap(), "0123456789");
    let part = http.get(&link).header("range", "bytes=2-4").send().await.unwrap();
    assert_eq!((part.status().as_u16(), part.text().await.unwrap().as_str()), (206, "234"));
    let bent = http.get(link.replace(ACCESS_KEY_ID, "unknown-id")).send().await.unwrap();
    assert_eq!(bent.status(), 403);

    storage.delete(&key(name)).await.unwrap();
    storage.delete(&key(name)).await.expect("a missing file is as good as deleted");
    assert!(matches!(storage.get(&key(name)).await, Err(StorageError::Missing(_))));
    assert!(matches!(storage.open(&key(name), None).await, Err(StorageError::Missing(_))));
}

#[tokio::test]
async fn a_real_bucket_takes_a_large_file_in_parts() {
    const PART: usize = 3_000_000;
    let server = S3Server::start();
    let storage = server.storage(ACCESS_KEY_ID);
    let mut writer = storage.create(&key("deliver/1/package.zip"), "application/zip");
    for part in 0..4_u8 {
        writer.write(Bytes::from(vec![part; PART])).await.unwrap();
    }
    assert!(matches!(storage.head(&key("deliver/1/package.zip")).await, Err(StorageError::Missing(_))));
    writer.finish().await.unwrap();
    let read = read(&storage, "deliver/1/package.zip", None).await;
    assert_eq!(read.len(), 4 * PART);
    assert!(read.chunks(PART).zip(0..4_u8).all(|(part, value)| part.iter().all(|byte| *byte == value)));

    let mut writer = storage.create(&key("deliver/2/package.zip"), "application/zip");
    writer.write(Bytes::from(vec![7; 4 * PART])).await.unwrap();
    drop(writer);
    assert!(matches!(storage.head(&key("deliver/2/package.zip")).await, Err(StorageError::Missing(_))));
}

#[tokio::test]
async fn a_real_bucket_refuses_an_unknown_key_and_the_secret_is_not_shown() {
    let server = S3Server::start();
    let storage = server.storage("unknown-id");
    let error = storage.put(file("usergen/1/a.png", Bytes::from_static(b"one"))).await.unwrap_err();
    assert!(matches!(error, StorageError::Unavailable(_)), "{error:?}");
    assert!(!error.to_string().contains(SECRET), "{error}");
    assert!(matches!(server.storage(ACCESS_KEY_ID).get(&key("usergen/1/a.png")).await, Err(StorageError::Missing(_))));
}
