//! The pages `/me` and `/me/{id}`.

use std::collections::HashMap;

use askama::Template;
use http::StatusCode;
use kernel::{Ctx, GenerationId, Locale, Paginated};
use platform::Problem;
use ui::{Messages, Page, Picture, arg};
use url::form_urlencoded;

use super::api::ListQuery;
use super::links::{Links, link};
use super::model::{Generation, GenerationKind, GenerationStatus, KeptReason, StoredPicture};
use crate::aspect_ratio::AspectRatio;
use crate::dates::{date, date_time};
use crate::generation_jobs::model::{Execution, problem_of};
use crate::models::messages::{self, Cost};
use crate::models::offers::Offers;
use crate::providers::model::ProviderKind;
use crate::retention::model::{Notice, WARNED_BEFORE, days_left};
use crate::state::Studio;
use crate::wardrobe::model::Step;
use crate::wardrobe::vocabulary::label;

/// What `/me` shows.
pub(super) struct Shown<'a> {
    pub(super) part: Paginated<Generation>,
    pub(super) thumbnails: HashMap<GenerationId, StoredPicture>,
    /// All pictures, and the published ones.
    pub(super) count: (i64, i64),
    pub(super) query: &'a ListQuery,
    /// A picture that was deleted a moment ago.
    pub(super) undoable: Option<GenerationId>,
    /// The open notice that the plan keeps less.
    pub(super) notice: Option<Notice>,
}

/// One card of the list.
struct Card {
    href: String,
    title: String,
    line: String,
    picture: Option<Picture>,
    badge: String,
    badge_kind: &'static str,
}

#[derive(Template)]
#[template(path = "generations/mine.html")]
struct MineTemplate {
    t: Messages,
    cards: Vec<Card>,
    next_href: String,
    made: i64,
    on_show: i64,
    undoable: Option<String>,
    notice: Option<String>,
    tabs: Vec<(String, String, bool)>,
    kinds: Vec<(&'static str, String, bool)>,
    ratios: Vec<(&'static str, bool)>,
    public: String,
    is_filtered: bool,
}

impl MineTemplate {
    /// Whether nothing has been made yet at all, so that there is nothing to count, to filter or to look at.
    fn is_bare(&self) -> bool {
        self.cards.is_empty() && !self.is_filtered
    }
}

/// The page `/me`.
pub(super) async fn mine(studio: &Studio, ctx: &Ctx, shown: Shown<'_>) -> Result<Page, Problem> {
    let t = Messages::new(ctx.locale);
    let query = shown.query;
    let mut cards = Vec::with_capacity(shown.part.items.len());
    for generation in &shown.part.items {
        cards.push(card(studio, ctx, &t, generation, shown.thumbnails.get(&generation.id)).await?);
    }
    let given = |text: &Option<String>| text.clone().unwrap_or_default();
    let (kind, ratio, public) = (given(&query.kind), given(&query.ratio), given(&query.public));
    let tab = |key: &str, value: &str| (t.say(key), address(&kind, &ratio, value, None), public == value);
    let template = MineTemplate {
        cards,
        next_href: shown
            .part
            .next_cursor
            .map_or_else(String::new, |cursor| address(&kind, &ratio, &public, Some(&cursor))),
        made: shown.count.0,
        on_show: shown.count.1,
        undoable: shown.undoable.map(|id| id.to_string()),
        notice: shown.notice.map(|notice| {
            let args = arg("date", date(notice.takes_effect_at)).arg("days", notice.history_days);
            t.say_with("mine-notice", args)
        }),
        tabs: vec![tab("mine-all", ""), tab("mine-on-show", "1"), tab("mine-private", "0")],
        kinds: GenerationKind::PICTURES
            .map(|known| {
                (
                    known.as_str(),
                    t.say(&format!("mine-kind-{}", known.as_str().replace('_', "-"))),
                    known.as_str() == kind,
                )
            })
            .into(),
        ratios: AspectRatio::WARDROBE.map(|known| (known.as_str(), known.as_str() == ratio)).into(),
        is_filtered: !(kind.is_empty() && ratio.is_empty() && public.is_empty()),
        public,
        t,
    };
    let body = template.render().map_err(|error| Problem::internal(anyhow::anyhow!(error)))?;
    Ok(Page::new(t.say("mine-title"), body).private().island("gallery"))
}

/// `/me` with filters and position.
fn address(kind: &str, ratio: &str, public: &str, cursor: Option<&str>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let pairs = [("kind", kind), ("ratio", ratio), ("public", public), ("cursor", cursor.unwrap_or_default())];
    for (name, value) in pairs.into_iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    let query = query.finish();
    if query.is_empty() { "/me".to_owned() } else { format!("/me?{query}") }
}

async fn card(
    studio: &Studio,
    ctx: &Ctx,
    t: &Messages,
    generation: &Generation,
    thumbnail: Option<&StoredPicture>,
) -> Result<Card, Problem> {
    let title = headline(generation, ctx.locale);
    let picture = match thumbnail {
        Some(file) => {
            let size = |px: i32| u32::try_from(px).unwrap_or(1);
            let src = link(studio, ctx, &file.storage_key).await?;
            let picture = Picture::new(
                t.say_with("mine-picture-alt", arg("title", &title)),
                src,
                size(file.width),
                size(file.height),
            );
            Some(picture.with_ground(generation.ground.as_deref().unwrap_or_default()))
        }
        None => None,
    };
    let (badge, badge_kind) = match (generation.status, generation.is_public) {
        (GenerationStatus::Completed, true) => (t.say("mine-badge-on-show"), "success"),
        (GenerationStatus::Completed, false) => match generation.removal_due_at() {
            Some(at) if at - ctx.now() <= WARNED_BEFORE => {
                let days = days_left(ctx.now(), at);
                (t.say_with("mine-badge-goes", arg("days", days)), "plain")
            }
            _ => (String::new(), "plain"),
        },
        (GenerationStatus::Queued | GenerationStatus::Processing, _) => (t.say("mine-badge-making"), "indigo"),
        (GenerationStatus::Refused, _) => (t.say("mine-badge-refused"), "warning"),
        (GenerationStatus::Failed | GenerationStatus::Cancelled, _) => (t.say("mine-badge-failed"), "danger"),
    };
    let line = format!("{} · {}", date_time(generation.created_at), generation.aspect_ratio);
    Ok(Card { href: format!("/me/{}", generation.id), title, line, picture, badge, badge_kind })
}

/// The answers in the visitor's words, else the beginning of the prompt.
fn headline(generation: &Generation, locale: Locale) -> String {
    let steps = [Step::Vibe, Step::Silhouette, Step::Occasion, Step::Season];
    let answers = generation.answers.as_ref();
    let first = |step: Step| answers.and_then(|answers| answers.at(step).first()).filter(|value| !value.is_empty());
    let words: Vec<String> =
        steps.into_iter().filter_map(|step| first(step).map(|value| label(step, value, locale))).collect();
    if words.is_empty() { generation.prompt.chars().take(60).collect() } else { words.join("\u{a0}· ") }
}

#[derive(Template)]
#[template(path = "generations/one.html")]
struct OneTemplate {
    t: Messages,
    id: String,
    title: String,
    status: &'static str,
    again_key: &'static str,
    is_cached: bool,
    picture: Option<Picture>,
    percent: i16,
    stage: String,
    failure: Option<(String, String)>,
    prompt: String,
    negative: String,
    answers: Vec<(String, String)>,
    facts: Vec<(String, String)>,
    other_ratios: Vec<&'static str>,
    is_public: bool,
    kept: Option<&'static str>,
    change_href: String,
    is_sketch: bool,
    price_id: String,
    cost: Cost,
    goes: Option<String>,
    refusal: Option<(String, String)>,
    leads_to_plans: bool,
}

/// What `/me/{id}` shows.
pub(super) struct ShownOne<'a> {
    pub(super) generation: &'a Generation,
    pub(super) links: Links,
    pub(super) execution: Option<&'a Execution>,
    /// Whether it was found and not made anew.
    pub(super) is_cached: bool,
    /// What another one would cost.
    pub(super) offers: &'a Offers,
    /// Why another one could not be requested.
    pub(super) problem: Option<&'a Problem>,
}

/// The page `/me/{id}`.
pub(super) fn one(studio: &Studio, ctx: &Ctx, shown: ShownOne<'_>) -> Result<Page, Problem> {
    let ShownOne { generation, links, execution, is_cached, offers, problem } = shown;
    let t = Messages::new(ctx.locale);
    let title = headline(generation, ctx.locale);
    let failure = problem_of(generation.status, generation.failure_code.as_deref()).map(|problem| {
        let body = problem.body(&studio.app.languages, ctx.locale);
        (body.title, body.detail.unwrap_or_default())
    });
    let refusal = problem.map(|problem| {
        let body = problem.body(&studio.app.languages, ctx.locale);
        (body.title, body.detail.unwrap_or_default())
    });
    let offer = offers.of(generation.provider, &generation.model);
    let cost = messages::cost(&t, offer, offers);
    let (percent, stage) = execution.map_or((0, "queued"), Execution::progress);
    let picture = links.original.map(|src| {
        let size = |px: Option<i32>| px.and_then(|px| u32::try_from(px).ok()).unwrap_or(1);
        Picture::new(
            t.say_with("mine-picture-alt", arg("title", &title)),
            src,
            size(generation.width),
            size(generation.height),
        )
        .with_ground(generation.ground.as_deref().unwrap_or_default())
    });
    let template = OneTemplate {
        id: generation.id.to_string(),
        status: stand(generation.status),
        again_key: if generation.status == GenerationStatus::Completed { "studio-again" } else { "retry" },
        is_cached,
        picture,
        percent,
        stage: t.say(&format!("studio-stage-{stage}")),
        failure,
        prompt: generation.prompt.clone(),
        negative: generation.negative_prompt.clone().unwrap_or_default(),
        answers: answers(&t, generation, ctx.locale),
        facts: facts(&t, generation),
        other_ratios: AspectRatio::WARDROBE
            .map(AspectRatio::as_str)
            .into_iter()
            .filter(|ratio| generation.kind == GenerationKind::Wardrobe && *ratio != generation.aspect_ratio)
            .collect(),
        is_public: generation.is_public,
        kept: kept_key(generation),
        change_href: change_href(generation),
        is_sketch: generation.provider == ProviderKind::Sketch,
        price_id: offer.and_then(|offer| offer.price).map_or_else(String::new, |price| price.id.to_string()),
        goes: goes(&t, ctx, generation),
        leads_to_plans: cost.is_short
            || problem.is_some_and(|problem| problem.status() == StatusCode::PAYMENT_REQUIRED),
        refusal,
        cost,
        title: title.clone(),
        t,
    };
    let body = template.render().map_err(|error| Problem::internal(anyhow::anyhow!(error)))?;
    let page = Page::new(title, body).private();
    Ok(match problem {
        Some(problem) => page.status(problem.status()),
        None => page,
    })
}

/// The template's name of a status.
const fn stand(status: GenerationStatus) -> &'static str {
    match status {
        GenerationStatus::Completed => "completed",
        GenerationStatus::Queued | GenerationStatus::Processing => "making",
        GenerationStatus::Failed | GenerationStatus::Refused | GenerationStatus::Cancelled => "failed",
    }
}

/// Why a picture does not expire.
fn kept_key(generation: &Generation) -> Option<&'static str> {
    match generation.kept_reason {
        Some(KeptReason::Published) => Some("mine-kept-published"),
        Some(KeptReason::Sold) => Some("mine-kept-sold"),
        None => generation.is_used.then_some("mine-kept-used"),
    }
}

/// The date of removal, once it is near.
fn goes(t: &Messages, ctx: &Ctx, generation: &Generation) -> Option<String> {
    let removal_due_at = generation.removal_due_at().filter(|_| generation.status == GenerationStatus::Completed)?;
    let is_near = removal_due_at - ctx.now() <= WARNED_BEFORE;
    let args = arg("date", date(removal_due_at)).arg("days", days_left(ctx.now(), removal_due_at));
    is_near.then(|| t.say_with("mine-goes", args))
}

fn answers(t: &Messages, generation: &Generation, locale: Locale) -> Vec<(String, String)> {
    let Some(answers) = &generation.answers else { return Vec::new() };
    let step_line = |step: Step| {
        let values: Vec<String> =
            answers.at(step).iter().filter(|value| !value.is_empty()).map(|value| label(step, value, locale)).collect();
        (t.say(&format!("studio-step-{}", step.name())), values.join(", "))
    };
    let extra = (t.say("studio-extra"), answers.extra.clone());
    Step::ALL.map(step_line).into_iter().chain([extra]).filter(|(_, value)| !value.is_empty()).collect()
}

fn facts(t: &Messages, generation: &Generation) -> Vec<(String, String)> {
    let mut facts = vec![
        (t.say("mine-fact-made-at"), date_time(generation.created_at)),
        (t.say("mine-fact-model"), format!("{} ({})", generation.model, generation.provider)),
        (t.say("studio-ratio"), generation.aspect_ratio.clone()),
    ];
    if let (Some(width), Some(height)) = (generation.width, generation.height) {
        facts.push((t.say("mine-fact-size"), format!("{width} × {height} px")));
    }
    if let Some(size_bytes) = generation.size_bytes {
        facts.push((t.say("mine-fact-bytes"), file_size(size_bytes)));
    }
    facts.push((t.say("mine-fact-seed"), generation.seed.to_string()));
    facts
}

/// `640 KB`, `1.8 MB`.
fn file_size(bytes: i64) -> String {
    if bytes < 1_000_000 {
        return format!("{} KB", bytes / 1_000);
    }
    format!("{}.{} MB", bytes / 1_000_000, bytes / 100_000 % 10)
}

/// The studio with the same answers.
fn change_href(generation: &Generation) -> String {
    let Some(answers) = &generation.answers else { return "/studio".to_owned() };
    let mut query = form_urlencoded::Serializer::new(String::new());
    for step in Step::ALL {
        for value in answers.at(step) {
            query.append_pair(step.name(), value);
        }
    }
    query.append_pair("extra", &answers.extra).append_pair("aspectRatio", &generation.aspect_ratio);
    format!("/studio?{}", query.finish())
}
