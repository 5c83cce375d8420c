//! Views of a product's page.

use super::fixture::Fixture;
use testkit::TestClient;

const FIREFOX: &str = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

fn browser(client: TestClient) -> TestClient {
    client.as_browser().with_header("user-agent", FIREFOX)
}

impl Fixture {
    async fn views(&self) -> i64 {
        self.app.value("select view_count::bigint from public.product_counters").await
    }

    async fn flush_views(&self) -> usize {
        self.catalog.views().flush(&self.app.state).await.unwrap()
    }
}

#[tokio::test]
async fn looks_of_people_are_counted_in_one_statement_and_nobody_waits_for_it() {
    let shop = Fixture::open().await;
    shop.on_show(1, "non-exclusive", 500).await;
    let changed = shop.word("select updated_at::text from public.products").await;
    let path = format!("/d/{}", shop.word("select slug from public.products").await);
    let stranger = browser(shop.app.anonymous());
    for _ in 0..5 {
        stranger.get(&path).await.expect(200);
    }
    browser(shop.ken.client.clone()).get(&path).await.expect(200);
    assert_eq!(shop.views().await, 0, "a page view writes nothing");
    assert_eq!(shop.flush_views().await, 1);
    assert_eq!(shop.views().await, 6, "five from the shared copy or before it, one member");

    // Neither programs, nor browsers that fetch ahead, nor the maker, nor answers without a page.
    stranger.clone().with_header("sec-purpose", "prefetch").get(&path).await.expect(200);
    shop.app.anonymous().as_browser().with_header("user-agent", "Googlebot/2.1").get(&path).await.expect(200);
    browser(shop.hana.client.clone()).get(&path).await.expect(200);
    stranger.get(&format!("{path}-not")).await.expect(404);
    assert_eq!((shop.flush_views().await, shop.views().await), (0, 6));
    assert_eq!(shop.word("select updated_at::text from public.products").await, changed);
}

#[tokio::test]
async fn a_product_that_is_being_sold_is_counted_the_next_time() {
    let shop = Fixture::open().await;
    shop.on_show(1, "non-exclusive", 500).await;
    let path = format!("/d/{}", shop.word("select slug from public.products").await);
    let stranger = browser(shop.app.anonymous());
    stranger.get(&path).await.expect(200);
    let mut sale = shop.app.tx().await;
    sqlx::query("select from public.product_counters for update").execute(sale.conn()).await.unwrap();
    assert_eq!(shop.flush_views().await, 0, "does not wait");
    sale.commit().await.unwrap();
    stranger.get(&path).await.expect(200);
    assert_eq!((shop.flush_views().await, shop.views().await), (1, 2));
    // The counter has an end, and reaching it is no fault.
    shop.app.execute("update public.product_counters set view_count = 2147483647").await;
    stranger.get(&path).await.expect(200);
    assert_eq!((shop.flush_views().await, shop.views().await), (1, 2_147_483_647));
}

#[tokio::test]
async fn nobody_but_the_program_writes_the_counter() {
    let shop = Fixture::open().await;
    shop.on_show(1, "non-exclusive", 500).await;
    for ctx in [&shop.hana.ctx, &shop.ken.ctx] {
        let mut tx = shop.app.state.db.begin_as(ctx).await.unwrap();
        let refused =
            sqlx::query("update public.product_counters set view_count = 99").execute(tx.conn()).await.unwrap_err();
        let code = refused.as_database_error().and_then(|error| error.code().map(|code| code.into_owned()));
        assert_eq!(code.as_deref(), Some("42501"));
    }
}

#[tokio::test]
async fn an_orderly_end_writes_what_was_counted() {
    let shop = Fixture::open().await;
    shop.on_show(1, "non-exclusive", 500).await;
    shop.app.state.tasks.spawn(crate::views::keep_counting(shop.catalog.clone()));
    let path = format!("/d/{}", shop.word("select slug from public.products").await);
    browser(shop.app.anonymous()).get(&path).await.expect(200);
    shop.app.state.tasks.stop(std::time::Duration::from_secs(20)).await;
    assert_eq!(shop.views().await, 1);
}
