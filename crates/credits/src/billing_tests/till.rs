//! An installation that sells plans.

use kernel::SystemReason;
use payments::{Payments, PurposeRoutes};
use platform::mail::{self, Mailer};
use serde_json::{Value, json};
use testkit::payment_doubles::{SentEvent, StripeDouble};
use testkit::{TestApp, TestClient};
use time::Duration;
use url::Url;

use crate::Billing;

/// The platform, its till, and Stripe's double where that is asked.
pub(super) struct Till {
    pub(super) app: TestApp,
    pub(super) billing: Billing,
    pub(super) stripe: StripeDouble,
}

impl Till {
    pub(super) async fn open(provider: &str) -> Self {
        Self::open_with(provider, &[]).await
    }

    pub(super) async fn open_with(provider: &str, more: &[(&str, &str)]) -> Self {
        let stripe = StripeDouble::open().await;
        let mut billing = None;
        let app = TestApp::start_with(&stripe.settings(provider, more), |app| {
            let payments = Payments::new(app.clone(), crate::payment_routes(PurposeRoutes::new())).unwrap();
            let fixture = Billing::new(app.clone(), payments.clone());
            let work = crate::register_jobs()
                .and(crate::billing_jobs(&fixture))
                .and(payments::jobs(&payments))
                .and(mail::register(Mailer::new(&app.config.mail).unwrap()));
            let layer = axum::middleware::from_fn_with_state(app.clone(), crate::show_balance);
            let built = (crate::routes(&fixture).merge(payments::routes(&payments)).layer(layer), work);
            billing = Some(fixture);
            built
        })
        .await;
        Self { app, billing: billing.unwrap(), stripe }
    }

    /// Asks for a plan, as somebody or nobody, and gives the provider's address.
    pub(super) async fn asks(&self, client: &TestClient, plan: &str, period: &str) -> String {
        let body = json!({"planId": plan, "period": period});
        let answer = client.post("/api/billing/checkout", &body).await.expect(200).json();
        answer["url"].as_str().unwrap().to_owned()
    }

    /// The name of the page in an address of the sandbox or of Stripe's double.
    pub(super) fn session_of(url: &str) -> String {
        Url::parse(url).unwrap().path_segments().unwrap().next_back().unwrap().to_owned()
    }

    /// Pays at the sandbox and gives the name of the page.
    pub(super) async fn pays_at_sandbox(&self, client: &TestClient, plan: &str, period: &str, email: &str) -> String {
        let url = self.asks(client, plan, period).await;
        let fields = [("outcome", "succeed"), ("email", email)];
        let answer = self.app.anonymous().as_browser().post_form(&url, &fields).await;
        assert_eq!(answer.status.as_u16(), 303, "{}", answer.text());
        Self::session_of(&url)
    }

    /// Presses a button of the clock of the only subscription at the sandbox, and lets everything follow.
    pub(super) async fn presses(&self, press: &str) {
        let id: String = self.app.value("select id from public.sandbox_subscriptions").await;
        let page = format!("/sandbox/subscriptions/{id}");
        let answer = self.app.anonymous().as_browser().post_form(&page, &[("action", press)]).await;
        assert_eq!(answer.status.as_u16(), 303, "{}", answer.text());
        self.app.drain().await;
    }

    /// What the completion page knows.
    pub(super) async fn completion(&self, session: &str) -> Value {
        let path = format!("/api/billing/checkout/complete?session_id={session}");
        self.app.anonymous().get(&path).await.expect(200).json()
    }

    /// Posts events of Stripe's double to the webhook.
    pub(super) async fn deliver(&self, events: &[SentEvent]) {
        self.stripe.deliver_to(&self.app.url, events).await;
    }

    /// Moves both clocks.
    pub(super) fn advance(&self, step: Duration) {
        self.app.advance(step);
        self.stripe.advance(step);
    }

    /// A number by a statement of the test's own.
    pub(super) async fn number(&self, statement: &str) -> i64 {
        self.app.value(statement).await
    }

    /// A text by a statement of the test's own.
    pub(super) async fn text(&self, statement: &str) -> String {
        self.app.value(statement).await
    }

    /// The only proof: nothing is wrong anywhere, after what is due was done.
    pub(super) async fn is_clean(&self) {
        self.app.upkeep().await;
        let ctx = self.app.state.system_ctx(SystemReason::Verification);
        let mut tx = self.app.tx().await;
        let mut findings = ledger::verify(&mut tx).await.unwrap();
        findings.extend(payments::verify(&ctx, &mut tx).await.unwrap());
        findings.extend(crate::verify(&mut tx).await.unwrap());
        findings.extend(crate::subscriptions::verify(&ctx, &mut tx).await.unwrap());
        assert!(findings.is_empty(), "{findings:?}");
        let dead = self.number("select count(*) from public.jobs where state in ('dead', 'failed')").await;
        let which = "select coalesce(string_agg(name || ': ' || coalesce(last_error, ''), '; '), '') from public.jobs where state in ('dead', 'failed')";
        assert_eq!(dead, 0, "{}", self.text(which).await);
    }
}

/// The link in a mail.
pub(super) fn link_in(body: &str) -> String {
    let at = body.find("/reset-password/confirm").expect("a link");
    body[at..].split_whitespace().next().unwrap().to_owned()
}
