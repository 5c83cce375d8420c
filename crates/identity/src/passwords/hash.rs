//! Hashing: slow on purpose, and therefore rationed.

use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use argon2::password_hash::phc::PasswordHash as Phc;
use argon2::{Algorithm, Argon2, Params, PasswordHasher as _, PasswordVerifier as _, Version};
use kernel::Random;
use platform::Problem;
use tokio::sync::Semaphore;
use unicode_normalization::UnicodeNormalization as _;

/// A password's argon2id hash in PHC form.
#[derive(Clone)]
pub struct PasswordHash(String);

impl PasswordHash {
    /// The PHC text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash")
    }
}

/// One core fewer than there are, so that a flood of log-ins leaves one to the rest of the site.
static TURNS: LazyLock<Semaphore> = LazyLock::new(|| {
    let cores = std::thread::available_parallelism().map_or(2, std::num::NonZeroUsize::get);
    Semaphore::new(cores.saturating_sub(1).max(1))
});

/// How long a caller waits for a turn before the answer is 503.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many wait for a turn at most; whoever comes then is told at once, so that a flood costs neither memory nor time.
const QUEUE_MAX: usize = 64;
/// How many wait for a turn.
static QUEUE: AtomicUsize = AtomicUsize::new(0);

/// A place in the queue, given back however the waiting ends.
struct Place;

impl Place {
    fn take() -> Option<Self> {
        let step = |waiting| (waiting < QUEUE_MAX).then_some(waiting + 1);
        match QUEUE.fetch_update(Ordering::SeqCst, Ordering::SeqCst, step) {
            Ok(_) => Some(Self),
            // No place was taken, so none may be given back.
            Err(_) => None,
        }
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        QUEUE.fetch_sub(1, Ordering::SeqCst);
    }
}

fn argon2() -> Argon2<'static> {
    let params = Params::new(19 * 1_024, 2, 1, None).unwrap_or_default();
    Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
}

/// The same password typed on another keyboard is the same password (NIST 800-63B-4 §3.1.1.2).
pub(super) fn normalised(password: &str) -> String {
    password.nfkc().collect()
}

/// Hashes a password, on a thread where it may take its time.
///
/// # Errors
/// 503 when too many wait.
pub async fn hash(random: &Random, password: &str) -> Result<PasswordHash, Problem> {
    let (password, salt) = (normalised(password), random.bytes::<16>());
    in_turn(move || {
        argon2()
            .hash_password_with_salt(password.as_bytes(), &salt)
            .map(|hash| PasswordHash(hash.to_string()))
            .map_err(|error| Problem::internal(std::io::Error::other(error.to_string())))
    })
    .await?
}

/// Whether `password` is the one behind `hash`. Without a hash (no such account) the same work is done and the answer is
/// no, so that the time tells nothing.
///
/// # Errors
/// 503 when too many wait.
pub async fn verify(password: &str, hash: Option<String>) -> Result<bool, Problem> {
    let password = normalised(password);
    in_turn(move || {
        let known = hash.is_some();
        let hash = hash.unwrap_or_else(|| DUMMY.clone());
        let matches = Phc::new(&hash).is_ok_and(|hash| argon2().verify_password(password.as_bytes(), &hash).is_ok());
        matches && known
    })
    .await
}

/// A hash that no password matches, with the parameters of a real one.
static DUMMY: LazyLock<String> =
    LazyLock::new(|| argon2().hash_password_with_salt(b"", &[0; 16]).map(|hash| hash.to_string()).unwrap_or_default());

async fn in_turn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Problem> {
    let busy = || Problem::unavailable("too_busy", std::io::Error::other("password hashing is saturated"));
    let place = Place::take().ok_or_else(busy)?;
    let turn = tokio::time::timeout(PATIENCE, TURNS.acquire()).await.map_err(|_| busy())?.map_err(|_| busy())?;
    drop(place);
    let done = tokio::task::spawn_blocking(work).await.map_err(Problem::internal);
    drop(turn);
    done
}
