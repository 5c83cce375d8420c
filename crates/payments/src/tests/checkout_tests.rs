//! From the order to the money: pages, lost answers, lost events, delays, lapses.

use kernel::Yen;
use testkit::payment_doubles::{Fault, StripeDouble};
use time::Duration;

use super::desk::Desk;
use crate::{PaymentError, PaymentStatus, Payments, Purpose, PurposeRoutes, find_for};

#[tokio::test]
async fn a_payment_becomes_a_sale_and_its_fee_follows() {
    let desk = Desk::with_stripe().await;
    let (order, payment, session) = desk.order_at_stripe().await;
    let asked = &desk.stripe.sessions()[0];
    assert_eq!((asked.amount_total, asked.description.as_str()), (1_200, "藍染のワンピース"));
    assert_eq!(asked.metadata["payment_id"], payment.to_string());
    assert_eq!(asked.metadata["house"], desk.app.url);
    assert_eq!(asked.intent_metadata, asked.metadata);

    desk.deliver(&desk.stripe.pay(&session)).await;
    desk.app.drain().await;
    assert_eq!(desk.status(payment).await, PaymentStatus::Captured);
    assert_eq!(desk.news(order), ["settled"]);
    assert_eq!(desk.debit("provider_clearing").await, 1_200 - 43, "the second event brought the fee");
    assert_eq!(desk.debit("payment_fee_expense").await, 43);
    assert_eq!(desk.debit("seller_pending").await, -960);
    assert_eq!(desk.debit("platform_revenue").await, -240);
    assert_eq!(desk.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_fee_that_comes_late_is_booked_later() {
    let desk = Desk::with_stripe().await;
    desk.stripe.keep_fees_late(true);
    let (_, payment, _) = desk.paid_order().await;
    desk.advance(Duration::minutes(5));
    desk.app.upkeep().await;
    assert_eq!(desk.debit("payment_fee_expense").await, 0);
    desk.stripe.keep_fees_late(false);
    desk.advance(Duration::hours(1));
    desk.app.upkeep().await;
    assert_eq!(desk.debit("payment_fee_expense").await, 43);
    let open: bool =
        desk.app.value(&format!("select next_check_at is not null from public.payments where id = '{payment}'")).await;
    assert!(!open, "nobody asks about it again");
}

#[tokio::test]
async fn asking_twice_is_asking_once() {
    let desk = Desk::with_stripe().await;
    let (order, payment) = desk.order().await;
    assert_eq!(desk.open_payment(order, Yen(1_200)).await.unwrap(), payment);
    assert!(matches!(desk.open_payment(order, Yen(1_300)).await, Err(PaymentError::Conflict)));
    let ctx = desk.app.ctx();
    let urls = futures::future::join_all((0..8).map(|_| desk.payments.redirect_url(&ctx, payment))).await;
    let urls: Vec<_> = urls.into_iter().map(Result::unwrap).collect();
    assert!(urls.iter().all(|url| *url == urls[0]));
    assert_eq!(desk.stripe.sessions().len(), 1);
}

#[tokio::test]
async fn what_a_provider_would_refuse_is_refused_first() {
    let desk = Desk::with_stripe().await;
    let order = desk.app.ctx().random().uuid_v4();
    for amount in [-1, 0, 49, Yen::MAX_ABS + 1] {
        let opened = desk.open_payment(order, Yen(amount)).await;
        assert!(matches!(opened, Err(PaymentError::InvalidRequest("amount"))), "{amount}");
    }
    let nowhere = desk.payments.redirect_url(&desk.app.ctx(), desk.app.ctx().new_id()).await;
    assert!(matches!(nowhere, Err(PaymentError::NotFound)));
}

#[tokio::test]
async fn an_answer_that_is_lost_costs_nothing() {
    let desk = Desk::with_stripe().await;
    // Lost once: the same call under the same key finds what it made.
    desk.stripe.fail_next("POST", "/v1/checkout/sessions", Fault::BreakAfterSuccess, 1);
    desk.order_at_stripe().await;
    assert_eq!(desk.stripe.sessions().len(), 1);

    // Lost on every try: the buyer hears 503 and presses again.
    desk.stripe.fail_next("POST", "/v1/checkout/sessions", Fault::BreakAfterSuccess, 3);
    let (_, payment) = desk.order().await;
    let lost = desk.payments.redirect_url(&desk.app.ctx(), payment).await;
    assert!(matches!(lost, Err(PaymentError::ProviderUnavailable(_))), "{lost:?}");
    assert_eq!(desk.status(payment).await, PaymentStatus::Pending);
    desk.payments.redirect_url(&desk.app.ctx(), payment).await.unwrap();
    assert_eq!(desk.stripe.sessions().len(), 2);

    // Lost, and the buyer went away: the reconciler learns the page's name, and closes it in the end.
    desk.stripe.fail_next("POST", "/v1/checkout/sessions", Fault::BreakAfterSuccess, 3);
    let (order, payment) = desk.order().await;
    assert!(desk.payments.redirect_url(&desk.app.ctx(), payment).await.is_err());
    desk.advance(Duration::minutes(4));
    desk.app.upkeep().await;
    assert_eq!(desk.stripe.sessions().len(), 3);
    let known: bool = desk
        .app
        .value(&format!("select provider_session_id is not null from public.payments where id = '{payment}'"))
        .await;
    assert!(known);
    desk.advance(Duration::minutes(60));
    desk.app.upkeep().await;
    assert_eq!(desk.news(order), ["lapsed"]);
    assert!(desk.stripe.sessions().iter().all(|session| session.status == "expired"));
}

#[tokio::test]
async fn a_buyer_who_comes_back_late_finds_a_fresh_page() {
    let desk = Desk::with_stripe().await;
    let (order, payment) = desk.order().await;
    desk.stripe.fail_next("POST", "/v1/checkout/sessions", Fault::BreakBefore, 3);
    assert!(desk.payments.redirect_url(&desk.app.ctx(), payment).await.is_err());
    desk.advance(Duration::minutes(10));
    desk.payments.redirect_url(&desk.app.ctx(), payment).await.unwrap();
    let sessions = desk.stripe.sessions();
    assert_eq!(sessions.len(), 1);
    assert_eq!(sessions[0].expires_at, desk.app.ctx().now().unix_timestamp() + 32 * 60);
    desk.deliver(&desk.stripe.pay(&sessions[0].id)).await;
    desk.app.drain().await;
    assert_eq!(desk.news(order), ["settled"]);
}

#[tokio::test]
async fn slow_down_and_garbage_are_survived_and_a_kept_failure_gets_a_fresh_key() {
    let desk = Desk::with_stripe().await;
    desk.stripe.fail_next("POST", "/v1/checkout/sessions", Fault::RateLimited { retry_after_seconds: 1 }, 1);
    desk.order_at_stripe().await;

    desk.stripe.fail_next("POST", "/v1/checkout/sessions", Fault::RateLimited { retry_after_seconds: 3_600 }, 1);
    desk.stripe.fail_next("POST", "/v1/checkout/sessions", Fault::Garbage, 1);
    desk.stripe.fail_next("POST", "/v1/checkout/sessions", Fault::ServerError, 1);
    desk.stripe.fail_next("POST", "/v1/checkout/sessions", Fault::ServerErrorAfterSuccess, 1);
    let (_, payment) = desk.order().await;
    for fault in ["busy", "unreadable", "provider_failed", "provider_failed"] {
        let refused = desk.payments.redirect_url(&desk.app.ctx(), payment).await;
        assert!(
            matches!(&refused, Err(PaymentError::ProviderUnavailable(code)) if code == fault),
            "{fault}: {refused:?}"
        );
    }
    desk.payments.redirect_url(&desk.app.ctx(), payment).await.unwrap();
    let keys: Vec<String> = desk
        .stripe
        .requests()
        .into_iter()
        .filter(|request| request.body.contains(&payment.to_string()))
        .filter_map(|request| request.idempotency_key)
        .collect();
    let expected = [1, 1, 1, 2, 3].map(|generation| format!("checkout:{payment}:{generation}"));
    assert_eq!(keys, expected);
}

#[tokio::test]
async fn a_refusal_lets_the_stock_go_at_once() {
    let desk = Desk::open("stripe", &[("MACHIYA_STRIPE_SECRET_KEY", "sk_test_wrong")]).await;
    let (order, payment) = desk.order().await;
    let wrong = desk.payments.redirect_url(&desk.app.ctx(), payment).await;
    assert!(matches!(&wrong, Err(PaymentError::ProviderUnavailable(code)) if code == "not_allowed"), "{wrong:?}");
    assert_eq!(desk.status(payment).await, PaymentStatus::Pending, "the operator may still put the key right");
    desk.app.drain().await;
    assert_eq!(desk.news(order), Vec::<&str>::new());
    desk.advance(Duration::minutes(40));
    desk.app.upkeep().await;
    assert_eq!(desk.news(order), ["lapsed"], "a page that was never opened cannot be paid");
}

#[tokio::test]
async fn a_lost_event_is_made_up_for() {
    let desk = Desk::with_stripe().await;
    let (order, payment, session) = desk.order_at_stripe().await;
    let lost = desk.stripe.pay(&session);
    desk.advance(Duration::minutes(2));
    desk.app.upkeep().await;
    assert_eq!(desk.status(payment).await, PaymentStatus::Pending, "not before its time");
    desk.advance(Duration::minutes(2));
    desk.app.upkeep().await;
    assert_eq!(desk.status(payment).await, PaymentStatus::Captured);
    assert_eq!(desk.debit("payment_fee_expense").await, 43);
    desk.deliver(&lost).await;
    desk.app.drain().await;
    assert_eq!(desk.news(order), ["settled"]);
    assert_eq!(desk.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_slip_is_paid_later_or_never() {
    let desk = Desk::with_stripe().await;
    let (paid_order, paid, paid_session) = desk.order_at_stripe().await;
    let (never_order, never, never_session) = desk.order_at_stripe().await;
    for session in [&paid_session, &never_session] {
        desk.deliver(&desk.stripe.choose_konbini(session)).await;
    }
    desk.app.drain().await;
    assert_eq!(desk.status(paid).await, PaymentStatus::Authorized);
    assert_eq!(desk.news(paid_order), Vec::<&str>::new(), "completed is not paid");
    // The page's time is over, the slip's is not: the stock stays held.
    desk.advance(Duration::hours(20));
    desk.app.upkeep().await;
    assert_eq!(desk.status(paid).await, PaymentStatus::Authorized);
    desk.deliver(&desk.stripe.konbini_paid(&paid_session)).await;
    desk.deliver(&desk.stripe.konbini_lapsed(&never_session)).await;
    desk.app.drain().await;
    assert_eq!((desk.status(paid).await, desk.status(never).await), (PaymentStatus::Captured, PaymentStatus::Failed));
    assert_eq!((desk.news(paid_order), desk.news(never_order)), (vec!["settled"], vec!["lapsed"]));
    // The reconciler books the fee that the event did not bring.
    desk.advance(Duration::hours(1));
    desk.app.upkeep().await;
    assert_eq!(desk.debit("payment_fee_expense").await, 43);
    assert_eq!(desk.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn a_declined_card_may_be_followed_by_a_good_one() {
    let desk = Desk::with_stripe().await;
    let (order, payment, session) = desk.order_at_stripe().await;
    desk.deliver(&desk.stripe.decline(&session, "insufficient_funds")).await;
    desk.app.drain().await;
    let mut tx = desk.app.house.db.begin_as(&desk.buyer.ctx).await.unwrap();
    let view = find_for(&mut tx, Purpose::Order, order).await.unwrap().unwrap();
    assert_eq!((view.status, view.last_failure_code.as_deref()), (PaymentStatus::Pending, Some("insufficient_funds")));
    assert!(view.checkout_url.is_some());
    drop(tx);
    desk.deliver(&desk.stripe.pay(&session)).await;
    desk.app.drain().await;
    assert_eq!(desk.status(payment).await, PaymentStatus::Captured);
    assert_eq!(desk.news(order), ["settled"]);
}

#[tokio::test]
async fn a_page_is_closed_at_the_provider_before_the_stock_is_let_go() {
    let desk = Desk::with_stripe().await;
    let (order, payment, session) = desk.order_at_stripe().await;
    desk.advance(Duration::minutes(40));
    desk.stripe.fail_next("POST", "/v1/checkout/sessions/", Fault::BreakBefore, 3);
    desk.app.upkeep().await;
    assert_eq!(desk.status(payment).await, PaymentStatus::Pending);
    assert_eq!(desk.news(order), Vec::<&str>::new(), "the page may still be paid");
    desk.advance(Duration::minutes(10));
    desk.app.upkeep().await;
    assert_eq!(desk.stripe.sessions()[0].status, "expired");
    assert_eq!((desk.status(payment).await, desk.news(order)), (PaymentStatus::Expired, vec!["lapsed"]));

    // Money that arrives nevertheless is never lost: it is delivered for, or goes back by itself.
    desk.market().sold_out.insert(order);
    desk.deliver(&desk.stripe.pay(&session)).await;
    desk.app.drain().await;
    assert_eq!(desk.news(order), ["lapsed", "settled", "refunded"]);
    assert_eq!(desk.status(payment).await, PaymentStatus::Refunded);
    assert_eq!(desk.stripe.refunds().len(), 1);
    assert_eq!(desk.debit("refunds_owed").await, 0);
    assert_eq!(desk.debit("seller_pending").await, 0);
    assert_eq!(desk.findings().await, Vec::<String>::new());
}

#[tokio::test]
async fn paid_in_the_last_moment_wins_over_the_lapse() {
    let desk = Desk::with_stripe().await;
    let (order, payment, session) = desk.order_at_stripe().await;
    desk.stripe.pay(&session);
    desk.advance(Duration::minutes(40));
    desk.app.upkeep().await;
    assert_eq!((desk.status(payment).await, desk.news(order)), (PaymentStatus::Captured, vec!["settled"]));
}

#[tokio::test]
async fn a_buyer_may_give_up() {
    let desk = Desk::with_stripe().await;
    let ctx = desk.app.ctx();
    let (order, payment, session) = desk.order_at_stripe().await;
    assert_eq!(desk.payments.cancel(&ctx, payment).await.unwrap(), PaymentStatus::Expired);
    assert_eq!(desk.payments.cancel(&ctx, payment).await.unwrap(), PaymentStatus::Expired);
    desk.app.drain().await;
    assert_eq!(desk.news(order), ["lapsed"]);
    assert_eq!(desk.stripe.sessions().iter().find(|one| one.id == session).unwrap().status, "expired");
    assert!(matches!(desk.payments.redirect_url(&ctx, payment).await, Err(PaymentError::Lapsed)));

    let (order, payment, session) = desk.order_at_stripe().await;
    desk.stripe.pay(&session);
    assert_eq!(desk.payments.cancel(&ctx, payment).await.unwrap(), PaymentStatus::Captured, "it was paid meanwhile");
    desk.app.drain().await;
    assert_eq!(desk.news(order), ["settled"]);
    assert!(matches!(desk.payments.redirect_url(&ctx, payment).await, Err(PaymentError::AlreadyPaid)));

    let (order, payment) = desk.order().await;
    assert_eq!(desk.payments.cancel(&ctx, payment).await.unwrap(), PaymentStatus::Expired, "without any page");
    desk.app.drain().await;
    assert_eq!(desk.news(order), ["lapsed"]);
}

#[tokio::test]
async fn a_buyer_sees_the_own_payment_without_its_keys() {
    let desk = Desk::with_stripe().await;
    let (order, _, _) = desk.paid_order().await;
    let mut tx = desk.app.house.db.begin_as(&desk.seller.ctx).await.unwrap();
    assert!(find_for(&mut tx, Purpose::Order, order).await.unwrap().is_none());
    drop(tx);
    for hidden in ["idempotency_key", "raw_payload", "provider_session_id"] {
        let mut tx = desk.app.house.db.begin_as(&desk.buyer.ctx).await.unwrap();
        let query = format!("select {hidden}::text from public.payments");
        let refused = sqlx::query(sqlx::AssertSqlSafe(query)).fetch_all(tx.conn()).await;
        assert!(refused.is_err(), "{hidden}");
    }
}

#[tokio::test]
async fn the_database_itself_lets_no_payment_move_backwards() {
    let desk = Desk::with_stripe().await;
    desk.paid_order().await;
    for change in ["status = 'pending', captured_at = null", "status = 'expired', captured_at = null", "amount_jpy = 1"]
    {
        let mut tx = desk.app.tx().await;
        let query = format!("update public.payments set {change}");
        let refused = sqlx::query(sqlx::AssertSqlSafe(query)).execute(tx.conn()).await;
        let code = refused.unwrap_err().as_database_error().and_then(|error| error.code().map(|code| code.to_string()));
        assert_eq!(code.as_deref(), Some("MP001"), "{change}");
    }
}

#[tokio::test]
async fn production_and_the_sandbox_exclude_each_other() {
    let desk = Desk::with_sandbox().await;
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
        // The configuration may refuse it already; if it does not, the desk does.
        let config = platform::config::Config::from_sources("", &settings).ok()?;
        let parts = platform::HouseParts {
            config,
            db: desk.app.house.db.clone(),
            storage: desk.app.house.storage.clone(),
            clock: desk.app.house.clock.clone(),
            random: desk.app.house.random.clone(),
            languages: desk.app.house.languages.clone(),
            tasks: desk.app.house.tasks.clone(),
            progress: desk.app.house.progress.clone(),
            http: desk.app.house.http.clone(),
        };
        Payments::new(platform::House::new(parts), PurposeRoutes::new()).ok()
    };
    assert!(build("sandbox").is_none());
    let production = build("stripe").unwrap();
    assert!(production.sandbox().is_none(), "the page does not exist there");
}
