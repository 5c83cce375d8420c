//! What the tests stand on: a database with its two log-ins, a clock that the test moves, and people with wallets.

use kernel::{
    AccountStatus, Actor, Clock, Ctx, GenerationId, ImageCredits, Locale, ManualClock, PaymentId, Random, Role,
    SessionId, SystemReason, Tokens, UserActor, UserId, Yen,
};
use ledger::ProviderName;
use platform::Tx;
use platform::db::{Database, DatabaseAddresses};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use testkit::BEGINNING;
use testkit::cluster::{TestDatabase, fresh_database};
use time::{Duration, OffsetDateTime};

use crate::holds::{self, Hold, NewHold};
use crate::lots::{self, LotSource, NewLot};
use crate::prices::{self, Operation, Price};
use crate::wallets::{self, Balance};
use crate::{Amount, CreditError, LotId};

/// A wallet fixture in a database of its own.
pub(super) struct Fixture {
    pub(super) db: Database,
    pub(super) clock: ManualClock,
    pub(super) ctx: Ctx,
    database: TestDatabase,
}

impl Fixture {
    pub(super) async fn open() -> Self {
        let database = fresh_database().await;
        let addresses = DatabaseAddresses {
            web_url: database.web_url().to_owned(),
            service_url: database.service_url().to_owned(),
            pool_size: 24,
        };
        let db = Database::open(&addresses).unwrap();
        let clock = ManualClock::starting_at(BEGINNING);
        let actor = Actor::System(SystemReason::Job);
        let ctx = Ctx::new(actor, Clock::Manual(clock.clone()), Random::system(), Locale::En);
        Self { db, clock, ctx, database }
    }

    pub(super) async fn begin(&self) -> Tx {
        self.db.begin_system(SystemReason::Job).await.unwrap()
    }

    pub(super) async fn begin_as(&self, user_id: UserId) -> Tx {
        let user = UserActor {
            user_id,
            session_id: SessionId(self.ctx.random().uuid_v4()),
            role: Role::User,
            status: AccountStatus::Active,
            display_name: "x".to_owned(),
        };
        self.db.begin_as(&self.ctx.acting_as(Actor::User(user))).await.unwrap()
    }

    pub(super) async fn owner(&self) -> PgConnection {
        PgConnection::connect(self.database.superuser_url()).await.unwrap()
    }

    pub(super) fn service_url(&self) -> &str {
        self.database.service_url()
    }

    pub(super) fn web_url(&self) -> &str {
        self.database.web_url()
    }

    pub(super) fn now(&self) -> OffsetDateTime {
        self.ctx.now()
    }

    pub(super) fn in_days(&self, days: i64) -> OffsetDateTime {
        self.now() + Duration::days(days)
    }

    /// Somebody with an account, and so with three image credits.
    pub(super) async fn person(&self) -> UserId {
        let id: UserId = self.ctx.new_id();
        let statement = format!(
            "insert into auth.users (id, email, created_at, updated_at) values ('{id}', '{id}@example.jp', '{0}', '{0}');
             insert into public.user_profiles (user_id, display_name, created_at, updated_at)
               values ('{id}', 'x', '{0}', '{0}')",
            self.now()
        );
        self.execute(&statement).await;
        id
    }

    /// Statements as the owner, without a transaction.
    pub(super) async fn execute(&self, statements: &str) {
        sqlx::raw_sql(AssertSqlSafe(statements.to_owned())).execute(&mut self.owner().await).await.unwrap();
    }

    pub(super) async fn number(&self, statement: &str) -> i64 {
        sqlx::query_scalar(AssertSqlSafe(statement.to_owned())).fetch_one(&mut self.owner().await).await.unwrap()
    }

    /// A picture for an image credit or 201 tokens.
    pub(super) async fn price(&self) -> Price {
        let mut tx = self.begin().await;
        prices::quote(&mut tx, Operation::Generate, "gemini", "gemini-3-pro-image").await.unwrap()
    }

    pub(super) fn lot(&self, user_id: UserId, amount: Amount, key: &str) -> NewLot {
        NewLot {
            user_id,
            amount,
            source: LotSource::PlanGrant,
            business_key: key.to_owned(),
            paid: Yen::ZERO,
            payment_id: None,
            expires_at: None,
            detail: serde_json::json!({}),
        }
    }

    pub(super) async fn grant(&self, lot: &NewLot) -> LotId {
        let mut tx = self.begin().await;
        let id = lots::grant(&self.ctx, &mut tx, lot).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// A pack of tokens that was paid for: receipt and lot.
    pub(super) async fn buy(&self, user_id: UserId, tokens: i64, paid: i64, key: &str) -> LotId {
        let payment_id: PaymentId = self.ctx.new_id();
        let lot = NewLot {
            source: LotSource::Purchase,
            paid: Yen(paid),
            payment_id: Some(payment_id),
            expires_at: Some(self.in_days(180)),
            ..self.lot(user_id, tokens_of(tokens), key)
        };
        let mut tx = self.begin().await;
        let provider = ProviderName::from("sandbox");
        ledger::deferred::record_receipt(&self.ctx, &mut tx, payment_id, &provider, Yen(paid)).await.unwrap();
        let id = lots::grant(&self.ctx, &mut tx, &lot).await.unwrap();
        tx.commit().await.unwrap();
        id
    }

    /// Holds and commits, whatever the answer.
    pub(super) async fn hold(&self, user_id: UserId, key: &str, price: &Price) -> Result<Hold, CreditError> {
        let mut tx = self.begin().await;
        let wanted = NewHold {
            user_id,
            business_key: key.to_owned(),
            operation: Operation::Generate,
            price,
            generation_id: Some(GenerationId(uuid::Uuid::nil())),
            expires_at: self.now() + Duration::hours(1),
        };
        let held = holds::hold(&self.ctx, &mut tx, &wanted).await;
        if !matches!(held, Err(CreditError::Database(_) | CreditError::KeyReused | CreditError::NoWallet)) {
            tx.commit().await.unwrap();
        }
        held
    }

    pub(super) async fn capture(&self, key: &str, actual: holds::Actual) -> Result<holds::Captured, CreditError> {
        let mut tx = self.begin().await;
        let captured = holds::capture(&self.ctx, &mut tx, key, actual).await;
        if captured.is_ok() {
            tx.commit().await.unwrap();
        }
        captured
    }

    pub(super) async fn release(&self, key: &str) {
        let mut tx = self.begin().await;
        holds::release(&self.ctx, &mut tx, key, holds::ReleaseReason::Failed).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub(super) async fn balance(&self, user_id: UserId) -> Balance {
        let mut tx = self.begin().await;
        wallets::balance(&mut tx, user_id, self.now()).await.unwrap()
    }

    /// One pass of a job's function: `credits_expire_due` or `credits_release_due`.
    pub(super) async fn pass(&self, function: &str) -> i64 {
        let mut tx = self.begin().await;
        let statement = format!("select app.{function}($1, 1000)");
        let done = sqlx::query_scalar(AssertSqlSafe(statement)).bind(self.now()).fetch_one(tx.conn()).await.unwrap();
        tx.commit().await.unwrap();
        done
    }

    /// Posts everything that has been earned.
    pub(super) async fn recognise(&self) -> Yen {
        let mut tx = self.begin().await;
        let done = crate::recognition::recognise_due(&self.ctx, &mut tx, None, 1_000).await.unwrap();
        tx.commit().await.unwrap();
        done.yen
    }

    /// What `machiya verify` finds, in the ledger and here.
    pub(super) async fn assert_sound(&self) {
        let mut tx = self.begin().await;
        assert_eq!(crate::verify(&mut tx).await.unwrap(), []);
        assert_eq!(ledger::verify(&mut tx).await.unwrap(), []);
    }
}

pub(super) fn images(count: i64) -> Amount {
    Amount::Images(ImageCredits(count))
}

pub(super) fn tokens_of(count: i64) -> Amount {
    Amount::Tokens(Tokens::whole(count))
}
