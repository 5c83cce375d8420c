//! What the figures were measured on: without it they say nothing.

use std::fs;
use std::process::Command;

/// Processor, cores, memory, system and the versions of what took part.
pub(super) fn description() -> String {
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let processor = line_of("/proc/cpuinfo", "model name").unwrap_or_else(|| std::env::consts::ARCH.to_owned());
    let memory = line_of("/proc/meminfo", "MemTotal")
        .and_then(|text| text.split_whitespace().next()?.parse::<u64>().ok())
        .map_or_else(String::new, |kib| format!(", {:.0} GiB", kib as f64 / (1024.0 * 1024.0)));
    let load = fs::read_to_string("/proc/loadavg").ok().and_then(|text| Some(text.split(' ').next()?.to_owned()));
    let load = load.map_or_else(String::new, |load| format!(", load {load}"));
    let versions: Vec<String> = [("rustc", "-V"), ("node", "-v"), ("pgbench", "-V")]
        .iter()
        .filter_map(|(name, flag)| version(name, flag))
        .collect();
    format!("{processor}, {cores} cores{memory}{load}; {}", versions.join(", "))
}

fn line_of(path: &str, key: &str) -> Option<String> {
    let text = fs::read_to_string(path).ok()?;
    let line = text.lines().find(|line| line.starts_with(key))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}

fn version(program: &str, flag: &str) -> Option<String> {
    let output = Command::new(program).arg(flag).output().ok()?;
    let text = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let short = text.split(" (").next().unwrap_or(&text).to_owned();
    Some(if short.starts_with(program) { short } else { format!("{program} {short}") })
}
