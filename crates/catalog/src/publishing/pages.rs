//! `/me/{id}/publish`: the form with which a picture gets a title, a licence and a price.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use http::StatusCode;
use kernel::{GenerationId, SystemReason};
use platform::http::{Anyone, Form, Member, Path};
use platform::{FieldProblem, Problem};
use serde::Deserialize;
use studio::generations::{owner_thumbnail, picture_to_publish};
use time::Duration;
use ui::{Messages, Page, Picture, redirect_with_toast};
use unicode_normalization::UnicodeNormalization as _;

use super::model::{Offer, OfferInput};
use super::publish::publish as publish_picture;
use super::queries;
use super::unpublish::unpublish as unpublish_picture;
use crate::limits;
use crate::products::model::{LicenseType, ProductStatus};
use crate::products::terms::Terms;
use crate::state::Catalog;

/// For how long the owner's link to the own picture works.
const VIEW_LIFETIME: Duration = Duration::hours(1);

/// What was typed, as text, so that the form can show all of it again.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Typed {
    title: String,
    description: String,
    license_type: String,
    price: String,
    max_sales: String,
    tags: String,
}

#[derive(Template)]
#[template(path = "publishing/publish.html")]
struct PublishPage {
    t: Messages,
    action: String,
    picture: Picture,
    typed: Typed,
    problems: Vec<(String, String)>,
    licenses: Vec<(&'static str, String, String, String, bool)>,
    share_basis_points: i32,
    platform_percent: String,
    platform_part: String,
    your_part: String,
    is_again: bool,
}

/// The answer when the session has ended before the form was sent: everything that was typed, to be sent again after
/// logging in. It is stored nowhere but in this page.
#[derive(Template)]
#[template(path = "publishing/log_in_first.html")]
struct LogInFirstPage {
    t: Messages,
    action: String,
    typed: Typed,
}

impl LogInFirstPage {
    /// The fields of the form: (name, label, what was typed).
    fn fields(&self) -> [(&'static str, String, &str); 6] {
        let (t, typed) = (self.t, &self.typed);
        [
            ("title", t.say("publish-name"), &typed.title),
            ("licenseType", t.say("product-license"), &typed.license_type),
            ("maxSales", t.say("publish-max-sales"), &typed.max_sales),
            ("price", t.say("publish-price"), &typed.price),
            ("tags", t.say("publish-tags"), &typed.tags),
            ("description", t.say("publish-description"), &typed.description),
        ]
    }
}

fn log_in_first(t: Messages, id: GenerationId, typed: Typed) -> Result<Response, Problem> {
    let view = LogInFirstPage { t, action: format!("/me/{id}/publish"), typed };
    let body = view.render().map_err(Problem::internal)?;
    let page = Page::new(t.say("publish-log-in-title"), body).private().status(StatusCode::UNAUTHORIZED);
    Ok(page.into_response())
}

impl PublishPage {
    fn error(&self, field: &str) -> String {
        self.problems.iter().find(|(name, _)| name == field).map(|(_, message)| message.clone()).unwrap_or_default()
    }

    fn summary(&self) -> Vec<(String, String)> {
        self.t.name_problems(&self.problems, |field| match field {
            "title" => "publish-name",
            "licenseType" => "product-license",
            "maxSales" => "publish-max-sales",
            "price" => "publish-price",
            "tags" => "publish-tags",
            "description" => "publish-description",
            _ => "",
        })
    }
}

/// Reads an amount with full-width digits, separators or a currency sign.
fn whole_number(text: &str) -> Option<i64> {
    let plain: String = text.nfkc().filter(|c| !c.is_whitespace() && !matches!(c, ',' | '、' | '¥' | '円')).collect();
    plain.parse().ok()
}

impl Typed {
    fn read(&self) -> (OfferInput, Vec<FieldProblem>) {
        let mut problems = Vec::new();
        let price_yen = whole_number(&self.price).unwrap_or_else(|| {
            let code = if self.price.trim().is_empty() { "required" } else { "wrong_type" };
            problems.push(FieldProblem::new("priceCents", code));
            0
        });
        let max_sales = if self.max_sales.trim().is_empty() || self.license_type == "exclusive" {
            None
        } else {
            let count = whole_number(&self.max_sales);
            if count.is_none() {
                problems.push(FieldProblem::new("maxSales", "wrong_type"));
            }
            count
        };
        let input = OfferInput {
            title: self.title.clone(),
            description: self.description.clone(),
            price_yen,
            license_type: self.license_type.clone(),
            max_sales,
            tags: self.tags.split(['、', ',', '，', '\n', '#', '＃']).map(|tag| tag.trim().to_owned()).collect(),
        };
        (input, problems)
    }
}

/// The form's name of a field of the API.
fn form_field(field: &str) -> &str {
    if field == "priceCents" { "price" } else { field }
}

async fn form(
    catalog: &Catalog,
    member: &Member,
    id: GenerationId,
    typed: Option<Typed>,
    problems: &[FieldProblem],
) -> Result<Page, Problem> {
    let (app, t) = (catalog.app(), Messages::new(member.ctx.locale));
    let mut tx = app.db.begin_system(SystemReason::PlatformRules).await?;
    picture_to_publish(&mut tx, member.user.user_id, id).await?.ok_or_else(Problem::not_found)?;
    let existing = queries::product_of_picture(&mut tx, member.user.user_id, id).await?;
    let thumbnail = owner_thumbnail(&mut tx, member.user.user_id, id).await?.ok_or_else(Problem::not_found)?;
    let share_basis_points = queries::seller_share(&mut tx).await?;
    tx.commit().await?;
    if existing.as_ref().is_some_and(|product| product.status == ProductStatus::Active) {
        return Err(Problem::conflict("already_published"));
    }
    let typed = typed.unwrap_or_else(|| match &existing {
        Some(product) => Typed {
            title: product.title.clone(),
            description: product.description.clone(),
            license_type: product.license.as_str().to_owned(),
            price: product.price_yen.to_string(),
            max_sales: product.max_sales.map(|count| count.to_string()).unwrap_or_default(),
            tags: product.tags.join("、"),
        },
        None => Typed { license_type: "non-exclusive".to_owned(), price: "1200".to_owned(), ..Typed::default() },
    });
    let url = app.storage.signed_url(&member.ctx, &thumbnail.storage_key, VIEW_LIFETIME, None).await?;
    let side = |side: i32| u32::try_from(side).unwrap_or(1);
    let price = kernel::Yen(whole_number(&typed.price).unwrap_or(0).clamp(0, kernel::limits::PRICE_YEN_MAX));
    let yours = kernel::Share::from_basis_points(share_basis_points)
        .map(|share| ledger::sales::split_sale(price, share))
        .unwrap_or(ledger::sales::Split { seller: price, platform: kernel::Yen::ZERO });
    let view = PublishPage {
        action: format!("/me/{id}/publish"),
        picture: Picture::new(t.say("publish-picture"), url, side(thumbnail.width), side(thumbnail.height)),
        problems: problems
            .iter()
            .map(|problem| {
                let message = problem.message(&app.languages, member.ctx.locale);
                (form_field(&problem.field).to_owned(), message)
            })
            .collect(),
        licenses: license_choices(t, &typed.license_type),
        share_basis_points,
        platform_percent: format_percent(10_000 - share_basis_points),
        platform_part: t.yen_amount(&yours.platform),
        your_part: t.yen_amount(&yours.seller),
        is_again: existing.is_some(),
        typed,
        t,
    };
    let status = if problems.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let body = view.render().map_err(Problem::internal)?;
    Ok(Page::new(t.say("publish-title"), body).private().island("publish").status(status))
}

fn license_choices(t: Messages, chosen: &str) -> Vec<(&'static str, String, String, String, bool)> {
    let choice = |license: LicenseType| {
        let note = if license == LicenseType::Exclusive { t.say("product-one-only") } else { String::new() };
        let say = |part| t.say(&Terms::Design(license).message_key(part));
        (license.as_str(), say("name"), say("hint"), note, license.as_str() == chosen)
    };
    LicenseType::ALL.map(choice).into()
}

/// Basis points as a percentage: `20`, `12.5`.
fn format_percent(basis_points: i32) -> String {
    let (whole, rest) = (basis_points / 100, basis_points % 100);
    match rest {
        0 => whole.to_string(),
        rest if rest % 10 == 0 => format!("{whole}.{}", rest / 10),
        rest => format!("{whole}.{rest:02}"),
    }
}

pub(super) async fn show(
    State(catalog): State<Catalog>,
    member: Member,
    Path(id): Path<GenerationId>,
) -> Result<Response, Problem> {
    // Checked before a form is filled in for nothing.
    identity::require_active(&member.user)?;
    match form(&catalog, &member, id, None, &[]).await {
        Ok(page) => Ok(page.into_response()),
        Err(problem) if problem.code() == "already_published" => {
            Ok(redirect_with_toast(&catalog.app().config, "/me", "danger", "publish-already"))
        }
        Err(problem) => Err(problem),
    }
}

pub(super) async fn publish(
    State(catalog): State<Catalog>,
    Anyone(ctx): Anyone,
    Path(id): Path<GenerationId>,
    Form(typed): Form<Typed>,
) -> Result<Response, Problem> {
    let Some(user) = ctx.user().cloned() else { return log_in_first(Messages::new(ctx.locale), id, typed) };
    let member = Member { ctx, user };
    let (input, mut problems) = typed.read();
    let offer = match Offer::check(&input) {
        Ok(offer) if problems.is_empty() => offer,
        checked => {
            problems.extend(checked.err().unwrap_or_default());
            // A price that could not be read is reported once, not also as too low.
            let mut fields = std::collections::BTreeSet::new();
            problems.retain(|problem| fields.insert(problem.field.clone()));
            return Ok(form(&catalog, &member, id, Some(typed), &problems).await?.into_response());
        }
    };
    limits::publishing(&catalog, &member).await?;
    let published = publish_picture(&catalog, &member.ctx, &member.user, id, &offer).await?;
    let path = format!("/d/{}", published.slug);
    Ok(redirect_with_toast(&catalog.app().config, &path, "success", "publish-done"))
}

pub(super) async fn unpublish(
    State(catalog): State<Catalog>,
    member: Member,
    Path(id): Path<GenerationId>,
    Form(answer): Form<Confirmed>,
) -> Result<Response, Problem> {
    if answer.confirmed.as_deref() == Some("no") {
        return Ok(Redirect::to("/me").into_response());
    }
    unpublish_picture(catalog.app(), &member.ctx, &member.user, id).await?;
    Ok(redirect_with_toast(&catalog.app().config, "/me", "success", "unpublish-done"))
}

/// Redirects from one of the account's pictures to the page of its product.
pub(super) async fn product(
    State(catalog): State<Catalog>,
    member: Member,
    Path(id): Path<GenerationId>,
) -> Result<Redirect, Problem> {
    let mut tx = catalog.app().db.begin_system(SystemReason::PlatformRules).await?;
    let product =
        queries::product_of_picture(&mut tx, member.user.user_id, id).await?.ok_or_else(Problem::not_found)?;
    tx.commit().await?;
    Ok(Redirect::to(&format!("/d/{}", product.slug)))
}

/// The answer to the question before withdrawing.
#[derive(Clone, Debug, Default, Deserialize)]
pub(super) struct Confirmed {
    confirmed: Option<String>,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn amounts_are_read_as_people_type_them() {
        for (text, amount) in [("1200", 1_200), ("１，２００", 1_200), ("¥ 1,200", 1_200), ("1200円", 1_200), ("0", 0)]
        {
            assert_eq!(whole_number(text), Some(amount), "{text}");
        }
        for text in ["", "12.5", "千", "1e3", "--5"] {
            assert_eq!(whole_number(text), None, "{text}");
        }
    }

    #[test]
    fn shares_are_shown_as_percentages() {
        assert_eq!([2_000, 1_250, 1_225, 5].map(format_percent), ["20", "12.5", "12.25", "0.05"]);
    }

    proptest! {
        #[test]
        fn anything_typed_is_read_or_reported(price in any::<String>(), max_sales in any::<String>(), tags in any::<String>()) {
            let typed = Typed { title: "x".to_owned(), price, max_sales, tags, license_type: "single-use".to_owned(), ..Typed::default() };
            let (input, problems) = typed.read();
            prop_assert!(!problems.is_empty() || whole_number(&typed.price) == Some(input.price_yen));
        }
    }
}
