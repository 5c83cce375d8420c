//! The hold of a running request on its key, and the mark in every transaction of it that writes.

use std::future::Future;

use sqlx::PgConnection;
use thiserror::Error;

use super::model::Reservation;
use super::queries::{self, Held};
use crate::db::error::DatabaseError;

tokio::task_local! {
    /// The reservation of the request that this task works at. Ambient, because a use case must not be able to forget it.
    static RESERVATION: Reservation;
}

/// Runs the request that holds this reservation; every transaction that it commits marks the key.
pub(crate) async fn run_with<T>(reservation: &Reservation, request: impl Future<Output = T>) -> T {
    RESERVATION.scope(reservation.clone(), request).await
}

/// Another request holds the key: this one took so long that it counted as dead.
#[derive(Debug, Error)]
#[error("another request has taken over this idempotency key")]
pub(crate) struct ReservationLost;

/// Writes into a transaction that is about to be committed that the running request has had an effect. Nothing when no
/// request with a key is running, or the transaction has written nothing.
///
/// # Errors
/// [`ReservationLost`], and then nothing may be committed; or when the database does not answer.
pub(crate) async fn mark_effect(tx: &mut PgConnection) -> Result<(), DatabaseError> {
    let Ok(reservation) = RESERVATION.try_with(Clone::clone) else { return Ok(()) };
    match queries::mark_effect(tx, &reservation).await? {
        Held { has_written: true, is_held: false } => Err(DatabaseError::AnyDriverError(Box::new(ReservationLost))),
        _ => Ok(()),
    }
}
