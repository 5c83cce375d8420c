//! The ways out: nowhere (the outbox keeps it), SMTP, Resend.

use std::sync::Arc;

use anyhow::{Context as _, anyhow};
use kernel::RequestId;
use lettre::message::header::{ContentType, HeaderName, HeaderValue};
use lettre::{AsyncSmtpTransport, AsyncTransport as _, Message, Tokio1Executor};
use secrecy::{ExposeSecret as _, SecretString};
use serde_json::json;
use url::Url;

use super::model::Mail;
use crate::app::App;
use crate::config::model::{MailSettings, MailTransport};

/// The header that ties a mail to the request that caused it.
const REQUEST_ID_TEXT: &str = "X-Request-Id";
const REQUEST_ID: HeaderName = HeaderName::new_from_ascii_str(REQUEST_ID_TEXT);

/// Sends mail.
#[derive(Clone)]
pub struct Mailer {
    from: Arc<str>,
    way: Way,
}

#[derive(Clone)]
enum Way {
    Outbox,
    Smtp(Arc<AsyncSmtpTransport<Tokio1Executor>>),
    Resend { api_key: SecretString, base_url: Url },
}

/// Why a mail was not sent.
#[derive(Debug)]
pub(super) enum SendError {
    /// It never will be.
    Refused(anyhow::Error),
    /// Perhaps later.
    Unavailable(anyhow::Error),
}

impl Mailer {
    /// The configured way.
    ///
    /// # Errors
    /// When the server's address does not parse.
    pub fn new(settings: &MailSettings) -> anyhow::Result<Self> {
        let way = match &settings.transport {
            MailTransport::Outbox => Way::Outbox,
            MailTransport::Smtp(url) => {
                let transport = AsyncSmtpTransport::<Tokio1Executor>::from_url(url.expose_secret())
                    .context("MACHIYA_SMTP_URL")?
                    .timeout(Some(std::time::Duration::from_secs(30)));
                Way::Smtp(Arc::new(transport.build()))
            }
            MailTransport::Resend { api_key, base_url } => {
                Way::Resend { api_key: api_key.clone(), base_url: base_url.clone() }
            }
        };
        Ok(Self { from: settings.from.as_str().into(), way })
    }

    pub(super) async fn send(&self, app: &App, mail: &Mail) -> Result<(), SendError> {
        match &self.way {
            Way::Outbox => Ok(()),
            Way::Smtp(transport) => {
                let message = self.message(mail).map_err(SendError::Refused)?;
                match transport.send(message).await {
                    Ok(_) => Ok(()),
                    Err(error) if error.is_permanent() && !is_about_us(&error) => Err(SendError::Refused(error.into())),
                    Err(error) => Err(SendError::Unavailable(error.into())),
                }
            }
            Way::Resend { api_key, base_url } => self.resend(app, mail, api_key, base_url).await,
        }
    }

    fn message(&self, mail: &Mail) -> anyhow::Result<Message> {
        let mut message = Message::builder()
            .from(self.from.parse().context("the sender's address")?)
            .to(mail.recipient_address.parse().context("the recipient's address")?)
            .subject(mail.subject.clone())
            .header(ContentType::TEXT_PLAIN)
            .body(mail.body_text.clone())
            .context("the mail's text")?;
        message.headers_mut().insert_raw(HeaderValue::new(REQUEST_ID, RequestId(mail.request_id).to_string()));
        Ok(message)
    }

    async fn resend(&self, app: &App, mail: &Mail, api_key: &SecretString, base_url: &Url) -> Result<(), SendError> {
        let body = json!({"from": &*self.from, "to": [mail.recipient_address], "subject": mail.subject,
                          "text": mail.body_text, "headers": {REQUEST_ID_TEXT: RequestId(mail.request_id).to_string()}});
        let url = base_url.join("/emails").map_err(|error| SendError::Refused(error.into()))?;
        let answer = app
            .http
            .post(url)
            .bearer_auth(api_key.expose_secret())
            .header("Idempotency-Key", mail.id.to_string())
            .timeout(std::time::Duration::from_secs(30))
            .json(&body)
            .send()
            .await
            .map_err(|error| SendError::Unavailable(error.into()))?;
        let status = answer.status();
        match status.as_u16() {
            200..300 => Ok(()),
            // 401 and 403 are about our key and our domain, which somebody will put right.
            401 | 403 | 408 | 409 | 429 | 500.. => Err(SendError::Unavailable(anyhow!("Resend answered {status}"))),
            _ => Err(SendError::Refused(anyhow!("Resend answered {status}"))),
        }
    }
}

/// Whether a server's lasting refusal concerns how we log in (RFC 4954, §6) and not the mail.
fn is_about_us(error: &lettre::transport::smtp::Error) -> bool {
    error.status().is_some_and(|code| matches!(u16::from(code), 530 | 534 | 535 | 538))
}
