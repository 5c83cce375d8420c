//! A transaction that began with an actor.

use std::ops::{Deref, DerefMut};

use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, PgConnection, PgPool, Postgres, SqlSafeStr as _};
use sqlx_core::transaction::TransactionManager as _;

use super::DatabaseFault;

type Manager = <Postgres as sqlx::Database>::TransactionManager;

/// An open transaction. Dropped without [`Tx::commit`], it is rolled back.
///
/// Dereferences to the connection, so queries take `&mut **tx`, or [`Tx::conn`].
#[derive(Debug)]
pub struct Tx {
    connection: PoolConnection<Postgres>,
    open: bool,
}

impl Tx {
    pub(super) async fn begin(pool: &PgPool, preamble: &str) -> Result<Self, DatabaseFault> {
        #[expect(clippy::disallowed_methods, reason = "the preamble gives this connection its actor")]
        let connection = pool.acquire().await?;
        let mut starting = Starting { connection: Some(connection) };
        if let Some(connection) = &mut starting.connection {
            Manager::begin(connection, Some(AssertSqlSafe(preamble.to_owned()).into_sql_str())).await?;
        }
        let connection = starting.connection.take().ok_or(DatabaseFault::PoolClosed)?;
        Ok(Self { connection, open: true })
    }

    /// The connection, for one query.
    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.connection
    }

    /// Makes what was done here true.
    ///
    /// # Errors
    /// When the database refuses (a deferred constraint) or the connection is lost; nothing has then happened, unless
    /// the connection was lost after the server had committed.
    pub async fn commit(mut self) -> Result<(), DatabaseFault> {
        Manager::commit(&mut self.connection).await?;
        self.open = false;
        Ok(())
    }

    /// Undoes what was done here, and waits until it is undone.
    ///
    /// # Errors
    /// When the connection is lost; the server then undoes it.
    pub async fn rollback(mut self) -> Result<(), DatabaseFault> {
        Manager::rollback(&mut self.connection).await?;
        self.open = false;
        Ok(())
    }
}

impl Deref for Tx {
    type Target = PgConnection;

    fn deref(&self) -> &PgConnection {
        &self.connection
    }
}

impl DerefMut for Tx {
    fn deref_mut(&mut self) -> &mut PgConnection {
        &mut self.connection
    }
}

impl Drop for Tx {
    fn drop(&mut self) {
        if self.open {
            Manager::start_rollback(&mut self.connection);
        }
    }
}

/// A connection whose `BEGIN` has not been answered. When that fails, or the request is cancelled meanwhile, its state
/// is unknown (it may be inside an aborted transaction with somebody's role), so it is closed and not given back.
struct Starting {
    connection: Option<PoolConnection<Postgres>>,
}

impl Drop for Starting {
    fn drop(&mut self) {
        if let Some(connection) = &mut self.connection {
            connection.close_on_drop();
        }
    }
}
