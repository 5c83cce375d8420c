//! Random lives of a wallet, with a clock that jumps: after every step the database holds exactly what the model holds,
//! and `verify` finds nothing.

use kernel::{ImageCredits, Tokens, UserId};
use ledger::ProviderName;
use ledger::deferred::{CreditRefund, balance_of, record_refund};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use time::Duration;

use super::fixture::Fixture;
use super::model::{Model, ModelLot};
use crate::holds::Actual;
use crate::lots::{self, NewLot, Withdrawal};
use crate::prices::Price;
use crate::{Amount, CreditError};

#[derive(Clone, Debug)]
enum Step {
    Grant { is_image: bool, amount: i64, days: Option<i64> },
    Buy { tokens: i64, yen: i64 },
    Hold { images: i64, tokens: i64 },
    Capture { which: usize, percent: i64 },
    Release { which: usize },
    TakeBack { which: usize },
    RefundAtProvider { which: usize, percent: i64, earned_between: bool },
    Withdraw { is_image: bool, amount: i64 },
    EndPlanLots,
    MoveClock { hours: i64 },
    Expire,
    ReleaseForgotten,
    Recognise,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        2 => (any::<bool>(), 1..6_i64, proptest::option::of(0..6_i64))
            .prop_map(|(is_image, amount, days)| Step::Grant { is_image, amount, days }),
        1 => (1..500_i64, 50..200_i64).prop_map(|(tokens, yen)| Step::Buy { tokens, yen }),
        6 => (0..3_i64, 0..250_i64).prop_map(|(images, tokens)| Step::Hold { images, tokens }),
        3 => (any::<usize>(), 0..=100_i64).prop_map(|(which, percent)| Step::Capture { which, percent }),
        2 => any::<usize>().prop_map(|which| Step::Release { which }),
        1 => any::<usize>().prop_map(|which| Step::TakeBack { which }),
        2 => (any::<usize>(), 1..=100_i64, any::<bool>()).prop_map(|(which, percent, earned_between)| {
            Step::RefundAtProvider { which, percent, earned_between }
        }),
        1 => (any::<bool>(), 1..4_i64).prop_map(|(is_image, amount)| Step::Withdraw { is_image, amount }),
        1 => Just(Step::EndPlanLots),
        2 => (-30..60_i64).prop_map(|hours| Step::MoveClock { hours }),
        1 => Just(Step::Expire),
        1 => Just(Step::ReleaseForgotten),
        1 => Just(Step::Recognise),
    ]
}

struct Life<'a> {
    fixture: &'a Fixture,
    user: UserId,
    price: Price,
    model: Model,
    count: usize,
}

fn amount_of(unit: &str, amount: i64) -> Amount {
    Amount::of(unit, amount)
}

const fn unit_of(is_image: bool) -> &'static str {
    if is_image { "image" } else { "token" }
}

impl<'a> Life<'a> {
    async fn begin(fixture: &'a Fixture) -> Self {
        let user = fixture.person().await;
        let mut life = Life { fixture, user, price: fixture.price().await, model: Model::default(), count: 0 };
        let sign_up = {
            let mut tx = fixture.begin().await;
            sqlx::query_scalar("select id from public.credit_lots where user_id = $1")
                .bind(user)
                .fetch_one(tx.conn())
                .await
                .unwrap()
        };
        life.add_lot(sign_up, "image", 3, None, false);
        life
    }

    fn key(&mut self) -> String {
        self.count += 1;
        format!("{}:{}", self.user, self.count)
    }

    fn add_lot(&mut self, id: crate::LotId, unit: &'static str, amount: i64, days: Option<i64>, is_bought: bool) {
        self.model.lots.push(ModelLot {
            id,
            unit,
            is_bought,
            issued_at: self.fixture.now(),
            expires_at: days.map(|days| self.fixture.in_days(days)),
            ended: false,
            taken_back: false,
            available: amount,
            held: 0,
            used: 0,
            expired: 0,
            refunded: 0,
        });
    }

    async fn take(&mut self, step: &Step) {
        let now = self.fixture.now();
        match step {
            Step::Grant { is_image, amount, days } => {
                let unit = unit_of(*is_image);
                let amount = if *is_image { *amount } else { *amount * 100_000 };
                let key = self.key();
                let lot = NewLot {
                    expires_at: days.map(|days| self.fixture.in_days(days)),
                    ..self.fixture.lot(self.user, amount_of(unit, amount), &key)
                };
                let id = self.fixture.grant(&lot).await;
                self.add_lot(id, unit, amount, *days, false);
            }
            Step::Buy { tokens, yen } => {
                let key = self.key();
                let id = self.fixture.buy(self.user, *tokens, *yen, &key).await;
                self.add_lot(id, "token", tokens * 1_000, Some(180), true);
            }
            Step::Hold { images, tokens } => self.hold(*images, tokens * 1_000).await,
            Step::Capture { which, percent } => self.close(*which, Some(*percent)).await,
            Step::Release { which } => self.close(*which, None).await,
            Step::TakeBack { which } => self.take_back(*which).await,
            Step::RefundAtProvider { which, percent, earned_between } => {
                self.refund_at_provider(*which, *percent, *earned_between).await;
            }
            Step::Withdraw { is_image, amount } => self.withdraw(*is_image, *amount).await,
            Step::EndPlanLots => {
                let mut tx = self.fixture.begin().await;
                lots::end_plan_lots(&self.fixture.ctx, &mut tx, self.user, "none").await.unwrap();
                tx.commit().await.unwrap();
                let first = self.model.lots[0].id;
                self.model.end(|lot| lot.unit == "image" && lot.id != first);
            }
            Step::MoveClock { hours } => self.fixture.clock.advance(Duration::hours(*hours)),
            Step::Expire => {
                self.fixture.pass("credits_expire_due").await;
                self.model.end(|lot| lot.expires_at.is_some_and(|at| at <= now));
            }
            Step::ReleaseForgotten => {
                self.fixture.pass("credits_release_due").await;
                let due: Vec<String> = self
                    .model
                    .open
                    .iter()
                    .filter(|(_, hold)| hold.expires_at <= now)
                    .map(|(key, _)| key.clone())
                    .collect();
                for key in due {
                    self.model.close(&key, 0, now);
                }
            }
            Step::Recognise => {
                self.fixture.recognise().await;
            }
        }
    }

    async fn hold(&mut self, images: i64, tokens: i64) {
        let now = self.fixture.now();
        let key = self.key();
        let price = Price { image_credits: ImageCredits(images), tokens: Tokens(tokens), ..self.price };
        let affordable = if images > 0 && self.model.spendable("image", now) >= images {
            Some(("image", images))
        } else if self.model.spendable("token", now) >= tokens && (tokens > 0 || images == 0) {
            Some(("token", tokens))
        } else {
            None
        };
        match (self.fixture.hold(self.user, &key, &price).await, affordable) {
            (Ok(hold), Some((unit, amount))) => {
                assert_eq!(hold.amount, amount_of(unit, amount));
                self.model.hold(&key, unit, amount, now + Duration::hours(1), now);
            }
            (Err(CreditError::Insufficient { .. }), None) => {}
            (answer, expected) => panic!("{answer:?} where {expected:?} was expected"),
        }
    }

    async fn close(&mut self, which: usize, percent: Option<i64>) {
        let now = self.fixture.now();
        let keys: Vec<String> = self.model.open.keys().cloned().collect();
        let Some(key) = keys.get(which % keys.len().max(1)) else { return };
        let hold = &self.model.open[key];
        let used = match percent {
            None => {
                self.fixture.release(key).await;
                0
            }
            Some(_) if hold.unit == "image" => {
                self.fixture.capture(key, Actual::Tokens(Tokens(0))).await.unwrap();
                hold.amount
            }
            Some(percent) => {
                let used = hold.amount * percent / 100;
                self.fixture.capture(key, Actual::Tokens(Tokens(used))).await.unwrap();
                used
            }
        };
        self.model.close(key, used, now);
    }

    async fn take_back(&mut self, which: usize) {
        let bought: Vec<_> = self.model.lots.iter().filter(|lot| lot.is_bought).map(|lot| lot.id).collect();
        let Some(id) = bought.get(which % bought.len().max(1)) else { return };
        let mut tx = self.fixture.begin().await;
        let (key, payment): (String, uuid::Uuid) =
            sqlx::query_as("select business_key, payment_id from public.credit_lots where id = $1")
                .bind(id)
                .fetch_one(tx.conn())
                .await
                .unwrap();
        let taken = lots::take_back(&self.fixture.ctx, &mut tx, &key, "refund").await.unwrap();
        if taken.is_new && !taken.yen_unspent.is_zero() {
            let refund = CreditRefund {
                refund_id: self.fixture.ctx.new_id(),
                payment_id: payment.into(),
                unspent: taken.yen_unspent,
                spent: kernel::Yen::ZERO,
            };
            record_refund(&self.fixture.ctx, &mut tx, &ProviderName::from("sandbox"), &refund).await.unwrap();
        }
        tx.commit().await.unwrap();
        self.model.take_back(*id);
    }

    /// Some of what is left of a payment goes back at the provider; the news of it comes twice, perhaps after a pass of
    /// recognition.
    async fn refund_at_provider(&mut self, which: usize, percent: i64, earned_between: bool) {
        let bought: Vec<_> = self.model.lots.iter().filter(|lot| lot.is_bought).map(|lot| lot.id).collect();
        let Some(id) = bought.get(which % bought.len().max(1)) else { return };
        let (fixture, ctx) = (self.fixture, &self.fixture.ctx);
        let mut tx = fixture.begin().await;
        let payment: uuid::Uuid = sqlx::query_scalar("select payment_id from public.credit_lots where id = $1")
            .bind(id)
            .fetch_one(tx.conn())
            .await
            .unwrap();
        let before = balance_of(&mut tx, payment.into()).await.unwrap().unwrap();
        let amount = kernel::Yen(((before.received - before.given_back).get() * percent + 99) / 100);
        if amount.is_zero() {
            return;
        }
        let unspent = before.owed().min(amount);
        let refund =
            CreditRefund { refund_id: ctx.new_id(), payment_id: payment.into(), unspent, spent: amount - unspent };
        record_refund(ctx, &mut tx, &ProviderName::from("sandbox"), &refund).await.unwrap();
        tx.commit().await.unwrap();
        if earned_between {
            fixture.recognise().await;
        }
        for _ in 0..2 {
            let mut tx = fixture.begin().await;
            lots::follow_refunds(ctx, &mut tx, payment.into(), "refund").await.unwrap();
            tx.commit().await.unwrap();
        }
        self.model.give_back(*id, (before.given_back + amount).get(), before.received.get());
    }

    async fn withdraw(&mut self, is_image: bool, amount: i64) {
        let now = self.fixture.now();
        let (unit, amount) = (unit_of(is_image), if is_image { amount } else { amount * 70_000 });
        let taken = Withdrawal {
            user_id: self.user,
            amount: amount_of(unit, amount),
            business_key: self.key(),
            detail: serde_json::json!({"reason": "test"}),
        };
        let mut tx = self.fixture.begin().await;
        let answer = lots::withdraw(&self.fixture.ctx, &mut tx, &taken).await;
        tx.commit().await.unwrap();
        if self.model.spendable(unit, now) >= amount {
            answer.unwrap();
            self.model.withdraw(unit, amount, now);
        } else {
            assert!(matches!(answer, Err(CreditError::TooLittle)), "{answer:?}");
        }
    }

    /// Lot by lot, the database holds what the model holds.
    async fn compare(&self) {
        let mut tx = self.fixture.begin().await;
        let rows: Vec<(crate::LotId, i64, i64, i64, i64, i64)> = sqlx::query_as(
            "select id, available, held, used, expired, refunded from public.credit_lots where user_id = $1 order by id",
        )
        .bind(self.user)
        .fetch_all(tx.conn())
        .await
        .unwrap();
        let mut expected: Vec<_> = self
            .model
            .lots
            .iter()
            .map(|lot| (lot.id, lot.available, lot.held, lot.used, lot.expired, lot.refunded))
            .collect();
        expected.sort_unstable();
        assert_eq!(rows, expected);
        drop(tx);
        let balance = self.fixture.balance(self.user).await;
        let now = self.fixture.now();
        assert_eq!(balance.tokens.get(), self.model.spendable("token", now));
        assert_eq!(balance.tokens_held.get(), self.model.sum("token", |lot| lot.held));
        assert_eq!(balance.image_credits.get(), self.model.spendable("image", now));
        assert_eq!(balance.image_credits_held.get(), self.model.sum("image", |lot| lot.held));
        self.fixture.assert_sound().await;
    }

    /// Once nothing of a paid lot is left, every yen of it was earned or given back.
    async fn end(self) {
        self.fixture.recognise().await;
        let open = "select count(*) from public.credit_lots
                     where available = 0 and held = 0 and paid_yen <> recognised_yen + refunded_yen";
        assert_eq!(self.fixture.number(open).await, 0);
    }
}

#[test]
fn a_wallet_holds_what_the_model_holds_after_every_step() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap();
    let mut runner =
        TestRunner::new(Config { cases: 24, max_shrink_iters: 60, failure_persistence: None, ..Config::default() });
    runner
        .run(&proptest::collection::vec(step(), 1..40), |steps| {
            runtime.block_on(async {
                let fixture = Fixture::open().await;
                let mut life = Life::begin(&fixture).await;
                for step in &steps {
                    life.take(step).await;
                    life.compare().await;
                }
                life.end().await;
            });
            Ok(())
        })
        .unwrap();
}
