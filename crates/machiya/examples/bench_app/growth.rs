//! What an operation costs among a million products, against what it costs among ten thousand.

use std::time::Instant;

use anyhow::{Context as _, Result, ensure};
use kernel::Cursor;
use platform::App;
use sqlx::{Connection as _, PgConnection};
use testkit::measurements::{median, print};
use time::OffsetDateTime;
use uuid::Uuid;

const FEW: i64 = 10_000;
const MANY: i64 = 1_000_000;
/// Operations whose median counts.
const OPERATIONS: usize = 300;

/// Measures a first page, a page far down and a product, each uncached and from the request to the last byte.
pub(super) async fn measure(app: &App, ours: &str, owner_url: &str) -> Result<()> {
    let mut owner = PgConnection::connect(owner_url).await?;
    let few = costs(app, ours, &mut owner, FEW).await?;
    let many = costs(app, ours, &mut owner, MANY).await?;
    for ((name, one), (_, other)) in many.into_iter().zip(few) {
        print(name, None, 1.0 / one);
        print(name, Some("among 10,000"), 1.0 / other);
    }
    Ok(())
}

async fn costs(app: &App, ours: &str, owner: &mut PgConnection, products: i64) -> Result<Vec<(&'static str, f64)>> {
    grow(owner, products).await?;
    let far_down = products * 9 / 10;
    let (id, at, slug): (Uuid, OffsetDateTime, String) = sqlx::query_as(
        "select id, published_at, slug from products where listed order by published_at desc, id desc offset $1 limit 1",
    )
    .bind(far_down)
    .fetch_one(owner)
    .await?;
    let cursor = Cursor { at, id }.encode();
    let mut found = Vec::new();
    for (name, path) in [
        ("flat_first_page", "/api/gallery/public?".to_owned()),
        ("flat_page_far_down", format!("/api/gallery/public?cursor={cursor}&")),
        ("flat_product_page", format!("/d/{slug}?")),
    ] {
        let mut seconds = Vec::with_capacity(OPERATIONS);
        for number in 0..OPERATIONS * 2 {
            // Another address each time, so that no copy answers.
            let request = app.http.get(format!("{ours}{path}n={number}-{products}")).header("accept", "text/html");
            let begun = Instant::now();
            let answer = request.send().await?;
            ensure!(answer.status().is_success(), "{path}: {}", answer.status());
            answer.bytes().await?;
            // The first half warms caches and plans up.
            if number >= OPERATIONS {
                seconds.push(begun.elapsed().as_secs_f64());
            }
        }
        found.push((name, median(seconds)));
    }
    Ok(found)
}

/// Copies what is there until there are this many products on sale. No triggers and no foreign keys meanwhile: the
/// pictures behind the copies do not exist, and nobody asks for them.
async fn grow(owner: &mut PgConnection, products: i64) -> Result<()> {
    let before: i64 = sqlx::query_scalar("select count(*) from products where listed").fetch_one(&mut *owner).await?;
    ensure!(before > 0 && before < products, "{before} products are no beginning");
    let names: Option<String> = sqlx::query_scalar(
        "select string_agg(quote_ident(attname), ', ') from pg_attribute where attrelid = 'products'::regclass \
         and attnum > 0 and not attisdropped and attgenerated = '' \
         and attname not in ('id', 'slug', 'generation_id', 'lineage_id', 'published_at')",
    )
    .fetch_one(&mut *owner)
    .await?;
    let names = names.context("products have columns")?;
    let copy = format!(
        "with templates as (select *, row_number() over () - 1 as place, count(*) over () as all_of_them from products \
                            where listed), \
              copies as (insert into products (id, slug, generation_id, lineage_id, published_at, {names}) \
                         select gen_random_uuid(), 'copy-' || number, gen_random_uuid(), gen_random_uuid(), \
                                published_at - make_interval(secs => number), {names} \
                         from generate_series($1::bigint + 1, $2::bigint) as number \
                         join templates on place = number % all_of_them returning id) \
         insert into design_terms (product_id, license_type) select id, 'non-exclusive' from copies"
    );
    sqlx::query("set session_replication_role = replica").execute(&mut *owner).await?;
    sqlx::query(sqlx::AssertSqlSafe(copy)).bind(before).bind(products).execute(&mut *owner).await?;
    sqlx::query("set session_replication_role = origin").execute(&mut *owner).await?;
    sqlx::query("vacuum analyze products, design_terms").execute(&mut *owner).await?;
    Ok(())
}
