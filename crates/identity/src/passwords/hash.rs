//! Hashing and verification of passwords: slow on purpose, so a semaphore limits how many run at once.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use kernel::Random;
use platform::Problem;
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization as _;

use super::model::PasswordHash;

/// Permits for hashing: one fewer than the cores, so that many log-ins at once leave one core to other requests.
static PERMITS: LazyLock<Semaphore> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZeroUsize::get);
    Semaphore::new(cores.saturating_sub(1).max(1))
});

/// How long a caller waits for a permit before the answer is 503.
const WAIT_MAX: Duration = Duration::from_secs(10);
/// The most callers that wait for a permit; the next is answered 503 at once, so that a flood costs no memory.
const QUEUE_MAX: usize = 64;
/// How many callers wait for a permit.
static WAITING: AtomicUsize = AtomicUsize::new(0);

/// A place in the queue; dropping it gives the place back.
struct QueuePlace;

impl QueuePlace {
    fn take() -> Option<Self> {
        let step = |waiting| (waiting < QUEUE_MAX).then_some(waiting + 1);
        WAITING.fetch_update(Ordering::SeqCst, Ordering::SeqCst, step).ok().map(|_| Self)
    }
}

impl Drop for QueuePlace {
    fn drop(&mut self) {
        WAITING.fetch_sub(1, Ordering::SeqCst);
    }
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1_024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The NFKC form, so that the same password typed on another keyboard matches (NIST 800-63B-4 §3.1.1.2).
pub(super) fn normalised(password: &str) -> String {
    password.nfkc().collect()
}

/// Hashes a password on a blocking thread.
///
/// # Errors
/// 503 `too_busy` when too many hashes wait.
pub async fn hash_password(random: &Random, password: &str) -> Result<PasswordHash, Problem> {
    let (password, salt) = (normalised(password), random.bytes::<16>());
    with_permit(move || {
        argon2()
            .hash_password_with_salt(password.as_bytes(), &salt)
            .map(|hash| PasswordHash(hash.to_string()))
            .map_err(|error| Problem::internal(std::io::Error::other(error.to_string())))
    })
    .await?
}

/// Whether `password` matches `hash`. Without a hash (no such account) the same work is done and the answer is `false`,
/// so that the time does not reveal whether an account exists.
///
/// # Errors
/// 503 `too_busy` when too many hashes wait.
pub(crate) async fn verify_password(password: &str, hash: Option<String>) -> Result<bool, Problem> {
    let password = normalised(password);
    with_permit(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| DUMMY.clone());
        let matches = Phc::new(&hash).is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok());
        matches && known
    })
    .await
}

/// A hash that no password matches, with the parameters of real hashes.
static DUMMY: LazyLock<String> =
    LazyLock::new(|| argon2().hash_password_with_salt(b"", &[0; 16]).map(|hash| hash.to_string()).unwrap_or_default());

async fn with_permit<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    let busy = || Problem::unavailable("too_busy", std::io::Error::other("password hashing is saturated"));
    let place = QueuePlace::take().ok_or_else(busy)?;
    let permit = tokio::time::timeout(WAIT_MAX, PERMITS.acquire()).await.map_err(|_| busy())?.map_err(|_| busy())?;
    drop(place);
    let done = tokio::task::spawn_blocking(work).await.map_err(Problem::internal);
    drop(permit);
    done
}
