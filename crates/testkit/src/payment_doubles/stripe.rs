//! The handle that a test holds.

use std::sync::{Arc, Mutex};

use hmac::{Hmac, KeyInit, Mac};
use http::StatusCode;
use kernel::{Clock, ManualClock};
use serde_json::Value;
use sha2::Sha256;
use time::Duration;
use url::Url;

use super::faults::{Fault, ScriptedFailure};
use super::objects::{self, Depth};
use super::routes::{Shared, router};
use super::world::{RecordedRequest, RefundRecord, SessionRecord, World};
use crate::BEGINNING;

/// A Stripe that runs on this machine: sessions, payments, refunds, events; on command slow, broken or twice.
pub struct StripeDouble {
    shared: Shared,
    base_url: Url,
    http: reqwest::Client,
    server: tokio::task::JoinHandle<()>,
}

/// An event and what the webhook answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentEvent {
    /// `evt_…`.
    pub id: String,
    /// Such as `checkout.session.completed`.
    pub kind: String,
    /// The raw body that is signed and posted.
    pub body: String,
}

impl StripeDouble {
    /// The key that calls must carry.
    pub const SECRET_KEY: &'static str = "sk_test_double";
    /// The secret that events are signed with.
    pub const WEBHOOK_SECRET: &'static str = "whsec_double";

    /// Starts with a clock of its own, which begins where a test's clock begins.
    #[expect(clippy::expect_used, reason = "without a double there is no test")]
    pub async fn open() -> Self {
        let clock = Clock::Manual(ManualClock::starting_at(BEGINNING));
        let http = platform::provider_client().expect("a client");
        Self::start(clock, http).await.expect("a free port")
    }

    /// What points an installation here, and to `provider` for new payments.
    pub fn settings<'a>(&'a self, provider: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
        let mut settings = vec![
            ("MACHIYA_PAYMENT_PROVIDER", provider),
            ("MACHIYA_STRIPE_SECRET_KEY", Self::SECRET_KEY),
            ("MACHIYA_STRIPE_WEBHOOK_SECRET", Self::WEBHOOK_SECRET),
            ("MACHIYA_STRIPE_BASE_URL", self.base_url.as_str()),
        ];
        settings.extend_from_slice(more);
        settings
    }

    /// Moves the clock of [`StripeDouble::open`].
    pub fn advance(&self, step: Duration) {
        if let Clock::Manual(clock) = &self.shared.clock {
            clock.advance(step);
        }
    }

    /// Starts on a free port of this machine; `http` is what posts the events.
    pub async fn start(clock: Clock, http: reqwest::Client) -> anyhow::Result<Self> {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        let base_url = Url::parse(&format!("http://{}/", listener.local_addr()?))?;
        let shared = Shared { world: Arc::new(Mutex::new(World::default())), clock, secret_key: Self::SECRET_KEY };
        let routes = router(shared.clone());
        #[expect(clippy::disallowed_methods, reason = "the double ends with the test that holds it")]
        let server = tokio::spawn(async move {
            let _ended = axum::serve(listener, routes).await;
        });
        Ok(Self { shared, base_url, http, server })
    }

    pub(super) const fn shared(&self) -> &Shared {
        &self.shared
    }

    /// Where the client is to be pointed.
    pub const fn base_url(&self) -> &Url {
        &self.base_url
    }

    /// Lets the next `times` calls of `method` to paths that start with `path_start` go wrong.
    pub fn fail_next(&self, method: &'static str, path_start: &str, fault: Fault, times: u32) {
        let ordered = ScriptedFailure { method, path_start: path_start.to_owned(), fault, times };
        self.shared.with_world(|world| world.faults.push(ordered));
    }

    /// Every call so far.
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.shared.with_world(|world| world.requests.clone())
    }

    /// Every session, oldest first.
    pub fn sessions(&self) -> Vec<SessionRecord> {
        self.shared.with_world(|world| world.sessions.values().cloned().collect())
    }

    /// Every refund, oldest first.
    pub fn refunds(&self) -> Vec<RefundRecord> {
        self.shared.with_world(|world| world.refunds.values().cloned().collect())
    }

    /// Every event so far, oldest first.
    pub fn events(&self) -> Vec<SentEvent> {
        self.shared.with_world(|world| world.events.iter().map(SentEvent::of).collect())
    }

    /// From now on refunds stay pending until [`Self::settle_refund`].
    pub fn keep_refunds_pending(&self) {
        self.shared.with_world(|world| world.refunds_stay_pending = true);
    }

    /// While set, charges have no balance transaction yet.
    pub fn keep_fees_late(&self, late: bool) {
        self.shared.with_world(|world| world.fees_are_late = late);
    }

    /// The buyer pays by card.
    pub fn pay(&self, session_id: &str) -> Vec<SentEvent> {
        self.change(session_id, &["checkout.session.completed", "payment_intent.succeeded"], |session| {
            (session.status, session.payment_status, session.acted) = ("complete", "paid", true);
        })
    }

    /// The card is declined; the session stays open.
    pub fn decline(&self, session_id: &str, decline_code: &str) -> Vec<SentEvent> {
        self.change(session_id, &["payment_intent.payment_failed"], |session| {
            session.acted = true;
            session.last_decline = Some(decline_code.to_owned());
        })
    }

    /// The buyer chooses to pay at a convenience store: complete, and unpaid.
    pub fn choose_konbini(&self, session_id: &str) -> Vec<SentEvent> {
        self.change(session_id, &["checkout.session.completed"], |session| {
            (session.status, session.acted) = ("complete", true);
        })
    }

    /// The convenience store has the money.
    pub fn konbini_paid(&self, session_id: &str) -> Vec<SentEvent> {
        self.change(session_id, &["checkout.session.async_payment_succeeded"], |session| {
            session.payment_status = "paid";
        })
    }

    /// The buyer never went to the convenience store.
    pub fn konbini_lapsed(&self, session_id: &str) -> Vec<SentEvent> {
        self.change(session_id, &["checkout.session.async_payment_failed"], |session| {
            session.last_decline = Some("payment_intent_payment_attempt_expired".to_owned());
        })
    }

    /// The session runs out.
    pub fn expire(&self, session_id: &str) -> Vec<SentEvent> {
        self.change(session_id, &["checkout.session.expired"], |session| session.status = "expired")
    }

    /// A pending refund ends as `succeeded` or `failed`.
    pub fn settle_refund(&self, refund_id: &str, status: &'static str) -> Vec<SentEvent> {
        let now = self.shared.now();
        self.shared.with_world(|world| {
            let Some(refund) = world.refunds.get_mut(refund_id) else { return Vec::new() };
            refund.status = status;
            let shown = objects::refund(refund);
            let kind = if status == "failed" { "refund.failed" } else { "refund.updated" };
            vec![world.push_event(kind, now, &shown)]
        })
    }

    /// Somebody gives money back at Stripe's own console.
    pub fn refund_at_console(&self, session_id: &str, amount: i64) -> Vec<SentEvent> {
        let now = self.shared.now();
        self.shared.with_world(|world| {
            let Some(session) = world.sessions.get(session_id) else { return Vec::new() };
            let intent = session.payment_intent_id.clone();
            let form = [("payment_intent", intent), ("amount", amount.to_string())]
                .map(|(name, value)| (name.to_owned(), value))
                .into();
            let Ok(refund) = world.create_refund(&form, now) else { return Vec::new() };
            let shown = objects::refund(&refund);
            vec![world.push_event("refund.created", now, &shown)]
        })
    }

    /// The buyer's bank takes the money back.
    pub fn dispute(&self, session_id: &str) -> Vec<SentEvent> {
        let now = self.shared.now();
        self.shared.with_world(|world| {
            let Some(session) = world.sessions.get(session_id).cloned() else { return Vec::new() };
            let id = world.next_id("du_");
            let shown = objects::dispute(&id, &session, "needs_response");
            ["charge.dispute.created", "charge.dispute.funds_withdrawn"]
                .map(|kind| world.push_event(kind, now, &shown))
                .to_vec()
        })
    }

    /// A dispute of this session ends as `won` or `lost`; `id` is its name from [`StripeDouble::dispute`].
    pub fn close_dispute(&self, session_id: &str, id: &str, status: &str) -> Vec<SentEvent> {
        let now = self.shared.now();
        self.shared.with_world(|world| {
            let Some(session) = world.sessions.get(session_id).cloned() else { return Vec::new() };
            let shown = objects::dispute(id, &session, status);
            let kinds: &[&str] = match status {
                "won" => &["charge.dispute.funds_reinstated", "charge.dispute.closed"],
                _ => &["charge.dispute.closed"],
            };
            kinds.iter().map(|kind| world.push_event(kind, now, &shown)).collect()
        })
    }

    /// An event of any kind and object, recorded like the double's own.
    pub fn invent_event(&self, kind: &str, object: &Value) -> SentEvent {
        let now = self.shared.now();
        self.shared.with_world(|world| world.push_event(kind, now, object))
    }

    /// Posts one event to `webhook`, signed now.
    pub async fn deliver(&self, webhook: &Url, event: &SentEvent) -> anyhow::Result<StatusCode> {
        let header = Self::signature(Self::WEBHOOK_SECRET, self.shared.now(), event.body.as_bytes());
        self.post(webhook, &event.body, Some(&header)).await
    }

    /// Posts events to an installation, in the order given; each is to be accepted.
    ///
    /// # Panics
    /// When the platform does not accept one.
    #[expect(clippy::expect_used, reason = "an event that does not arrive is a failed test")]
    pub async fn deliver_to(&self, service_url: &str, events: &[SentEvent]) {
        let webhook = Url::parse(&format!("{service_url}/api/webhooks/stripe")).expect("an address");
        for event in events {
            assert_eq!(self.deliver(&webhook, event).await.expect("an answer"), 200, "{}", event.kind);
        }
    }

    /// Posts any body with any signature header.
    pub async fn post(&self, webhook: &Url, body: &str, signature: Option<&str>) -> anyhow::Result<StatusCode> {
        let mut request =
            self.http.post(webhook.clone()).header("content-type", "application/json").body(body.to_owned());
        if let Some(signature) = signature {
            request = request.header("stripe-signature", signature);
        }
        Ok(request.send().await?.status())
    }

    /// The header that Stripe would send.
    pub fn signature(secret: &str, unix_seconds: i64, body: &[u8]) -> String {
        #[expect(clippy::expect_used, reason = "HMAC accepts a key of any length")]
        let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).expect("any key length");
        mac.update(format!("{unix_seconds}.").as_bytes());
        mac.update(body);
        format!("t={unix_seconds},v1={}", hex::encode(mac.finalize().into_bytes()))
    }

    fn change(&self, session_id: &str, kinds: &[&str], act: impl FnOnce(&mut SessionRecord)) -> Vec<SentEvent> {
        let now = self.shared.now();
        self.shared.with_world(|world| {
            let Some(session) = world.sessions.get_mut(session_id) else { return Vec::new() };
            act(session);
            kinds.iter().filter_map(|kind| world.record_event(kind, now, session_id)).collect()
        })
    }
}

impl Drop for StripeDouble {
    fn drop(&mut self) {
        self.server.abort();
    }
}

impl SentEvent {
    pub(super) fn of(event: &Value) -> Self {
        let text = |name: &str| event.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
        Self { id: text("id"), kind: text("type"), body: event.to_string() }
    }
}

impl World {
    /// Records an event about a session or the payment behind it, as the object is at this moment.
    pub(super) fn record_event(&mut self, kind: &str, now: i64, session_id: &str) -> Option<SentEvent> {
        let session = self.sessions.get(session_id)?;
        let object = if kind.starts_with("payment_intent.") {
            objects::intent(self, session, Depth::Id)
        } else {
            objects::session(self, session, Depth::Id)
        };
        Some(self.push_event(kind, now, &object))
    }

    pub(super) fn push_event(&mut self, kind: &str, now: i64, object: &Value) -> SentEvent {
        let id = self.next_id("evt_");
        let event = objects::event(&id, kind, now, object);
        let sent = SentEvent::of(&event);
        self.events.push(event);
        sent
    }
}
