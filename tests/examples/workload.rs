//! Prints a stream to measure with: `workload RECORDS [PEOPLE] [SEED]`.
//!
//! Apart from the benchmarks so that other programs can be measured on the same bytes.

use std::io::Write as _;
use std::process::ExitCode;

use muster_tests::workload::Workload;

/// How many records are made at once.
const BATCH: usize = 10_000;

fn main() -> ExitCode {
    let mut words = std::env::args().skip(1).map(|word| word.parse::<u64>());
    let mut next = |default: u64| words.next().unwrap_or(Ok(default));
    let (Ok(records), Ok(people), Ok(seed)) = (next(1_000_000), next(50_000), next(7)) else {
        let _ = writeln!(std::io::stderr(), "workload [RECORDS] [PEOPLE] [SEED]");
        return ExitCode::from(2);
    };
    let mut workload = Workload::new(seed, people);
    let mut left = usize::try_from(records).unwrap_or(usize::MAX);
    let mut out = std::io::stdout().lock();
    while left > 0 {
        let count = left.min(BATCH);
        left -= count;
        if out.write_all(&workload.lines(count)).is_err() {
            // Whoever reads has enough.
            return ExitCode::SUCCESS;
        }
    }
    ExitCode::SUCCESS
}
