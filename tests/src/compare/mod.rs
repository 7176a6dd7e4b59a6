//! Two engines on one case, and the report where they do not agree.
//!
//! Apart from both because neither may know how the other writes an alert.

mod seen;

use std::fmt::Write as _;

use crate::generate::{Case, Level, shrink};
use crate::reference::input::Reader;
use crate::reference::{EndOfInput, Parsed, ReferenceError, evaluate, program};

pub use seen::{Comparable, ComparablePending, Seen, canonical, difference};

/// Why an engine made nothing of a case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum EngineError {
    /// The bridge to the engine does not exist yet.
    NotWired,
    /// The program does not compile.
    Refused(String),
    /// The engine failed.
    Failed(String),
}

/// A compiled program: JSON lines in the order of arrival, and what the end of input means. Each
/// call is a run of its own.
pub type Run = Box<dyn Fn(&[String], EndOfInput) -> Result<Seen, EngineError>>;

/// An engine: it compiles rule text.
pub type Engine<'e> = &'e dyn Fn(&str) -> Result<Run, EngineError>;

/// What comes of comparing one case.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// Both agree on so many alerts.
    Same(usize),
    /// They do not; the report shows the smallest case found.
    Differs(String),
    /// The reference does not support the case.
    Unsupported(String),
    /// The engine has no answer.
    Engine(EngineError),
}

/// The reference with one program.
#[derive(Debug)]
pub struct Reference {
    parsed: Parsed,
}

impl Reference {
    /// Parses a program.
    ///
    /// # Errors
    /// What the reference does not support.
    pub fn new(rules: &str) -> Result<Self, ReferenceError> {
        let parsed = program(rules)?;
        Ok(Reference { parsed })
    }

    /// Returns what the reference makes of a stream.
    ///
    /// # Errors
    /// What the reference does not support.
    pub fn run(&self, lines: &[String], eof: EndOfInput) -> Result<Seen, ReferenceError> {
        let reader = Reader::new(&self.parsed)?;
        let events = lines.iter().map(|line| reader.read(line));
        let events = events.collect::<Result<Vec<_>, _>>()?.concat();
        evaluate(&self.parsed, &events, eof).map(|outcome| Seen::from(&outcome))
    }
}

/// Compares the cases of a seed: its program, compiled once, on so many streams. The first that
/// differs is shrunk before it is reported, and ends the comparison.
pub fn compare(
    seed: u64,
    level: Level,
    streams: u64,
    engine: Engine<'_>,
    tell: &mut dyn FnMut(Verdict),
) {
    let cases = Case::streams(seed, level, streams);
    let Some(rules) = cases.first().map(Case::program) else {
        return;
    };
    let both = match both(&rules, engine) {
        Ok(both) => both,
        // As many verdicts as cases, so that nothing is counted as compared that was not.
        Err(verdict) => return cases.iter().for_each(|_| tell(verdict.clone())),
    };
    for case in cases {
        match judge(&case, &both) {
            // One report of a program is enough.
            verdict @ Verdict::Differs(_) => {
                return tell(smallest(&case, engine).unwrap_or(verdict));
            }
            verdict @ (Verdict::Same(_) | Verdict::Unsupported(_) | Verdict::Engine(_)) => {
                tell(verdict);
            }
        }
    }
}

/// Returns the report of the smallest case found that differs.
fn smallest(case: &Case, engine: Engine<'_>) -> Option<Verdict> {
    let mut report = None;
    shrink(case, &mut |candidate| {
        let both = both(&candidate.program(), engine);
        match both.map(|both| judge(candidate, &both)) {
            Ok(verdict @ Verdict::Differs(_)) => {
                report = Some(verdict);
                true
            }
            Ok(_) | Err(_) => false,
        }
    });
    report
}

/// Gives a program to both engines.
fn both(rules: &str, engine: Engine<'_>) -> Result<(Reference, Run), Verdict> {
    let reference =
        Reference::new(rules).map_err(|ReferenceError(what)| Verdict::Unsupported(what))?;
    Ok((reference, engine(rules).map_err(Verdict::Engine)?))
}

fn judge(case: &Case, both: &(Reference, Run)) -> Verdict {
    let title = || {
        format!(
            "seed {}, stream {}, end of input {:?}\n\n{}",
            case.seed,
            case.stream,
            case.eof,
            case.program()
        )
    };
    compare_stream(&title, &case.lines(), case.eof, &both.0, &both.1)
}

/// Compares one stream; the title of a report should show the program.
#[must_use]
pub fn compare_stream(
    title: &dyn Fn() -> String,
    lines: &[String],
    eof: EndOfInput,
    reference: &Reference,
    run: &Run,
) -> Verdict {
    let expected = match reference.run(lines, eof) {
        Ok(expected) => expected,
        Err(ReferenceError(what)) => return Verdict::Unsupported(what),
    };
    let found = match run(lines, eof) {
        Ok(found) => found,
        Err(error) => return Verdict::Engine(error),
    };
    let different = difference(&expected, &found);
    if different.is_empty() {
        return Verdict::Same(expected.alerts.len());
    }
    Verdict::Differs(report(&title(), lines, &different, (&expected, &found)))
}

fn report(title: &str, lines: &[String], different: &[String], outcomes: (&Seen, &Seen)) -> String {
    let mut text = format!("{title}\n\n");
    for line in lines {
        text.push_str(line);
        text.push('\n');
    }
    text.push_str("\n- expected by the reference, + found in the engine\n");
    for line in different {
        text.push_str(line);
        text.push('\n');
    }
    for (who, seen) in [("reference", outcomes.0), ("engine", outcomes.1)] {
        let _ = writeln!(text, "\n{who}:");
        for alert in &canonical(seen.clone()).alerts {
            let _ = writeln!(text, "  {alert:?}");
        }
        for open in &seen.pending {
            let _ = writeln!(text, "  pending {open:?}");
        }
    }
    text
}
