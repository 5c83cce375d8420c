//! `/gallery`: a page of the gallery, its filters, the way on.

use askama::Template;
use axum::extract::State;
use axum::response::{Html, IntoResponse as _, Response};
use http::StatusCode;
use kernel::{PageRequest, Paginated};
use platform::http::{Anyone, Query};
use platform::{App, FieldProblem, Problem};
use ui::{Messages, Page};

use super::browse::browse;
use super::cache::{SHARED_FOR, shared};
use super::cards::ShownCard;
use super::model::{Card, GalleryFilter, GalleryQuery};
use super::queries;
use crate::products::model::LicenseType;
use crate::products::terms::Terms;
use crate::publishing::tags::tag_slug;

/// How many tags are offered.
const TAGS_OFFERED: i64 = 12;

#[derive(Template)]
#[template(path = "gallery/gallery.html")]
struct GalleryPage {
    t: Messages,
    cards: Vec<ShownCard>,
    next_href: String,
    tags: Vec<(String, String, bool)>,
    query: GalleryQuery,
    is_filtered: bool,
    min_error: String,
    max_error: String,
    licenses: Vec<(&'static str, String, bool)>,
    free: bool,
}

#[derive(Template)]
#[template(path = "gallery/cards.html")]
struct CardsFragment {
    t: Messages,
    cards: Vec<ShownCard>,
    next_href: String,
}

pub(super) async fn gallery(
    State(app): State<App>,
    Anyone(ctx): Anyone,
    Query(query): Query<GalleryQuery>,
) -> Result<Response, Problem> {
    let t = Messages::new(ctx.locale);
    // A page stays small however much is asked for; programs have the API.
    let request = PageRequest::parse(Some(&query.cursor), None)?;
    let (filter, problems) = GalleryFilter::read(&query);
    let is_fragment = query.fragment == "1";
    if is_fragment && !problems.is_empty() {
        return Err(Problem::invalid(problems));
    }
    let mut tx = app.db.begin_as(&ctx).await?;
    let cards = browse(&mut tx, &filter, &request).await?;
    let tags = if is_fragment { Vec::new() } else { queries::popular_tags(&mut tx, TAGS_OFFERED).await? };
    tx.commit().await?;
    let page = Paginated::from_rows(cards, &request, Card::position);
    let next_href = page
        .next_cursor
        .as_deref()
        .map(|cursor| format!("/gallery{}", filter.query_string(Some(cursor))))
        .unwrap_or_default();
    let cards = ShownCard::all(&app, t, &page.items);
    if is_fragment {
        let html = CardsFragment { t, cards, next_href }.render().map_err(Problem::internal)?;
        return Ok(shared(&ctx, Html(html)));
    }
    let message = |field: &str| {
        let problem = problems.iter().find(|problem: &&FieldProblem| problem.field == field);
        problem.map(|problem| problem.message(&app.languages, ctx.locale)).unwrap_or_default()
    };
    let body = GalleryPage {
        cards,
        next_href,
        tags: tag_links(t, &filter, tags),
        is_filtered: !filter.is_empty(),
        min_error: message("minPrice"),
        max_error: message("maxPrice"),
        licenses: license_options(t, filter.license),
        free: filter.max_price.is_some_and(|price| price.is_zero()),
        query,
        t,
    };
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let canonical = GalleryFilter { tag: filter.tag.clone(), ..GalleryFilter::default() }.query_string(None);
    let title = match &filter.tag {
        Some(tag) => t.say_with("gallery-tag-title", ui::arg("tag", tag)),
        None => t.say("nav-gallery"),
    };
    let page = Page::new(title, body.render().map_err(Problem::internal)?)
        .description(t.say("gallery-description"))
        .canonical(format!("/gallery{canonical}"))
        .island("gallery")
        .status(status)
        .shared(SHARED_FOR);
    Ok(page.into_response())
}

/// (name, address, whether it is chosen); the first leads back to everything.
fn tag_links(t: Messages, filter: &GalleryFilter, tags: Vec<String>) -> Vec<(String, String, bool)> {
    let with = |tag: Option<String>| GalleryFilter { tag, ..filter.clone() };
    let mut links =
        vec![(t.say("gallery-all"), format!("/gallery{}", with(None).query_string(None)), filter.tag.is_none())];
    let mut chosen_is_offered = false;
    for name in tags {
        let slug = tag_slug(&name);
        let chosen = filter.tag.as_ref() == Some(&slug);
        chosen_is_offered |= chosen;
        links.push((name, format!("/gallery{}", with(Some(slug)).query_string(None)), chosen));
    }
    if let Some(tag) = filter.tag.as_ref().filter(|_| !chosen_is_offered) {
        links.insert(1, (tag.clone(), format!("/gallery{}", filter.query_string(None)), true));
    }
    links
}

fn license_options(t: Messages, chosen: Option<LicenseType>) -> Vec<(&'static str, String, bool)> {
    let mut options = vec![("", t.say("gallery-any-license"), chosen.is_none())];
    for license in LicenseType::ALL {
        let name = t.say(&Terms::Design(license).message_key("name"));
        options.push((license.as_str(), name, chosen == Some(license)));
    }
    options
}
