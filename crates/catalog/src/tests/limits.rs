//! How much one person may publish in an hour.

use time::Duration;

use super::fixture::{Fixture, text};

#[tokio::test]
async fn publishing_has_an_hourly_limit_and_it_passes() {
    // A quarter of four: one at once, the next after a quarter of an hour.
    let shop = Fixture::open_with(&[("MACHIYA_PUBLICATIONS_PER_HOUR", "4")]).await;
    let (first, second) = (shop.picture(&shop.hana, 1).await, shop.picture(&shop.hana, 2).await);
    let invalid = shop.publish(&first, "non-exclusive", 1).await;
    invalid.expect_problem(422, "invalid_input");
    shop.publish(&first, "non-exclusive", 500).await.expect(200);
    let refused = shop.publish(&second, "non-exclusive", 500).await.expect_problem(429, "too_many_requests");
    assert_eq!(refused.header("retry-after"), "900");
    assert!(text(&refused.json()["detail"]).contains("900秒"), "{}", refused.text());

    shop.advance(Duration::minutes(15));
    shop.publish(&second, "non-exclusive", 500).await.expect(200);
}
