//! `/studio`: the five steps as a form that works without script.

use std::str::FromStr;

use askama::Template;
use axum::Router;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use axum::routing::get;
use credits::PriceId;
use http::StatusCode;
use kernel::{Ctx, Locale};
use platform::Problem;
use platform::http::{Anyone, Form, Query};
use serde::{Deserialize, Serialize};
use ui::{Messages, Page, arg};
use url::form_urlencoded;

use super::vocabulary::{Chip, chips};
use crate::aspect_ratio::AspectRatio;
use crate::generation_jobs::submit::{GenerationRequest, Submitted, submit};
use crate::generations::spec::{GenerationParams, GenerationSpec};
use crate::models::choose::ModelSelector;
use crate::models::messages::{self, Cost};
use crate::models::offers::{Offer, Offers, offers};
use crate::providers::model::ProviderKind;
use crate::state::Studio;
use crate::wardrobe::build_prompt::{NEGATIVE, build_prompt};
use crate::wardrobe::model::{Answers, Step};
use crate::wardrobe::validate::{EXTRA_CHARS_MAX, check_answers};

// The template writes the limit as a number, because its macros take no others.
const _: () = assert!(EXTRA_CHARS_MAX == 400, "studio.html has the same limit");

/// The pages of the wardrobe studio.
pub(crate) fn routes() -> Router<Studio> {
    Router::new().route("/studio", get(show).post(make))
}

/// The form, in the address as in the body: every field may be missing, and most may come several times.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(default)]
struct StudioForm {
    vibe: Vec<String>,
    silhouette: Vec<String>,
    color: Vec<String>,
    occasion: Vec<String>,
    season: Vec<String>,
    extra: String,
    #[serde(rename = "aspectRatio")]
    aspect_ratio: String,
    model: String,
}

/// What the chooser of models sends: `{provider}/{model}/{price that was shown}`, the price only with a button.
#[derive(Clone, Debug, Default)]
struct Chosen {
    selector: ModelSelector,
    price_id: Option<PriceId>,
}

impl FromStr for Chosen {
    type Err = Problem;

    fn from_str(text: &str) -> Result<Self, Problem> {
        if text.is_empty() {
            return Ok(Self::default());
        }
        let unknown = || Problem::invalid_field("model", "unknown_value");
        let mut parts = text.splitn(3, '/');
        let (provider, model, price_id) = (parts.next(), parts.next(), parts.next());
        let (Some(provider), Some(model)) = (provider, model) else { return Err(unknown()) };
        let provider: ProviderKind = provider.parse().map_err(|_| unknown())?;
        let price_id = price_id.map(str::parse).transpose().map_err(|_| unknown())?;
        Ok(Self { selector: ModelSelector { provider: Some(provider), model: Some(model.to_owned()) }, price_id })
    }
}

impl StudioForm {
    fn answers(&self) -> Answers {
        Answers {
            vibe: self.vibe.clone(),
            silhouette: self.silhouette.clone(),
            color: self.color.clone(),
            occasion: self.occasion.clone(),
            season: self.season.clone(),
            extra: self.extra.clone(),
        }
    }

    fn is_empty(&self) -> bool {
        self.answers() == Answers::default()
    }
}

/// A question with its chips.
struct Question {
    name: &'static str,
    title: String,
    hint: String,
    kind: &'static str,
    chips: Vec<Chip>,
}

#[derive(Template)]
#[template(path = "wardrobe/studio.html")]
struct StudioTemplate {
    t: Messages,
    questions: Vec<Question>,
    steps: Vec<(String, String)>,
    ratios: Vec<(&'static str, bool)>,
    extra: String,
    answered: bool,
    prompt: String,
    problems: Vec<(String, String)>,
    extra_problem: String,
    failure: Option<(String, String)>,
    is_sketch: bool,
    models: Vec<Choice>,
    cost: Cost,
    leads_to_plans: bool,
}

/// A model in the chooser.
struct Choice {
    value: String,
    label: String,
    cost: String,
    is_chosen: bool,
}

impl StudioTemplate {
    fn summary(&self) -> Vec<(String, String)> {
        self.t.name_problems(&self.problems, |field| match field {
            "vibe" => "studio-step-vibe",
            "silhouette" => "studio-step-silhouette",
            "color" => "studio-step-color",
            "occasion" => "studio-step-occasion",
            "season" => "studio-step-season",
            "extra" => "studio-extra",
            "aspectRatio" => "studio-ratio",
            "model" => "studio-model",
            _ => "",
        })
    }
}

async fn show(
    State(studio): State<Studio>,
    Anyone(ctx): Anyone,
    Query(form): Query<StudioForm>,
) -> Result<Page, Problem> {
    page(&studio, &ctx, &form, None).await
}

async fn make(
    State(studio): State<Studio>,
    Anyone(ctx): Anyone,
    Form(form): Form<StudioForm>,
) -> Result<Response, Problem> {
    let Some(user) = ctx.user().cloned() else { return Ok(Redirect::to(&log_in_first(&form)).into_response()) };
    let request = match read(&form) {
        Ok(request) => request,
        Err(problem) => return Ok(page(&studio, &ctx, &form, Some(&problem)).await?.into_response()),
    };
    match submit(&studio, &ctx, &user, &request).await {
        Ok(Submitted::Cached(generation)) => {
            Ok(Redirect::to(&format!("/me/{}?cached=1", generation.id)).into_response())
        }
        Ok(Submitted::Running(generation)) => Ok(Redirect::to(&format!("/me/{}", generation.id)).into_response()),
        Err(problem) => Ok(page(&studio, &ctx, &form, Some(&problem)).await?.into_response()),
    }
}

/// The answers travel through the log-in in the address and are there again afterwards.
fn log_in_first(form: &StudioForm) -> String {
    let mut back = form_urlencoded::Serializer::new(String::new());
    for step in Step::ALL {
        for value in form.answers().at(step) {
            back.append_pair(step.name(), value);
        }
    }
    back.append_pair("extra", &form.extra).append_pair("aspectRatio", &form.aspect_ratio);
    if let Ok(Chosen { selector: ModelSelector { provider: Some(provider), model: Some(model) }, .. }) =
        form.model.parse()
    {
        // Without the price: the current one is shown after the log-in.
        back.append_pair("model", &format!("{provider}/{model}"));
    }
    let back = format!("/studio?{}", back.finish());
    // An address that is too long for a log-in page is left behind rather than refused by it.
    let next = if back.len() <= 1_500 { back.as_str() } else { "/studio" };
    format!("/login?{}", form_urlencoded::Serializer::new(String::new()).append_pair("next", next).finish())
}

fn read(form: &StudioForm) -> Result<GenerationRequest, Problem> {
    let answers = check_answers(&form.answers())
        .map_err(|errors| Problem::invalid(errors.into_iter().map(Into::into).collect()))?;
    let ratio = if form.aspect_ratio.is_empty() { AspectRatio::default().as_str() } else { form.aspect_ratio.as_str() };
    let ratio = ratio.parse().map_err(|_| Problem::invalid_field("aspectRatio", "unknown_value"))?;
    let chosen: Chosen = form.model.parse()?;
    let params = GenerationParams {
        prompt: build_prompt(&answers),
        negative: Some(NEGATIVE.to_owned()),
        ratio,
        answers: Some(answers),
    };
    Ok(GenerationRequest {
        spec: GenerationSpec::Wardrobe(params),
        model: chosen.selector,
        again: false,
        seed: None,
        price_id: chosen.price_id,
    })
}

async fn page(studio: &Studio, ctx: &Ctx, form: &StudioForm, problem: Option<&Problem>) -> Result<Page, Problem> {
    let mut tx = studio.app.db.begin_as(ctx).await?;
    let offers = offers(ctx, &mut tx, &studio.providers).await?;
    tx.commit().await?;
    let t = Messages::new(ctx.locale);
    let selector = form.model.parse::<Chosen>().unwrap_or_default().selector;
    let chosen = match (selector.provider, &selector.model) {
        (Some(provider), Some(model)) => offers.of(provider, model),
        _ => offers.default(),
    };
    let cost = messages::cost(&t, chosen, &offers);
    let answers = form.answers();
    let FormErrors { fields: problems, failure } = form_errors(studio, ctx.locale, problem);
    let extra_problem = problems.iter().find(|(name, _)| name == "extra").map(|(_, message)| message.clone());
    let asked_ratio = form.aspect_ratio.parse().unwrap_or(AspectRatio::default());
    let step_names = Step::ALL.map(Step::name).into_iter().chain(["finish"]);
    let template = StudioTemplate {
        questions: Step::ALL.map(|step| question(&t, step, &answers, ctx.locale)).into(),
        steps: step_names.map(|name| (t.say(&format!("studio-step-{name}")), format!("#{name}"))).collect(),
        ratios: AspectRatio::WARDROBE.map(|ratio| (ratio.as_str(), ratio == asked_ratio)).into(),
        extra: form.extra.clone(),
        answered: !form.is_empty(),
        prompt: build_prompt(&answers),
        problems,
        extra_problem: extra_problem.unwrap_or_default(),
        failure,
        is_sketch: chosen.is_some_and(|offer| offer.model.provider == ProviderKind::Sketch),
        models: offers.models.iter().map(|offer| choice(&t, offer, chosen, &offers)).collect(),
        leads_to_plans: cost.is_short
            || problem.is_some_and(|problem| problem.status() == StatusCode::PAYMENT_REQUIRED),
        cost,
        t,
    };
    let body = template.render().map_err(|error| Problem::internal(anyhow::anyhow!(error)))?;
    let page =
        Page::new(t.say("studio-title"), body).description(t.say("studio-lead")).canonical("/studio").island("studio");
    Ok(match problem {
        Some(problem) => page.status(problem.status()),
        None => page,
    })
}

/// A model as the chooser shows it, with the price that comes back with the button.
fn choice(t: &Messages, offer: &Offer, chosen: Option<&Offer>, offers: &Offers) -> Choice {
    let name = format!("{}/{}", offer.model.provider, offer.model.model);
    let args = arg("model", &offer.model.label).arg("price", messages::short_price(t, offer));
    Choice {
        label: t.say_with("studio-model-and-price", args),
        cost: messages::cost(t, Some(offer), offers).line,
        is_chosen: chosen.is_some_and(|chosen| std::ptr::eq(chosen, offer)),
        value: match offer.price {
            Some(price) => format!("{name}/{}", price.id),
            None => name,
        },
    }
}

/// A problem as the form shows it.
#[derive(Default)]
struct FormErrors {
    /// What is wrong with which field.
    fields: Vec<(String, String)>,
    /// What went wrong as a whole, when no field is to blame: title and explanation.
    failure: Option<(String, String)>,
}

fn form_errors(studio: &Studio, locale: Locale, problem: Option<&Problem>) -> FormErrors {
    let Some(problem) = problem else { return FormErrors::default() };
    let languages = &studio.app.languages;
    let fields = problem.fields().iter().map(|error| {
        let field = error.field.trim_start_matches("answers.").split('[').next().unwrap_or_default();
        (field.to_owned(), error.message(languages, locale))
    });
    let fields: Vec<_> = fields.collect();
    let body = problem.body(languages, locale);
    let failure = fields.is_empty().then(|| (body.title, body.detail.unwrap_or_default()));
    FormErrors { fields, failure }
}

fn question(t: &Messages, step: Step, answers: &Answers, locale: Locale) -> Question {
    let hint = match step {
        Step::Silhouette | Step::Color => t.say(&format!("studio-question-{}-hint", step.name())),
        Step::Vibe | Step::Occasion | Step::Season => String::new(),
    };
    Question {
        name: step.name(),
        title: t.say(&format!("studio-question-{}", step.name())),
        hint,
        kind: if step.takes_several() { "checkbox" } else { "radio" },
        chips: chips(step, answers, locale),
    }
}
