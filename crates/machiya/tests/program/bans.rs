//! Whoever is banned: no making, publishing or buying any more; what was bought stays.

use serde_json::json;

use crate::process::{PASSWORD, Person, Program};

/// Logs in anew.
async fn again(program: &Program, who: &Person) -> Person {
    let (status, answer) =
        program.post(None, "/api/auth/login", json!({"email": who.email, "password": PASSWORD})).await;
    assert_eq!(status, 200, "{answer}");
    Person { token: answer["accessToken"].as_str().expect("a token").to_owned(), email: who.email.clone() }
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_is_banned_makes_publishes_and_buys_nothing_and_keeps_what_was_bought() {
    let program = Program::start().await;
    let (hana, ren, warden) =
        (program.person("hana").await, program.person("ren").await, program.person("warden").await);
    let (_, listing) = program.publish(&hana, "non-exclusive", 1_200, "レース").await;
    let own = program.draw(&ren, "ボタン").await;
    let (order, checkout) = program.check_out(&ren, &listing).await;
    assert_eq!(program.press(&checkout, "succeed").await, 303);
    program.until_delivered(&order).await;
    let (_, rights) = program.get(Some(&ren), "/api/entitlements").await;
    let download = format!("/api/entitlements/{}/download", rights["items"][0]["id"].as_str().expect("a right"));
    let package = program.bytes(Some(&ren), &download).await;

    // An operator is made on the machine; the role begins with the next log-in.
    let mut grant = program.command("admin");
    let made = grant.args(["grant-operator", &warden.email]).output().await.expect("the command runs");
    assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    let warden = again(&program, &warden).await;
    let (_, found) = program.get(Some(&warden), &format!("/api/admin/users?q={}", ren.email)).await;
    let id = found["items"][0]["id"].as_str().expect("a person").to_owned();
    let reason = json!({"reason": "規約違反"});
    let (status, answer) = program.post(Some(&warden), &format!("/api/admin/users/{id}/ban"), reason).await;
    assert_eq!(status, 204, "{answer}");

    for ren in [&ren, &again(&program, &ren).await] {
        let params = json!({"aspectRatio": "3:4", "answers": {"vibe": ["minimal"]}});
        let offer = json!({"historyId": own, "priceCents": 0, "licenseType": "exclusive", "title": "紺"});
        let refused = [
            ("/api/nano/generate", params),
            ("/api/user-gallery/publish", offer),
            ("/api/checkout", json!({"listingId": listing})),
            ("/api/billing/credits/purchase", json!({"packageId": 1})),
        ];
        for (path, body) in refused {
            let (status, answer) = program.post(Some(ren), path, body).await;
            assert_eq!((status, answer["error"].as_str()), (403, Some("account_banned")), "{path}: {answer}");
        }
        assert_eq!(program.bytes(Some(ren), &download).await, package);
        let (status, _) = program.get(Some(ren), &format!("/api/orders/{order}")).await;
        assert_eq!(status, 200);
    }
    program.verify().await;
}
