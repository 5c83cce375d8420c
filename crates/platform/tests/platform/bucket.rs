//! Files in a bucket: a small double that speaks S3's paths, headers and lists, and does not check signatures.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::{Arc, Mutex};
use std::time::{Duration as StdDuration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use axum::routing::{any, get};
use http::{HeaderMap, Method, StatusCode};
use kernel::{Actor, Clock, Ctx, Locale, Random, SystemReason};
use platform::config::BucketSettings;
use platform::storage::{LinkSigner, NewFile, Storage, StorageError, StorageKey};
use platform::tasks::Tasks;
use time::Duration;

#[derive(Clone, Default)]
struct Bucket(Arc<Mutex<Contents>>);

#[derive(Default)]
struct Contents {
    files: BTreeMap<String, (Bytes, HeaderMap)>,
    is_down: bool,
    requests: u32,
    unsigned: u32,
}

async fn object(
    State(bucket): State<Bucket>,
    method: Method,
    Path(key): Path<String>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    let mut contents = bucket.0.lock().unwrap();
    contents.requests += 1;
    if !headers.contains_key("authorization") {
        contents.unsigned += 1;
    }
    if contents.is_down {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let missing = || (StatusCode::NOT_FOUND, "<Error><Code>NoSuchKey</Code></Error>").into_response();
    match method {
        Method::PUT => {
            contents.files.insert(key, (body, headers));
            ([("etag", "\"1\"")], "").into_response()
        }
        Method::DELETE => contents.files.remove(&key).map_or_else(missing, |_| StatusCode::NO_CONTENT.into_response()),
        _ => contents.files.get(&key).map_or_else(missing, |(bytes, _)| {
            let headers = [("etag", "\"1\""), ("last-modified", "Fri, 20 Nov 2026 03:00:00 GMT")];
            (headers, bytes.clone()).into_response()
        }),
    }
}

async fn list(State(bucket): State<Bucket>, Query(query): Query<BTreeMap<String, String>>) -> String {
    let contents = bucket.0.lock().unwrap();
    let prefix = query.get("prefix").cloned().unwrap_or_default();
    let mut found = String::new();
    for (key, (bytes, _)) in contents.files.iter().filter(|(key, _)| key.starts_with(&prefix)) {
        let size = bytes.len();
        write!(found, "<Contents><Key>{key}</Key><LastModified>2026-11-20T03:00:00.000Z</LastModified><ETag>\"1\"</ETag><Size>{size}</Size></Contents>").unwrap();
    }
    format!("<?xml version=\"1.0\"?><ListBucketResult><IsTruncated>false</IsTruncated>{found}</ListBucketResult>")
}

struct Scene {
    bucket: Bucket,
    storage: Storage,
    endpoint: String,
    tasks: Tasks,
    ctx: Ctx,
}

impl Scene {
    async fn new(public_base_url: Option<&str>) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let endpoint = format!("http://{}", listener.local_addr().unwrap());
        let bucket = Bucket::default();
        let routes =
            Router::new().route("/market", get(list)).route("/market/{*key}", any(object)).with_state(bucket.clone());
        let tasks = Tasks::default();
        let stopping = tasks.clone();
        tasks.spawn(async move {
            axum::serve(listener, routes)
                .with_graceful_shutdown(async move { stopping.stopping().await })
                .await
                .unwrap();
        });
        let settings = BucketSettings {
            bucket: "market".to_owned(),
            endpoint: endpoint.parse().unwrap(),
            region: "auto".to_owned(),
            access_key_id: "key-id".to_owned(),
            secret_access_key: "a very secret key".to_owned().into(),
            public_base_url: public_base_url.map(|url| url.parse().unwrap()),
        };
        let storage =
            Storage::bucket(&settings, LinkSigner::new(b"a secret of the tests, long enough for anybody")).unwrap();
        let ctx = Ctx::new(Actor::System(SystemReason::Job), Clock::System, Random::system(), Locale::Ja);
        Self { bucket, storage, endpoint, tasks, ctx }
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        self.tasks.begin_stop();
    }
}

fn key(name: &str) -> StorageKey {
    StorageKey::new(name).unwrap()
}

#[tokio::test]
async fn a_bucket_keeps_files_with_their_headers() {
    let scene = Scene::new(Some("https://pub.example/")).await;
    let storage = &scene.storage;
    let put = |name: &str, content_type| NewFile { key: key(name), bytes: Bytes::from_static(b"one"), content_type };
    storage.put(put("usergen/1/a.png", "image/png")).await.unwrap();
    storage.put(put("public/1/b.webp", "image/webp")).await.unwrap();
    {
        let contents = scene.bucket.0.lock().unwrap();
        let header = |key: &str, name: &str| contents.files[key].1[name].to_str().unwrap().to_owned();
        assert_eq!(header("usergen/1/a.png", "content-type"), "image/png");
        assert_eq!(header("usergen/1/a.png", "cache-control"), "private, max-age=31536000, immutable");
        assert_eq!(header("public/1/b.webp", "cache-control"), "public, max-age=31536000, immutable");
        assert!(header("public/1/b.webp", "authorization").starts_with("AWS4-HMAC-SHA256 Credential=key-id/"));
        assert_eq!(contents.unsigned, 0);
    }
    assert_eq!(storage.get(&key("usergen/1/a.png")).await.unwrap(), "one");
    assert_eq!(storage.head(&key("usergen/1/a.png")).await.unwrap().size_bytes, 3);
    assert_eq!(storage.list("usergen").await.unwrap(), [key("usergen/1/a.png")]);
    storage.delete(&key("usergen/1/a.png")).await.unwrap();
    storage.delete(&key("usergen/1/a.png")).await.expect("a missing file is as good as deleted");
    assert!(matches!(storage.get(&key("usergen/1/a.png")).await, Err(StorageError::Missing(_))));
    assert!(matches!(storage.head(&key("usergen/1/a.png")).await, Err(StorageError::Missing(_))));
    assert_eq!(storage.public_url(&key("public/1/b.webp")), "https://pub.example/public/1/b.webp");
}

#[tokio::test]
async fn a_link_to_a_bucket_is_signed_for_as_long_as_asked() {
    let scene = Scene::new(None).await;
    let file = key("deliver/1/package.zip");
    scene
        .storage
        .put(NewFile { key: file.clone(), bytes: Bytes::from_static(b"PK"), content_type: "application/zip" })
        .await
        .unwrap();
    for (asked, given_s) in [(Duration::hours(1), 3_600), (Duration::days(400), 604_800)] {
        let link = scene.storage.signed_url(&scene.ctx, &file, asked, Some("a.zip")).await.unwrap();
        assert!(link.starts_with(&format!("{}/market/deliver/1/package.zip?", scene.endpoint)), "{link}");
        for part in [
            "X-Amz-Algorithm=AWS4-HMAC-SHA256",
            "X-Amz-Credential=key-id%2F",
            "X-Amz-Signature=",
            &format!("X-Amz-Expires={given_s}"),
        ] {
            assert!(link.contains(part), "{part} in {link}");
        }
        assert!(!link.contains("secret"), "{link}");
        let http = platform::provider_client().unwrap();
        assert_eq!(http.get(&link).send().await.unwrap().bytes().await.unwrap(), "PK");
    }
    assert_eq!(scene.storage.public_url(&key("public/1/b.webp")), "/files/public/1/b.webp");
}

#[tokio::test]
async fn a_bucket_that_is_down_is_tried_again_and_not_for_long() {
    let scene = Scene::new(None).await;
    scene.bucket.0.lock().unwrap().is_down = true;
    let started = Instant::now();
    let put = NewFile { key: key("usergen/1/a.png"), bytes: Bytes::from_static(b"one"), content_type: "image/png" };
    let fault = scene.storage.put(put).await.expect_err("the bucket is down");
    assert!(matches!(fault, StorageError::Unavailable(_)), "{fault:?}");
    assert!(!fault.to_string().contains("a very secret key"), "{fault}");
    assert!(started.elapsed() < StdDuration::from_secs(30), "{:?}", started.elapsed());
    assert!(scene.bucket.0.lock().unwrap().requests > 1, "it was tried again");
}
