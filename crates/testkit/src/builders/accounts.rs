//! Accounts without a password or a session; [`crate::TestApp::user`] makes people who can log in.

use anyhow::{Context as _, Result};
use kernel::{Role, UserId};
use sqlx::PgConnection;
use time::{Duration, OffsetDateTime};

/// Accounts that differ only in their id, address and time of sign-up.
#[derive(Clone, Debug)]
pub struct Accounts {
    count: i64,
    name: String,
    role: Role,
    is_banned: bool,
    created_at: OffsetDateTime,
    apart: Duration,
}

impl Accounts {
    /// `count` accounts that signed up at [`crate::BEGINNING`].
    pub fn new(count: i64) -> Self {
        Self {
            count,
            name: "somebody".to_owned(),
            role: Role::User,
            is_banned: false,
            created_at: crate::app::BEGINNING,
            apart: Duration::ZERO,
        }
    }

    /// One account.
    pub fn one() -> Self {
        Self::new(1)
    }

    /// The display name of each.
    #[must_use]
    pub fn named(mut self, name: &str) -> Self {
        name.clone_into(&mut self.name);
        self
    }

    /// The role of each.
    #[must_use]
    pub const fn role(mut self, role: Role) -> Self {
        self.role = role;
        self
    }

    /// All of them are banned.
    #[must_use]
    pub const fn banned(mut self) -> Self {
        self.is_banned = true;
        self
    }

    /// The first signed up at `at`, each further one `apart` later.
    #[must_use]
    pub const fn created_at(mut self, at: OffsetDateTime, apart: Duration) -> Self {
        self.created_at = at;
        self.apart = apart;
        self
    }

    /// Writes them and returns their ids, the first sign-up first. Whatever a sign-up causes in the database (an open
    /// wallet, the free image credits) follows.
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn insert(&self, owner: &mut PgConnection) -> Result<Vec<UserId>> {
        let ids = sqlx::query_scalar::<_, UserId>(
            "with people as materialized (
               select gen_random_uuid() as id, n, $2 + (n - 1) * make_interval(secs => $3) as at
                 from generate_series(1, $1) as n),
             users as (
               insert into auth.users (id, email, created_at, updated_at)
               select id, id || '@example.jp', at, at from people returning id),
             profiles as (
               insert into public.user_profiles (user_id, display_name, role, is_banned, created_at, updated_at)
               select p.id, $4, $5, $6, p.at, p.at from people as p join users using (id) returning user_id)
             select p.id from people as p join profiles on user_id = p.id order by p.n",
        )
        .bind(self.count)
        .bind(self.created_at)
        .bind(self.apart.as_seconds_f64())
        .bind(&self.name)
        .bind(self.role)
        .bind(self.is_banned)
        .fetch_all(owner)
        .await?;
        Ok(ids)
    }

    /// As [`Accounts::insert`], for [`Accounts::one`].
    ///
    /// # Errors
    /// When the database refuses.
    pub async fn insert_one(&self, owner: &mut PgConnection) -> Result<UserId> {
        self.insert(owner).await?.first().copied().context("an account")
    }
}
