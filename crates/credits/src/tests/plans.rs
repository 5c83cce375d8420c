//! Plans and prices.

use kernel::{ImageCredits, Locale, Tokens, Yen};
use time::Duration;

use super::fixture::Fixture;
use crate::plans::{self, DunningState, Plan};
use crate::prices::{self, NewPrice, Operation};
use crate::{BillingPeriod, CreditError, PlanCode};

#[tokio::test]
async fn the_ladder_is_the_designs() {
    let fixture = Fixture::open().await;
    let user = fixture.person().await;
    let mut tx = fixture.begin_as(user).await;
    let ladder = plans::offered(&mut tx).await.unwrap();
    let row = |plan: &Plan| {
        let tokens = plan.tokens_month.get() / 1_000;
        (
            plan.code.to_string(),
            plan.price_month.get(),
            tokens,
            plan.image_credits_month.get(),
            plan.history_days,
            plan.page_limit,
        )
    };
    let rows: Vec<_> = ladder.iter().map(row).collect();
    let expected = [
        ("free", 0, 0, 0, Some(7), 1),
        ("starter", 1_980, 0, 50, Some(30), 3),
        ("pro", 9_800, 50_000, 200, Some(90), 10),
        ("business", 19_800, 100_000, 1_000, None, 50),
        ("enterprise", 49_800, 250_000, 2_500, None, 500),
    ];
    assert_eq!(rows, expected.map(|(code, a, b, c, d, e)| (code.to_owned(), a, b, c, d, e)));
    for plan in &ladder {
        assert_eq!(plan.price(BillingPeriod::Year), Yen(plan.price_month.get() * 10));
        assert!(
            !plan.benefits(Locale::Ja).is_empty() && plan.benefits(Locale::En).len() == plan.benefits(Locale::Ja).len()
        );
    }
    assert_eq!((ladder[2].name(Locale::Ja), ladder[2].name(Locale::En)), ("プロ", "Pro"));
    let packs = plans::packs(&mut tx).await.unwrap();
    let packs: Vec<_> = packs.iter().map(|pack| (pack.id, pack.tokens, pack.price)).collect();
    assert_eq!(
        packs,
        [(1, 50_000, 5_000), (2, 100_000, 10_000), (3, 250_000, 25_000)].map(|(id, t, p)| (
            id,
            Tokens::whole(t),
            Yen(p)
        ))
    );
}

#[tokio::test]
async fn another_plan_is_told_once_and_an_unpaid_one_makes_nothing() {
    let fixture = Fixture::open().await;
    let user = fixture.person().await;
    let pro = PlanCode::from("pro");
    let until = fixture.in_days(14);
    for dunning in [DunningState::Active, DunningState::Grace { until }, DunningState::ReadOnly { until }] {
        let mut tx = fixture.begin().await;
        plans::set_plan(&fixture.ctx, &mut tx, user, &pro, dunning).await.unwrap();
        tx.commit().await.unwrap();
        let mut tx = fixture.begin_as(user).await;
        let mine = plans::plan_of(&mut tx, user).await.unwrap();
        assert_eq!((mine.plan.code, mine.dunning), (pro.clone(), dunning));
    }
    assert_eq!(fixture.number("select count(*) from public.jobs where name = 'credits.plan_changed'").await, 1);
    assert!(matches!(fixture.hold(user, "g", &fixture.price().await).await, Err(CreditError::PlanReadOnly)));
    // It stays readable for whoever is on it when it is no longer offered.
    fixture.execute("update public.subscription_plans set is_offered = false where code = 'pro'").await;
    let mut tx = fixture.begin_as(user).await;
    assert_eq!(plans::plan_of(&mut tx, user).await.unwrap().plan.code, pro);
    assert_eq!(plans::offered(&mut tx).await.unwrap().len(), 4);
    let stranger = fixture.person().await;
    let mut tx = fixture.begin_as(stranger).await;
    assert_eq!(plans::find(&mut tx, &pro).await.unwrap(), None);
    let mut tx = fixture.begin().await;
    let refused = plans::set_plan(&fixture.ctx, &mut tx, user, &PlanCode::from("gold"), DunningState::Active).await;
    assert!(matches!(refused, Err(CreditError::NoPlan)));
}

#[tokio::test]
async fn a_price_that_was_shown_holds_for_an_hour_after_it_changed() {
    let fixture = Fixture::open().await;
    let (operation, provider, model) = (Operation::Generate, "gemini", "gemini-3-pro-image");
    let shown = fixture.price().await;
    assert_eq!((shown.image_credits, shown.tokens), (ImageCredits(1), Tokens::whole(201)), "0.134 dollars");
    let dearer = NewPrice {
        operation,
        provider: provider.to_owned(),
        model: model.to_owned(),
        image_credits: ImageCredits(2),
        tokens: Tokens::whole(300),
    };
    let mut tx = fixture.begin().await;
    assert!(prices::set(&fixture.ctx, &mut tx, &dearer).await.unwrap());
    assert!(!prices::set(&fixture.ctx, &mut tx, &dearer).await.unwrap(), "the same price again is no change");
    let now = prices::quote(&mut tx, operation, provider, model).await.unwrap();
    assert_eq!(now.tokens, Tokens::whole(300));
    tx.commit().await.unwrap();

    let mut tx = fixture.begin().await;
    fixture.clock.advance(Duration::minutes(59));
    assert_eq!(prices::honour(&mut tx, shown.id, operation, provider, model, fixture.now()).await.unwrap(), shown);
    fixture.clock.advance(Duration::minutes(1));
    let refused = prices::honour(&mut tx, shown.id, operation, provider, model, fixture.now()).await.unwrap_err();
    assert!(matches!(refused, CreditError::PriceChanged { now: current } if current == now), "{refused}");
    assert_eq!(prices::honour(&mut tx, now.id, operation, provider, model, fixture.now()).await.unwrap(), now);
    // A price of something else is no price of this.
    let other = prices::quote(&mut tx, Operation::Generate, "sketch", "studio-illustrator-1").await.unwrap();
    assert_eq!((other.image_credits, other.tokens), (ImageCredits(1), Tokens::whole(10)));
    let refused = prices::honour(&mut tx, other.id, operation, provider, model, fixture.now()).await.unwrap_err();
    assert!(matches!(refused, CreditError::PriceChanged { .. }), "{refused}");
    let refused = prices::quote(&mut tx, Operation::Video, provider, model).await.unwrap_err();
    assert!(matches!(refused, CreditError::NoPrice { .. }), "{refused}");
}
