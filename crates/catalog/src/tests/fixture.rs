//! A gallery with a seller, a visitor and pictures.

use std::sync::Arc;

use kernel::GenerationId;
use media::content_address::ContentAddress;
use media::images::{Bitmap, PixelLayout, Size, encode_png};
use media::provenance::{Seal, SigningIdentity};
use platform::storage::{NewFile, StorageKey};
use serde_json::{Value, json};
use testkit::{Answer, TestApp, TestUser};
use time::Duration;

use crate::Catalog;

/// An installation with a catalogue.
pub(super) struct Fixture {
    pub(super) app: TestApp,
    pub(super) catalog: Catalog,
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
    pub(super) async fn open() -> Self {
        Self::open_with(&[]).await
    }

    pub(super) async fn open_with(settings: &[(&str, &str)]) -> Self {
        let mut catalog = None;
        let app = TestApp::start_with(settings, |app| {
            let identity = SigningIdentity::generate(&[7; 32], "Machiya Test").unwrap();
            let seal = Arc::new(Seal::new(identity).unwrap());
            let made = Catalog::new(app.clone(), seal, |_, _, _| Box::pin(async { Ok(None) }));
            let built = (crate::routes(&made), crate::jobs());
            catalog = Some(made);
            built
        })
        .await;
        let (hana, ken) = (app.user("はな工房").await, app.user("健").await);
        Self { app, catalog: catalog.unwrap(), hana, ken }
    }

    /// A finished picture of `owner`. Another variant is another picture.
    pub(super) async fn picture(&self, owner: &TestUser, variant: u32) -> Made {
        let ctx = self.app.ctx();
        let (id, image_id): (GenerationId, kernel::MediaImageId) = (ctx.new_id(), ctx.new_id());
        let bytes = drawn(variant);
        let name = ctx.random().uuid_v4();
        let key = StorageKey::new(format!("usergen/{}/2026/11/1763690000000_{name}.png", owner.id)).unwrap();
        let file = NewFile { key: key.clone(), bytes: bytes.clone().into(), content_type: "image/png" };
        self.app.state.storage.put(file).await.unwrap();
        let (now, sha256, size) = (ctx.now(), ContentAddress::of(&bytes), bytes.len());
        self.app
            .execute(&format!(
                "insert into public.generations (id, user_id, status, provider, model, prompt, aspect_ratio, seed,
                   request_key, cache_key, width, height, created_at, updated_at, completed_at)
                 values ('{id}', '{owner}', 'completed', 'sketch', 'studio-illustrator-1', 'a secret prompt {variant}',
                   '3:4', {variant}, decode('{sha256}', 'hex'), decode('{sha256}', 'hex'), 480, 640,
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

    /// A product on show: its id.
    pub(super) async fn on_show(&self, variant: u32, license: &str, price: i64) -> (Made, String) {
        let picture = self.picture(&self.hana, variant).await;
        let published = self.publish(&picture, license, price).await.expect(200).json();
        (picture, text(&published["listingId"]))
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

    /// Moves the clock.
    pub(super) fn advance(&self, step: Duration) {
        self.app.advance(step);
    }

    /// Everything that `machiya verify` finds in the catalogue.
    pub(super) async fn findings(&self) -> Vec<String> {
        let mut tx = self.app.tx().await;
        let mut findings = crate::verify(&mut tx).await.unwrap();
        tx.commit().await.unwrap();
        findings.extend(crate::verify_files(&self.app.state).await.unwrap());
        findings
            .into_iter()
            .map(|finding| format!("{}: {} {}", finding.code, finding.subject, finding.detail))
            .collect()
    }

    /// Asserts that all of it holds.
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
