//! From the order to the money: pages, lost answers, lost events, delays, lapses.

use kernel::Yen;
use testkit::payment_doubles::{Fault, StripeDouble};
use time::Duration;

use super::fixture::Fixture;
use crate::error::PaymentError;
use crate::notices::routes::PurposeRoutes;
use crate::payment::model::PaymentStatus;
use crate::payment::open::find_for;
use crate::purpose::Purpose;
use crate::state::Payments;

#[tokio::test]
async fn a_payment_becomes_a_sale_and_its_fee_follows() {
    let fixture = Fixture::with_stripe().await;
    let (order, payment, session) = fixture.order_at_stripe().await;
    let asked = &fixture.stripe.sessions()[0];
    assert_eq!((asked.amount_total, asked.description.as_str()), (1_200, "藍染のワンピース"));
    assert_eq!(asked.metadata["payment_id"], payment.to_string());
    assert_eq!(asked.metadata["installation"], fixture.app.url);
    assert_eq!(asked.intent_metadata, asked.metadata);

    fixture.deliver(&fixture.stripe.pay(&session)).await;
    fixture.app.drain().await;
    assert_eq!(fixture.status(payment).await, PaymentStatus::Captured);
    assert_eq!(fixture.notices(order), ["settled"]);
    assert_eq!(fixture.debit("provider_clearing").await, 1_200 - 43, "the second event brought the fee");
    assert_eq!(fixture.debit("payment_fee_expense").await, 43);
    assert_eq!(fixture.debit("seller_pending").await, -960);
    assert_eq!(fixture.debit("platform_revenue").await, -240);
    assert_eq!(fixture.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_fee_that_comes_late_is_booked_later() {
    let fixture = Fixture::with_stripe().await;
    fixture.stripe.keep_fees_late(true);
    let (_, payment, _) = fixture.paid_order().await;
    fixture.advance(Duration::minutes(5));
    fixture.app.upkeep().await;
    assert_eq!(fixture.debit("payment_fee_expense").await, 0);
    fixture.stripe.keep_fees_late(false);
    fixture.advance(Duration::hours(1));
    fixture.app.upkeep().await;
    assert_eq!(fixture.debit("payment_fee_expense").await, 43);
    let open: bool = fixture
        .app
        .value(&format!("select next_check_at is not null from public.payment_attempts where payment_id = '{payment}'"))
        .await;
    assert!(!open, "nobody asks about it again");
}

#[tokio::test]
async fn asking_twice_is_asking_once() {
    let fixture = Fixture::with_stripe().await;
    let (order, payment) = fixture.order().await;
    assert_eq!(fixture.open_payment(order, Yen(1_200)).await.unwrap(), payment);
    assert!(matches!(fixture.open_payment(order, Yen(1_300)).await, Err(PaymentError::Conflict)));
    let ctx = fixture.app.ctx();
    let urls = futures::future::join_all((0..8).map(|_| fixture.payments.redirect_url(&ctx, payment))).await;
    let urls: Vec<_> = urls.into_iter().map(Result::unwrap).collect();
    assert!(urls.iter().all(|url| *url == urls[0]));
    assert_eq!(fixture.stripe.sessions().len(), 1);
}

#[tokio::test]
async fn what_a_provider_would_refuse_is_refused_first() {
    let fixture = Fixture::with_stripe().await;
    let order = fixture.app.ctx().random().uuid_v4();
    for amount in [-1, 0, 49, Yen::MAX_ABS + 1] {
        let opened = fixture.open_payment(order, Yen(amount)).await;
        assert!(matches!(opened, Err(PaymentError::InvalidRequest("amount"))), "{amount}");
    }
    let nowhere = fixture.payments.redirect_url(&fixture.app.ctx(), fixture.app.ctx().new_id()).await;
    assert!(matches!(nowhere, Err(PaymentError::NotFound)));
}

#[tokio::test]
async fn an_answer_that_is_lost_costs_nothing() {
    let fixture = Fixture::with_stripe().await;
    // Lost once: the same call under the same key finds what it made.
    fixture.stripe.fail_next("POST", "/v1/checkout/sessions", Fault::BreakAfterSuccess, 1);
    fixture.order_at_stripe().await;
    assert_eq!(fixture.stripe.sessions().len(), 1);

    // Lost on every try: the buyer hears 503 and presses again.
    fixture.stripe.fail_next("POST", "/v1/checkout/sessions", Fault::BreakAfterSuccess, 3);
    let (_, payment) = fixture.order().await;
    let lost = fixture.payments.redirect_url(&fixture.app.ctx(), payment).await;
    assert!(matches!(lost, Err(PaymentError::ProviderUnavailable(_))), "{lost:?}");
    assert_eq!(fixture.status(payment).await, PaymentStatus::Pending);
    fixture.payments.redirect_url(&fixture.app.ctx(), payment).await.unwrap();
    assert_eq!(fixture.stripe.sessions().len(), 2);

    // Lost, and the buyer went away: the reconciler learns the page's name, and closes it in the end.
    fixture.stripe.fail_next("POST", "/v1/checkout/sessions", Fault::BreakAfterSuccess, 3);
    let (order, payment) = fixture.order().await;
    assert!(fixture.payments.redirect_url(&fixture.app.ctx(), payment).await.is_err());
    fixture.advance(Duration::minutes(4));
    fixture.app.upkeep().await;
    assert_eq!(fixture.stripe.sessions().len(), 3);
    let known: bool = fixture
        .app
        .value(&format!(
            "select provider_session_id is not null from public.payment_attempts where payment_id = '{payment}'"
        ))
        .await;
    assert!(known);
    fixture.advance(Duration::minutes(60));
    fixture.app.upkeep().await;
    assert_eq!(fixture.notices(order), ["lapsed"]);
    assert!(fixture.stripe.sessions().iter().all(|session| session.status == "expired"));
}

#[tokio::test]
async fn a_buyer_who_comes_back_late_finds_a_fresh_page() {
    let fixture = Fixture::with_stripe().await;
    let (order, payment) = fixture.order().await;
    fixture.stripe.fail_next("POST", "/v1/checkout/sessions", Fault::BreakBefore, 3);
    assert!(fixture.payments.redirect_url(&fixture.app.ctx(), payment).await.is_err());
    fixture.advance(Duration::minutes(10));
    fixture.payments.redirect_url(&fixture.app.ctx(), payment).await.unwrap();
    let sessions = fixture.stripe.sessions();
    assert_eq!(sessions.len(), 1);
    assert_eq!(sessions[0].expires_at, fixture.app.ctx().now().unix_timestamp() + 32 * 60);
    fixture.deliver(&fixture.stripe.pay(&sessions[0].id)).await;
    fixture.app.drain().await;
    assert_eq!(fixture.notices(order), ["settled"]);
}

#[tokio::test]
async fn slow_down_and_garbage_are_survived_and_a_kept_failure_gets_a_fresh_key() {
    let fixture = Fixture::with_stripe().await;
    fixture.stripe.fail_next("POST", "/v1/checkout/sessions", Fault::RateLimited { retry_after_seconds: 1 }, 1);
    fixture.order_at_stripe().await;

    fixture.stripe.fail_next("POST", "/v1/checkout/sessions", Fault::RateLimited { retry_after_seconds: 3_600 }, 1);
    fixture.stripe.fail_next("POST", "/v1/checkout/sessions", Fault::Garbage, 1);
    fixture.stripe.fail_next("POST", "/v1/checkout/sessions", Fault::ServerError, 1);
    fixture.stripe.fail_next("POST", "/v1/checkout/sessions", Fault::ServerErrorAfterSuccess, 1);
    let (_, payment) = fixture.order().await;
    for fault in ["busy", "unreadable", "provider_failed", "provider_failed"] {
        let refused = fixture.payments.redirect_url(&fixture.app.ctx(), payment).await;
        assert!(
            matches!(&refused, Err(PaymentError::ProviderUnavailable(code)) if code == fault),
            "{fault}: {refused:?}"
        );
    }
    fixture.payments.redirect_url(&fixture.app.ctx(), payment).await.unwrap();
    let keys: Vec<String> = fixture
        .stripe
        .requests()
        .into_iter()
        .filter(|request| request.body.contains(&payment.to_string()))
        .filter_map(|request| request.idempotency_key)
        .collect();
    let numbers: Vec<usize> = keys.iter().map(|key| keys.iter().position(|known| known == key).unwrap()).collect();
    assert_eq!(numbers, [0, 0, 0, 3, 4], "a kept failure ends the attempt, and the next one has its own key");
    assert!(keys.iter().all(|key| key.starts_with("checkout:")));
    let states: String = fixture
        .app
        .value(&format!(
            "select string_agg(state, ' ' order by state) from public.payment_attempts
              where payment_id = '{payment}'"
        ))
        .await;
    assert_eq!(states, "failed failed open");
}

#[tokio::test]
async fn a_refusal_lets_the_stock_go_at_once() {
    let fixture = Fixture::open("stripe", &[("MACHIYA_STRIPE_SECRET_KEY", "sk_test_wrong")]).await;
    let (order, payment) = fixture.order().await;
    let wrong = fixture.payments.redirect_url(&fixture.app.ctx(), payment).await;
    assert!(matches!(&wrong, Err(PaymentError::ProviderUnavailable(code)) if code == "not_allowed"), "{wrong:?}");
    assert_eq!(fixture.status(payment).await, PaymentStatus::Pending, "the operator may still put the key right");
    fixture.app.drain().await;
    assert_eq!(fixture.notices(order), Vec::<&str>::new());
    fixture.advance(Duration::minutes(40));
    fixture.app.upkeep().await;
    assert_eq!(fixture.notices(order), ["lapsed"], "a page that was never opened cannot be paid");
}

#[tokio::test]
async fn a_lost_event_is_made_up_for() {
    let fixture = Fixture::with_stripe().await;
    let (order, payment, session) = fixture.order_at_stripe().await;
    let lost = fixture.stripe.pay(&session);
    fixture.advance(Duration::minutes(2));
    fixture.app.upkeep().await;
    assert_eq!(fixture.status(payment).await, PaymentStatus::Pending, "not before its time");
    fixture.advance(Duration::minutes(2));
    fixture.app.upkeep().await;
    assert_eq!(fixture.status(payment).await, PaymentStatus::Captured);
    assert_eq!(fixture.debit("payment_fee_expense").await, 43);
    fixture.deliver(&lost).await;
    fixture.app.drain().await;
    assert_eq!(fixture.notices(order), ["settled"]);
    assert_eq!(fixture.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_slip_is_paid_later_or_never() {
    let fixture = Fixture::with_stripe().await;
    let (paid_order, paid, paid_session) = fixture.order_at_stripe().await;
    let (never_order, never, never_session) = fixture.order_at_stripe().await;
    for session in [&paid_session, &never_session] {
        fixture.deliver(&fixture.stripe.choose_konbini(session)).await;
    }
    fixture.app.drain().await;
    assert_eq!(fixture.status(paid).await, PaymentStatus::VoucherIssued);
    assert_eq!(fixture.notices(paid_order), Vec::<&str>::new(), "completed is not paid");
    // The page's time is over, the slip's is not: the stock stays held.
    fixture.advance(Duration::hours(20));
    fixture.app.upkeep().await;
    assert_eq!(fixture.status(paid).await, PaymentStatus::VoucherIssued);
    fixture.deliver(&fixture.stripe.konbini_paid(&paid_session)).await;
    fixture.deliver(&fixture.stripe.konbini_lapsed(&never_session)).await;
    fixture.app.drain().await;
    assert_eq!(
        (fixture.status(paid).await, fixture.status(never).await),
        (PaymentStatus::Captured, PaymentStatus::Failed)
    );
    assert_eq!((fixture.notices(paid_order), fixture.notices(never_order)), (vec!["settled"], vec!["lapsed"]));
    // The reconciler books the fee that the event did not bring.
    fixture.advance(Duration::hours(1));
    fixture.app.upkeep().await;
    assert_eq!(fixture.debit("payment_fee_expense").await, 43);
    assert_eq!(fixture.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_declined_card_may_be_followed_by_a_good_one() {
    let fixture = Fixture::with_stripe().await;
    let (order, payment, session) = fixture.order_at_stripe().await;
    fixture.deliver(&fixture.stripe.decline(&session, "insufficient_funds")).await;
    fixture.app.drain().await;
    let mut tx = fixture.app.state.db.begin_as(&fixture.buyer.ctx).await.unwrap();
    let view = find_for(&mut tx, Purpose::Order, order).await.unwrap().unwrap();
    assert_eq!((view.status, view.last_failure_code.as_deref()), (PaymentStatus::Pending, Some("insufficient_funds")));
    assert!(view.checkout_url.is_some());
    drop(tx);
    fixture.deliver(&fixture.stripe.pay(&session)).await;
    fixture.app.drain().await;
    assert_eq!(fixture.status(payment).await, PaymentStatus::Captured);
    assert_eq!(fixture.notices(order), ["settled"]);
}

#[tokio::test]
async fn a_page_is_closed_at_the_provider_before_the_stock_is_let_go() {
    let fixture = Fixture::with_stripe().await;
    let (order, payment, session) = fixture.order_at_stripe().await;
    fixture.advance(Duration::minutes(40));
    fixture.stripe.fail_next("POST", "/v1/checkout/sessions/", Fault::BreakBefore, 3);
    fixture.app.upkeep().await;
    assert_eq!(fixture.status(payment).await, PaymentStatus::Pending);
    assert_eq!(fixture.notices(order), Vec::<&str>::new(), "the page may still be paid");
    fixture.advance(Duration::minutes(10));
    fixture.app.upkeep().await;
    assert_eq!(fixture.stripe.sessions()[0].status, "expired");
    assert_eq!((fixture.status(payment).await, fixture.notices(order)), (PaymentStatus::Expired, vec!["lapsed"]));

    // Money that arrives nevertheless is never lost: it is delivered for, or goes back by itself.
    fixture.market().sold_out.insert(order);
    fixture.deliver(&fixture.stripe.pay(&session)).await;
    fixture.app.drain().await;
    assert_eq!(fixture.notices(order), ["lapsed", "settled", "refunded"]);
    assert_eq!(fixture.status(payment).await, PaymentStatus::Refunded);
    assert_eq!(fixture.stripe.refunds().len(), 1);
    assert_eq!(fixture.debit("refunds_owed").await, 0);
    assert_eq!(fixture.debit("seller_pending").await, 0);
    assert_eq!(fixture.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn paid_in_the_last_moment_wins_over_the_lapse() {
    let fixture = Fixture::with_stripe().await;
    let (order, payment, session) = fixture.order_at_stripe().await;
    fixture.stripe.pay(&session);
    fixture.advance(Duration::minutes(40));
    fixture.app.upkeep().await;
    assert_eq!((fixture.status(payment).await, fixture.notices(order)), (PaymentStatus::Captured, vec!["settled"]));
}

#[tokio::test]
async fn a_buyer_may_give_up() {
    let fixture = Fixture::with_stripe().await;
    let ctx = fixture.app.ctx();
    let (order, payment, session) = fixture.order_at_stripe().await;
    assert_eq!(fixture.payments.cancel(&ctx, payment).await.unwrap(), PaymentStatus::Expired);
    assert_eq!(fixture.payments.cancel(&ctx, payment).await.unwrap(), PaymentStatus::Expired);
    fixture.app.drain().await;
    assert_eq!(fixture.notices(order), ["lapsed"]);
    assert_eq!(fixture.stripe.sessions().iter().find(|one| one.id == session).unwrap().status, "expired");
    assert!(matches!(fixture.payments.redirect_url(&ctx, payment).await, Err(PaymentError::Lapsed)));

    let (order, payment, session) = fixture.order_at_stripe().await;
    fixture.stripe.pay(&session);
    assert_eq!(fixture.payments.cancel(&ctx, payment).await.unwrap(), PaymentStatus::Captured, "it was paid meanwhile");
    fixture.app.drain().await;
    assert_eq!(fixture.notices(order), ["settled"]);
    assert!(matches!(fixture.payments.redirect_url(&ctx, payment).await, Err(PaymentError::AlreadyPaid)));

    let (order, payment) = fixture.order().await;
    assert_eq!(fixture.payments.cancel(&ctx, payment).await.unwrap(), PaymentStatus::Expired, "without any page");
    fixture.app.drain().await;
    assert_eq!(fixture.notices(order), ["lapsed"]);
}

#[tokio::test]
async fn a_buyer_sees_the_own_payment_without_its_keys() {
    let fixture = Fixture::with_stripe().await;
    let (order, _, _) = fixture.paid_order().await;
    let mut tx = fixture.app.state.db.begin_as(&fixture.seller.ctx).await.unwrap();
    assert!(find_for(&mut tx, Purpose::Order, order).await.unwrap().is_none());
    drop(tx);
    for hidden in ["idempotency_key", "raw_payload", "provider_session_id"] {
        let mut tx = fixture.app.state.db.begin_as(&fixture.buyer.ctx).await.unwrap();
        let query = format!("select {hidden}::text from public.payments");
        let refused = sqlx::query(sqlx::AssertSqlSafe(query)).fetch_all(tx.conn()).await;
        assert!(refused.is_err(), "{hidden}");
    }
}

#[tokio::test]
async fn the_database_itself_lets_no_payment_move_backwards() {
    let fixture = Fixture::with_stripe().await;
    fixture.paid_order().await;
    for change in ["status = 'pending', captured_at = null", "status = 'expired', captured_at = null", "amount_jpy = 1"]
    {
        let mut tx = fixture.app.tx().await;
        let query = format!("update public.payments set {change}");
        let refused = sqlx::query(sqlx::AssertSqlSafe(query)).execute(tx.conn()).await;
        let code = refused.unwrap_err().as_database_error().and_then(|error| error.code().map(|code| code.to_string()));
        assert_eq!(code.as_deref(), Some("MP001"), "{change}");
    }
}

#[tokio::test]
async fn production_and_the_sandbox_exclude_each_other() {
    let fixture = Fixture::with_sandbox().await;
    let mut settings: std::collections::BTreeMap<String, String> = [
        ("MACHIYA_ENV", "production"),
        ("MACHIYA_STRIPE_SECRET_KEY", StripeDouble::SECRET_KEY),
        ("MACHIYA_STRIPE_WEBHOOK_SECRET", "whsec_x"),
        ("MACHIYA_SECRET", "0123456789012345678901234567890123456789"),
        ("MACHIYA_PUBLIC_URL", "https://shop.example"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    let mut build = |provider: &str| {
        settings.insert("MACHIYA_PAYMENT_PROVIDER".to_owned(), provider.to_owned());
        // The configuration may refuse it already; if it does not, the fixture does.
        let config = platform::config::Config::from_sources("", &settings).ok()?;
        let parts = platform::AppParts {
            config,
            db: fixture.app.state.db.clone(),
            storage: fixture.app.state.storage.clone(),
            clock: fixture.app.state.clock.clone(),
            random: fixture.app.state.random.clone(),
            languages: fixture.app.state.languages.clone(),
            tasks: fixture.app.state.tasks.clone(),
            progress: fixture.app.state.progress.clone(),
            http: fixture.app.state.http.clone(),
        };
        Payments::new(platform::App::new(parts), PurposeRoutes::new()).ok()
    };
    assert!(build("sandbox").is_none());
    let production = build("stripe").unwrap();
    assert!(production.sandbox().is_none(), "the page does not exist there");
}
