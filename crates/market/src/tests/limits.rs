//! One person's hour: enough for people, an end for programs.

use time::Duration;

use super::fixture::{Shop, text};

#[tokio::test]
async fn publishing_and_ordering_have_an_end_and_it_passes() {
    // A quarter of four: one at once, the next after a quarter of an hour.
    let limits = [("MACHIYA_PUBLICATIONS_PER_HOUR", "4"), ("MACHIYA_CHECKOUTS_PER_HOUR", "4")];
    let shop = Shop::open_with("stripe", &limits).await;
    let (first, second) = (shop.picture(&shop.hana, 1).await, shop.picture(&shop.hana, 2).await);
    let invalid = shop.publish(&first, "non-exclusive", 1).await;
    invalid.expect_problem(422, "invalid_input");
    let product = text(&shop.publish(&first, "non-exclusive", 500).await.expect(200).json()["listingId"]);
    let refused = shop.publish(&second, "non-exclusive", 500).await.expect_problem(429, "too_many_requests");
    assert_eq!(refused.header("retry-after"), "900");
    assert!(text(&refused.json()["detail"]).contains("900秒"), "{}", refused.text());

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
    shop.publish(&second, "non-exclusive", 500).await.expect(200);
    shop.ordered(&shop.ken, &product).await;
}
