//! Tests in rule files: made-up events in, expected alerts out.
//!
//! Apart from the engine, which runs them as it runs anything: through its doors.

use std::sync::Arc;

use muster_lang::file::{FileId, Span};
use muster_lang::ir::{Program, Test, TestLineKind};
use muster_lang::units::{Duration, SECOND, Timestamp};

use crate::alert::Alert;
use crate::digest::Forwarded;
use crate::engine::{Engine, Outputs, Pending, RawRecord};
use crate::error::EngineError;
use crate::event::{Event, Layout};
use crate::lookup::Lookups;
use crate::options::{EndOfInput, Forwards, Options};

mod arrive;
mod expect;

/// How far out of order a test's events may be: as the `muster` source's.
pub const LATENESS: Duration = Duration(30 * SECOND);

/// How a test was run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// In the order written.
    AsWritten,
    /// Shuffled within the lateness; the seed chooses how.
    Shuffled(u64),
    /// In the order written, saved and restored after every event.
    Restored,
}

/// What came of a test.
#[derive(Clone, Debug)]
pub struct Report {
    /// Its name.
    pub name: Arc<str>,
    /// The rule it tests.
    pub rule: Option<Arc<str>>,
    /// Where it is declared.
    pub span: Span,
    /// What was not as expected, with the run in which it was not; none if it passed.
    pub failures: Vec<(Run, String)>,
    /// The alerts of its rule in the order written.
    pub alerts: Vec<Alert>,
}

impl Report {
    /// Tells whether everything was as expected in every run.
    #[must_use]
    pub fn passed(&self) -> bool {
        self.failures.is_empty()
    }
}

/// Reads a file that a test feeds, by its path as written and the rule file that names it.
pub type ReadFile<'a> = &'a mut dyn FnMut(&str, FileId) -> Result<Vec<u8>, String>;

/// How often a test is shuffled.
const SHUFFLES: u64 = 3;

/// Runs a test as written, shuffled within the lateness, and saved and restored after every event.
///
/// # Errors
///
/// If no engine can be made of the program.
pub fn run(
    program: &Arc<Program>,
    lookups: &Arc<Lookups>,
    test: &Test,
    read: ReadFile<'_>,
) -> Result<Report, EngineError> {
    let mut report = Report {
        name: test.name.clone(),
        rule: test.rule.map(|rule| program.rules[rule].name.clone()),
        span: test.span,
        failures: Vec::new(),
        alerts: Vec::new(),
    };
    let first = run_once(program, lookups, test, read, Run::AsWritten)?;
    report.failures.extend(
        first
            .failures(test, program)
            .into_iter()
            .map(|text| (Run::AsWritten, text)),
    );
    report.alerts.clone_from(&first.alerts);
    if !report.passed() {
        return Ok(report);
    }
    // Where an event is late as written, order of arrival is what the test is about.
    let shuffles = if first.late > 0 { 0 } else { SHUFFLES };
    let runs = (0..shuffles).map(Run::Shuffled).chain([Run::Restored]);
    for run in runs {
        let again = run_once(program, lookups, test, read, run)?;
        report.failures.extend(
            again
                .failures(test, program)
                .into_iter()
                .map(|text| (run, text)),
        );
        let differences = [
            (again.alerts != first.alerts, "the alerts differ"),
            (
                again.forwarded != first.forwarded,
                "what is forwarded differs",
            ),
        ];
        for (_, words) in differences.iter().filter(|(differs, _)| *differs) {
            let text = format!("{words} from those of the order written");
            report.failures.push((run, text));
        }
    }
    Ok(report)
}

/// What one run came to.
struct Trial {
    alerts: Vec<Alert>,
    pending: Vec<Pending>,
    forwarded: Vec<Forwarded>,
    late: u64,
    mistakes: Vec<String>,
}

impl Trial {
    fn failures(&self, test: &Test, program: &Program) -> Vec<String> {
        let mut failures = self.mistakes.clone();
        let found = expect::Found {
            alerts: &self.alerts,
            pending: &self.pending,
            forwarded: &self.forwarded,
        };
        failures.extend(expect::failures(test, program, &found));
        failures
    }
}

fn run_once(
    program: &Arc<Program>,
    lookups: &Arc<Lookups>,
    test: &Test,
    read: ReadFile<'_>,
    run: Run,
) -> Result<Trial, EngineError> {
    let layout = Layout::of_all(program);
    let mut engine = Engine::with_layout(
        program.clone(),
        lookups.clone(),
        Options {
            forwards: Forwards::Digested,
            ..Options::default()
        },
        None,
        layout,
    )?;
    let mut out = Outputs::default();
    let mut mistakes = Vec::new();
    let arrivals = arrive::arrivals(&mut engine, test, read, &mut mistakes);
    for segment in arrive::shuffle(arrivals, run) {
        for arrival in segment.arrivals {
            push(&mut engine, arrival, &mut out);
            if run == Run::Restored {
                engine = restored(&engine, &mut mistakes)?;
            }
        }
        if let Some(time) = segment.advance_to {
            engine.advance(Timestamp(time.0.saturating_add(1)), &mut out);
        }
    }
    engine.finish(EndOfInput::Pending, &mut out);
    let of_rule = |alert: &Alert| test.rule.is_none_or(|rule| alert.rule == rule);
    let late = engine
        .summary()
        .sources
        .values()
        .map(|counts| counts.late)
        .sum();
    mistakes.extend(
        out.dead
            .iter()
            .map(|dead| format!("a record of a fed file is dead: {}", dead.reason)),
    );
    Ok(Trial {
        alerts: out.alerts.into_iter().filter(of_rule).collect(),
        pending: engine.pending(),
        forwarded: out.forwarded,
        late,
        mistakes,
    })
}

/// Returns an engine that goes on from the state of another.
fn restored(engine: &Engine, mistakes: &mut Vec<String>) -> Result<Engine, EngineError> {
    match engine.anew()?.resume(&engine.save()) {
        Ok((engine, restored)) => {
            if !restored.is_whole() {
                mistakes.push(String::from("a part of the state was not restored"));
            }
            Ok(engine)
        }
        Err(error) => {
            mistakes.push(format!("the state could not be restored: {error}"));
            engine.anew()
        }
    }
}

/// Something that arrives in a test.
#[derive(Clone, Debug)]
enum Arrival {
    /// An event written in it.
    Event(Box<Event>),
    /// A record of a file it feeds.
    Record {
        time: Option<Timestamp>,
        offset: u64,
        bytes: Vec<u8>,
    },
}

fn push(engine: &mut Engine, arrival: Arrival, out: &mut Outputs) {
    match arrival {
        Arrival::Event(event) => engine.push_event(*event, LATENESS, out),
        Arrival::Record { offset, bytes, .. } => {
            engine.push(
                RawRecord {
                    input: 0,
                    offset,
                    bytes: &bytes,
                },
                out,
            );
        }
    }
}

/// Tells whether a line of a test is an expectation.
fn is_expectation(kind: &TestLineKind) -> bool {
    match kind {
        TestLineKind::Alerts { .. } | TestLineKind::Pending | TestLineKind::Forwarded(_) => true,
        TestLineKind::Event { .. } | TestLineKind::Feed(_) | TestLineKind::Advance(_) => false,
    }
}
