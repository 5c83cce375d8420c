//! `/d/{slug}`: a product, its licence, its seller, and the way to buy it.

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse as _, Redirect, Response};
use http::StatusCode;
use kernel::{Ctx, PageRequest, SystemReason};
use media::images::PictureFormat;
use platform::http::{Anyone, Path};
use platform::{App, Problem};
use serde_json::{Value, json};
use ui::{Messages, Page, Picture};

use super::browse::{find_product, of_seller};
use super::cache::SHARED_FOR;
use super::cards::{ShownCard, absolute, license_words, picture_of, variants};
use super::model::Card;
use super::product::{Product, Supply, is_key};
use super::queries;
use crate::products::model::{LicenseType, ProductStatus};
use crate::products::terms::Terms;
use crate::publishing::tags::tag_slug;
use crate::state::Catalog;

/// Other products of the same seller below a product.
const MORE_OF_SELLER: u32 = 4;

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
    State(catalog): State<Catalog>,
    Anyone(ctx): Anyone,
    Path(key): Path<String>,
) -> Result<Response, Problem> {
    if !is_key(&key) {
        return Err(Problem::not_found());
    }
    let app = catalog.app();
    let mut tx = app.db.begin_as(&ctx).await?;
    let Some(product) = find_product(&mut tx, &key, ctx.locale).await? else {
        tx.commit().await?;
        return Err(missing(app, &key).await?);
    };
    let card = &product.card;
    if card.slug != key {
        return Ok(Redirect::permanent(&format!("/d/{}", card.slug)).into_response());
    }
    let request = PageRequest::first(MORE_OF_SELLER);
    let mut more = of_seller(&mut tx, card.seller_id, Some(card.id), &request).await?;
    more.truncate(MORE_OF_SELLER as usize);
    let owned = match ctx.user_id() {
        Some(user_id) => (catalog.purchase_lookup())(&mut tx, user_id, card.id).await?,
        None => None,
    };
    tx.commit().await?;
    let is_own = ctx.user_id() == Some(card.seller_id);
    let is_public = matches!(card.status, ProductStatus::Active | ProductStatus::SoldOut);
    if !is_public && !is_own && owned.is_none() {
        return Err(missing(app, &key).await?);
    }
    let owned_href = owned.map(|order_id| format!("/orders/{order_id}")).unwrap_or_default();
    let page = page(app, &ctx, &product, &more, is_own, owned_href)?;
    // A seller's looks at the own product are not counted.
    let page = if is_public && !is_own { page.counted(catalog.views().tally(card.id)) } else { page };
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

/// 410 for what was there once, else 404.
async fn missing(app: &App, key: &str) -> Result<Problem, Problem> {
    let mut tx = app.db.begin_system(SystemReason::PlatformRules).await?;
    let was = queries::was_published(&mut tx, key).await?;
    tx.commit().await?;
    Ok(if was { Problem::new(StatusCode::GONE, "gone") } else { Problem::not_found() })
}

fn page(
    app: &App,
    ctx: &Ctx,
    product: &Product,
    more: &[Card],
    is_own: bool,
    owned_href: String,
) -> Result<Page, Problem> {
    let (t, card) = (Messages::new(ctx.locale), &product.card);
    let path = format!("/d/{}", card.slug);
    let has_own_view = is_own || !owned_href.is_empty();
    let body = ProductPage {
        title: card.title.clone(),
        description: product.description.split("\n").filter(|line| !line.is_empty()).map(str::to_owned).collect(),
        hero: picture_of(app, card),
        price: card.price,
        maker: card.seller_name.clone(),
        maker_href: format!("/sellers/{}", card.seller_id),
        license_name: t.say(&card.terms.message_key("name")),
        license_words: license_words(t, card.terms),
        is_exclusive: card.terms.is_exclusive(),
        left: left_in_words(t, card.terms, product.supply),
        tags: card.tags.iter().map(|tag| (tag.clone(), tag_href(tag))).collect(),
        facts: facts(t, product),
        buy_href: format!("{path}/buy"),
        is_for_sale: product.listed,
        is_own,
        is_paused: card.status == ProductStatus::Paused,
        is_suspended: card.status == ProductStatus::Suspended,
        owned_href,
        original_size: product.original_size.map(|(width, height)| format!("{width} × {height}")).unwrap_or_default(),
        more: ShownCard::all(app, t, more),
        t,
    };
    let image = share_image(app, product);
    let description = summary(t, product);
    let page = Page::new(&card.title, body.render().map_err(Problem::internal)?)
        .description(&description)
        .canonical(&path)
        .product()
        .structured_data(structured_data(app, product, image.as_deref(), &description))
        .og_image(image.unwrap_or_default());
    let is_public = matches!(card.status, ProductStatus::Active | ProductStatus::SoldOut);
    Ok(match (is_public, has_own_view) {
        (false, _) => page.private(),
        (true, true) => page,
        (true, false) => page.shared(SHARED_FOR),
    })
}

/// The address of the widest JPEG, for previews of links.
fn share_image(app: &App, product: &Product) -> Option<String> {
    let preview = product.card.preview.as_ref()?;
    let widest = variants(app, preview, PictureFormat::Jpeg).pop();
    let image = widest.map_or_else(|| app.storage.public_url(&preview.key), |(url, _)| url);
    Some(absolute(&app.config, image))
}

fn left_in_words(t: Messages, terms: Terms, supply: Supply) -> String {
    match (terms, supply.max_sales) {
        (Terms::Design(LicenseType::Exclusive), _) => t.say("product-one-only"),
        (_, Some(max_sales)) => t.say_with("product-left", ui::arg("count", (max_sales - supply.sold).max(0))),
        _ => String::new(),
    }
}

fn tag_href(tag: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.append_pair("tag", &tag_slug(tag));
    format!("/gallery?{}", query.finish())
}

fn facts(t: Messages, product: &Product) -> Vec<(String, String)> {
    let size = product.original_size.map(|(width, height)| (t.say("product-size"), format!("{width} × {height} px")));
    let made_with = Some(&product.made_with).filter(|name| !name.is_empty());
    let made_with = made_with.map(|name| (t.say("product-made-with"), name.clone()));
    let published = (t.say("product-published"), ui::dates::day(t.locale(), product.card.published_at));
    size.into_iter().chain(made_with).chain([published]).collect()
}

fn summary(t: Messages, product: &Product) -> String {
    let first: String = product.description.lines().next().unwrap_or_default().chars().take(120).collect();
    if !first.is_empty() {
        return first;
    }
    t.say_with("product-summary", ui::arg("title", &product.card.title).arg("maker", &product.card.seller_name))
}

/// schema.org: what it is, what it costs, whether it can be bought, who sells it.
fn structured_data(app: &App, product: &Product, image: Option<&str>, description: &str) -> Value {
    let card = &product.card;
    let url = app.config.absolute_url(&format!("/d/{}", card.slug));
    let seller = json!({
        "@type": "Person",
        "name": card.seller_name,
        "url": app.config.absolute_url(&format!("/sellers/{}", card.seller_id)),
    });
    let availability = if product.listed { "https://schema.org/InStock" } else { "https://schema.org/SoldOut" };
    let mut data = json!({
        "@context": "https://schema.org",
        "@type": "Product",
        "@id": url,
        "name": card.title,
        "description": description,
        "sku": card.id,
        "url": url,
        "keywords": card.tags,
        "category": match card.terms { Terms::Design(_) => "Fashion design", Terms::Prompt => "Prompt" },
        "brand": {"@type": "Brand", "name": card.seller_name},
        "offers": {
            "@type": "Offer",
            "url": url,
            "price": card.price,
            "priceCurrency": "JPY",
            "availability": availability,
            "seller": seller,
        },
    });
    if let Some(image) = image {
        data["image"] = json!({
            "@type": "ImageObject",
            "contentUrl": image,
            "creditText": card.seller_name,
            "creator": seller,
            "acquireLicensePage": url,
        });
    }
    data
}
