//! The file with somebody's data.

use std::io::{Cursor, Read as _};
use std::sync::Arc;

use serde_json::{Value, json};
use testkit::{TestApp, TestUser};
use time::Duration;

use super::{Contributor, OwnRows, jobs};

const ROWS: &[OwnRows] = &[
    OwnRows { file: "sessions", table: "public.sessions", owner: "user_id" },
    OwnRows { file: "exports", table: "public.account_exports", owner: "user_id" },
    OwnRows { file: "work", table: "public.jobs", owner: "owner_id" },
];

async fn app() -> TestApp {
    let contributors = Arc::new([Contributor { name: "identity", rows: ROWS }]);
    TestApp::start(|_| (axum::Router::new(), jobs(contributors))).await
}

fn unpacked(bytes: &[u8]) -> std::collections::BTreeMap<String, Value> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes.to_vec())).unwrap();
    let names: Vec<String> = archive.file_names().map(|name| name.unwrap().into_owned()).collect();
    names
        .into_iter()
        .map(|name| {
            let mut text = String::new();
            archive.by_name(&name).unwrap().read_to_string(&mut text).unwrap();
            (name, serde_json::from_str(&text).unwrap())
        })
        .collect()
}

async fn asked(hana: &TestUser) -> String {
    let answer = hana.client.post("/api/account/exports", &json!({})).await.expect(202).json();
    answer["id"].as_str().unwrap_or_default().to_owned()
}

#[tokio::test]
async fn the_file_holds_what_is_theirs_and_no_secret_and_nobody_else_gets_it() {
    let app = app().await;
    let (hana, ken) = (app.user("花").await, app.user("健").await);
    let id = asked(&hana).await;
    hana.client.post("/api/account/exports", &json!({})).await.expect_problem(409, "export_in_progress");
    let path = format!("/api/account/exports/{id}/download");
    hana.client.get(&path).await.expect_problem(404, "not_found");
    app.drain().await;
    assert_eq!(app.mailed_link(&hana.email).await, "/account/data");
    ken.client.get(&path).await.expect_problem(404, "not_found");
    let link = hana.client.get(&path).await.expect(200).json();
    let file = app.anonymous().get(link["url"].as_str().unwrap_or_default()).await.expect(200);
    assert!(file.header("content-disposition").contains("machiya-data.zip"));

    let files = unpacked(&file.bytes);
    assert_eq!(files["account.json"]["email"], hana.email.as_str());
    assert_eq!(files["account.json"]["displayName"], "花");
    let sessions = files["identity/sessions.json"].as_array().unwrap();
    assert_eq!(sessions.len(), 1);
    assert_eq!(sessions[0]["user_id"], hana.id.to_string());
    assert!(sessions[0].get("token_hash").is_none(), "a secret column is none that its person may read");
    let whole = format!("{files:?}");
    assert!(!whole.contains(&ken.email) && !whole.contains(&ken.id.to_string()) && !whole.contains("$argon2id$"));

    let page = hana.client.clone().as_browser().get("/account/data").await.expect(200).text();
    assert!(page.contains(&format!("/account/exports/{id}")));
    app.advance(Duration::minutes(6));
    app.anonymous().get(link["url"].as_str().unwrap_or_default()).await.expect(410);
}

#[tokio::test]
async fn the_file_ends_after_a_week_and_needs_a_new_proof() {
    let app = app().await;
    let hana = app.user("花").await;
    let id = asked(&hana).await;
    app.drain().await;
    let stored = app.state.storage.list("exports").await.unwrap();
    assert_eq!(stored.len(), 1);
    app.advance(Duration::days(7));
    hana.client.get(&format!("/api/account/exports/{id}/download")).await.expect_problem(404, "not_found");
    app.upkeep().await;
    assert!(app.state.storage.list("exports").await.unwrap().is_empty());
    let list = hana.client.get("/api/account/exports").await.expect(200).json();
    assert_eq!(list["exports"][0]["state"], "ended");
    hana.client.post("/api/account/exports", &json!({})).await.expect_problem(403, "reauthentication_required");
}

#[tokio::test]
async fn a_storage_that_is_away_delays_the_file_and_loses_nothing() {
    let app = app().await;
    let hana = app.user("花").await;
    let id = asked(&hana).await;
    app.state.storage.outage().begin();
    app.drain().await;
    app.state.storage.outage().end();
    app.advance(Duration::hours(1));
    app.drain().await;
    hana.client.get(&format!("/api/account/exports/{id}/download")).await.expect(200);
    let mails: i64 = app.value("select count(*) from mails where dedupe_key like 'export-ready/%'").await;
    assert_eq!(mails, 1);
}
