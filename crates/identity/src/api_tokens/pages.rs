//! `/account/tokens`: the list, the form for a new token, and the secret, which is shown once.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use platform::http::{Form, Member, Path, Scope, unlinked};
use platform::{App, Problem};
use ui::dates::day;
use ui::{FormErrors, Messages, Page};

use super::create::{create_api_token, revoke_api_token};
use super::model::{ApiToken, ApiTokenId, DAYS_DEFAULT, DAYS_MAX, NewApiToken};
use super::queries;
use crate::account_settings::tabs::{Tab, tabs};
use crate::reauthentication::form::confirm_page;
use crate::responses::{error_page, form_value};

const PATH: &str = "/account/tokens";
/// The lifetimes that the form offers, in days.
const OFFERED_DAYS: [i64; 4] = [30, DAYS_DEFAULT, 180, DAYS_MAX];

pub(super) fn routes() -> Router<App> {
    Router::new().route(PATH, get(show).post(submit)).route("/account/tokens/{id}/revoke", post(submit_revoke))
}

struct TokenLine {
    id: ApiTokenId,
    name: String,
    ending: String,
    scopes: String,
    until: String,
    used: String,
}

struct ScopeChoice {
    value: &'static str,
    label: String,
    hint: String,
    is_chosen: bool,
}

#[derive(Template)]
#[template(path = "api_tokens/tokens.html")]
struct TokensTemplate {
    t: Messages,
    tabs: Vec<Tab>,
    tokens: Vec<TokenLine>,
    scopes: Vec<ScopeChoice>,
    days: Vec<(i64, String, bool)>,
    typed_name: String,
    secret: Option<String>,
    errors: FormErrors,
}

/// The fields of the form.
struct Typed {
    name: String,
    scopes: Vec<String>,
    days: i64,
}

impl Typed {
    /// An empty form with these scopes chosen.
    fn new(scopes: &[&str]) -> Self {
        let scopes = scopes.iter().map(|scope| (*scope).to_owned()).collect();
        Self { name: String::new(), scopes, days: DAYS_DEFAULT }
    }

    fn read(pairs: &[(String, String)]) -> Self {
        let scopes = pairs.iter().filter(|(name, _)| name == "scopes").map(|(_, value)| value.clone()).collect();
        let days = form_value(pairs, "days").parse().unwrap_or(0);
        Self { name: form_value(pairs, "name").to_owned(), scopes, days }
    }
}

async fn show(State(app): State<App>, member: Member) -> Result<Response, Problem> {
    tokens_page(&member, &app, &Typed::new(&["read"]), None, FormErrors::default()).await
}

async fn submit(
    State(app): State<App>,
    member: Member,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let typed = Typed::read(&pairs);
    let created = match NewApiToken::check(&typed.name, &typed.scopes, typed.days) {
        Ok(new) => create_api_token(&member.ctx, &app, new).await,
        Err(problem) => Err(problem),
    };
    match created {
        Ok((_, secret)) => {
            let secret = Some(secret.reveal().to_owned());
            tokens_page(&member, &app, &Typed::new(&[]), secret, FormErrors::default()).await
        }
        Err(problem) if problem.code() == "reauthentication_required" => {
            confirm_page(&member.ctx, &app, PATH, &pairs).await
        }
        Err(problem) if problem.status().is_client_error() => {
            let errors = FormErrors::of(&app.languages, member.ctx.locale, &problem, &[]);
            Ok(error_page(&problem, tokens_page(&member, &app, &typed, None, errors).await?))
        }
        Err(problem) => Err(problem),
    }
}

async fn submit_revoke(
    State(app): State<App>,
    member: Member,
    Path(id): Path<ApiTokenId>,
) -> Result<Response, Problem> {
    revoke_api_token(&member.ctx, &app, id).await?;
    Ok(ui::redirect_with_toast(&app.config, PATH, "success", "tokens-revoked"))
}

async fn tokens_page(
    member: &Member,
    app: &App,
    typed: &Typed,
    secret: Option<String>,
    errors: FormErrors,
) -> Result<Response, Problem> {
    let mut tx = app.db.begin_as(&member.ctx).await?;
    let tokens = queries::list(&mut tx, member.user.user_id, member.ctx.now()).await?;
    tx.commit().await?;
    let t = Messages::new(member.ctx.locale);
    let choice = |scope: Scope| ScopeChoice {
        value: scope.as_str(),
        label: t.say(&scope_key(scope)),
        hint: t.say(&format!("{}-hint", scope_key(scope))),
        is_chosen: typed.scopes.iter().any(|chosen| chosen == scope.as_str()),
    };
    let days = |days: i64| (days, t.say(&format!("tokens-days-{days}")), days == typed.days);
    let template = TokensTemplate {
        t,
        tabs: tabs(t, PATH),
        tokens: tokens.into_iter().map(|token| token_line(t, token)).collect(),
        scopes: Scope::ALL.into_iter().map(choice).collect(),
        days: OFFERED_DAYS.into_iter().map(days).collect(),
        typed_name: typed.name.clone(),
        secret,
        errors,
    };
    let body = template.render().map_err(Problem::internal)?;
    Ok(unlinked(Page::new(t.say("account-tab-tokens"), body).private().into_response()))
}

/// The key of a scope's label: `tokens-scope-orders-write`.
fn scope_key(scope: Scope) -> String {
    format!("tokens-scope-{}", scope.as_str().replace(':', "-"))
}

fn token_line(t: Messages, token: ApiToken) -> TokenLine {
    let scopes: Vec<String> = token.scopes.iter().map(|scope| t.say(&scope_key(*scope))).collect();
    let used = token
        .last_used_at
        .map_or_else(|| t.say("tokens-unused"), |at| t.say_with("tokens-used", ui::arg("when", day(t.locale(), at))));
    TokenLine {
        id: token.id,
        name: token.name,
        ending: token.ending,
        scopes: scopes.join(" / "),
        until: t.say_with("tokens-until", ui::arg("when", day(t.locale(), token.expires_at))),
        used,
    }
}
