//! Long comparisons of the engine with the reference: `compare --cases N --seed S --level L`.
//!
//! Apart from the tests because these run for hours, and print how far they are.

#[path = "../suite/bridge.rs"]
mod bridge;

use std::collections::BTreeMap;
use std::io::Write as _;
use std::process::ExitCode;

use muster_tests::compare::{EngineError, Reference, Verdict, compare, compare_stream};
use muster_tests::generate::{Case, Level, Record, SHAPES, streams};
use muster_tests::reference::EndOfInput;

const USAGE: &str = "compare [--cases N] [--each STREAMS] [--seed S] [--level sequences|groups|absence|everything|lookups] \
                     [--streams LENGTH] [--shape NUMBER] [--show] [--reference]";
/// Prints a line; a closed pipe is no reason to stop counting.
macro_rules! say {
    ($($what:tt)*) => {{
        let _ = writeln!(std::io::stdout(), $($what)*);
    }};
}

const PROGRESS: u64 = 1_000;

/// What the run is asked to do.
#[derive(Clone, Debug)]
struct Options {
    /// How many pairs of a program and a stream.
    cases: u64,
    /// How many streams each program gets.
    each: u64,
    seed: u64,
    level: Level,
    /// Enumerate all streams of this length instead.
    length: Option<usize>,
    /// Only this shape.
    shape: Option<usize>,
    /// Print the case of the seed and what the reference makes of it.
    show: bool,
    /// Leave the engine out, and count what the reference supports.
    reference: bool,
}

/// How many cases ended how.
#[derive(Debug, Default)]
struct Tally {
    counts: BTreeMap<&'static str, u64>,
    reasons: BTreeMap<String, u64>,
    failed: bool,
}

fn main() -> ExitCode {
    let Some(options) = options() else {
        say!("{USAGE}");
        return ExitCode::from(2);
    };
    if options.show {
        show(&options);
        return ExitCode::SUCCESS;
    }
    let mut tally = Tally::default();
    match options.length {
        Some(length) => enumerated(&options, length, &mut tally),
        None => random(&options, &mut tally),
    }
    say!("{:?}", tally.counts);
    for (reason, count) in &tally.reasons {
        say!("{count:>8} {reason}");
    }
    if tally.failed {
        ExitCode::FAILURE
    } else {
        ExitCode::SUCCESS
    }
}

fn options() -> Option<Options> {
    let mut options = Options {
        cases: 10_000,
        each: 10,
        seed: 0,
        level: Level::Sequences,
        length: None,
        shape: None,
        show: false,
        reference: false,
    };
    let mut words = std::env::args().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "--cases" => options.cases = words.next()?.parse().ok()?,
            "--each" => options.each = words.next()?.parse().ok().filter(|each| *each > 0)?,
            "--seed" => options.seed = words.next()?.parse().ok()?,
            "--level" => options.level = Level::named(&words.next()?)?,
            "--streams" => options.length = Some(words.next()?.parse().ok()?),
            "--shape" => options.shape = Some(words.next()?.parse().ok()?),
            "--show" => options.show = true,
            "--reference" => options.reference = true,
            _ => return None,
        }
    }
    Some(options)
}

fn show(options: &Options) {
    let case = Case::new(options.seed, options.level);
    say!("{}\n", case.program());
    for line in case.lines() {
        say!("{line}");
    }
    let seen = Reference::new(&case.program()).and_then(|one| one.run(&case.lines(), case.eof));
    say!("\n{seen:#?}");
}

fn random(options: &Options, tally: &mut Tally) {
    let programs = options.cases.div_ceil(options.each);
    for number in 0..programs {
        let (seed, level) = (options.seed.saturating_add(number), options.level);
        if options.reference {
            let cases = Case::streams(seed, level, options.each);
            let reference = Reference::new(&cases.first().map(Case::program).unwrap_or_default());
            for case in cases {
                let verdict = match &reference {
                    Ok(reference) => alone(reference, &case.lines(), case.eof),
                    Err(error) => Verdict::Unsupported(error.0.clone()),
                };
                tally.add(seed, verdict);
            }
        } else {
            let tell = &mut |verdict| tally.add(seed, verdict);
            compare(seed, level, options.each, &bridge::compile, tell);
        }
        if (number + 1).is_multiple_of(PROGRESS) {
            say!("{} programs: {:?}", number + 1, tally.counts);
        }
    }
}

fn enumerated(options: &Options, length: usize, tally: &mut Tally) {
    for (number, shape) in SHAPES.iter().enumerate() {
        if options.shape.is_some_and(|only| only != number) || shape.level > options.level {
            continue;
        }
        small_streams(options, shape.program, length, tally);
        say!("shape {number}: {:?}", tally.counts);
    }
}

fn small_streams(options: &Options, program: &str, length: usize, tally: &mut Tally) {
    let reference = match Reference::new(program) {
        Ok(reference) => reference,
        Err(error) => return tally.add(0, Verdict::Unsupported(error.0)),
    };
    let run = if options.reference {
        Err(EngineError::NotWired)
    } else {
        bridge::compile(program)
    };
    for records in streams(length) {
        let lines: Vec<String> = records.iter().map(Record::print).collect();
        let eof = EndOfInput::Pending;
        let verdict = match &run {
            Ok(run) => compare_stream(&|| program.to_owned(), &lines, eof, &reference, run),
            Err(_) if options.reference => alone(&reference, &lines, eof),
            Err(error) => return tally.add(0, Verdict::Engine(error.clone())),
        };
        // One report of a shape is enough.
        if matches!(verdict, Verdict::Differs(_)) {
            return tally.add(0, verdict);
        }
        tally.add(0, verdict);
    }
}

fn alone(reference: &Reference, lines: &[String], eof: EndOfInput) -> Verdict {
    match reference.run(lines, eof) {
        Ok(seen) => Verdict::Same(seen.alerts.len()),
        Err(error) => Verdict::Unsupported(error.0),
    }
}

impl Tally {
    fn count(&mut self, what: &'static str) {
        *self.counts.entry(what).or_default() += 1;
    }

    fn add(&mut self, seed: u64, verdict: Verdict) {
        match verdict {
            Verdict::Same(0) => self.count("same without alerts"),
            Verdict::Same(_) => self.count("same"),
            Verdict::Differs(report) => {
                self.count("differs");
                self.failed = true;
                say!("======== {report}");
            }
            Verdict::Unsupported(what) => {
                self.count("unsupported");
                *self.reasons.entry(what).or_default() += 1;
            }
            Verdict::Engine(EngineError::NotWired) => self.count("not wired"),
            Verdict::Engine(EngineError::Refused(why)) => {
                self.count("refused");
                self.failed = true;
                say!("======== seed {seed} refused: {why}");
            }
            Verdict::Engine(EngineError::Failed(why)) => {
                self.count("failed");
                self.failed = true;
                say!("======== seed {seed} failed: {why}");
            }
        }
    }
}
