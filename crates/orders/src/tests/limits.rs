//! How many orders one person may place in an hour.

use time::Duration;

use super::fixture::{Fixture, text};

#[tokio::test]
async fn ordering_has_an_hourly_limit_and_it_passes() {
    // A quarter of four: one at once, the next after a quarter of an hour.
    let shop = Fixture::open_with("stripe", &[("MACHIYA_CHECKOUTS_PER_HOUR", "4")]).await;
    let (_, product) = shop.on_show(1, "non-exclusive", 500).await;
    shop.ordered(&shop.ken, &product).await;
    shop.order(&shop.ken, &product).await.expect_problem(429, "too_many_requests");
    // Somebody else's hour is their own, and they are answered in their language.
    let sora = shop.app.english_user("Sora").await;
    shop.ordered(&sora, &product).await;
    let refused = shop.order(&sora, &product).await.expect_problem(429, "too_many_requests");
    assert!(text(&refused.json()["detail"]).contains("900 seconds"), "{}", refused.text());
    // The forms of the pages count together with the API, and answer with a page.
    let slug = shop.word("select slug from public.products").await;
    let fields = [("productId", product.as_str()), ("price", "500")];
    let page = shop.ken.client.clone().as_browser().post_form(&format!("/d/{slug}/buy"), &fields).await.expect(429);
    assert!(page.header("retry-after") == "900" && page.text().contains("<html"), "{}", page.text());

    shop.advance(Duration::minutes(15));
    shop.ordered(&shop.ken, &product).await;
}
