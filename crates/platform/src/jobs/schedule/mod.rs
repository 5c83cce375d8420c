//! Recurring work: a row a schedule, moved on in the transaction that enqueues the run.

mod queries;

use kernel::SystemReason;

use super::queries::{NewJob, insert};
use super::registry::Registry;
use crate::app::App;
use crate::db::error::DatabaseError;

/// Makes every schedule known to the database.
pub(super) async fn register(app: &App, registry: &Registry) -> Result<(), DatabaseError> {
    let ctx = app.system_ctx(SystemReason::Maintenance);
    let mut tx = app.db.begin_system(SystemReason::Maintenance).await?;
    for schedule in &registry.schedules {
        let seconds = i32::try_from(schedule.every.whole_seconds()).unwrap_or(i32::MAX).max(1);
        queries::upsert_schedule(&mut tx, schedule.name, seconds, ctx.now()).await?;
    }
    tx.commit().await
}

/// Enqueues what is due.
pub(super) async fn enqueue_due(app: &App, registry: &Registry) -> Result<(), DatabaseError> {
    let names: Vec<String> = registry.schedules.iter().map(|schedule| schedule.name.to_owned()).collect();
    if names.is_empty() {
        return Ok(());
    }
    let ctx = app.system_ctx(SystemReason::Maintenance);
    let mut tx = app.db.begin_system(SystemReason::Maintenance).await?;
    let due = queries::due_schedules(&mut tx, &names, ctx.now()).await?;
    for schedule in registry.schedules.iter().filter(|schedule| due.iter().any(|name| name == schedule.name)) {
        let new = NewJob {
            id: ctx.new_id(),
            name: schedule.name,
            payload: &schedule.payload,
            unique_key: Some("scheduled"),
            owner_id: None,
            priority: schedule.priority,
            max_attempts: schedule.max_attempts,
            run_at: ctx.now(),
            request_id: ctx.request_id.0,
            now: ctx.now(),
        };
        insert(&mut tx, &new).await?;
        tx.wake_workers_after_commit();
    }
    tx.commit().await
}
