//! `/account/tokens`: the list, the form, and a token that is shown once.

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use axum::routing::{get, post};
use kernel::SystemReason;
use platform::http::{Form, Member, Path, Scope};
use platform::{App, Problem};
use ui::{Messages, Page};

use super::model::DAYS_MAX;
use super::{ApiToken, ApiTokenId, NewApiToken, make, queries, revoke};
use crate::auth::session_cookies::{Told, secretive, told_page};
use crate::{account_settings, reauthentication};

const HERE: &str = "/account/tokens";
/// The ends that the form offers, in days.
const OFFERED_DAYS: [i64; 4] = [30, 90, 180, DAYS_MAX];

pub(super) fn routes() -> Router<App> {
    Router::new().route(HERE, get(show).post(submit)).route("/account/tokens/{id}/revoke", post(submit_revoke))
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
    tabs: Vec<(String, String, bool)>,
    tokens: Vec<TokenLine>,
    scopes: Vec<ScopeChoice>,
    days: Vec<(i64, String, bool)>,
    typed_name: String,
    made: Option<String>,
    told: Told,
}

/// What was typed into the form.
#[derive(Default)]
struct Typed {
    name: String,
    scopes: Vec<String>,
    days: i64,
}

impl Typed {
    fn read(pairs: &[(String, String)]) -> Self {
        let all =
            |wanted: &str| pairs.iter().filter(|(name, _)| name == wanted).map(|(_, value)| value.clone()).collect();
        let first =
            |wanted: &str| pairs.iter().find(|(name, _)| name == wanted).map_or("", |(_, value)| value.as_str());
        Self { name: first("name").to_owned(), scopes: all("scopes"), days: first("days").parse().unwrap_or(0) }
    }
}

async fn show(State(app): State<App>, member: Member) -> Result<Response, Problem> {
    let typed = Typed { scopes: vec!["read".to_owned()], days: 90, ..Typed::default() };
    page(&member, &app, &typed, None, Told::default()).await
}

async fn submit(
    State(app): State<App>,
    member: Member,
    Form(pairs): Form<Vec<(String, String)>>,
) -> Result<Response, Problem> {
    let typed = Typed::read(&pairs);
    let made = async {
        let new = NewApiToken::check(&typed.name, &typed.scopes, typed.days)?;
        let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
        let (_, secret) = make(&member.ctx, &mut tx, new).await?;
        tx.commit().await?;
        Ok::<_, Problem>(secret)
    };
    match made.await {
        Ok(secret) => {
            let shown = Some(secret.reveal().to_owned());
            page(&member, &app, &Typed { days: 90, ..Typed::default() }, shown, Told::default()).await
        }
        Err(problem) if problem.code() == "reauthentication_required" => {
            reauthentication::ask(&member.ctx, &app, HERE, &pairs).await
        }
        Err(problem) if problem.status().is_client_error() => {
            let told = Told::of(&app, member.ctx.locale, &problem, &[]);
            Ok(told_page(&problem, page(&member, &app, &typed, None, told).await?))
        }
        Err(problem) => Err(problem),
    }
}

async fn submit_revoke(
    State(app): State<App>,
    member: Member,
    Path(id): Path<ApiTokenId>,
) -> Result<Response, Problem> {
    let mut tx = app.db.begin_system(SystemReason::Authentication).await?;
    revoke(&member.ctx, &mut tx, id).await?;
    tx.commit().await?;
    Ok(ui::redirect_with_toast(&app.config, HERE, "success", "tokens-revoked"))
}

async fn page(
    member: &Member,
    app: &App,
    typed: &Typed,
    made: Option<String>,
    told: Told,
) -> Result<Response, Problem> {
    let mut tx = app.db.begin_as(&member.ctx).await?;
    let tokens = queries::list(&mut tx, member.user.user_id, member.ctx.now()).await?;
    tx.commit().await?;
    let t = Messages::new(member.ctx.locale);
    let choice = |scope: Scope| ScopeChoice {
        value: scope.as_str(),
        label: t.say(&format!("tokens-scope-{}", scope.as_str())),
        hint: t.say(&format!("tokens-scope-{}-hint", scope.as_str())),
        is_chosen: typed.scopes.iter().any(|chosen| chosen == scope.as_str()),
    };
    let days = |days: i64| (days, t.say(&format!("tokens-days-{days}")), days == typed.days);
    let template = TokensTemplate {
        t,
        tabs: account_settings::tabs(t, HERE),
        tokens: tokens.into_iter().map(|token| line(t, token)).collect(),
        scopes: Scope::ALL.into_iter().map(choice).collect(),
        days: OFFERED_DAYS.into_iter().map(days).collect(),
        typed_name: typed.name.clone(),
        made,
        told,
    };
    let body = template.render().map_err(Problem::internal)?;
    Ok(secretive(Page::new(t.say("account-tab-tokens"), body).private().into_response()))
}

fn line(t: Messages, token: ApiToken) -> TokenLine {
    let scopes: Vec<String> =
        token.scopes.iter().map(|scope| t.say(&format!("tokens-scope-{}", scope.as_str()))).collect();
    let used = token.last_used_at.map_or_else(
        || t.say("tokens-unused"),
        |at| t.say_with("tokens-used", ui::arg("when", account_settings::day(t, at))),
    );
    TokenLine {
        id: token.id,
        name: token.name,
        ending: token.ending,
        scopes: scopes.join(" / "),
        until: t.say_with("tokens-until", ui::arg("when", account_settings::day(t, token.expires_at))),
        used,
    }
}
