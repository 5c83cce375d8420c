//! `/legal/…`.

use askama::Template;
use axum::extract::State;
use kernel::Ctx;
use platform::Problem;
use platform::config::OperatorSettings;
use platform::http::Anyone;
use time::Duration;
use ui::{Messages, Page};

use super::model::{Block, blocks};
use super::texts::LegalText;
use crate::state::Orders;

/// The configuration changes with a restart only; a copy may live for a while.
const SHARED_FOR: Duration = Duration::minutes(5);

/// An entry of the page. Without a value, the operator has to fill it in by `setting`.
struct Entry {
    name: String,
    value: Option<String>,
    setting: &'static str,
}

#[derive(Template)]
#[template(path = "legal/commercial_transactions.html")]
struct CommercialTransactions {
    t: Messages,
    entries: Vec<Entry>,
    is_incomplete: bool,
    names_settings: bool,
}

/// The page that the Specified Commercial Transactions Act (特定商取引法) wants from whoever sells at a distance.
pub(super) async fn commercial_transactions(
    State(orders): State<Orders>,
    Anyone(ctx): Anyone,
) -> Result<Page, Problem> {
    let config = &orders.app().config;
    let t = Messages::new(ctx.locale);
    let mut entries = operator_entries(t, &config.operator);
    let is_incomplete = entries.iter().any(|entry| entry.value.is_none());
    entries.extend(platform_entries(t, config.payments.checkout_minutes));
    let names_settings = config.is_development();
    let body = CommercialTransactions { t, entries, is_incomplete, names_settings };
    let title = t.say("legal-commercial-title");
    let page = Page::new(&title, body.render().map_err(Problem::internal)?);
    Ok(page.canonical("/legal/commercial-transactions").shared(SHARED_FOR))
}

/// What only the operator can say.
fn operator_entries(t: Messages, operator: &OperatorSettings) -> Vec<Entry> {
    let keys = [
        "legal-operator-name",
        "legal-operator-responsible",
        "legal-operator-address",
        "legal-operator-phone",
        "legal-operator-mail",
    ];
    let settings = operator.entries();
    let entry = |(key, (setting, value)): (&str, (&'static str, Option<&str>))| Entry {
        name: t.say(key),
        value: value.map(str::to_owned),
        setting,
    };
    keys.into_iter().zip(settings).map(entry).collect()
}

/// What holds for every sale.
fn platform_entries(t: Messages, minutes: u32) -> Vec<Entry> {
    let known = |name: &str, value: String| Entry { name: t.say(name), value: Some(value), setting: "" };
    vec![
        known("legal-price", t.say("legal-price-words")),
        known("confirm-extra", t.say("confirm-extra-none")),
        known("confirm-payment", t.say("confirm-payment-words")),
        known("confirm-payment-time", t.say_with("confirm-payment-time-words", ui::arg("minutes", minutes))),
        known("confirm-delivery", t.say("confirm-delivery-words")),
        known("confirm-returns", t.say("confirm-returns-words")),
        known("confirm-environment", t.say("confirm-environment-words")),
        known("legal-makers", t.say("legal-makers-words")),
    ]
}

#[derive(Template)]
#[template(path = "legal/text.html")]
struct TextPage {
    title: String,
    language: &'static str,
    blocks: Vec<Block>,
}

pub(super) async fn terms(State(orders): State<Orders>, Anyone(ctx): Anyone) -> Result<Page, Problem> {
    text(&orders, &ctx, LegalText::Terms, "legal-terms-title", "/legal/terms")
}

pub(super) async fn privacy(State(orders): State<Orders>, Anyone(ctx): Anyone) -> Result<Page, Problem> {
    text(&orders, &ctx, LegalText::Privacy, "legal-privacy-title", "/legal/privacy")
}

fn text(orders: &Orders, ctx: &Ctx, which: LegalText, title: &str, path: &str) -> Result<Page, Problem> {
    let t = Messages::new(ctx.locale);
    let found = orders.legal_texts().find(which, ctx.locale);
    let operator = &orders.app().config.operator;
    let own_words = Messages::new(found.locale);
    let name = operator.name.clone().unwrap_or_else(|| own_words.say("legal-operator-unnamed"));
    let mail = operator.mail.clone().unwrap_or_else(|| own_words.say("legal-operator-no-mail"));
    let filled = found.text.replace("{operator}", &name).replace("{mail}", &mail);
    let title = t.say(title);
    let body = TextPage { title: title.clone(), language: found.locale.tag(), blocks: blocks(&filled) };
    Ok(Page::new(title, body.render().map_err(Problem::internal)?).canonical(path).shared(SHARED_FOR))
}
