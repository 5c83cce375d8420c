//! An installation with a seller, a buyer, pictures and a double of Stripe.

use std::sync::Arc;

use catalog::Catalog;
use kernel::GenerationId;
use media::content_address::ContentAddress;
use media::images::{Bitmap, PixelLayout, Size, encode_png};
use media::provenance::{Seal, SigningIdentity};
use payments::{Payments, Purpose, PurposeRoutes};
use platform::storage::{NewFile, StorageKey};
use serde_json::{Value, json};
use testkit::payment_doubles::{SentEvent, StripeDouble};
use testkit::{Answer, TestApp, TestUser};
use time::Duration;

use crate::{LapseOrder, OrderDisputed, OrderRefunded, Orders, SettleOrder};

/// An installation with a catalogue and orders.
pub(super) struct Fixture {
    pub(super) app: TestApp,
    pub(super) stripe: StripeDouble,
    pub(super) hana: TestUser,
    pub(super) ken: TestUser,
}

/// A picture that somebody has made.
pub(super) struct Made {
    pub(super) id: GenerationId,
    pub(super) bytes: Vec<u8>,
    pub(super) key: StorageKey,
}

impl Fixture {
    /// Payments go to Stripe's double.
    pub(super) async fn open() -> Self {
        Self::open_with("stripe", &[]).await
    }

    pub(super) async fn open_with(provider: &str, more: &[(&str, &str)]) -> Self {
        let stripe = StripeDouble::open().await;
        let app = TestApp::start_with(&stripe.settings(provider, more), |app| {
            let purposes = PurposeRoutes::new()
                .route::<SettleOrder, LapseOrder, OrderRefunded>(Purpose::Order)
                .route_disputes::<OrderDisputed>(Purpose::Order);
            let payments = Payments::new(app.clone(), purposes).unwrap();
            let identity = SigningIdentity::generate(&[7; 32], "Machiya Test").unwrap();
            let seal = Arc::new(Seal::new(identity).unwrap());
            let catalog = Catalog::new(app.clone(), seal, crate::purchases::find_purchase);
            let orders = Orders::new(app.clone(), payments.clone());
            let routes = catalog::routes(&catalog).merge(crate::routes(&orders)).merge(payments::routes(&payments));
            (routes, catalog::jobs().and(crate::jobs(&orders)).and(payments::jobs(&payments)))
        })
        .await;
        let (hana, ken) = (app.user("はな工房").await, app.user("健").await);
        Self { app, stripe, hana, ken }
    }

    /// A finished picture of `owner`. Another variant is another picture.
    pub(super) async fn picture(&self, owner: &TestUser, variant: u32) -> Made {
        self.picture_of(owner, variant, None).await
    }

    /// A picture that was made from another one.
    pub(super) async fn child(&self, owner: &TestUser, parent: &Made, variant: u32) -> Made {
        self.picture_of(owner, variant, Some(parent.id)).await
    }

    async fn picture_of(&self, owner: &TestUser, variant: u32, parent: Option<GenerationId>) -> Made {
        let ctx = self.app.ctx();
        let (id, image_id): (GenerationId, kernel::MediaImageId) = (ctx.new_id(), ctx.new_id());
        let bytes = drawn(variant);
        let name = ctx.random().uuid_v4();
        let key = StorageKey::new(format!("usergen/{}/2026/11/1763690000000_{name}.png", owner.id)).unwrap();
        let file = NewFile { key: key.clone(), bytes: bytes.clone().into(), content_type: "image/png" };
        self.app.state.storage.put(file).await.unwrap();
        let parent = parent.map_or("null".to_owned(), |parent| format!("'{parent}'"));
        let (now, sha256, size) = (ctx.now(), ContentAddress::of(&bytes), bytes.len());
        self.app
            .execute(&format!(
                "insert into public.generations (id, user_id, status, provider, model, prompt, aspect_ratio, seed,
                   parent_id, request_key, cache_key, width, height, created_at, updated_at, completed_at)
                 values ('{id}', '{owner}', 'completed', 'sketch', 'studio-illustrator-1', 'a secret prompt {variant}',
                   '3:4', {variant}, {parent}, decode('{sha256}', 'hex'), decode('{sha256}', 'hex'), 480, 640,
                   '{now}', '{now}', '{now}');
                 insert into public.media_images (id, user_id, generation_id, role, storage_key, sha256, size_bytes,
                   width, height, mime_type, created_at)
                 values ('{image_id}', '{owner}', '{id}', 'original', '{key}', decode('{sha256}', 'hex'), {size}, 480, 640,
                   'image/png', '{now}');",
                owner = owner.id,
            ))
            .await;
        Made { id, bytes, key }
    }

    /// Publishes a picture of the first seller and gives the answer.
    pub(super) async fn publish(&self, picture: &Made, license: &str, price: i64) -> Answer {
        self.publish_as(&self.hana, picture, json!({"licenseType": license, "priceCents": price})).await
    }

    /// Publishes with more to say.
    pub(super) async fn publish_as(&self, seller: &TestUser, picture: &Made, more: Value) -> Answer {
        let mut body = json!({
            "historyId": picture.id, "priceCents": 1_200, "title": "庭のワンピース", "tags": ["春", "Dress"],
        });
        for (name, value) in more.as_object().unwrap() {
            body[name] = value.clone();
        }
        seller.client.post("/api/user-gallery/publish", &body).await
    }

    /// A published product: its picture and its id.
    pub(super) async fn on_show(&self, variant: u32, license: &str, price: i64) -> (Made, String) {
        let picture = self.picture(&self.hana, variant).await;
        let published = self.publish(&picture, license, price).await.expect(200).json();
        (picture, text(&published["listingId"]))
    }

    /// Orders a product; the answer has the url and the order.
    pub(super) async fn order(&self, buyer: &TestUser, product: &str) -> Answer {
        buyer.client.post("/api/checkout", &json!({"listingId": product})).await
    }

    /// Orders a product that is available, and gives the order's id.
    pub(super) async fn ordered(&self, buyer: &TestUser, product: &str) -> String {
        text(&self.order(buyer, product).await.expect(200).json()["orderId"])
    }

    /// What Stripe says when the buyer pays; not delivered yet.
    pub(super) fn pay(&self, order: &str) -> Vec<SentEvent> {
        self.stripe.pay(&self.session_of(order))
    }

    pub(super) fn session_of(&self, order: &str) -> String {
        let sessions = self.stripe.sessions();
        let session = sessions.iter().find(|one| one.client_reference_id.as_deref() == Some(order));
        session.unwrap_or_else(|| panic!("no session for {order}")).id.clone()
    }

    /// Posts events to the webhook.
    pub(super) async fn deliver(&self, events: &[SentEvent]) {
        self.stripe.deliver_to(&self.app.url, events).await;
    }

    /// Pays an order and lets everything follow.
    pub(super) async fn settle(&self, order: &str) {
        self.deliver(&self.pay(order)).await;
        self.app.drain().await;
    }

    /// A product bought and delivered: the order.
    pub(super) async fn bought(&self, buyer: &TestUser, product: &str) -> String {
        let order = self.ordered(buyer, product).await;
        self.settle(&order).await;
        order
    }

    /// An order as its buyer sees it.
    pub(super) async fn order_of(&self, buyer: &TestUser, order: &str) -> Value {
        buyer.client.get(&format!("/api/orders/{order}")).await.expect(200).json()
    }

    /// The bytes behind the download of an order's first item.
    pub(super) async fn download(&self, buyer: &TestUser, order: &str) -> Vec<u8> {
        let url = text(&self.order_of(buyer, order).await["items"][0]["downloadUrl"]);
        let answer = buyer.client.get(&url).await.expect(303);
        let link = answer.header("location").to_owned();
        assert!(link.contains("signature="), "{link}");
        self.app.anonymous().get(&link).await.expect(200).bytes.to_vec()
    }

    pub(super) async fn count(&self, from: &str) -> i64 {
        self.app.value(&format!("select count(*) from {from}")).await
    }

    pub(super) async fn word(&self, statement: &str) -> String {
        self.app.value(statement).await
    }

    /// Lets the database refuse what happens at `moment`, such as `before insert on public.entitlements`.
    pub(super) async fn refuse(&self, moment: &str, condition: &str) {
        self.app
            .execute(&format!(
                "create or replace function public.refuse() returns trigger language plpgsql as
                   $$ begin raise exception 'refused by the test'; end $$;
                 create trigger refuse {moment} for each row {condition} execute function public.refuse();"
            ))
            .await;
    }

    /// Ends [`Fixture::refuse`] for a table.
    pub(super) async fn allow(&self, table: &str) {
        self.app.execute(&format!("drop trigger refuse on public.{table};")).await;
    }

    /// Moves everybody's clock.
    pub(super) fn advance(&self, step: Duration) {
        self.app.advance(step);
        self.stripe.advance(step);
    }

    /// Everything that `machiya verify` finds, as codes.
    pub(super) async fn findings(&self) -> Vec<String> {
        let mut tx = self.app.tx().await;
        let mut findings = catalog::verify(&mut tx).await.unwrap();
        findings.extend(crate::verify(&mut tx).await.unwrap());
        findings.extend(ledger::verify(&mut tx).await.unwrap());
        tx.commit().await.unwrap();
        findings.extend(catalog::verify_files(&self.app.state).await.unwrap());
        findings.extend(crate::verify_files(&self.app.state).await.unwrap());
        findings
            .into_iter()
            .map(|finding| format!("{}: {} {}", finding.code, finding.subject, finding.detail))
            .collect()
    }

    /// Asserts that nothing is found.
    pub(super) async fn all_holds(&self) {
        assert_eq!(self.findings().await, Vec::<String>::new());
    }
}

/// The text of a JSON string.
#[track_caller]
pub(super) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// A small picture by arithmetic; variants look nothing like each other.
fn drawn(variant: u32) -> Vec<u8> {
    let (width_px, height_px) = (480_u32, 640_u32);
    let mut pixels = Vec::with_capacity((width_px * height_px * 3) as usize);
    let turn = f64::from(variant);
    for y in 0..height_px {
        for x in 0..width_px {
            let (u, v) = (f64::from(x) / 480.0, f64::from(y) / 640.0);
            let wave = ((u * (3.0 + turn * 2.0) + v * (7.0 - turn) + turn).sin() * 0.5 + 0.5) * 200.0;
            let disc = (u - 0.2 - (turn * 0.37) % 0.6).hypot(v - 0.3 - (turn * 0.23) % 0.5) < 0.2;
            let tone = wave + if disc { 55.0 } else { 0.0 };
            let tint = [(turn * 53.0) % 90.0, (turn * 29.0) % 80.0, (turn * 71.0) % 90.0];
            pixels.extend(tint.map(|shift| (tone - shift).clamp(0.0, 255.0) as u8));
        }
    }
    let bitmap = Bitmap::new(Size { width_px, height_px }, PixelLayout::Rgb, pixels).unwrap();
    encode_png(&bitmap).unwrap()
}
