//! A sealing key that is replaced.

use platform::jobs::Registry;
use serde_json::json;
use testkit::TestApp;

use super::model::TotpSecret;

#[tokio::test]
async fn another_sealing_key_opens_what_the_old_one_closed_and_the_old_one_can_go() {
    let app = TestApp::start(|_| (axum::Router::new(), Registry::new())).await;
    let hana = app.user("花").await;
    hana.client.post("/api/account/totp", &json!({})).await.expect(201);
    let config = |key: &str| {
        let mut config = app.state.config.clone();
        config.sealing_key = Some(key.to_owned().into());
        config
    };
    let old = "a sealing key of the tests, long enough";
    let new = "another sealing key, drawn when the first was seen";
    let sealed = "select sealed_secret from totp_secrets";
    let opens = async |key: &str| {
        let bytes: Vec<u8> = app.value(sealed).await;
        TotpSecret::open(&config(key), hana.id, &bytes).is_ok()
    };
    // Without the old key nothing can be done, and nothing is.
    let mut tx = app.tx().await;
    assert!(super::reseal(&app.ctx(), &config(new), &mut tx).await.is_err());
    drop(tx);
    assert!(opens(old).await && !opens(new).await);
    let mut tx = app.tx().await;
    assert_eq!(super::reseal(&app.ctx(), &config(&format!("{new}\n{old}")), &mut tx).await.unwrap(), 1);
    tx.commit().await.unwrap();
    assert!(opens(new).await && !opens(old).await);
}
