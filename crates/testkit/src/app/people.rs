//! Users of a test.

use anyhow::{Context as _, Result, anyhow};
use identity::passwords::{self, PasswordHash};
use identity::sessions::{self, SessionKind};
use identity::users::{self, NewAccount};
use kernel::{AccountStatus, Actor, Ctx, Locale, Role, SystemReason, UserActor, UserId};
use tokio::sync::OnceCell;

use super::client::TestClient;
use super::test_app::TestApp;

/// The password of every test user.
const PASSWORD: &str = "correct horse battery staple";

static HASH: OnceCell<PasswordHash> = OnceCell::const_new();

/// A user with an account and a bearer session.
#[derive(Clone)]
pub struct TestUser {
    /// The account.
    pub id: UserId,
    /// Its mail address.
    pub email: String,
    /// The secret of a bearer session.
    pub token: String,
    /// Sends requests with it.
    pub client: TestClient,
    /// A context in which this person acts.
    pub ctx: Ctx,
}

impl TestApp {
    /// Makes an account called `name`, with a verified address and a session. The password is [`TestUser::PASSWORD`].
    ///
    /// # Panics
    /// When it cannot be made.
    pub async fn user(&self, name: &str) -> TestUser {
        self.person(name, Role::User, Locale::Ja).await
    }

    /// As [`TestApp::user`], reading English.
    ///
    /// # Panics
    /// When it cannot be made.
    pub async fn english_user(&self, name: &str) -> TestUser {
        self.person(name, Role::User, Locale::En).await
    }

    /// Makes an operator.
    ///
    /// # Panics
    /// When it cannot be made.
    pub async fn operator(&self, name: &str) -> TestUser {
        self.person(name, Role::Admin, Locale::Ja).await
    }

    async fn person(&self, name: &str, role: Role, locale: Locale) -> TestUser {
        match self.try_person(name, role, locale).await {
            Ok(user) => user,
            #[expect(clippy::panic, reason = "a test without its people has failed")]
            Err(error) => panic!("no account for {name}: {error:#}"),
        }
    }

    async fn try_person(&self, name: &str, role: Role, locale: Locale) -> Result<TestUser> {
        let ctx = self.state.ctx(Actor::System(SystemReason::Registration), locale);
        let hash = HASH
            .get_or_try_init(|| passwords::hash_password(ctx.random(), PASSWORD))
            .await
            .map_err(|problem| anyhow!("{}", problem.code()))?;
        let email = format!("{}@example.jp", ctx.random().uuid_v4().simple());
        let new = NewAccount::check(&email, PASSWORD, name).map_err(|problem| anyhow!("{:?}", problem.fields()))?;
        let mut tx = self.state.db.begin_system(SystemReason::Registration).await?;
        let id = users::sign_up(&ctx, &mut tx, &new, hash).await.context("sign-up")?;
        users::set_role(&mut tx, id, role, ctx.now()).await?;
        users::verify_email(&mut tx, id, new.email.as_str(), ctx.now()).await?;
        let session = sessions::start(&ctx, &mut tx, id, SessionKind::Bearer, "testkit", None).await?;
        tx.commit().await?;
        let token = session.token.reveal().to_owned();
        let actor = UserActor {
            user_id: id,
            session_id: session.id,
            role,
            status: AccountStatus::Active,
            display_name: name.to_owned(),
        };
        let client = TestClient::new(&self.state, &self.url, Some(token.clone()));
        let client = client.with_header("accept-language", locale.tag());
        Ok(TestUser { id, email, token, client, ctx: ctx.acting_as(Actor::User(actor)) })
    }

    /// Bans an account.
    ///
    /// # Panics
    /// When the database does not answer.
    pub async fn ban(&self, user: &TestUser) {
        let mut tx = self.tx().await;
        #[expect(clippy::expect_used, reason = "a test whose database is gone has failed")]
        users::set_banned(&mut tx, user.id, true, self.state.clock.now()).await.expect("the account is banned");
        #[expect(clippy::expect_used, reason = "a test whose database is gone has failed")]
        tx.commit().await.expect("the ban is committed");
    }
}

impl TestUser {
    /// The password of everybody in the tests.
    pub const PASSWORD: &'static str = PASSWORD;
}
