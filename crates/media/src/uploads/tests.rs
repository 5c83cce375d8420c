//! Uploads over real HTTP, with a real database and real files.

use std::sync::Arc;
use std::sync::atomic::{AtomicI32, AtomicI64, Ordering};

use bytes::Bytes;
use http::Method;
use kernel::UserId;
use platform::storage::StorageKey;
use platform::{DatabaseError, Tx};
use reqwest::multipart::{Form, Part};
use serde_json::Value;
use testkit::{TestApp, TestUser};
use time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::model::{FILE_MAX_BYTES, UploadId};
use super::queries;
use super::state::{Allowance, AllowanceOf, Media};
use crate::asset_uses::{Asset, AssetUser, AssetUserKind, add, remove, remove_all, uses_of};
use crate::images::samples::{files, photo};

/// An app with uploads, where everybody may keep the same.
struct Scene {
    app: TestApp,
    total_bytes: Arc<AtomicI64>,
    /// 0 for ever.
    kept_days: Arc<AtomicI32>,
}

impl Scene {
    async fn new() -> Self {
        let (total_bytes, kept_days) = (Arc::new(AtomicI64::new(10_000_000)), Arc::new(AtomicI32::new(7)));
        let (total, days) = (total_bytes.clone(), kept_days.clone());
        let allowance_of: AllowanceOf = Arc::new(move |_: &mut Tx, _: UserId| {
            let days = Some(days.load(Ordering::SeqCst)).filter(|days| *days > 0);
            let allowance = Allowance { total_bytes: total.load(Ordering::SeqCst), kept_days: days };
            Box::pin(async move { Ok::<_, DatabaseError>(allowance) })
        });
        let app = TestApp::start(|app| {
            let media = Media::new(app.clone(), allowance_of);
            (crate::routes(media.clone()), crate::register_jobs(&media))
        })
        .await;
        Self { app, total_bytes, kept_days }
    }

    /// Sends a form as a program would, and gives status and body.
    async fn send(&self, user: &TestUser, form: Form) -> (u16, Value) {
        let answer = user.client.send(Method::POST, "/api/uploads", |request| request.multipart(form)).await;
        (answer.status.as_u16(), answer.json())
    }

    async fn upload(&self, user: &TestUser, kind: &str, name: &str, bytes: Vec<u8>) -> Value {
        let (status, body) = self.send(user, form(kind, name, "image/png", bytes)).await;
        assert_eq!(status, 201, "{body}");
        body
    }

    async fn stored(&self) -> Vec<StorageKey> {
        self.app.state.storage.list("uploads").await.unwrap()
    }
}

fn form(kind: &str, name: &str, mime: &str, bytes: Vec<u8>) -> Form {
    let part = Part::bytes(bytes).file_name(name.to_owned()).mime_str(mime).unwrap();
    Form::new().text("type", kind.to_owned()).part("file", part)
}

fn id_of(upload: &Value) -> UploadId {
    upload["uploadId"].as_str().unwrap().parse().unwrap()
}

fn png() -> Vec<u8> {
    files(&photo(60, 40, 1))[0].clone()
}

fn page_of(number: u128) -> AssetUser {
    AssetUser { kind: AssetUserKind::Page, id: uuid::Uuid::from_u128(number) }
}

#[tokio::test]
async fn an_upload_is_stored_listed_shown_and_deleted_by_its_owner_alone() {
    let scene = Scene::new().await;
    let (hana, other) = (scene.app.user("花").await, scene.app.user("Other").await);
    let upload = scene.upload(&hana, "logo", "../ロゴ.png", png()).await;
    assert_eq!((upload["type"].as_str(), upload["fileName"].as_str()), (Some("logo"), Some("ロゴ.png")));
    assert_eq!((upload["width"].as_i64(), upload["height"].as_i64()), (Some(60), Some(40)));
    assert_eq!((upload["mimeType"].as_str(), upload["sourceFormat"].as_str()), (Some("image/png"), Some("png")));
    assert_eq!(upload["userId"], Value::from(hana.id.to_string()));
    assert_eq!(upload["expiresAt"].as_str(), Some("2026-11-27T03:00:00Z"));
    let file = scene.app.anonymous().get(upload["url"].as_str().unwrap()).await.expect(200);
    assert_eq!(file.bytes.len() as i64, upload["size"].as_i64().unwrap());

    scene.app.advance(Duration::SECOND);
    let second = scene.upload(&hana, "product", "b.jpg", files(&photo(30, 30, 2))[1].clone()).await;
    assert_eq!(second["mimeType"].as_str(), Some("image/jpeg"));
    let names = async |path: &str| {
        let body = hana.client.get(path).await.expect(200).json();
        body["items"]
            .as_array()
            .unwrap()
            .iter()
            .map(|item| item["fileName"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(names("/api/uploads").await, ["b.jpg", "ロゴ.png"]);
    assert_eq!(names("/api/uploads?type=logo").await, ["ロゴ.png"]);
    let first_page = hana.client.get("/api/uploads?limit=1").await.expect(200).json();
    let cursor = first_page["nextCursor"].as_str().unwrap();
    assert_eq!(names(&format!("/api/uploads?limit=1&cursor={cursor}")).await, ["ロゴ.png"]);
    hana.client.get("/api/uploads?type=video").await.expect_problem(422, "invalid_input");

    let path = format!("/api/uploads/{}", id_of(&upload));
    assert_eq!(hana.client.get(&path).await.expect(200).json()["usedBy"], Value::Array(vec![]));
    other.client.get(&path).await.expect_problem(404, "not_found");
    other.client.delete(&path).await.expect_problem(404, "not_found");
    scene.app.anonymous().get(&path).await.expect_problem(401, "unauthorized");
    assert_eq!(other.client.get("/api/uploads").await.expect(200).json()["items"], Value::Array(vec![]));

    hana.client.delete(&path).await.expect(204);
    hana.client.get(&path).await.expect_problem(404, "not_found");
    hana.client.delete(&path).await.expect_problem(404, "not_found");
    assert_eq!(scene.stored().await.len(), 2);
    scene.app.drain().await;
    assert_eq!(scene.stored().await.len(), 1);
    assert_eq!(scene.app.value::<i64>("select count(*) from uploads").await, 1);
    let actions = "select string_agg(action, ' ' order by id) from audit_logs where entity_type = 'upload'";
    assert_eq!(scene.app.value::<String>(actions).await, "uploads.create uploads.create uploads.delete");
}

#[tokio::test]
async fn the_content_decides_and_what_is_no_picture_is_refused() {
    let scene = Scene::new().await;
    let user = scene.app.user("花").await;
    let jpeg = files(&photo(30, 20, 1))[1].clone();
    let (status, lying) = scene.send(&user, form("other", "a.svg", "image/svg+xml", jpeg.clone())).await;
    assert_eq!((status, lying["sourceFormat"].as_str()), (201, Some("jpeg")), "{lying}");
    let mut bomb = png();
    bomb[16..24].copy_from_slice(&[0, 0, 0x75, 0x30, 0, 0, 0x75, 0x30]);
    let script =
        b"<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'><image href='http://192.0.2.1/a.png'/></svg>";
    for (bytes, status, code) in [
        (b"%PDF-1.7 and more of it".to_vec(), 415, "not_a_picture"),
        (b"MZ\x90\0 a program that says it is a picture".repeat(100), 415, "not_a_picture"),
        (b"GIF89a and so on, and so on".to_vec(), 415, "unsupported_picture"),
        (script.to_vec(), 415, "unsupported_picture"),
        (bomb, 413, "picture_too_large"),
        (jpeg[..jpeg.len() / 2].to_vec(), 422, "picture_truncated"),
        (Vec::new(), 422, "invalid_input"),
    ] {
        let (found, body) = scene.send(&user, form("logo", "a.png", "image/png", bytes)).await;
        assert_eq!((found, body["error"].as_str()), (status, Some(code)), "{body}");
    }
    assert_eq!(scene.stored().await.len(), 1);
}

#[tokio::test]
async fn a_form_that_is_wrong_says_where() {
    let scene = Scene::new().await;
    let user = scene.app.user("花").await;
    let file = || Part::bytes(png()).file_name("a.png");
    for (form, status, code, field) in [
        (Form::new().text("type", "logo"), 422, "invalid_input", Some("file")),
        (Form::new().part("file", file()), 422, "invalid_input", Some("type")),
        (Form::new().text("type", "video").part("file", file()), 422, "invalid_input", Some("type")),
        (Form::new().text("type", "x".repeat(100)).part("file", file()), 422, "invalid_input", Some("type")),
        (Form::new().text("kind", "logo").part("file", file()), 422, "invalid_input", Some("kind")),
        (Form::new().text("type", "logo").part("file", file()).part("file", file()), 400, "malformed_request", None),
    ] {
        let (found, body) = scene.send(&user, form).await;
        assert_eq!((found, body["error"].as_str()), (status, Some(code)), "{body}");
        assert_eq!(body["fields"][0]["field"].as_str(), field, "{body}");
    }
    user.client.post("/api/uploads", &serde_json::json!({})).await.expect_problem(415, "unsupported_media_type");
    let (status, _) = scene.send(&scene.app.user("Late").await, form("logo", "a.png", "image/png", png())).await;
    assert_eq!(status, 201);
}

#[tokio::test]
async fn two_gigabytes_are_refused_without_being_taken() {
    let scene = Scene::new().await;
    let user = scene.app.user("花").await;
    // Announced: refused before a byte of it is read.
    let head = format!(
        "POST /api/uploads HTTP/1.1\r\nhost: app\r\ncontent-type: multipart/form-data; boundary=b\r\ncontent-length: {}\r\nauthorization: Bearer {}\r\n\r\n",
        2_u64 << 30,
        user.token,
    );
    let address = scene.app.url.strip_prefix("http://").unwrap();
    let mut stream = tokio::net::TcpStream::connect(address).await.unwrap();
    stream.write_all(head.as_bytes()).await.unwrap();
    let mut answer = vec![0; 12];
    stream.read_exact(&mut answer).await.unwrap();
    assert_eq!(String::from_utf8_lossy(&answer), "HTTP/1.1 413");
    // Not announced: refused as soon as it is more than may be, and nothing of it stays.
    let begun = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\x10\0\0\0\x10\x08\x02\0\0\0\0\0\0\0\x7f\xff\xff\xffIDAT".to_vec();
    let endless = futures::stream::iter(
        std::iter::once(Bytes::from(begun)).chain(std::iter::repeat_n(Bytes::from(vec![0; 1 << 20]), 2_048)),
    );
    let body = reqwest::Body::wrap_stream(futures::StreamExt::map(endless, Ok::<_, std::io::Error>));
    let form = Form::new().text("type", "logo").part("file", Part::stream(body).file_name("a.png"));
    let client = platform::provider_client().unwrap();
    let request = client.post(format!("{}/api/uploads", scene.app.url)).bearer_auth(&user.token).multipart(form);
    // The connection may be gone before the client has read why.
    if let Ok(answer) = request.send().await {
        assert_eq!(answer.status(), 413);
    }
    let staged = std::fs::read_dir(scene.app.state.config.data_path("incoming")).unwrap().count();
    assert_eq!((staged, scene.stored().await.len()), (0, 0));
    assert!(FILE_MAX_BYTES < 2 << 30);
}

#[tokio::test]
async fn all_uploads_together_stay_within_the_plan_even_at_once() {
    let scene = Scene::new().await;
    let user = scene.app.user("花").await;
    let first = scene.upload(&user, "logo", "a.png", png()).await;
    let size = first["size"].as_i64().unwrap();
    scene.total_bytes.store(3 * size, Ordering::SeqCst);
    let all = (0..8).map(|_| scene.send(&user, form("logo", "a.png", "image/png", png())));
    let statuses: Vec<u16> = futures::future::join_all(all).await.into_iter().map(|(status, _)| status).collect();
    assert_eq!(statuses.iter().filter(|status| **status == 201).count(), 2, "{statuses:?}");
    assert_eq!(statuses.iter().filter(|status| **status == 409).count(), 6, "{statuses:?}");
    let (_, refused) = scene.send(&user, form("logo", "a.png", "image/png", png())).await;
    assert_eq!(refused["error"].as_str(), Some("upload_space_exhausted"));
    assert_eq!((refused["usedBytes"].as_i64(), refused["totalBytes"].as_i64()), (Some(3 * size), Some(3 * size)));
    user.client.delete(&format!("/api/uploads/{}", id_of(&first))).await.expect(204);
    scene.app.drain().await;
    scene.upload(&user, "logo", "a.png", png()).await;
}

#[tokio::test]
async fn what_is_used_is_kept_until_nothing_uses_it() {
    let scene = Scene::new().await;
    let user = scene.app.user("花").await;
    let upload = scene.upload(&user, "logo", "a.png", png()).await;
    let (asset, path) = (Asset::Upload(id_of(&upload)), format!("/api/uploads/{}", id_of(&upload)));
    let ctx = scene.app.ctx();
    let mut tx = scene.app.tx().await;
    assert!(queries::lock(&mut tx, user.id, id_of(&upload)).await.unwrap().is_some());
    assert!(add(&ctx, &mut tx, user.id, asset, page_of(1)).await.unwrap());
    assert!(!add(&ctx, &mut tx, user.id, asset, page_of(1)).await.unwrap(), "a use is counted once");
    assert!(add(&ctx, &mut tx, user.id, asset, page_of(2)).await.unwrap());
    tx.commit().await.unwrap();

    let refused = user.client.delete(&path).await.expect_problem(409, "upload_in_use").json();
    assert_eq!(refused["usedBy"].as_array().unwrap().len(), 2, "{refused}");
    assert_eq!(refused["usedBy"][0]["kind"].as_str(), Some("page"));
    assert!(refused["detail"].as_str().unwrap().contains("ランディングページ"), "{refused}");
    scene.app.advance(Duration::days(30));
    scene.app.upkeep().await;
    user.client.get(&path).await.expect(200);

    let ctx = scene.app.ctx();
    let mut tx = scene.app.tx().await;
    assert!(remove(&ctx, &mut tx, asset, page_of(1)).await.unwrap());
    assert!(!remove(&ctx, &mut tx, asset, page_of(1)).await.unwrap());
    assert_eq!(remove_all(&ctx, &mut tx, page_of(2)).await.unwrap(), [asset]);
    assert_eq!(uses_of(&mut tx, asset).await.unwrap(), []);
    tx.commit().await.unwrap();
    // It has its days anew.
    scene.app.upkeep().await;
    let shown = user.client.get(&path).await.expect(200).json();
    assert_eq!(shown["expiresAt"].as_str(), Some("2026-12-27T03:00:00Z"));
    scene.app.advance(Duration::days(8));
    scene.app.upkeep().await;
    user.client.get(&path).await.expect_problem(404, "not_found");
    assert_eq!(scene.stored().await, []);
}

#[tokio::test]
async fn a_use_and_a_deletion_at_once_never_both_win() {
    let scene = Scene::new().await;
    let user = scene.app.user("花").await;
    for round in 0..6 {
        let upload = scene.upload(&user, "logo", "a.png", png()).await;
        let id = id_of(&upload);
        let ctx = scene.app.ctx();
        let using = async {
            let mut tx = scene.app.tx().await;
            if queries::lock(&mut tx, user.id, id).await.unwrap().is_none() {
                return false;
            }
            add(&ctx, &mut tx, user.id, Asset::Upload(id), page_of(round)).await.unwrap();
            tx.commit().await.unwrap();
            true
        };
        let path = format!("/api/uploads/{id}");
        let (is_used, deleted) = futures::join!(using, user.client.delete(&path));
        assert_ne!(is_used, deleted.status == 204, "round {round}");
    }
}

#[tokio::test]
async fn an_unused_upload_goes_when_its_plan_says_so_and_not_before() {
    let scene = Scene::new().await;
    let user = scene.app.user("花").await;
    let upload = scene.upload(&user, "product", "a.png", png()).await;
    let path = format!("/api/uploads/{}", id_of(&upload));
    // The plan of the moment keeps longer.
    scene.kept_days.store(90, Ordering::SeqCst);
    scene.app.advance(Duration::days(8));
    scene.app.upkeep().await;
    let shown = user.client.get(&path).await.expect(200).json();
    assert_eq!(shown["expiresAt"].as_str(), Some("2027-02-18T03:00:00Z"));
    scene.kept_days.store(0, Ordering::SeqCst);
    scene.app.advance(Duration::days(200));
    scene.app.upkeep().await;
    let shown = user.client.get(&path).await.expect(200).json();
    assert_eq!(shown["expiresAt"], Value::Null);
}

#[tokio::test]
async fn a_storage_that_is_down_takes_nothing_in_and_leaves_nothing_behind() {
    let scene = Scene::new().await;
    let user = scene.app.user("花").await;
    scene.app.state.storage.outage().begin();
    let (status, body) = scene.send(&user, form("logo", "a.png", "image/png", png())).await;
    assert_eq!((status, body["error"].as_str()), (503, Some("storage_unavailable")));
    scene.app.state.storage.outage().end();
    assert_eq!(user.client.get("/api/uploads").await.expect(200).json()["items"], Value::Array(vec![]));
    assert_eq!(scene.app.value::<i64>("select count(*) from uploads where state = 'storing'").await, 1);
    scene.app.advance(Duration::hours(2));
    scene.app.upkeep().await;
    assert_eq!(scene.app.value::<i64>("select count(*) from uploads").await, 0);
}

#[tokio::test]
async fn whoever_leaves_takes_every_upload_along() {
    let scene = Scene::new().await;
    let (user, other) = (scene.app.user("花").await, scene.app.user("Other").await);
    let upload = scene.upload(&user, "logo", "a.png", png()).await;
    scene.upload(&other, "logo", "b.png", png()).await;
    let ctx = scene.app.ctx();
    let mut tx = scene.app.tx().await;
    add(&ctx, &mut tx, user.id, Asset::Upload(id_of(&upload)), page_of(1)).await.unwrap();
    super::erase_all(&ctx, &mut tx, user.id).await.unwrap();
    tx.commit().await.unwrap();
    scene.app.drain().await;
    assert_eq!(scene.app.value::<String>("select string_agg(file_name, ' ') from uploads").await, "b.png");
    assert_eq!((scene.stored().await.len(), scene.app.value::<i64>("select count(*) from asset_uses").await), (1, 0));
}

#[tokio::test]
async fn what_a_file_says_of_its_making_is_kept() {
    let scene = Scene::new().await;
    let user = scene.app.user("花").await;
    let made =
        crate::provenance::replace_metadata(&png(), crate::provenance::SourceType::TrainedAlgorithmicMedia).unwrap();
    let upload = scene.upload(&user, "product", "a.png", made).await;
    assert_eq!(upload["digitalSourceType"].as_str(), Some("trainedAlgorithmicMedia"));
    assert_eq!(scene.upload(&user, "product", "b.png", png()).await["digitalSourceType"], Value::Null);
}
