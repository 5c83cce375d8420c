//! The main job: make, keep, publish, sell, deliver; by API, as the README's walk does it.

use std::io::Read as _;

use serde_json::json;

use crate::process::Program;

#[tokio::test(flavor = "multi_thread")]
async fn make_keep_publish_sell_deliver() {
    let mut program = Program::start().await;
    let (hana, ren) = (program.person("hana").await, program.person("ren").await);
    let (generation, listing) = program.publish(&hana, "non-exclusive", 1_200, "レース").await;

    let (status, mine) = program.get(Some(&hana), "/api/user-gallery").await;
    assert_eq!((status, mine["items"].as_array().map(Vec::len)), (200, Some(1)));
    let (status, shown) = program.get(None, "/api/gallery/public").await;
    assert_eq!((status, shown["items"][0]["id"].as_str()), (200, Some(listing.as_str())));
    assert_eq!(shown["items"][0]["price"], 1_200);
    let preview = shown["items"][0]["preview"].as_str().expect("a preview");
    let preview = program.bytes(None, preview).await;
    assert_eq!(&preview[..8], b"\x89PNG\r\n\x1a\n");

    let (order, checkout) = program.check_out(&ren, &listing).await;
    assert_eq!(program.press(&checkout, "succeed").await, 303);
    program.until_delivered(&order).await;
    let (status, answer) = program.get(Some(&ren), &format!("/api/orders/{order}")).await;
    assert_eq!((status, answer["status"].as_str()), (200, Some("paid")), "{answer}");
    let (status, entitlements) = program.get(Some(&ren), "/api/entitlements").await;
    assert_eq!(status, 200);
    let entitlement = entitlements["items"][0]["id"].as_str().expect("an entitlement").to_owned();
    let package = program.bytes(Some(&ren), &format!("/api/entitlements/{entitlement}/download")).await;
    let original = program.bytes(Some(&hana), &format!("/me/{generation}/original")).await;
    assert!(unpacked(&package, "design.png") == original, "the design is the original, byte for byte");
    let license = String::from_utf8(unpacked(&package, "LICENSE.txt")).expect("text");
    assert!(license.contains("hana") && license.contains("ren") && license.contains("紺のワンピース"), "{license}");

    let (status, _) = program.get(Some(&hana), &format!("/api/entitlements/{entitlement}/download")).await;
    assert_eq!(status, 404, "nobody else may download");
    let (status, _) = program.get(None, &format!("/api/orders/{order}")).await;
    assert_eq!(status, 401);
    let mails = "select count(*) from mails where dedupe_key like 'order-paid/%'";
    assert_eq!(program.count(mails).await, 2, "one to the buyer, one to the seller");

    let (status, _) = program.post(Some(&hana), "/api/user-gallery/unpublish", json!({"historyId": generation})).await;
    assert_eq!(status, 200);
    let again = program.bytes(Some(&ren), &format!("/api/entitlements/{entitlement}/download")).await;
    assert_eq!(again, package, "what was bought stays, whatever the seller does");
    program.verify().await;
    assert!(program.stop().await, "an orderly end");
}

#[tokio::test(flavor = "multi_thread")]
async fn it_starts_again_and_has_lost_nothing() {
    let mut program = Program::start().await;
    let hana = program.person("hana").await;
    let (_, listing) = program.publish(&hana, "exclusive", 0, "").await;
    assert!(program.stop().await);
    program.run().await;
    let (_, shown) = program.get(None, "/api/gallery/public").await;
    assert_eq!(shown["items"][0]["id"].as_str(), Some(listing.as_str()));
    let (status, _) = program.get(Some(&hana), "/api/auth/me").await;
    assert_eq!(status, 200, "the session is still good");
}

#[tokio::test(flavor = "multi_thread")]
async fn publishing_waits_for_the_mailbox_where_people_are_real() {
    let mut program = Program::start_with(&[]).await;
    let hana = program.person("hana").await;
    let generation = program.draw(&hana, "").await;
    let offer =
        json!({"historyId": generation, "priceCents": 0, "licenseType": "exclusive", "title": "紺のワンピース"});
    let (status, refused) = program.post(Some(&hana), "/api/user-gallery/publish", offer.clone()).await;
    assert_eq!((status, refused["error"].as_str()), (403, Some("email_unverified")), "{refused}");

    let mails = String::from_utf8(program.bytes(None, "/dev/mail").await).expect("text");
    let start = mails.find("/verify-email?code=").expect("the mail leads to the page that verifies");
    let link: String = mails[start..].chars().take_while(|letter| !"\"'<> \n".contains(*letter)).collect();
    program.bytes(None, &link).await;
    let (status, _) = program.post(Some(&hana), "/api/user-gallery/publish", offer.clone()).await;
    assert_eq!(status, 403, "a mail scanner that follows the link proves nothing");
    let code = link.split("code=").nth(1).and_then(|rest| rest.split('&').next()).expect("a code");
    assert_eq!(program.submit("/verify-email", &[("code", code)]).await, 303);
    let (status, published) = program.post(Some(&hana), "/api/user-gallery/publish", offer).await;
    assert!((200..300).contains(&status), "{published}");
    assert!(program.stop().await);
}

/// Reads one entry with Python's zipfile: a reader that we did not write.
fn unpacked(package: &[u8], entry: &str) -> Vec<u8> {
    let path = std::env::temp_dir().join(format!("machiya-package-{}-{entry}.zip", std::process::id()));
    std::fs::write(&path, package).expect("the package is written");
    let script = "import sys, zipfile; sys.stdout.buffer.write(zipfile.ZipFile(sys.argv[1]).read(sys.argv[2]))";
    let mut python = std::process::Command::new("python3")
        .args(["-c", script])
        .arg(&path)
        .arg(entry)
        .stdout(std::process::Stdio::piped())
        .spawn()
        .expect("python3 is there");
    let mut bytes = Vec::new();
    python.stdout.take().expect("its output").read_to_end(&mut bytes).expect("it can be read");
    assert!(python.wait().expect("it ends").success(), "{entry} is in the package");
    std::fs::remove_file(path).expect("the package is removed");
    bytes
}
