//! The checkout page on which a subscription begins; it asks for a mail address where none is known, as Stripe's does.

use askama::Template;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use kernel::{Ctx, Yen};
use platform::Tx;
use platform::http::Problem;
use serde_json::json;
use ui::{Messages, Page};

use super::billing_run::BillingRun;
use super::model::{Checkout, Customer, Subscription};
use super::times::period_end;
use super::{clock_page, queries};
use crate::providers::sandbox::events::record_event_of;
use crate::providers::sandbox::handle::Sandbox;
use crate::providers::sandbox::model::{CheckoutAction, unguessable};
use crate::providers::sandbox::responses::lead_to;
use crate::subscriptions::model::{BillingPeriod, SESSION_PLACE};

#[derive(Template)]
#[template(path = "providers/sandbox/subscriptions/checkout.html")]
struct CheckoutPage {
    t: Messages,
    action: String,
    plan: String,
    price: Yen,
    yearly: bool,
    reference: String,
    known_email: String,
    typed_email: String,
    email_error: String,
    declined: bool,
    too_late: bool,
    is_open: bool,
    is_paid: bool,
    success_url: String,
    cancel_url: String,
    clock_href: String,
}

/// What was wrong with the last action, and what was typed.
#[derive(Default)]
struct Note<'a> {
    declined: bool,
    too_late: bool,
    bad_email: Option<&'a str>,
}

/// Shows the plan, its price, and the ways on.
pub(in crate::providers::sandbox) async fn show(
    sandbox: &Sandbox,
    ctx: &Ctx,
    id: &str,
    note: Option<&str>,
) -> Result<Page, Problem> {
    let mut tx = sandbox.begin().await?;
    let checkout = sandbox.current_checkout(ctx, &mut tx, id).await?.ok_or_else(Problem::not_found)?;
    let known = known_email(&mut tx, &checkout).await?;
    tx.commit().await?;
    let note = Note {
        declined: note == Some("declined") && checkout.is_open(),
        too_late: note == Some("too_late"),
        bad_email: None,
    };
    render(Messages::new(ctx.locale), &checkout, known, &note)
}

fn render(t: Messages, checkout: &Checkout, known_email: Option<String>, note: &Note<'_>) -> Result<Page, Problem> {
    let page = CheckoutPage {
        t,
        action: format!("/sandbox/checkout/{}", checkout.id),
        plan: checkout.plan_name.clone(),
        price: checkout.price,
        yearly: checkout.period == BillingPeriod::Year,
        reference: checkout.client_reference_id.clone(),
        known_email: known_email.unwrap_or_default(),
        typed_email: note.bad_email.unwrap_or_default().to_owned(),
        email_error: note.bad_email.map(|_| t.say("sandbox-email-wrong")).unwrap_or_default(),
        declined: note.declined,
        too_late: note.too_late,
        is_open: checkout.is_open(),
        is_paid: checkout.subscription_id.is_some(),
        success_url: success_url(checkout),
        cancel_url: checkout.cancel_url.clone(),
        clock_href: checkout.subscription_id.as_deref().map(clock_page::path_of).unwrap_or_default(),
    };
    let body = page.render().map_err(|error| Problem::internal(anyhow::Error::new(error)))?;
    Ok(Page::new(t.say("sandbox-subscribe-title"), body).private())
}

/// Does what was pressed, then leads on: to the shop, or back to the page.
pub(in crate::providers::sandbox) async fn submit(
    sandbox: &Sandbox,
    ctx: &Ctx,
    id: &str,
    outcome: CheckoutAction,
    typed_email: &str,
) -> Result<Response, Problem> {
    let mut tx = sandbox.begin().await?;
    let mut checkout = sandbox.current_checkout(ctx, &mut tx, id).await?.ok_or_else(Problem::not_found)?;
    let here = format!("/sandbox/checkout/{id}");
    if !checkout.is_open() {
        tx.commit().await?;
        return lead_to(&format!("{here}?note=too_late"));
    }
    match outcome {
        CheckoutAction::Succeed => {}
        CheckoutAction::Cancel => return lead_to(&checkout.cancel_url),
        // Nothing else than a card can pay again and again.
        _ => return lead_to(&format!("{here}?note=declined")),
    }
    let known = known_email(&mut tx, &checkout).await?;
    let typed = typed_email.trim();
    if known.is_none() && !looks_like_an_address(typed) {
        let shown: String = typed_email.chars().take(300).collect();
        let note = Note { bad_email: Some(&shown), ..Note::default() };
        let page = render(Messages::new(ctx.locale), &checkout, None, &note)?;
        return Ok((StatusCode::UNPROCESSABLE_ENTITY, page).into_response());
    }
    let email = known.unwrap_or_else(|| typed.to_owned());
    subscribe(sandbox, ctx, &mut tx, &mut checkout, email).await?;
    tx.commit().await?;
    lead_to(&success_url(&checkout))
}

/// Makes the customer, the subscription and its first paid invoice, and records the events of each.
async fn subscribe(
    sandbox: &Sandbox,
    ctx: &Ctx,
    tx: &mut Tx,
    checkout: &mut Checkout,
    email: String,
) -> Result<(), Problem> {
    let customer = customer_for(ctx, tx, checkout, email).await?;
    let (now, terms) = (ctx.now(), checkout.terms());
    let subscription = Subscription {
        id: format!("sub_sandbox_{}", unguessable(ctx)),
        customer_id: customer.id.clone(),
        status: "active".to_owned(),
        plan_code: terms.plan_code.clone(),
        plan_name: terms.plan_name.clone(),
        period: terms.period,
        price: terms.price_jpy,
        next_plan: None,
        metadata: checkout.metadata.clone(),
        anchor_at: now,
        period_start: now,
        period_end: period_end(now, terms.period, now),
        cancel_at_period_end: false,
        canceled_at: None,
        latest_invoice_id: None,
        clock_ahead_seconds: 0,
        created_at: now,
    };
    let mut billing = BillingRun::new(subscription, true, None);
    billing.begin(now, &mut sandbox.texts(ctx, &customer));
    sandbox.save_changes(ctx, tx, &billing).await?;
    "complete".clone_into(&mut checkout.status);
    checkout.subscription_id = Some(billing.subscription.id.clone());
    checkout.customer_id = Some(customer.id);
    checkout.customer_email = Some(customer.email);
    queries::save_checkout(ctx, tx, checkout).await?;
    let invoice_id = billing.subscription.latest_invoice_id.as_deref();
    let shown = checkout.as_stripe(&sandbox.page_url(&checkout.id), Some(&json!(billing.subscription.id)), invoice_id);
    record_event_of(ctx, tx, Some(&billing.subscription.id), "checkout.session.completed", &shown).await?;
    Ok(())
}

/// The customer that was given, with the card of this moment; else a new one, as at Stripe.
async fn customer_for(ctx: &Ctx, tx: &mut Tx, checkout: &Checkout, email: String) -> Result<Customer, Problem> {
    if let Some(id) = &checkout.customer_id
        && let Some(customer) = queries::lock_customer(tx, id).await?
    {
        queries::set_card(ctx, tx, id, true).await?;
        return Ok(customer);
    }
    let id = format!("cus_sandbox_{}", unguessable(ctx));
    let customer = Customer { id, email, locale: checkout.locale.clone(), card_works: true };
    queries::insert_customer(ctx, tx, &customer).await?;
    Ok(customer)
}

async fn known_email(tx: &mut Tx, checkout: &Checkout) -> Result<Option<String>, Problem> {
    if let Some(id) = &checkout.customer_id
        && let Some(customer) = queries::lock_customer(tx, id).await?
    {
        return Ok(Some(customer.email));
    }
    Ok(checkout.customer_email.clone())
}

fn success_url(checkout: &Checkout) -> String {
    checkout.success_url.replace(SESSION_PLACE, &checkout.id)
}

/// What a provider's page lets through; whether mail arrives there nobody knows yet.
fn looks_like_an_address(text: &str) -> bool {
    let odd = |character: char| character.is_whitespace() || character.is_control();
    match text.split_once('@') {
        Some((name, host)) => {
            let dotted = host.split('.').count() >= 2 && host.split('.').all(|part| !part.is_empty());
            !name.is_empty() && dotted && !host.contains('@') && text.len() <= 254 && !text.contains(odd)
        }
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use crate::providers::sandbox::subscriptions::checkout_page::looks_like_an_address;

    #[test]
    fn an_address_has_a_name_and_a_dotted_host() {
        for good in ["hana@example.jp", "a+b@mail.example.co.jp", "花@例え.jp"] {
            assert!(looks_like_an_address(good), "{good}");
        }
        for bad in
            ["", "hana", "@example.jp", "hana@", "hana@example", "hana@.jp", "a@b@c.jp", "a b@c.jp", "a@c.jp\r\nX: y"]
        {
            assert!(!looks_like_an_address(bad), "{bad}");
        }
    }
}
