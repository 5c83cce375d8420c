//! `xtask bench`: ours beside a peer, on this machine, in one run, as ratios.
//!
//! A program measures and prints a JSON line for each figure: `name`, `peer` (what it is, or `null` for ours) and
//! either `msPerOp` or `perSecond`. Lines of one name belong together, whichever program they come from.

mod comparison;
mod machine;

use crate::{packages, web, workspace};
use anyhow::{Context, Result, bail, ensure};
use comparison::{Figure, Goal, read_figures, row};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What to measure.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// Only these comparisons; all of them when none is named.
    names: Vec<String>,
}

/// The comparisons, with the ratio to the peer that the design asks for (DESIGN, how good).
const GOALS: [Goal; 16] = [
    Goal::new("rls_transaction", "a transaction under row security / a plain prepared select", None),
    Goal::new("queue_claim_and_complete", "a job claimed and completed / pgbench TPC-B", None),
    Goal::new("settled_purchases", "a purchase settled / pgbench TPC-B", Some(0.3)),
    Goal::new("wallet_operations", "credits held and captured, in two transactions / pgbench TPC-B", None),
    Goal::new("gallery_page", "the gallery page / a bare axum handler, same bytes", Some(0.8)),
    Goal::new("gallery_api", "the gallery API / a bare axum handler, same bytes", Some(0.8)),
    Goal::new("product_page", "a product's page / a bare axum handler, same bytes", Some(0.8)),
    Goal::new("preview_png", "preview as PNG / sharp", Some(3.0)),
    Goal::new("preview_webp", "preview as WebP / sharp", Some(2.0)),
    Goal::new("preview_jpeg", "preview as JPEG / sharp", Some(2.0)),
    Goal::new("package_zip", "delivery package / jszip", Some(5.0)),
    // A cost of at most 1.3 times is a rate of at least 1 / 1.3.
    Goal::new("flat_first_page", "uncached gallery data among 1,000,000 products / among 10,000", Some(0.77)),
    Goal::new("flat_page_far_down", "the same, nine tenths of the way down", Some(0.77)),
    Goal::new("flat_product_page", "an uncached product page among 1,000,000 / among 10,000", Some(0.77)),
    Goal::new("start_to_first_page", "warm start to the first page / three seconds", Some(1.0)),
    Goal::new("resident_memory", "resident memory while serving / 150 MB", Some(1.0)),
];

/// A program that measures, and the comparisons that its lines belong to.
struct Program {
    names: &'static [&'static str],
    /// The program's source, from the root.
    source: &'static str,
    run: fn(&Path, &[&str]) -> Result<String>,
}

const PROGRAM: &[&str] = &[
    "gallery_page",
    "gallery_api",
    "product_page",
    "settled_purchases",
    "flat_first_page",
    "flat_page_far_down",
    "flat_product_page",
    "start_to_first_page",
    "resident_memory",
];
const PICTURES: &[&str] = &["preview_png", "preview_webp", "preview_jpeg", "package_zip"];
const PROGRAMS: [Program; 6] = [
    Program {
        names: &["rls_transaction", "queue_claim_and_complete"],
        source: "crates/platform/examples/bench_database.rs",
        run: |folder, _| example("platform", "bench_database", folder, &[]),
    },
    Program {
        names: &["wallet_operations"],
        source: "crates/credits/examples/bench_wallets.rs",
        run: |folder, _| example("credits", "bench_wallets", &folder.join("wallets"), &[]),
    },
    Program {
        names: PROGRAM,
        source: "crates/machiya/examples/bench_app/main.rs",
        run: |folder, wanted| example("machiya", "bench_app", folder, wanted),
    },
    // First of the three that share a folder: it writes the pictures that the peers read.
    Program {
        names: PICTURES,
        source: "crates/media/examples/bench_media.rs",
        run: |folder, _| example("media", "bench_media", folder, &[]),
    },
    Program {
        names: &["preview_png", "preview_webp", "preview_jpeg"],
        source: "bench/peers/preview.mjs",
        run: |folder, _| peer("preview.mjs", &[folder.join("photo.jpg"), folder.join("mark.png")]),
    },
    Program {
        names: &["package_zip"],
        source: "bench/peers/zip.mjs",
        run: |folder, _| peer("zip.mjs", &[folder.join("picture.png")]),
    },
];

/// Measures and prints a table. A goal that is missed is said.
pub(crate) fn run(options: &Options) -> Result<()> {
    let is_wanted = |name: &str| options.names.is_empty() || options.names.iter().any(|wanted| wanted == name);
    if let Some(unknown) = options.names.iter().find(|name| GOALS.iter().all(|goal| goal.name != **name)) {
        let known: Vec<&str> = GOALS.iter().map(|goal| goal.name).collect();
        bail!("there is no comparison {unknown}; there are {}", known.join(", "));
    }
    packages::ensure(&[packages::Need::Postgres, packages::Need::LoadGenerator])?;
    // A release has the scripts and styles inside.
    web::ensure_built()?;
    // On a disk and not in memory: writing through to it is what a transaction costs.
    let folder = PathBuf::from(format!("/var/tmp/machiya-bench-{}", std::process::id()));
    fs::create_dir_all(&folder).with_context(|| format!("cannot create {}", folder.display()))?;
    let measured = measure(&folder, is_wanted);
    fs::remove_dir_all(&folder).with_context(|| format!("cannot remove {}", folder.display()))?;
    let figures = measured?;
    println!("\n{}\n", machine::description());
    println!("{:<25} {:>12} {:>12} {:>7} {:>6}", "", "ours", "peer", "ratio", "goal");
    for goal in GOALS.iter().filter(|goal| is_wanted(goal.name)) {
        if let Some(row) = row(goal, &figures) {
            println!("{row}");
        }
    }
    Ok(())
}

fn measure(folder: &Path, is_wanted: impl Fn(&str) -> bool) -> Result<Vec<Figure>> {
    let mut figures = Vec::new();
    for program in PROGRAMS.iter().filter(|program| program.names.iter().any(|name| is_wanted(name))) {
        println!("measuring with {}", program.source);
        let wanted: Vec<&str> = program.names.iter().copied().filter(|name| is_wanted(name)).collect();
        figures.extend(read_figures(&(program.run)(folder, &wanted)?));
    }
    Ok(figures)
}

/// Builds and runs an example of ours with all optimisation; it measures what is `wanted`, or all that it can.
fn example(package: &str, name: &str, folder: &Path, wanted: &[&str]) -> Result<String> {
    let mut command = workspace::cargo();
    command
        .args(["run", "--quiet", "--release", "--package", package, "--example", name, "--"])
        .arg(folder)
        .args(wanted);
    command.env("SQLX_OFFLINE", "true").env_remove("DATABASE_URL");
    if let Some(folder) = packages::find_postgres() {
        // pgbench lies beside the server, and not always on the path.
        let path = std::env::var_os("PATH").unwrap_or_default();
        let folders = std::iter::once(folder.clone()).chain(std::env::split_paths(&path));
        command.env("PATH", std::env::join_paths(folders)?).env("MACHIYA_POSTGRES_BIN", folder);
    }
    printed(&mut command)
}

/// Runs a peer, after installing what it is made of.
fn peer(script: &str, arguments: &[PathBuf]) -> Result<String> {
    let folder = workspace::root().join("bench/peers");
    let wanted = workspace::fingerprint([&folder.join("package-lock.json")])?;
    if !folder.join("node_modules").is_dir() || !workspace::is_stamped("peers", &wanted) {
        workspace::succeed(web::npm(&folder).arg("ci"))?;
        workspace::stamp("peers", &wanted)?;
    }
    printed(Command::new("node").current_dir(folder).arg(script).args(arguments))
}

fn printed(command: &mut Command) -> Result<String> {
    let output = command.stderr(Stdio::inherit()).output().with_context(|| format!("cannot run {command:?}"))?;
    ensure!(output.status.success(), "{command:?} failed");
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
