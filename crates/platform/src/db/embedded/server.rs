//! The server's process: started, watched, started again when it dies, and stopped.

use super::error::EmbeddedError;
use super::initialise::last_lines;
use super::leftovers;
use super::server_user::ServerUser;
use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::Pid;
use std::fs::{self, File, OpenOptions};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::{self, JoinHandle, sleep};
use std::time::{Duration, Instant};

/// How long a start may take. A server that crashed while busy replays its log first, which is bounded by the
/// checkpoint distance and takes seconds, but on a slow disk many of them.
const START_LIMIT: Duration = Duration::from_secs(300);
/// How long a stop may take before the server is killed.
const STOP_LIMIT: Duration = Duration::from_secs(60);
/// A server that dies this soon after its start, time and again, is not started for ever.
const SHORT_LIFE: Duration = Duration::from_secs(60);
const SHORT_LIVES_IN_A_ROW: u32 = 5;
/// A log longer than this is put aside at the next start.
const LONGEST_LOG_BYTES: u64 = 16 * 1024 * 1024;

/// All that is needed to start the server, again and again.
#[derive(Debug, Clone)]
pub(super) struct ServerPlan {
    pub(super) program: PathBuf,
    pub(super) user: ServerUser,
    pub(super) cluster: PathBuf,
    pub(super) socket_folder: PathBuf,
    pub(super) log: PathBuf,
    pub(super) max_connections: u32,
}

/// A running server and the thread that keeps it.
#[derive(Debug)]
pub(super) struct Server {
    state: Arc<State>,
    keeper: Option<JoinHandle<()>>,
}

#[derive(Debug, Default)]
struct State {
    life: Mutex<Life>,
    changed: Condvar,
}

/// The state that the supervising thread shares with the handles.
#[derive(Debug, Default)]
struct Life {
    /// The running process.
    pid: Option<i32>,
    /// It has been ready once; a server that never was is not started again.
    was_ready: bool,
    /// It shall end.
    stopping: bool,
    /// The keeper has given up or is done; with the reason when there is one.
    ended: Option<Option<EmbeddedError>>,
}

impl State {
    fn life(&self) -> MutexGuard<'_, Life> {
        self.life.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn change(&self, change: impl FnOnce(&mut Life)) {
        change(&mut self.life());
        self.changed.notify_all();
    }
}

impl Server {
    /// Starts the server and waits until it accepts connections.
    pub(super) fn start(plan: &ServerPlan) -> Result<Self, EmbeddedError> {
        set_long_log_aside(&plan.log);
        let state = Arc::new(State::default());
        // PostgreSQL is asked to end when the *thread* that started it ends, so the thread has to live as long as the
        // program means to: one of its own, never one of a pool.
        let keeper = thread::Builder::new()
            .name("postgres-keeper".to_owned())
            .spawn({
                let (plan, state) = (plan.clone(), Arc::clone(&state));
                move || keep(&plan, &state)
            })
            .map_err(EmbeddedError::io("start a thread for", &plan.program))?;
        let mut server = Self { state, keeper: Some(keeper) };
        match server.wait_until_ready(plan) {
            Ok(()) => Ok(server),
            Err(fault) => {
                // The first fault is the one to report.
                let _ = server.stop();
                Err(fault)
            }
        }
    }

    /// The process number, for messages; zero while it is being started again.
    pub(super) fn pid(&self) -> i32 {
        self.state.life().pid.unwrap_or(0)
    }

    fn wait_until_ready(&self, plan: &ServerPlan) -> Result<(), EmbeddedError> {
        let started = Instant::now();
        while started.elapsed() < START_LIMIT {
            {
                let mut life = self.state.life();
                if let Some(reason) = life.ended.take() {
                    life.ended = Some(None);
                    return Err(reason.unwrap_or_else(|| not_ready(plan, started.elapsed())));
                }
                if life.pid.is_some_and(|pid| is_ready(&plan.cluster, pid)) {
                    life.was_ready = true;
                    return Ok(());
                }
            }
            sleep(Duration::from_millis(5));
        }
        Err(not_ready(plan, START_LIMIT))
    }

    /// Ends all sessions, writes everything out and stops the server.
    pub(super) fn stop(&mut self) -> Result<(), EmbeddedError> {
        let Some(keeper) = self.keeper.take() else { return Ok(()) };
        let mut life = self.state.life();
        life.stopping = true;
        if let Some(pid) = life.pid {
            // A process that has ended since is what is wanted.
            let _ = kill(Pid::from_raw(pid), Signal::SIGINT);
        }
        let (life, timeout) = self
            .state
            .changed
            .wait_timeout_while(life, STOP_LIMIT, |life| life.ended.is_none())
            .unwrap_or_else(PoisonError::into_inner);
        if timeout.timed_out()
            && let Some(pid) = life.pid
        {
            // The server leads a process group of its own, so this reaches its children too.
            let _ = killpg(Pid::from_raw(pid), Signal::SIGKILL);
        }
        drop(life);
        // The keeper only waits for the process now; a panic in it has been reported by its own thread.
        let _ = keeper.join();
        if timeout.timed_out() { Err(EmbeddedError::DidNotStop { limit_s: STOP_LIMIT.as_secs() }) } else { Ok(()) }
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if let Err(fault) = self.stop() {
            tracing::error!("{fault}");
        }
    }
}

/// The keeper's life: start the server, wait for its end, and start it again unless it was meant.
fn keep(plan: &ServerPlan, state: &State) {
    let mut short_lives = 0;
    let reason = loop {
        let born = Instant::now();
        let mut child = match leftovers::clear(&plan.cluster, &plan.socket_folder).and_then(|()| spawn(plan)) {
            Ok(child) => child,
            Err(fault) => break Some(fault),
        };
        let pid = i32::try_from(child.id()).unwrap_or(0);
        state.change(|life| {
            life.pid = Some(pid);
            // A stop that came between two lives found no process to signal.
            if life.stopping {
                let _ = kill(Pid::from_raw(pid), Signal::SIGINT);
            }
        });
        let ended = child.wait();
        state.change(|life| life.pid = None);
        let (stopping, was_ready) = {
            let life = state.life();
            (life.stopping, life.was_ready)
        };
        if stopping || !was_ready {
            break None;
        }
        short_lives = if born.elapsed() < SHORT_LIFE { short_lives + 1 } else { 0 };
        let how = ended.map_or_else(|error| error.to_string(), |status| status.to_string());
        if short_lives >= SHORT_LIVES_IN_A_ROW {
            tracing::error!("PostgreSQL ended again ({how}) and is given up; see {}", plan.log.display());
            break None;
        }
        tracing::error!("PostgreSQL ended by itself ({how}) and is started again");
    };
    if let Some(fault) = reason.as_ref().filter(|_| state.life().was_ready) {
        tracing::error!("PostgreSQL could not be started again: {fault}");
    }
    state.change(|life| life.ended = Some(reason));
}

fn spawn(plan: &ServerPlan) -> Result<Child, EmbeddedError> {
    let log = OpenOptions::new().create(true).append(true).open(&plan.log);
    let log = log.map_err(EmbeddedError::io("open", &plan.log))?;
    let mut command = plan.user.command(&plan.program);
    command.arg("-D").arg(&plan.cluster).args(parameters(plan)).stdin(Stdio::null());
    command.stdout(log.try_clone().map_err(EmbeddedError::io("open", &plan.log))?).stderr(log);
    // Ctrl-C goes to the terminal's whole process group; the server must not hear it before the program has finished.
    command.process_group(0);
    end_with_this_thread(&mut command);
    command.spawn().map_err(EmbeddedError::io("run", &plan.program))
}

/// Settings on the command line win over those in the cluster's files, so that durability cannot be edited away.
fn parameters(plan: &ServerPlan) -> Vec<String> {
    let socket_folder = plan.socket_folder.to_string_lossy().replace('"', "\"\"");
    [
        ("listen_addresses", String::new()),
        ("port", super::address::SOCKET_PORT.to_string()),
        // The value is a list, in which a quoted name may hold commas and blanks.
        ("unix_socket_directories", format!("\"{socket_folder}\"")),
        ("unix_socket_permissions", "0700".to_owned()),
        ("fsync", "on".to_owned()),
        ("full_page_writes", "on".to_owned()),
        ("max_connections", plan.max_connections.to_string()),
        ("logging_collector", "off".to_owned()),
        ("log_destination", "stderr".to_owned()),
        // Details and statements of errors hold what people typed: addresses, titles, prompts.
        ("log_error_verbosity", "terse".to_owned()),
        ("log_min_error_statement", "panic".to_owned()),
    ]
    .into_iter()
    .flat_map(|(name, value)| ["-c".to_owned(), format!("{name}={value}")])
    .collect()
}

/// Has the kernel ask the server for a fast shutdown when the keeper's thread is gone, that is, when the program was
/// killed. Other systems have no such request; there the next start ends the left-over server.
#[cfg(target_os = "linux")]
#[allow(unsafe_code, reason = "the request has to be made in the new process, between fork and exec")]
fn end_with_this_thread(command: &mut Command) {
    let program = nix::unistd::getpid();
    let ask = move || {
        nix::sys::prctl::set_pdeathsig(Signal::SIGINT)?;
        // The program may have been killed just before the request was made.
        if nix::unistd::getppid() == program { Ok(()) } else { Err(std::io::ErrorKind::Interrupted.into()) }
    };
    // SAFETY: the closure makes two system calls and allocates nothing, which is allowed after a fork in a program
    // with threads. The account has been changed by then, which is when the kernel would drop the request.
    unsafe { command.pre_exec(ask) };
}

#[cfg(not(target_os = "linux"))]
fn end_with_this_thread(_command: &mut Command) {}

/// Whether the server says of itself that it accepts connections, in the eighth line of `postmaster.pid`.
fn is_ready(cluster: &Path, pid: i32) -> bool {
    fs::read_to_string(cluster.join("postmaster.pid")).is_ok_and(|text| {
        let mut lines = text.lines();
        lines.next().and_then(|line| line.trim().parse().ok()) == Some(pid)
            && lines.nth(6).is_some_and(|status| status.trim() == "ready")
    })
}

fn not_ready(plan: &ServerPlan, waited: Duration) -> EmbeddedError {
    let output = last_lines(&fs::read_to_string(&plan.log).unwrap_or_default());
    EmbeddedError::NotReady { limit_s: waited.as_secs(), log: plan.log.clone(), output }
}

fn set_long_log_aside(log: &Path) {
    if File::open(log).and_then(|file| file.metadata()).is_ok_and(|metadata| metadata.len() > LONGEST_LOG_BYTES) {
        // Keeping a long log is no reason not to start.
        let _ = fs::rename(log, log.with_extension("log.1"));
    }
}
