//! Stored files in a folder, and how they leave over HTTP.

use bytes::Bytes;
use futures::StreamExt as _;
use platform::jobs::Registry;
use platform::storage::{NewFile, StorageError, StorageKey};
use testkit::TestApp;
use time::Duration;

const PRIVATE: &str = "usergen/0192/2026/11/1_a.png";

async fn app_with(files: &[(&str, &'static str)]) -> TestApp {
    let app = TestApp::start(|_| (axum::Router::new(), Registry::new())).await;
    for (name, content) in files {
        app.state.storage.put(file(name, content)).await.unwrap();
    }
    app
}

fn key(name: &str) -> StorageKey {
    StorageKey::new(name).unwrap()
}

fn file(name: &str, content: &'static str) -> NewFile {
    NewFile { key: key(name), bytes: Bytes::from_static(content.as_bytes()), content_type: "image/png" }
}

#[tokio::test]
async fn what_is_put_is_got_listed_and_deleted() {
    let app = app_with(&[
        (PRIVATE, "one"),
        ("usergen/0192/2026/11/2_b.png", "two"),
        ("usergen/0193/2026/11/3_c.png", "three"),
    ])
    .await;
    let storage = &app.state.storage;
    assert_eq!(storage.get(&key(PRIVATE)).await.unwrap(), "one");
    let head = storage.head(&key(PRIVATE)).await.unwrap();
    assert_eq!((head.key.as_str(), head.size_bytes), (PRIVATE, 3));
    assert_eq!(storage.list("usergen/0192").await.unwrap().len(), 2);
    assert_eq!(storage.list("usergen").await.unwrap().len(), 3);
    assert_eq!(storage.list("usergen/019").await.unwrap(), [], "a prefix is a whole folder");
    storage.delete(&key(PRIVATE)).await.unwrap();
    storage.delete(&key(PRIVATE)).await.expect("a missing file is as good as deleted");
    assert!(matches!(storage.get(&key(PRIVATE)).await, Err(StorageError::Missing(_))));
    assert!(matches!(storage.head(&key(PRIVATE)).await, Err(StorageError::Missing(_))));
}

#[tokio::test]
async fn a_storage_that_is_down_says_so() {
    let app = app_with(&[("public/2026/11/a.png", "one")]).await;
    app.state.storage.outage().begin();
    assert!(matches!(app.state.storage.get(&key(PRIVATE)).await, Err(StorageError::Unavailable(_))));
    let answer = app.anonymous().get("/files/public/2026/11/a.png").await;
    let answer = answer.expect_problem(503, "storage_unavailable");
    assert_eq!(answer.header("retry-after"), "5");
    app.state.storage.outage().end();
    app.anonymous().get("/files/public/2026/11/a.png").await.expect(200);
}

#[tokio::test]
async fn a_link_opens_its_file_until_its_end() {
    let app = app_with(&[(PRIVATE, "one")]).await;
    let sign =
        async |lifetime, name| app.state.storage.signed_url(&app.ctx(), &key(PRIVATE), lifetime, name).await.unwrap();
    let link = sign(Duration::minutes(5), None).await;
    let answer = app.anonymous().get(&link).await.expect(200);
    assert_eq!(answer.bytes, "one");
    assert_eq!(answer.header("content-type"), "image/png");
    assert_eq!(answer.header("cache-control"), "private, max-age=31536000, immutable");
    assert_eq!(answer.header("x-content-type-options"), "nosniff");
    assert!(answer.header("content-security-policy").contains("sandbox"));
    assert_eq!(answer.header("content-disposition"), "");
    app.advance(Duration::seconds(299));
    app.anonymous().get(&link).await.expect(200);
    app.advance(Duration::seconds(1));
    app.anonymous().get(&link).await.expect_problem(410, "link_expired");

    let long = sign(Duration::days(365), None).await;
    app.advance(Duration::days(7));
    app.anonymous().get(&long).await.expect_problem(410, "link_expired");
}

#[tokio::test]
async fn a_bent_link_leads_nowhere() {
    let app = app_with(&[(PRIVATE, "one"), ("usergen/0192/2026/11/2_b.png", "two")]).await;
    let link =
        app.state.storage.signed_url(&app.ctx(), &key(PRIVATE), Duration::minutes(5), Some("a.png")).await.unwrap();
    app.anonymous().get(&link).await.expect(200);
    let expires = link.split("expires=").nth(1).unwrap().split('&').next().unwrap().to_owned();
    let later = (expires.parse::<i64>().unwrap() + 1).to_string();
    let signature = link.split("signature=").nth(1).unwrap().to_owned();
    let flipped =
        if signature.starts_with('0') { signature.replacen('0', "1", 1) } else { format!("0{}", &signature[1..]) };
    for bent in [
        format!("/files/{PRIVATE}"),
        link.replace(&expires, &later),
        link.replace("1_a.png", "2_b.png"),
        link.replace("name=a.png", "name=b.exe"),
        link.replace("name=a.png&", ""),
        link.replace(&signature, &flipped),
        link.replace(&signature, ""),
        link.replace(&signature, "zz"),
        link.replace(&format!("expires={expires}"), "expires=soon"),
        link.replace(&format!("expires={expires}&"), ""),
        format!("{link}&expires=99999999999"),
    ] {
        app.anonymous().get(&bent).await.expect_problem(404, "not_found");
    }
}

#[tokio::test]
async fn nothing_outside_the_folder_can_be_asked_for() {
    let app = app_with(&[("public/2026/11/a.png", "one")]).await;
    // The key in the data folder that signs links would be the prize.
    std::fs::write(app.state.config.data_path("secret.key"), "the prize").unwrap();
    for path in [
        "/files/public/../../secret.key",
        "/files/public/..%2f..%2fsecret.key",
        "/files/public/%2e%2e/%2e%2e/secret.key",
        "/files/public/%2e%2e%2f%2e%2e%2fsecret.key",
        "/files/public/..%5c..%5csecret.key",
        "/files//etc/passwd",
        "/files/%2fetc%2fpasswd",
        "/files/public/a.png%00.html",
        "/files/public/%ff%fe.png",
        "/files/public/.hidden",
        "/files/public/",
        "/files/",
        "/files/catalog/../usergen/a.png",
    ] {
        let answer = raw_get(&app.url, path).await;
        assert!(answer.starts_with("HTTP/1.1 404"), "{path}: {answer}");
        assert!(!answer.contains("the prize"), "{path}");
    }
    assert!(raw_get(&app.url, "/files/public/2026/11/a.png").await.starts_with("HTTP/1.1 200"));
}

/// A request whose path no client has tidied up.
async fn raw_get(url: &str, path: &str) -> String {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
    let address = url.strip_prefix("http://").unwrap();
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    let request = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\nconnection: close\r\n\r\n");
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = Vec::new();
    stream.read_to_end(&mut answer).await.unwrap();
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn what_is_public_may_be_kept_by_everyone() {
    let app =
        app_with(&[("public/2026/11/a.webp", "one"), ("catalog/b.jpg", "two"), ("publicity/c.png", "three")]).await;
    let answer = app.anonymous().get("/files/public/2026/11/a.webp").await.expect(200);
    assert_eq!(answer.header("content-type"), "image/webp");
    assert_eq!(answer.header("cache-control"), "public, max-age=31536000, immutable");
    let tag = answer.header("etag").to_owned();
    assert_eq!(tag, "\"a.webp\"");
    for seen in [tag.clone(), format!("W/{tag}"), format!("\"x\", {tag}"), "*".to_owned()] {
        let again =
            app.anonymous().with_header("if-none-match", &seen).get("/files/public/2026/11/a.webp").await.expect(304);
        assert!(again.bytes.is_empty());
        assert_eq!(again.header("etag"), tag);
        assert_eq!(again.header("cache-control"), "public, max-age=31536000, immutable");
    }
    app.anonymous().with_header("if-none-match", "\"other\"").get("/files/public/2026/11/a.webp").await.expect(200);
    assert_eq!(app.anonymous().get("/files/catalog/b.jpg").await.expect(200).header("content-type"), "image/jpeg");
    app.anonymous().get("/files/publicity/c.png").await.expect_problem(404, "not_found");
    app.anonymous().get("/files/public/2026/11/missing.webp").await.expect_problem(404, "not_found");
    assert_eq!(app.state.storage.public_url(&key("public/2026/11/a.webp")), "/files/public/2026/11/a.webp");
}

#[tokio::test]
async fn a_download_has_its_name_whatever_it_is() {
    let app = app_with(&[("deliver/1/package.zip", "PK")]).await;
    for (name, encoded) in [
        ("design.zip", "design.zip"),
        ("春の服.zip", "%E6%98%A5%E3%81%AE%E6%9C%8D.zip"),
        ("a\"; filename=evil.exe\r\nx: y", "a%22%3B%20filename%3Devil.exe%0D%0Ax%3A%20y"),
    ] {
        let link = app
            .state
            .storage
            .signed_url(&app.ctx(), &key("deliver/1/package.zip"), Duration::hours(1), Some(name))
            .await;
        let answer = app.anonymous().get(&link.unwrap()).await.expect(200);
        assert_eq!(answer.header("content-disposition"), format!("attachment; filename*=UTF-8''{encoded}"));
        assert_eq!(answer.header("content-type"), "application/zip");
        assert_eq!(answer.header("x"), "");
    }
}

#[tokio::test]
async fn a_part_of_a_file_is_served() {
    let app = app_with(&[(PRIVATE, "0123456789")]).await;
    let link =
        app.state.storage.signed_url(&app.ctx(), &key(PRIVATE), Duration::hours(1), Some("a.png")).await.unwrap();
    for (range, part, place) in [
        ("bytes=0-3", "0123", "bytes 0-3/10"),
        ("bytes=7-", "789", "bytes 7-9/10"),
        ("bytes=-4", "6789", "bytes 6-9/10"),
        ("bytes=-40", "0123456789", "bytes 0-9/10"),
        ("bytes=9-1000", "9", "bytes 9-9/10"),
    ] {
        let answer = app.anonymous().with_header("range", range).get(&link).await.expect(206);
        assert_eq!(answer.bytes, part, "{range}");
        assert_eq!(answer.header("content-range"), place);
        assert_eq!(answer.header("content-length"), part.len().to_string());
        assert_eq!(answer.header("etag"), "\"1_a.png\"");
        assert_eq!(answer.header("content-disposition"), "attachment; filename*=UTF-8''a.png");
        assert_eq!(answer.header("cache-control"), "private, max-age=31536000, immutable");
    }
    let whole = app.anonymous().get(&link).await.expect(200);
    assert_eq!((whole.header("accept-ranges"), whole.header("content-length")), ("bytes", "10"));
    assert_eq!(whole.header("content-range"), "");
    for passed_over in ["items=0-1", "bytes=3-1", "bytes=x"] {
        assert_eq!(app.anonymous().with_header("range", passed_over).get(&link).await.expect(200).bytes, "0123456789");
    }
}

#[tokio::test]
async fn a_range_outside_the_file_is_refused_with_its_size() {
    let app = app_with(&[("public/2026/11/a.png", "0123456789"), ("public/2026/11/empty.png", "")]).await;
    for (path, range, size) in [
        ("/files/public/2026/11/a.png", "bytes=10-", "bytes */10"),
        ("/files/public/2026/11/a.png", "bytes=18446744073709551615-", "bytes */10"),
        ("/files/public/2026/11/a.png", "bytes=-0", "bytes */10"),
        ("/files/public/2026/11/a.png", "bytes=0-1,4-5", "bytes */10"),
        ("/files/public/2026/11/empty.png", "bytes=0-", "bytes */0"),
        ("/files/public/2026/11/empty.png", "bytes=-1", "bytes */0"),
    ] {
        let answer = app.anonymous().with_header("range", range).get(path).await;
        let answer = answer.expect_problem(416, "range_not_satisfiable");
        assert_eq!(answer.header("content-range"), size, "{path} {range}");
    }
    assert_eq!(app.anonymous().get("/files/public/2026/11/empty.png").await.expect(200).bytes, "");
    let missing = app.anonymous().with_header("range", "bytes=0-1").get("/files/public/2026/11/b.png").await;
    missing.expect_problem(404, "not_found");
    let unsigned = app.anonymous().with_header("range", "bytes=0-1").get(&format!("/files/{PRIVATE}")).await;
    unsigned.expect_problem(404, "not_found");
}

#[tokio::test]
async fn a_part_of_another_version_is_not_continued() {
    let app = app_with(&[("public/2026/11/a.png", "0123456789")]).await;
    let ask = async |held: &str| {
        let client = app.anonymous().with_header("range", "bytes=4-").with_header("if-range", held);
        client.get("/files/public/2026/11/a.png").await
    };
    assert_eq!(ask("\"a.png\"").await.expect(206).bytes, "456789");
    for other in ["\"b.png\"", "W/\"a.png\"", "Fri, 20 Nov 2026 03:00:00 GMT"] {
        assert_eq!(ask(other).await.expect(200).bytes, "0123456789", "{other}");
    }
}

#[tokio::test]
async fn a_large_file_is_written_and_read_in_parts() {
    const PART: usize = 1_000_000;
    let app = app_with(&[]).await;
    let (storage, name) = (&app.state.storage, key("usergen/0192/2026/11/9_large.png"));
    let mut writer = storage.create(&name, "image/png");
    for part in 0..12_u8 {
        writer.write(Bytes::from(vec![part; PART])).await.unwrap();
        assert!(matches!(storage.head(&name).await, Err(StorageError::Missing(_))), "half a file is no file");
    }
    writer.finish().await.unwrap();
    let mut file = storage.open(&name, None).await.unwrap();
    assert_eq!((file.size_bytes, file.range.clone()), (12 * PART as u64, 0..12 * PART as u64));
    let mut read = Vec::new();
    while let Some(part) = file.parts.next().await {
        let part = part.unwrap();
        assert!(part.len() <= 256 * 1024, "{}", part.len());
        read.extend_from_slice(&part);
    }
    assert!(read.chunks(PART).zip(0..12_u8).all(|(part, value)| part.iter().all(|byte| *byte == value)));
    assert_eq!(read.len(), 12 * PART);
    let mut middle = storage.open(&name, Some(PART as u64 - 2..PART as u64 + 2)).await.unwrap();
    assert_eq!(middle.parts.next().await.unwrap().unwrap(), [0_u8, 0, 1, 1].as_slice());
}

#[tokio::test]
async fn a_file_that_is_given_up_is_not_there() {
    let app = app_with(&[]).await;
    let storage = &app.state.storage;
    let begin = async |name: &str| {
        let mut writer = storage.create(&key(name), "image/png");
        writer.write(Bytes::from(vec![7; 11_000_000])).await.unwrap();
        writer
    };
    begin("usergen/1/aborted.png").await.abort().await.unwrap();
    drop(begin("usergen/1/dropped.png").await);
    let interrupted = begin("usergen/1/interrupted.png").await;
    storage.outage().begin();
    assert!(matches!(interrupted.finish().await, Err(StorageError::Unavailable(_))));
    storage.outage().end();
    assert_eq!(storage.list("usergen").await.unwrap(), []);
}
