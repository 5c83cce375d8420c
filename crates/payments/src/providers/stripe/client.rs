//! The calls. Every one is short, typed, and safe to repeat.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use http::{HeaderMap, Method, header};
use kernel::Random;
use secrecy::{ExposeSecret, SecretString};
use serde::Serialize;
use serde::de::DeserializeOwned;
use url::Url;

use super::billing_objects::Price;
use super::error::{StripeError, classify};
use super::objects::{CheckoutSession, List, PaymentIntent, Refund};
use super::requests::{CreateRefund, CreateSession, Expansion, ListRefunds, Nothing, encode_form};

/// The version that requests and events are written in.
pub const API_VERSION: &str = "2026-10-28.endive";

/// One try, in milliseconds.
const TIMEOUT_MS: u64 = 10_000;
/// Tries of one call before its job or its person has to come again.
const TRIES: u32 = 3;
/// The longest wait between two tries, in milliseconds; more is left to the queue.
const WAIT_MAX_MS: u64 = 2_000;
/// The largest answer that is read, in bytes.
const ANSWER_BYTES_MAX: usize = 1024 * 1024;

/// Prices that are remembered; an installation has a few dozen.
const PRICES_MAX: usize = 1_000;

/// What makes a session's payment show its fee in one call.
const WITH_FEE: &str = "payment_intent.latest_charge.balance_transaction";

/// A client of one Stripe account.
#[derive(Clone, Debug)]
pub struct StripeClient {
    http: reqwest::Client,
    base_url: Url,
    secret_key: SecretString,
    webhook_secrets: Arc<[SecretString]>,
    random: Random,
    prices: Arc<Mutex<BTreeMap<String, Price>>>,
}

impl StripeClient {
    /// A client that speaks to `base_url` (Stripe itself, or a double in a test), and believes events that one of the
    /// secrets has signed (two while one is being replaced).
    pub fn new(
        http: reqwest::Client,
        base_url: Url,
        secret_key: SecretString,
        webhook_secrets: &[SecretString],
        random: Random,
    ) -> Self {
        Self { http, base_url, secret_key, webhook_secrets: webhook_secrets.into(), random, prices: Arc::default() }
    }

    pub(crate) fn webhook_secrets(&self) -> &[SecretString] {
        &self.webhook_secrets
    }

    /// A price that was read before.
    pub(super) fn known_price(&self, price_id: &str) -> Option<Price> {
        self.prices.lock().unwrap_or_else(PoisonError::into_inner).get(price_id).cloned()
    }

    /// Keeps a price for the next time.
    pub(crate) fn remember_price(&self, price: &Price) {
        let mut prices = self.prices.lock().unwrap_or_else(PoisonError::into_inner);
        if prices.len() >= PRICES_MAX {
            prices.clear();
        }
        prices.insert(price.id.clone(), price.clone());
    }

    /// Opens a checkout page.
    ///
    /// # Errors
    /// See [`StripeError`]; the same `key` gives the same session for 24 hours.
    pub async fn create_session(&self, key: &str, request: &CreateSession<'_>) -> Result<CheckoutSession, StripeError> {
        self.post(&["checkout", "sessions"], key, request).await
    }

    /// Closes a checkout page, so that nobody can pay there any more.
    ///
    /// # Errors
    /// [`StripeError::Refused`] when the session is no longer open; see the others in [`StripeError`].
    pub async fn expire_session(&self, key: &str, session_id: &str) -> Result<CheckoutSession, StripeError> {
        self.post(&["checkout", "sessions", session_id, "expire"], key, &Nothing {}).await
    }

    /// Captures a payment that the buyer has approved.
    ///
    /// # Errors
    /// See [`StripeError`].
    pub async fn capture_intent(&self, key: &str, intent_id: &str) -> Result<PaymentIntent, StripeError> {
        self.post(&["payment_intents", intent_id, "capture"], key, &Nothing {}).await
    }

    /// Withdraws a payment that is not captured.
    ///
    /// # Errors
    /// [`StripeError::Refused`] when it is captured or withdrawn.
    pub async fn cancel_intent(&self, key: &str, intent_id: &str) -> Result<PaymentIntent, StripeError> {
        self.post(&["payment_intents", intent_id, "cancel"], key, &Nothing {}).await
    }

    /// A session with its payment, charge and fee.
    ///
    /// # Errors
    /// See [`StripeError`].
    pub async fn session(&self, session_id: &str) -> Result<CheckoutSession, StripeError> {
        self.get(&["checkout", "sessions", session_id], &Expansion { expand: vec![WITH_FEE] }).await
    }

    /// A payment with its charge and fee.
    ///
    /// # Errors
    /// See [`StripeError`].
    pub async fn payment_intent(&self, intent_id: &str) -> Result<PaymentIntent, StripeError> {
        let expansion = Expansion { expand: vec!["latest_charge.balance_transaction"] };
        self.get(&["payment_intents", intent_id], &expansion).await
    }

    /// Gives money back.
    ///
    /// # Errors
    /// See [`StripeError`]; after [`StripeError::effect_is_unknown`] look with [`Self::refunds_of`] before repeating.
    pub async fn create_refund(&self, key: &str, request: &CreateRefund<'_>) -> Result<Refund, StripeError> {
        self.post(&["refunds"], key, request).await
    }

    /// One refund.
    ///
    /// # Errors
    /// See [`StripeError`].
    pub async fn refund(&self, refund_id: &str) -> Result<Refund, StripeError> {
        self.get(&["refunds", refund_id], &Nothing {}).await
    }

    /// The refunds of a payment, newest first, at most 100.
    ///
    /// # Errors
    /// See [`StripeError`].
    pub async fn refunds_of(&self, intent_id: &str) -> Result<List<Refund>, StripeError> {
        self.get(&["refunds"], &ListRefunds { payment_intent: intent_id, limit: 100 }).await
    }

    pub(super) async fn post<Q: Serialize + Sync, A: DeserializeOwned>(
        &self,
        path: &[&str],
        key: &str,
        request: &Q,
    ) -> Result<A, StripeError> {
        let form = encode_form(request)?;
        self.call(Method::POST, self.address(path)?, Some((key, form))).await
    }

    pub(super) async fn get<Q: Serialize + Sync, A: DeserializeOwned>(
        &self,
        path: &[&str],
        query: &Q,
    ) -> Result<A, StripeError> {
        let mut address = self.address(path)?;
        let query = encode_form(query)?;
        address.set_query(Some(query.as_str()).filter(|query| !query.is_empty()));
        self.call(Method::GET, address, None).await
    }

    /// The address of a call. Ids become whole path segments, so that none of them can lead elsewhere.
    pub(super) fn address(&self, path: &[&str]) -> Result<Url, StripeError> {
        let mut address = self.base_url.clone();
        address
            .path_segments_mut()
            .map_err(|()| StripeError::Unreadable("the base URL cannot carry a path".to_owned()))?
            .pop_if_empty()
            .push("v1")
            .extend(path);
        Ok(address)
    }

    pub(super) async fn call<A: DeserializeOwned>(
        &self,
        method: Method,
        address: Url,
        body: Option<(&str, String)>,
    ) -> Result<A, StripeError> {
        let mut tries = 0;
        loop {
            tries += 1;
            let error = match self.attempt(&method, &address, body.as_ref()).await {
                Ok(answer) => return Ok(answer),
                Err(error) => error,
            };
            // Stripe answers a key with the 500 that it gave before, so only another key could help: the caller's matter.
            let futile = matches!(error, StripeError::Failed { .. }) && method == Method::POST;
            if tries >= TRIES || futile || !error.is_worth_repeating() {
                return Err(error);
            }
            let Some(wait_ms) = self.wait_ms(tries, &error) else { return Err(error) };
            tokio::time::sleep(Duration::from_millis(wait_ms)).await;
        }
    }

    /// How long to wait before the next try; nothing when that is longer than anybody should wait here.
    fn wait_ms(&self, tries: u32, error: &StripeError) -> Option<u64> {
        let hint_ms = match error {
            StripeError::Busy { retry_after_seconds: Some(seconds) } => seconds.saturating_mul(1_000),
            _ => 0,
        };
        let back_off_ms = 100 << tries.min(4);
        let wait_ms = hint_ms.max(back_off_ms / 2 + self.random.below(back_off_ms / 2));
        (wait_ms <= WAIT_MAX_MS).then_some(wait_ms)
    }

    async fn attempt<A: DeserializeOwned>(
        &self,
        method: &Method,
        address: &Url,
        body: Option<&(&str, String)>,
    ) -> Result<A, StripeError> {
        let mut request = self
            .http
            .request(method.clone(), address.clone())
            .timeout(Duration::from_millis(TIMEOUT_MS))
            .bearer_auth(self.secret_key.expose_secret())
            .header("stripe-version", API_VERSION);
        if let Some((key, form)) = body {
            request = request
                .header("idempotency-key", *key)
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
                .body(form.clone());
        }
        let response = request.send().await.map_err(|error| unreachable_because(&error))?;
        let status = response.status();
        let retry_after = header_text(response.headers(), "retry-after");
        let bytes = read_bounded(response).await?;
        if status.is_success() {
            serde_json::from_slice(&bytes).map_err(|error| StripeError::Unreadable(error.to_string()))
        } else {
            Err(classify(status.as_u16(), retry_after.as_deref(), &bytes))
        }
    }
}

fn header_text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

async fn read_bounded(mut response: reqwest::Response) -> Result<Vec<u8>, StripeError> {
    let mut bytes = Vec::new();
    while let Some(chunk) = response.chunk().await.map_err(|error| unreachable_because(&error))? {
        if bytes.len() + chunk.len() > ANSWER_BYTES_MAX {
            return Err(StripeError::Unreadable("the answer is too long".to_owned()));
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

/// Says why no answer came, without the address that the transport's own words would show.
fn unreachable_because(error: &reqwest::Error) -> StripeError {
    let reason = if error.is_timeout() {
        "timed out"
    } else if error.is_connect() {
        "could not connect"
    } else {
        "connection broke"
    };
    StripeError::Unreachable { reason }
}
