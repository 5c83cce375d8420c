use credits::prices::{self, NewPrice, Operation};
use kernel::{ImageCredits, Tokens};
use serde_json::{Value, json};

use crate::tests::{Fixture, text};

const FIELDS: [(&str, &str); 3] = [("vibe", "street"), ("color", "navy"), ("extra", "denim")];

/// The values of the chooser on the studio's page, as they come back with the button.
fn values(page: &str) -> Vec<String> {
    let (_, select) = page.split_once("name=\"model\"").expect("a chooser of models");
    let (select, _) = select.split_once("</select>").expect("its end");
    select.split("value=\"").skip(1).filter_map(|rest| Some(rest.split_once('"')?.0.to_owned())).collect()
}

#[tokio::test]
async fn models_have_prices_and_members_see_what_is_left() {
    let fixture = Fixture::new().await;
    let ren = fixture.app.user("蓮").await;
    let stranger: Value = fixture.app.anonymous().get("/api/models").await.expect(200).json();
    assert!(stranger.get("balance").is_none());
    let default: Vec<&Value> =
        stranger["items"].as_array().unwrap().iter().filter(|model| model["isDefault"] == json!(true)).collect();
    assert_eq!((default.len(), &default[0]["model"]), (1, &json!("gemini-nano-banana-2.1")));
    assert_eq!((&default[0]["price"]["imageCredits"], &default[0]["price"]["tokens"]), (&json!(1), &json!(50.4)));
    assert!(text(&default[0]["price"]["priceId"]).parse::<uuid::Uuid>().is_ok());
    let providers: Vec<&str> =
        stranger["items"].as_array().unwrap().iter().map(|model| text(&model["provider"])).collect();
    assert!(providers.contains(&"sketch") && !providers.contains(&"openai"), "only what is set up: {providers:?}");

    let mine: Value = ren.client.get("/api/models").await.expect(200).json();
    assert_eq!(mine["balance"], json!({"imageCredits": 3, "tokens": 0}));
    assert!(text(&mine["items"][0]["cost"]).contains("残り3 → つくると2"), "{mine}");
    fixture.app.impoverish(&ren).await;
    let poor: Value = ren.client.get("/api/models").await.expect(200).json();
    assert!(text(&poor["items"][0]["cost"]).contains("足りません"), "{poor}");
}

#[tokio::test]
async fn the_price_stands_beside_the_button_and_comes_back_with_it() {
    let fixture = Fixture::new().await;
    let ren = fixture.app.user("蓮").await;
    fixture.app.advance(time::Duration::days(2));
    let browser = ren.client.clone().as_browser();
    let page = browser.get("/studio").await.expect(200).text();
    assert!(page.contains("料金：画像クレジット1（残り3 → つくると2）"), "{page}");
    assert!(page.contains("Gemini 3 Pro Image（画像クレジット1、または201トークン）"), "{page}");
    let pro = values(&page).into_iter().find(|value| value.contains("gemini-3-pro-image")).unwrap();

    let mut fields = FIELDS.to_vec();
    fields.push(("model", &pro));
    let sent = browser.post_form("/studio", &fields).await.expect(303);
    let made = sent.header("location").replace("/me/", "/api/generations/");
    let made: Value = ren.client.get(&made).await.expect(200).json();
    assert_eq!(made["model"], "gemini-3-pro-image");
    fixture.app.drain().await;

    // The price changes, and an hour later somebody presses the button of the old page.
    let price = NewPrice {
        operation: Operation::Generate,
        provider: "gemini".to_owned(),
        model: "gemini-3-pro-image".to_owned(),
        image_credits: ImageCredits(2),
        tokens: Tokens::whole(400),
    };
    let mut tx = fixture.app.tx().await;
    prices::set(&fixture.app.ctx(), &mut tx, &price).await.unwrap();
    tx.commit().await.unwrap();
    fixture.app.advance(time::Duration::minutes(61));
    fields[2] = ("extra", "denim again");
    let changed = browser.post_form("/studio", &fields).await.expect(409).text();
    assert!(changed.contains("料金が変わりました") && changed.contains("denim again"), "{changed}");
    assert!(changed.contains("料金：画像クレジット2（残り2 → つくると0）"), "the price of now is shown: {changed}");
    let now = values(&changed).into_iter().find(|value| value.contains("gemini-3-pro-image")).unwrap();
    assert_ne!(now, pro);
    fields[3] = ("model", &now);
    browser.post_form("/studio", &fields).await.expect(303);
    assert_eq!(fixture.image_credits(&ren).await, (0, 2, 1));
}

#[tokio::test]
async fn whoever_has_too_little_keeps_what_was_typed_and_is_led_to_the_plans() {
    let fixture = Fixture::new().await;
    let made = fixture.make("before").await;
    fixture.app.impoverish(&fixture.hana).await;
    let browser = fixture.hana.client.clone().as_browser();
    let page = browser.get("/studio").await.expect(200).text();
    assert!(page.contains("足りません") && page.contains("href=\"/plans\""), "{page}");
    let refused = browser.post_form("/studio", &FIELDS).await.expect(402).text();
    assert!(refused.contains("クレジットが足りません") && refused.contains("href=\"/plans\""), "{refused}");
    assert!(refused.contains("denim") && refused.contains("street vibe"), "what was typed stays: {refused}");

    let path = format!("/me/{}", text(&made["id"]));
    let page = browser.get(&path).await.expect(200).text();
    assert!(page.contains("name=\"priceId\"") && page.contains("足りません"), "{page}");
    let refused = browser.post_form(&format!("{path}/again"), &json!({})).await.expect(402).text();
    assert!(refused.contains("クレジットが足りません") && refused.contains("href=\"/plans\""), "{refused}");
    fixture.app.give_credits(&fixture.hana, 1, 0).await;
    let (_, price) = page.split_once("name=\"priceId\" value=\"").unwrap();
    let price = price.split('"').next().unwrap();
    browser.post_form(&format!("{path}/again"), &json!({"priceId": price})).await.expect(303);
    browser.post_form(&format!("{path}/again"), &json!({"priceId": "cheap"})).await.expect(422);
}

#[tokio::test]
async fn a_model_that_nobody_offers_is_a_fault_of_its_field() {
    let fixture = Fixture::new().await;
    let browser = fixture.hana.client.clone().as_browser();
    for wrong in ["x", "gemini/no-such-model", "gemini/gemini-3-pro-image/no-price", "openai/gpt-image-2.5-flare"] {
        let fields = [("vibe", "street"), ("extra", "kept"), ("model", wrong)];
        let page = browser.post_form("/studio", &fields).await.expect(422).text();
        assert!(page.contains("kept"), "{wrong}");
    }
    let stranger = fixture.app.anonymous().as_browser();
    let fields = [("vibe", "street"), ("model", "gemini/gemini-3-pro-image")];
    let sent = stranger.post_form("/studio", &fields).await.expect(303);
    assert!(sent.header("location").contains("model%3Dgemini%252Fgemini-3-pro-image"), "{}", sent.header("location"));
    let chosen = stranger.get("/studio?model=gemini/gemini-3-pro-image").await.expect(200).text();
    let (_, chosen) = chosen.split_once("value=\"gemini/gemini-3-pro-image").unwrap();
    assert!(chosen.split('>').next().unwrap().contains("selected"), "the choice survives the log-in");
}
