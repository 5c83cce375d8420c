//! `/d/{slug}`: a product, its licence, its seller, and the way to buy it.

use askama::Template;
use axum::Extension;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use http::StatusCode;
use kernel::{Ctx, Locale, PageRequest, SystemReason};
use media::images::PictureFormat;
use platform::http::{Anyone, Path};
use platform::{App, Problem};
use serde_json::{Value, json};
use time::OffsetDateTime;
use time::macros::offset;
use ui::{Messages, Page, Picture};

use super::SHARED_FOR;
use super::cards::{ShownCard, absolute, picture_of, variants};
use super::model::Card;
use super::queries::{self, ProductFacts};
use crate::Catalog;
use crate::products::{LicenseType, ProductStatus, license_message_key};

/// Other designs of the same maker below a product.
const MORE_OF_MAKER: u32 = 4;

#[derive(Template)]
#[template(path = "gallery/product.html")]
struct ProductPage {
    t: Messages,
    title: String,
    description: Vec<String>,
    hero: Picture,
    price: kernel::Yen,
    maker: String,
    maker_href: String,
    license_name: String,
    license_words: Vec<String>,
    is_exclusive: bool,
    left: String,
    tags: Vec<(String, String)>,
    facts: Vec<(String, String)>,
    buy_href: String,
    is_for_sale: bool,
    is_own: bool,
    is_paused: bool,
    is_suspended: bool,
    owned_href: String,
    original_size: String,
    more: Vec<ShownCard>,
}

pub(super) async fn show(
    State(app): State<App>,
    Extension(catalog): Extension<Catalog>,
    Anyone(ctx): Anyone,
    Path(key): Path<String>,
) -> Result<Response, Problem> {
    if !is_key(&key) {
        return Err(Problem::not_found());
    }
    let mut tx = app.db.begin_as(&ctx).await?;
    let Some(product) = queries::product(&mut tx, &key).await? else {
        tx.commit().await?;
        return Err(missing(&app, &key).await?);
    };
    if product.slug != key {
        return Ok(Redirect::permanent(&format!("/d/{}", product.slug)).into_response());
    }
    let request = PageRequest::first(MORE_OF_MAKER);
    let mut more = queries::of_seller(&mut tx, product.seller_id, Some(product.id), &request).await?;
    more.truncate(4);
    let owned = match ctx.user_id() {
        Some(user_id) => (catalog.purchase_lookup())(&mut tx, user_id, product.id).await?,
        None => None,
    };
    tx.commit().await?;
    let is_own = ctx.user_id() == Some(product.seller_id);
    let is_public = matches!(product.status, ProductStatus::Active | ProductStatus::SoldOut);
    if !is_public && !is_own && owned.is_none() {
        return Err(missing(&app, &key).await?);
    }
    let owned_href = owned.map(|order_id| format!("/orders/{order_id}")).unwrap_or_default();
    let page = page(&app, &ctx, &product, &more, is_own, owned_href)?;
    // Makers look at their own work as often as they like.
    let page = if is_public && !is_own { page.counted(catalog.views().tally(product.id)) } else { page };
    Ok(page.into_response())
}

/// The address that older links use.
pub(super) async fn moved(Path(key): Path<String>) -> Response {
    if is_key(&key) {
        Redirect::permanent(&format!("/d/{key}")).into_response()
    } else {
        Problem::not_found().into_response()
    }
}

/// Whether a text can be the address or the id of a product at all.
pub fn is_key(text: &str) -> bool {
    (3..=80).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
}

/// What was there once is gone; anything else never was.
async fn missing(app: &App, key: &str) -> Result<Problem, Problem> {
    let mut tx = app.db.begin_system(SystemReason::PlatformRules).await?;
    let was = queries::was_published(&mut tx, key).await?;
    tx.commit().await?;
    Ok(if was { Problem::new(StatusCode::GONE, "gone") } else { Problem::not_found() })
}

fn page(
    app: &App,
    ctx: &Ctx,
    product: &ProductFacts,
    more: &[Card],
    is_own: bool,
    owned_href: String,
) -> Result<Page, Problem> {
    let t = Messages::new(ctx.locale);
    let path = format!("/d/{}", product.slug);
    let license = product.license.unwrap_or(LicenseType::NonExclusive);
    let has_own_view = is_own || !owned_href.is_empty();
    let body = ProductPage {
        title: product.title.clone(),
        description: product.description.split("\n").filter(|line| !line.is_empty()).map(str::to_owned).collect(),
        hero: picture_of(app, &product.card()),
        price: product.price,
        maker: product.seller_name.clone(),
        maker_href: format!("/sellers/{}", product.seller_id),
        license_name: t.say(&license_message_key(license, "name")),
        license_words: license_words(t, license),
        is_exclusive: license == LicenseType::Exclusive,
        left: left_in_words(t, product, license),
        tags: product.tags.iter().map(|tag| (tag.clone(), tag_href(tag))).collect(),
        facts: facts(t, product),
        buy_href: format!("{path}/buy"),
        is_for_sale: product.listed,
        is_own,
        is_paused: product.status == ProductStatus::Paused,
        is_suspended: product.status == ProductStatus::Suspended,
        owned_href,
        original_size: format!("{} × {}", product.original_width, product.original_height),
        more: ShownCard::all(app, t, more),
        t,
    };
    let jpeg = variants(app, &product.preview_key, &product.preview_widths, PictureFormat::Jpeg);
    let image = jpeg.last().map_or_else(|| app.storage.public_url(&product.preview_key), |(url, _)| url.clone());
    let image = absolute(&app.config, image);
    let description = summary(t, product);
    let page = Page::new(&product.title, body.render().map_err(Problem::internal)?)
        .description(&description)
        .canonical(&path)
        .product()
        .og_image(&image)
        .structured_data(structured_data(app, product, &image, &description));
    let is_public = matches!(product.status, ProductStatus::Active | ProductStatus::SoldOut);
    Ok(match (is_public, has_own_view) {
        (false, _) => page.private(),
        (true, true) => page,
        (true, false) => page.shared(SHARED_FOR),
    })
}

/// The points of a licence, in short.
pub fn license_words(t: Messages, license: LicenseType) -> Vec<String> {
    ["one", "two", "three"].map(|part| t.say(&license_message_key(license, part))).into()
}

fn left_in_words(t: Messages, product: &ProductFacts, license: LicenseType) -> String {
    match (license, product.max_sales, product.total_sold) {
        (LicenseType::Exclusive, ..) => t.say("product-one-only"),
        (_, Some(max_sales), Some(sold)) => t.say_with("product-left", ui::arg("count", (max_sales - sold).max(0))),
        _ => String::new(),
    }
}

fn tag_href(tag: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("tag", &crate::publishing::tag_slug(tag));
    format!("/gallery?{}", query.finish())
}

fn facts(t: Messages, product: &ProductFacts) -> Vec<(String, String)> {
    vec![
        (t.say("product-size"), format!("{} × {} px", product.original_width, product.original_height)),
        (t.say("product-made-with"), product.made_with.clone()),
        (t.say("product-published"), date_in_words(t, product.published_at)),
    ]
}

/// A day in Japan, as people write it.
pub fn date_in_words(t: Messages, at: OffsetDateTime) -> String {
    let date = at.to_offset(offset!(+9)).date();
    match t.locale() {
        Locale::Ja => format!("{}年{}月{}日", date.year(), u8::from(date.month()), date.day()),
        Locale::En => format!("{} {} {}", date.day(), date.month(), date.year()),
    }
}

fn summary(t: Messages, product: &ProductFacts) -> String {
    let first: String = product.description.lines().next().unwrap_or_default().chars().take(120).collect();
    if !first.is_empty() {
        return first;
    }
    t.say_with("product-summary", ui::arg("title", &product.title).arg("maker", &product.seller_name))
}

/// schema.org: what it is, what it costs, whether it can be had, who sells it.
fn structured_data(app: &App, product: &ProductFacts, image: &str, description: &str) -> Value {
    let url = app.config.absolute_url(&format!("/d/{}", product.slug));
    let seller = json!({
        "@type": "Person",
        "name": product.seller_name,
        "url": app.config.absolute_url(&format!("/sellers/{}", product.seller_id)),
    });
    let availability = if product.listed { "https://schema.org/InStock" } else { "https://schema.org/SoldOut" };
    json!({
        "@context": "https://schema.org",
        "@type": "Product",
        "@id": url,
        "name": product.title,
        "description": description,
        "sku": product.id,
        "url": url,
        "keywords": product.tags,
        "category": "Fashion design",
        "image": {
            "@type": "ImageObject",
            "contentUrl": image,
            "creditText": product.seller_name,
            "creator": seller,
            "acquireLicensePage": url,
        },
        "brand": {"@type": "Brand", "name": product.seller_name},
        "offers": {
            "@type": "Offer",
            "url": url,
            "price": product.price,
            "priceCurrency": "JPY",
            "availability": availability,
            "seller": seller,
        },
    })
}

impl ProductFacts {
    /// The same as lists show it.
    pub fn card(&self) -> Card {
        Card {
            id: self.id,
            slug: self.slug.clone(),
            title: self.title.clone(),
            tags: self.tags.clone(),
            price: self.price,
            status: self.status,
            license: self.license,
            seller_id: self.seller_id,
            seller_name: self.seller_name.clone(),
            published_at: self.published_at,
            preview_key: self.preview_key.clone(),
            preview_width: self.preview_width,
            preview_height: self.preview_height,
            preview_widths: self.preview_widths.clone(),
            dominant_colour: self.dominant_colour.clone(),
        }
    }
}
