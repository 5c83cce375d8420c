//! What the program cannot put right by itself; an operator's list.

use kernel::{Ctx, EventId, Locale};
use platform::{App, DatabaseError, Tx};
use serde_json::Value;
use ui::arg;
use ui::mails::{Recipient, compose};

use super::queries;

/// Records a finding, once per code and subject, and writes to the operator where a mail address is configured.
pub(crate) async fn record(
    app: &App,
    ctx: &Ctx,
    tx: &mut Tx,
    code: &str,
    subject: &str,
    detail: &Value,
) -> Result<(), DatabaseError> {
    if !queries::insert_finding(ctx, tx, ctx.new_id::<EventId>(), code, subject, detail).await? {
        return Ok(());
    }
    tracing::warn!(code, subject, "a payment finding");
    let operator = &app.config.operator;
    let Some(address) = &operator.mail else { return Ok(()) };
    let to = Recipient {
        user_id: None,
        address: address.clone(),
        name: operator.name.clone().unwrap_or_else(|| "Machiya".to_owned()),
        locale: Locale::default(),
    };
    let args = arg("code", code).arg("subject", subject).arg("detail", detail.to_string());
    let mail = compose(&to, format!("payment-finding/{code}/{subject}"), "mail-payment-finding", args);
    platform::mail::write(ctx, tx, &mail).await.map(|_| ())
}

/// Resolves a finding; nothing when there is none.
pub(crate) async fn resolve(ctx: &Ctx, tx: &mut Tx, code: &str, subject: &str) -> Result<(), DatabaseError> {
    queries::resolve_finding(ctx, tx, code, subject).await
}
