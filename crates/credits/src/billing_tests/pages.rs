//! The pages say what holds, in both languages, to whoever may know it.

use super::till::Till;

#[tokio::test(flavor = "multi_thread")]
async fn the_pages_tell_what_holds() {
    let till = Till::open("sandbox").await;
    let stranger = till.app.anonymous().as_browser().with_header("accept-language", "en");
    let plans = stranger.get("/plans?period=year").await.expect(200).text();
    assert!(plans.contains("¥98,000") && plans.contains("/plans/confirm?plan=pro&#38;period=year"), "{plans}");
    let confirm = stranger.get("/plans/confirm?plan=pro&period=year").await.expect(200).text();
    assert!(confirm.contains("¥98,000 every year, automatically, until you end it"), "{confirm}");
    stranger.get("/plans/confirm?plan=free").await.expect(404);
    stranger.get("/plans/confirm?plan=nothing").await.expect(404);
    assert_eq!(stranger.get("/admin/settings").await.status.as_u16(), 303);
    stranger.get("/welcome?session_id=cs_sandbox_unknown").await.expect(404);

    // The form without a script: confirmed at the price that was shown, and at no other.
    let form = [("plan", "pro"), ("period", "month"), ("price", "1")];
    let changed = stranger.post_form("/plans/confirm", &form).await;
    assert_eq!(changed.header("location"), "/plans/confirm?plan=pro&period=month");
    let hana = till.app.user("はな").await;
    let form = [("plan", "pro"), ("period", "month"), ("price", "9800")];
    let to_pay = hana.client.clone().as_browser().post_form("/plans/confirm", &form).await;
    assert_eq!(to_pay.status.as_u16(), 303);
    let url = to_pay.header("location").to_owned();
    stranger.post_form(&url, &[("outcome", "succeed")]).await.expect(303);
    let pending = stranger.get(&format!("/welcome?session_id={}", Till::session_of(&url))).await.expect(200).text();
    assert!(pending.contains("data-pending") && !pending.contains(&hana.email), "{pending}");
    till.app.drain().await;
    let ready = stranger.get(&format!("/welcome?session_id={}", Till::session_of(&url))).await.expect(200).text();
    assert!(!ready.contains("data-pending") && !ready.contains(&hana.email), "{ready}");

    let member = hana.client.clone().as_browser();
    let pages = member.get("/admin/pages").await.expect(200).text();
    assert!(pages.contains("50,000") && pages.contains("balance-chip") && pages.contains("プロ"), "{pages}");
    let settings = member.get("/admin/settings").await.expect(200).text();
    assert!(
        settings.contains("解約する") && settings.contains("¥9,800") && settings.contains("支払い済み"),
        "{settings}"
    );
    let change = member.get("/plans/confirm?plan=business&period=month").await.expect(200).text();
    assert!(change.contains("差額を支払って変更する") && change.contains("¥10,000"), "{change}");
    let smaller = member.get("/plans/confirm?plan=starter&period=month").await.expect(200).text();
    assert!(smaller.contains("次の更新日から変更する"), "{smaller}");
    let end = member.post_form("/admin/settings/cancel", &[("confirmed", "yes")]).await;
    assert_eq!((end.status.as_u16(), end.header("location")), (303, "/admin/settings"));
    let settings = member.get("/admin/settings").await.expect(200).text();
    assert!(settings.contains("解約を取り消す") && !settings.contains("解約しますか"), "{settings}");
    let portal = member.post_form("/admin/settings/portal", &[("x", "")]).await;
    assert!(portal.header("location").contains("/sandbox/subscriptions/"), "{}", portal.text());
    let pack = member.get("/admin/settings/packs/1").await.expect(200).text();
    assert!(pack.contains("¥5,000") && pack.contains("180日間"), "{pack}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_banned_buys_nothing() {
    let till = Till::open("sandbox").await;
    let hana = till.app.user("はな").await;
    till.app.ban(&hana).await;
    let body = serde_json::json!({"planId": "pro"});
    hana.client.post("/api/billing/subscription/create", &body).await.expect_problem(403, "account_banned");
    let body = serde_json::json!({"packageId": 1});
    hana.client.post("/api/billing/credits/purchase", &body).await.expect_problem(403, "account_banned");
    // Nor by paying as nobody with the same address.
    let session = till.pays_at_sandbox(&till.app.anonymous(), "pro", "month", &hana.email).await;
    till.app.drain().await;
    assert_eq!(till.completion(&session).await["state"], "given_back");
    till.is_clean().await;
}
