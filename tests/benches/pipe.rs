//! The whole pipe beside a plain parse of the same bytes, and memory at 50,000 people.
//!
//! `cargo bench -p muster-tests --bench pipe` measures a million records, `-- --records N` so many; with
//! `-- --test` a few, which only proves that it runs. The two are run in turn, so that a noisy machine is noisy for both.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "a benchmark prints what it measures, and stops where a step fails"
)]

use std::time::{Duration, Instant};

use muster_runtime::engine::{Engine, Outputs, RawRecord};
use muster_runtime::options::{EndOfInput, Options};
use muster_tests::harness::{Loaded, load};
use muster_tests::workload::Workload;

const RULES: &str = concat!(
    include_str!("../../stdlib-rules/packs/zero_trust/degraded_device_access.muster"),
    include_str!("../../stdlib-rules/packs/zero_trust/factor_reset_takeover.muster"),
    include_str!("../../stdlib-rules/packs/zero_trust/impossible_travel.muster"),
);

fn main() {
    let short = std::env::args().any(|argument| argument == "--test");
    let asked = std::env::args()
        .skip_while(|argument| argument != "--records")
        .nth(1);
    let full = asked
        .and_then(|count| count.parse().ok())
        .unwrap_or(1_000_000);
    let (count, rounds) = if short { (2_000, 1) } else { (full, 3) };
    let lines = Workload::new(7, 50_000).lines(count);
    let loaded = load(RULES).unwrap();
    assert_eq!(loaded.program.rules.len(), 3, "three rules are measured");
    let people = if short { 500 } else { 50_000 };
    let held = memory_of_everyone(&loaded, people);
    let (mut parses, mut pipes) = (Vec::new(), Vec::new());
    let mut alerts = 0;
    for _ in 0..rounds {
        parses.push(timed(|| parse(&lines)).0);
        let (time, found) = timed(|| pipe(&loaded, &lines));
        pipes.push(time);
        alerts = found;
    }
    let (parse, pipe) = (median(parses), median(pipes));
    let size = lines.len() as f64 / 1e6;
    println!("{count} records, {size:.0} MB, {alerts} alerts, median of {rounds}");
    for (what, time) in [("serde_json into values", parse), ("muster, 3 rules", pipe)] {
        let seconds = time.as_secs_f64();
        println!(
            "{what:<24} {seconds:>7.2} s {:>10.0} records/s {:>6.0} MB/s",
            count as f64 / seconds,
            size / seconds
        );
    }
    println!(
        "ratio muster / parse     {:>7.2}",
        pipe.as_secs_f64() / parse.as_secs_f64()
    );
    println!("memory after a login of each of {people} people {held:>7.1} MiB");
}

fn timed<T>(work: impl FnOnce() -> T) -> (Duration, T) {
    #[expect(clippy::disallowed_methods, reason = "a benchmark measures time")]
    let start = Instant::now();
    let result = work();
    (start.elapsed(), result)
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// Parses every line into a value, the least a general tool does.
fn parse(lines: &[u8]) -> usize {
    let lines = lines
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty());
    lines
        .filter(|line| serde_json::from_slice::<serde_json::Value>(line).is_ok())
        .count()
}

/// Returns what an engine holds that has seen each of so many people once, all of them still in mind.
fn memory_of_everyone(loaded: &Loaded, people: u64) -> f64 {
    let lines = Workload::new(7, people).everyone();
    let before = resident_kib();
    let (engine, _) = run(loaded, &lines);
    let held = resident_kib() - before;
    assert!(!engine.is_idle(), "the rules remember people");
    held as f64 / 1024.0
}

/// Runs the rules over every line, and ends the input.
fn pipe(loaded: &Loaded, lines: &[u8]) -> usize {
    let (mut engine, alerts) = run(loaded, lines);
    let mut out = Outputs::default();
    engine.finish(EndOfInput::Pending, &mut out);
    assert!(engine.summary().adds_up());
    alerts + out.alerts.len()
}

/// Runs the rules over every line.
fn run(loaded: &Loaded, lines: &[u8]) -> (Engine, usize) {
    let (program, lookups) = (loaded.program.clone(), loaded.lookups.clone());
    let mut engine = Engine::new(program, lookups, Options::default(), None).unwrap();
    let mut out = Outputs::default();
    let mut offset = 0;
    let mut alerts = 0;
    for line in lines.split(|byte| *byte == b'\n') {
        if !line.is_empty() {
            engine.push(
                RawRecord {
                    input: 0,
                    offset,
                    bytes: line,
                },
                &mut out,
            );
        }
        offset += line.len() as u64 + 1;
        alerts += out.alerts.drain(..).len();
    }
    (engine, alerts)
}

/// Returns the memory the process holds, where the system tells.
fn resident_kib() -> i64 {
    #[expect(clippy::disallowed_methods, reason = "the system tells through a file")]
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    line.and_then(|line| line.split_whitespace().nth(1))
        .and_then(|kib| kib.parse().ok())
        .unwrap_or(0)
}
