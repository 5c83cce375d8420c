//! A transaction of an actor.

use std::fmt;
use std::ops::{Deref, DerefMut};
use std::time::Duration;

use sqlx::pool::PoolConnection;
use sqlx::{AssertSqlSafe, PgConnection, PgPool, Postgres, SqlSafeStr as _};
use sqlx_core::transaction::TransactionManager as _;

use super::error::DatabaseError;
use super::notifier::Notifier;
use crate::idempotency::reservation::mark_effect;

type Manager = <Postgres as sqlx::Database>::TransactionManager;

/// An open transaction. Dropped without [`Tx::commit`], it is rolled back.
///
/// Dereferences to the connection, so queries take `&mut **tx`, or [`Tx::conn`].
pub struct Tx {
    connection: PoolConnection<Postgres>,
    open: bool,
    is_effect: bool,
    notifier: Notifier,
    wakes_workers: bool,
    afterwards: Vec<Box<dyn FnOnce() + Send>>,
}

impl fmt::Debug for Tx {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tx").field("open", &self.open).finish_non_exhaustive()
    }
}

impl Tx {
    /// Begins within `limit`. Idle connections are not asked first whether they still live: `BEGIN` asks just that, has
    /// no effect by itself, and may therefore be tried on the next one.
    pub(super) async fn begin(
        pool: &PgPool,
        preamble: &str,
        limit: Duration,
        notifier: Notifier,
    ) -> Result<Self, DatabaseError> {
        let connection = tokio::time::timeout(limit, async {
            let mut dead_at_most = pool.options().get_max_connections();
            loop {
                match Self::try_begin(pool, preamble).await {
                    Err(Refusal::Dead(_)) if dead_at_most > 0 => dead_at_most -= 1,
                    Err(Refusal::Dead(fault) | Refusal::Final(fault)) => return Err(fault),
                    Ok(connection) => return Ok(connection),
                }
            }
        });
        let connection = connection.await.map_err(|_| DatabaseError::PoolTimedOut)??;
        Ok(Self { connection, open: true, is_effect: false, notifier, wakes_workers: false, afterwards: Vec::new() })
    }

    async fn try_begin(pool: &PgPool, preamble: &str) -> Result<PoolConnection<Postgres>, Refusal> {
        #[expect(clippy::disallowed_methods, reason = "the preamble gives this connection its actor")]
        let connection = pool.acquire().await.map_err(Refusal::Final)?;
        let mut starting = Starting { connection: Some(connection) };
        if let Some(connection) = &mut starting.connection {
            let statements = AssertSqlSafe(preamble.to_owned()).into_sql_str();
            Manager::begin(connection, Some(statements)).await.map_err(Refusal::of)?;
        }
        starting.connection.take().ok_or(Refusal::Final(DatabaseError::PoolClosed))
    }

    /// What is written here counts as an effect of the request that is being worked at.
    pub(super) fn with_effect(mut self) -> Self {
        self.is_effect = true;
        self
    }

    /// The connection, for one query.
    pub fn conn(&mut self) -> &mut PgConnection {
        &mut self.connection
    }

    /// Commits. While a request with an `Idempotency-Key` is worked at, its key is marked in this
    /// same transaction, so that the key does not repeat what was done even if the answer is never stored.
    ///
    /// # Errors
    /// When the database refuses (a deferred constraint) or the connection is lost; nothing has then happened, unless
    /// the connection was lost after the server had committed. When another request has taken over the key.
    pub async fn commit(mut self) -> Result<(), DatabaseError> {
        if self.is_effect {
            mark_effect(&mut self.connection).await?;
        }
        self.commit_repeatable().await
    }

    /// As [`Tx::commit`], for what the same request would find done and use again instead of repeating it; its
    /// `Idempotency-Key` may be used again when it fails later on.
    ///
    /// # Errors
    /// As [`Tx::commit`].
    pub async fn commit_repeatable(mut self) -> Result<(), DatabaseError> {
        let committed = Manager::commit(&mut self.connection).await;
        // Also when the answer was lost: the server may have committed, and what is done here only forgets.
        for act in self.afterwards.drain(..) {
            act();
        }
        if self.wakes_workers {
            self.notifier.notify();
        }
        committed?;
        self.open = false;
        Ok(())
    }

    /// Runs `forget` once this transaction is committed, and not after a rollback: it drops what this process has cached
    /// of what changes here. Other processes are notified by the database.
    pub fn forget_after_commit(&mut self, forget: impl FnOnce() + Send + 'static) {
        self.afterwards.push(Box::new(forget));
    }

    /// Wakes the workers once this transaction is committed.
    pub(crate) const fn wake_workers_after_commit(&mut self) {
        self.wakes_workers = true;
    }

    /// Undoes what was done here, and waits until it is undone.
    ///
    /// # Errors
    /// When the connection is lost; the server then undoes it.
    pub async fn rollback(mut self) -> Result<(), DatabaseError> {
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

/// Why a transaction did not begin.
enum Refusal {
    /// The connection had ended while it was idle in the pool.
    Dead(DatabaseError),
    Final(DatabaseError),
}

impl Refusal {
    fn of(fault: DatabaseError) -> Self {
        // 57P01 to 57P03: the server ended the connection; 25P03, 57P05: it had been idle for too long; 08…: it broke.
        let is_dead = match &fault {
            DatabaseError::Io(_) | DatabaseError::WorkerCrashed => true,
            DatabaseError::Database(inner) => inner.code().is_some_and(|code| {
                matches!(&*code, "57P01" | "57P02" | "57P03" | "57P05" | "25P03") || code.starts_with("08")
            }),
            _ => false,
        };
        if is_dead { Self::Dead(fault) } else { Self::Final(fault) }
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
