//! The limit: the five rules of `five.muster` written by hand, events on standard input, alerts out.
//!
//! It reads by blocks, checks every line as JSON and UTF-8, takes twelve values out of it, borrowed
//! where they stand, and evaluates the rules with nothing between. It neither puts events in order, nor
//! drops duplicates, nor keeps evidence: what a general engine costs more than this is what it does more.

#![expect(
    clippy::indexing_slicing,
    clippy::print_stderr,
    reason = "a program to measure against, over input that the benchmark makes"
)]

mod read;
mod rules;
mod scan;

use std::io::{self, Write};

use read::Lines;
use rules::Rules;
use scan::Scanner;

fn main() -> io::Result<()> {
    let mut lines = Lines::new(io::stdin().lock());
    let mut scanner = Scanner::new();
    let mut rules = Rules::default();
    let mut out = io::stdout().lock();
    let (mut events, mut malformed) = (0u64, 0u64);
    while let Some(block) = lines.next_block()? {
        for line in block
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty())
        {
            match scanner.scan(line) {
                Some(spans) if rules.see(line, spans) => events += 1,
                _ => malformed += 1,
            }
        }
        out.write_all(&std::mem::take(&mut rules.alerts))?;
    }
    eprintln!("{events} events, {malformed} lines are none");
    Ok(())
}
