//! What the routes and jobs of uploads work with.

use std::pin::Pin;
use std::sync::Arc;

use axum::extract::FromRef;
use kernel::UserId;
use platform::{App, DatabaseError, Tx};
use tokio::sync::{Semaphore, SemaphorePermit};

use crate::images::model::limits;

/// Pixels in a unit of the semaphore.
const PIXELS_PER_PERMIT: u64 = 1_000_000;

/// What a person may keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// All uploads together, in bytes.
    pub total_bytes: i64,
    /// How many days an upload is kept that nothing uses; nothing for ever.
    pub kept_days: Option<i32>,
}

/// What a person may keep, asked of those who know plans.
pub type AllowanceOf = Arc<dyn for<'a> Fn(&'a mut Tx, UserId) -> AllowanceFuture<'a> + Send + Sync>;

type AllowanceFuture<'a> = Pin<Box<dyn Future<Output = Result<Allowance, DatabaseError>> + Send + 'a>>;

/// What uploads work with. Cheap to clone.
#[derive(Clone)]
pub struct Media {
    /// The platform.
    pub app: App,
    pub(crate) allowance_of: AllowanceOf,
    decoding: Arc<Semaphore>,
}

impl FromRef<Media> for App {
    fn from_ref(media: &Media) -> Self {
        media.app.clone()
    }
}

impl Media {
    /// The state, with the function that says what a person may keep.
    pub fn new(app: App, allowance_of: AllowanceOf) -> Self {
        let permits = limits::PIXELS_MAX.div_ceil(PIXELS_PER_PERMIT);
        Self { app, allowance_of, decoding: Arc::new(Semaphore::new(usize::try_from(permits).unwrap_or(1))) }
    }

    /// Waits until a picture of so many pixels may be decoded: the largest one alone, or small ones together.
    pub(crate) async fn permit_to_decode(&self, pixels: u64) -> Option<SemaphorePermit<'_>> {
        let wanted = pixels.min(limits::PIXELS_MAX).div_ceil(PIXELS_PER_PERMIT);
        self.decoding.acquire_many(u32::try_from(wanted).unwrap_or(1).max(1)).await.ok()
    }
}
