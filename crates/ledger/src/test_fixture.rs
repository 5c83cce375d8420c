//! What the ledger's database tests stand on: a database, its two log-ins, a few people and a sale.

use kernel::{
    AccountStatus, Actor, Clock, Ctx, Locale, OrderId, OrderItemId, PaymentId, Random, Role, SessionId, Share,
    SystemReason, UserActor, UserId, Yen,
};
use platform::Tx;
use platform::db::{Database, DatabaseAddresses};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use testkit::cluster::{TestDatabase, fresh_database};

use super::sales;
use crate::accounts::model::ProviderName;
use crate::reconciliation::Finding;
use crate::sales::{Sale, SaleLine};

/// A ledger in a database of its own.
pub(crate) struct LedgerFixture {
    pub(crate) db: Database,
    pub(crate) ctx: Ctx,
    database: TestDatabase,
}

impl LedgerFixture {
    pub(crate) async fn open() -> Self {
        let database = fresh_database().await;
        let addresses = DatabaseAddresses {
            web_url: database.web_url().to_owned(),
            service_url: database.service_url().to_owned(),
            pool_size: 12,
        };
        let db = Database::open(&addresses).unwrap();
        let ctx = Ctx::new(Actor::System(SystemReason::Job), Clock::System, Random::system(), Locale::En);
        Self { db, ctx, database }
    }

    /// A transaction of the platform.
    pub(crate) async fn begin(&self) -> Tx {
        self.db.begin_system(SystemReason::Job).await.unwrap()
    }

    /// A transaction of a person.
    pub(crate) async fn begin_as(&self, user_id: UserId) -> Tx {
        let user = UserActor {
            user_id,
            session_id: SessionId(self.ctx.random().uuid_v4()),
            role: Role::Seller,
            status: AccountStatus::Active,
            display_name: "x".to_owned(),
        };
        self.db.begin_as(&self.ctx.acting_as(Actor::User(user))).await.unwrap()
    }

    /// The owner of the tables, who is above row security.
    pub(crate) async fn owner(&self) -> PgConnection {
        PgConnection::connect(self.database.superuser_url()).await.unwrap()
    }

    /// The platform's log-in.
    pub(crate) fn service_url(&self) -> &str {
        self.database.service_url()
    }

    /// The log-in of pages and API.
    pub(crate) fn web_url(&self) -> &str {
        self.database.web_url()
    }

    /// Somebody with an account.
    pub(crate) async fn person(&self) -> UserId {
        let id: UserId = self.ctx.new_id();
        let statement = format!(
            "insert into auth.users (id, email, created_at, updated_at) values ('{id}', '{id}@example.jp', now(), now());
             insert into public.user_profiles (user_id, display_name, created_at, updated_at)
               values ('{id}', 'x', now(), now())"
        );
        sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut self.owner().await).await.unwrap();
        id
    }

    /// An order of items at these prices, 80 % to the seller.
    pub(crate) fn order(&self, seller_id: UserId, prices: &[i64]) -> Sale {
        let seller_share = Share::from_basis_points(8_000).unwrap();
        let line = |price: &i64| SaleLine {
            order_item_id: self.ctx.new_id::<OrderItemId>(),
            seller_id,
            price: Yen(*price),
            seller_share,
        };
        Sale {
            order_id: self.ctx.new_id::<OrderId>(),
            payment_id: self.ctx.new_id::<PaymentId>(),
            provider: ProviderName::from("sandbox"),
            lines: prices.iter().map(line).collect(),
        }
    }

    /// Records a sale.
    pub(crate) async fn sell(&self, sale: &Sale) {
        let mut tx = self.begin().await;
        sales::record_sale(&self.ctx, &mut tx, sale).await.unwrap();
        tx.commit().await.unwrap();
    }

    /// What `machiya verify` finds.
    pub(crate) async fn findings(&self) -> Vec<Finding> {
        let mut tx = self.begin().await;
        crate::verify(&mut tx).await.unwrap()
    }
}
