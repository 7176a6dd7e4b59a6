//! Prints a stream to measure with, `workload [RECORDS] [PEOPLE] [SEED]`, or behind `--truth` which alerts
//! the five rules of the benchmarks owe it.
//!
//! Apart from the benchmarks so that other programs can be measured on the same bytes.

use std::io::Write as _;
use std::process::ExitCode;

use muster_tests::workload::Planted;

/// How many records are made at once.
const BATCH: usize = 10_000;

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1).peekable();
    let is_truth = words.next_if(|word| word == "--truth").is_some();
    let mut numbers = words.map(|word| word.parse::<u64>());
    let mut next = |default: u64| numbers.next().unwrap_or(Ok(default));
    let (Ok(records), Ok(people), Ok(seed)) = (next(1_000_000), next(50_000), next(7)) else {
        let _ = writeln!(
            std::io::stderr(),
            "workload [--truth] [RECORDS] [PEOPLE] [SEED]"
        );
        return ExitCode::from(2);
    };
    let records = usize::try_from(records).unwrap_or(usize::MAX);
    let mut planted = Planted::new(seed, people, records);
    let mut out = std::io::stdout().lock();
    if is_truth {
        for truth in planted.truth() {
            if writeln!(out, "{}\t{}", truth.rule, truth.key).is_err() {
                return ExitCode::SUCCESS;
            }
        }
        return ExitCode::SUCCESS;
    }
    loop {
        let lines = planted.lines(BATCH);
        if lines.is_empty() || out.write_all(&lines).is_err() {
            // All is told, or whoever reads has enough.
            return ExitCode::SUCCESS;
        }
    }
}
