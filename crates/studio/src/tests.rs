//! The fixture on which the studio's tests work: an installation, a double of Gemini, and two people.

use std::sync::{Arc, Mutex};
use std::time::Duration as StdDuration;

use media::provenance::{Seal, SigningIdentity};
use serde_json::{Value, json};
use testkit::ai_doubles::{GEMINI_KEY, GeminiDouble};
use testkit::{Answer, TestApp, TestUser};

use crate::providers::sleeper::Sleeper;
use crate::providers::transport::TransportLimits;
use crate::state::Studio;
use crate::{register_jobs, routes};

/// Where pictures are requested without waiting for them: in tests the worker runs afterwards.
pub(crate) const GENERATE: &str = "/api/nano/generate?wait=0";

/// How long the studio waits for a provider here: long for a loaded machine, short for the tests of silence.
const PROVIDER_TIMEOUT: StdDuration = StdDuration::from_secs(3);

/// Pictures that Hana and Sora can pay for.
const PICTURES_PAID: i64 = 1_000;

/// An installation with a studio.
pub(crate) struct Fixture {
    pub(crate) app: TestApp,
    pub(crate) gemini: GeminiDouble,
    pub(crate) studio: Studio,
    pub(crate) hana: TestUser,
    pub(crate) sora: TestUser,
}

impl Fixture {
    /// A studio that asks the double of Gemini.
    pub(crate) async fn new() -> Self {
        Self::with_settings(&[]).await
    }

    pub(crate) async fn with_settings(settings: &[(&str, &str)]) -> Self {
        let gemini = GeminiDouble::start().await.unwrap();
        let mut all = vec![
            ("MACHIYA_GOOGLE_API_KEY", GEMINI_KEY),
            ("MACHIYA_GEMINI_BASE_URL", gemini.base_url()),
            ("MACHIYA_IMAGE_PROVIDER", "gemini"),
            ("MACHIYA_GENERATIONS_PER_HOUR", "1000"),
        ];
        all.extend(settings);
        let studio = Arc::new(Mutex::new(None));
        let kept = Arc::clone(&studio);
        let app = TestApp::start_with(&all, move |app| {
            let seal = Seal::new(SigningIdentity::generate(&[7; 32], "Machiya Test").unwrap()).unwrap();
            let limits = TransportLimits { timeout: PROVIDER_TIMEOUT, ..TransportLimits::default() };
            let sleeper = Sleeper::Recorded(Arc::default());
            let studio = Studio::with_patience(app.clone(), Arc::new(seal), limits, sleeper);
            *kept.lock().unwrap() = Some(studio.clone());
            (routes(studio.clone()), register_jobs(&studio))
        })
        .await;
        let studio = studio.lock().unwrap().take().unwrap();
        let (hana, sora) = (app.user("花").await, app.english_user("Sora").await);
        app.give_credits(&hana, PICTURES_PAID, 0).await;
        app.give_credits(&sora, PICTURES_PAID, 0).await;
        Self { app, gemini, studio, hana, sora }
    }

    /// Hana asks for something.
    pub(crate) async fn ask(&self, body: &Value) -> Answer {
        self.hana.client.post(GENERATE, body).await
    }

    /// Hana asks for a picture called `detail`, and it is made.
    pub(crate) async fn make(&self, detail: &str) -> Value {
        let asked = self.ask(&request_body(detail)).await.expect(202).json();
        self.app.drain().await;
        let job = self.job(&asked).await;
        assert_eq!(job["status"], "completed", "{job}");
        asked
    }

    /// Where the job of an answer stands.
    pub(crate) async fn job(&self, asked: &Value) -> Value {
        self.hana.client.get(&format!("/api/jobs/{}", text(&asked["jobId"]))).await.expect(200).json()
    }

    /// A generation as its owner sees it.
    pub(crate) async fn generation(&self, asked: &Value) -> Value {
        self.hana.client.get(&format!("/api/generations/{}", text(&asked["id"]))).await.expect(200).json()
    }

    /// What somebody has in image credits: available, held and used.
    pub(crate) async fn image_credits(&self, user: &TestUser) -> (i64, i64, i64) {
        self.credits(user, "images").await
    }

    /// As [`Fixture::image_credits`], in thousandths of tokens.
    pub(crate) async fn tokens(&self, user: &TestUser) -> (i64, i64, i64) {
        self.credits(user, "tokens").await
    }

    async fn credits(&self, user: &TestUser, unit: &str) -> (i64, i64, i64) {
        let statement = format!(
            "select array[{unit}_available, {unit}_held, {unit}_used] from public.wallets where user_id = '{}'",
            user.id
        );
        let counted: Vec<i64> = self.app.value(&statement).await;
        (counted[0], counted[1], counted[2])
    }

    /// The keys below a folder of the storage.
    pub(crate) async fn stored(&self, prefix: &str) -> Vec<String> {
        self.app.state.storage.list(prefix).await.unwrap().iter().map(ToString::to_string).collect()
    }
}

/// A request like the studio page's.
pub(crate) fn request_body(detail: &str) -> Value {
    json!({
        "prompt": "ignored, because there are answers",
        "negative": "hats",
        "aspectRatio": "3:4",
        "answers": {
            "vibe": ["elegant"], "silhouette": ["a-line"], "color": ["navy", "ivory"],
            "occasion": ["office"], "season": ["spring"], "extra": detail,
        },
    })
}

/// The text in a JSON value.
#[track_caller]
pub(crate) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("a text and not {value}"))
}
