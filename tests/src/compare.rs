//! What two engines must agree on, and the report where they do not.
//!
//! Apart from both because neither may know how the other writes an alert.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use muster_lang::syntax::ast::Module;

use crate::generate::{Case, Level};
use crate::reference::input::Reader;
use crate::reference::{
    EndOfInput, Forwarded, Outcome, ReferenceError, Summary, evaluate, program,
};

/// The part of an alert that must agree.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Comparable {
    /// When it is told, microseconds since 1970.
    pub time: i64,
    /// Its rule.
    pub rule: String,
    /// Its key by name; `tenant` may be left out.
    pub key: BTreeMap<String, String>,
    /// The further keys of the same evidence.
    pub also: Vec<BTreeMap<String, String>>,
    /// Step and event id, in the order of the steps as written. The id of an alert as evidence is
    /// its `alert_id`.
    pub evidence: Vec<(String, String)>,
    /// How many members each group has.
    pub counts: BTreeMap<String, usize>,
    /// Its severity.
    pub severity: String,
    /// How many were suppressed before it.
    pub suppressed: u64,
    /// Its `alert_id`, by which other alerts may name it as evidence.
    pub id: String,
}

/// An open absence that must agree.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct ComparablePending {
    /// Its rule.
    pub rule: String,
    /// Its key by name; `tenant` may be left out.
    pub key: BTreeMap<String, String>,
    /// Its deadline, microseconds since 1970.
    pub until: i64,
}

/// All that one engine makes of a case.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    /// Alerts, in any order; those of severity `none` only so that others may name them.
    pub alerts: Vec<Comparable>,
    /// Open absences, in any order.
    pub pending: Vec<ComparablePending>,
    /// The number of late events, where the engine tells it.
    pub late: Option<usize>,
    /// The number of dropped duplicates, where the engine tells it.
    pub duplicates: Option<usize>,
    /// What is forwarded, in any order, where the engine tells it: the id of an event, or a
    /// summary as `name from to {"key": "value"} partial` with its instants in microseconds, its
    /// keys and named values in the order of their names, numbers without unit.
    pub forwarded: Option<Vec<String>>,
}

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
    modules: Vec<Module>,
    reader: Reader,
}

impl Reference {
    /// Parses a program.
    ///
    /// # Errors
    /// What the reference does not support.
    pub fn new(rules: &str) -> Result<Self, ReferenceError> {
        let modules = program(rules)?;
        let reader = Reader::new(&modules)?;
        Ok(Reference { modules, reader })
    }

    /// Returns what the reference makes of a stream.
    ///
    /// # Errors
    /// What the reference does not support.
    pub fn run(&self, lines: &[String], eof: EndOfInput) -> Result<Seen, ReferenceError> {
        let events = lines.iter().map(|line| self.reader.read(line));
        let events = events.collect::<Result<Vec<_>, _>>()?;
        evaluate(&self.modules, &events, eof).map(|outcome| seen(&outcome))
    }
}

/// Returns the comparable part of an outcome of the reference.
#[must_use]
pub fn seen(outcome: &Outcome) -> Seen {
    let named = |key: &[(String, String)]| key.iter().cloned().collect::<BTreeMap<_, _>>();
    let alerts = outcome.alerts.iter().map(|alert| Comparable {
        time: alert.time,
        rule: alert.rule.clone(),
        key: named(&alert.key),
        also: alert.also.iter().map(|key| named(key)).collect(),
        evidence: alert.evidence.clone(),
        counts: alert.counts.clone(),
        severity: alert.severity.clone(),
        suppressed: alert.suppressed,
        id: alert.id.clone(),
    });
    let pending = outcome.pending.iter().map(|open| ComparablePending {
        rule: open.rule.clone(),
        key: named(&open.key),
        until: open.until,
    });
    Seen {
        alerts: alerts.collect(),
        pending: pending.collect(),
        late: Some(outcome.late.len()),
        duplicates: Some(outcome.duplicates.len()),
        forwarded: Some(outcome.forwarded.iter().map(forwarded).collect()),
    }
}

fn forwarded(one: &Forwarded) -> String {
    match one {
        Forwarded::Event(id) => id.clone(),
        Forwarded::Summary(Summary {
            to,
            from,
            digest,
            values,
            partial,
        }) => {
            let partial = if *partial { " partial" } else { "" };
            format!("{digest} {from} {to} {values:?}{partial}")
        }
    }
}

/// Brings an outcome into a form in which equal ones are equal.
#[must_use]
pub fn canonical(mut seen: Seen) -> Seen {
    let label = |alert: &Comparable| {
        let key: Vec<String> = alert
            .key
            .iter()
            .map(|(name, text)| format!("{name}={text}"))
            .collect();
        format!(
            "alert of {} at {} for {}",
            alert.rule,
            alert.time,
            key.join(",")
        )
    };
    for alert in &mut seen.alerts {
        alert.key.remove("tenant");
        alert
            .also
            .iter_mut()
            .for_each(|key| drop(key.remove("tenant")));
        alert.also.sort();
    }
    let labels: BTreeMap<String, String> = seen
        .alerts
        .iter()
        .map(|alert| (alert.id.clone(), label(alert)))
        .collect();
    for alert in &mut seen.alerts {
        for (_, id) in &mut alert.evidence {
            if let Some(label) = labels.get(id) {
                id.clone_from(label);
            }
        }
    }
    seen.alerts.retain(|alert| alert.severity != "none");
    seen.alerts.iter_mut().for_each(|alert| alert.id.clear());
    seen.alerts.sort();
    for open in &mut seen.pending {
        open.key.remove("tenant");
    }
    seen.pending.sort();
    seen.forwarded.iter_mut().for_each(|lines| lines.sort());
    seen
}

/// Returns the lines in which two outcomes differ: `-` is expected and not found, `+` is found
/// and not expected.
#[must_use]
pub fn difference(expected: &Seen, found: &Seen) -> Vec<String> {
    let (expected, found) = (canonical(expected.clone()), canonical(found.clone()));
    let mut lines = missing("-", &expected.alerts, &found.alerts);
    lines.extend(missing("+", &found.alerts, &expected.alerts));
    lines.extend(missing("- pending", &expected.pending, &found.pending));
    lines.extend(missing("+ pending", &found.pending, &expected.pending));
    if let (Some(expected), Some(found)) = (&expected.forwarded, &found.forwarded) {
        lines.extend(missing("- forwarded", expected, found));
        lines.extend(missing("+ forwarded", found, expected));
    }
    for (what, expected, found) in [
        ("late", expected.late, found.late),
        ("duplicates", expected.duplicates, found.duplicates),
    ] {
        if found.is_some() && expected != found {
            lines.push(format!("{what}: expected {expected:?}, found {found:?}"));
        }
    }
    lines
}

/// Returns what one list has more often than another.
fn missing<T: PartialEq + std::fmt::Debug>(sign: &str, have: &[T], lack: &[T]) -> Vec<String> {
    let mut left: Vec<&T> = lack.iter().collect();
    let mut lines = Vec::new();
    for one in have {
        match left.iter().position(|other| *other == one) {
            Some(place) => drop(left.remove(place)),
            None => lines.push(format!("{sign} {one:?}")),
        }
    }
    lines
}

/// Compares the case of a seed; a case that differs is shrunk before it is reported.
#[must_use]
pub fn compare(seed: u64, level: Level, engine: Engine<'_>) -> Verdict {
    let case = Case::new(seed, level);
    let verdict = judge(&case, engine);
    let Verdict::Differs(_) = verdict else {
        return verdict;
    };
    let smallest = Case::smallest(seed, level, &mut |candidate| {
        matches!(judge(candidate, engine), Verdict::Differs(_))
    });
    judge(&smallest, engine)
}

fn judge(case: &Case, engine: Engine<'_>) -> Verdict {
    let rules = case.program();
    let reference = match Reference::new(&rules) {
        Ok(reference) => reference,
        Err(ReferenceError(what)) => return Verdict::Unsupported(what),
    };
    let run = match engine(&rules) {
        Ok(run) => run,
        Err(error) => return Verdict::Engine(error),
    };
    let title = format!("seed {}, end of input {:?}\n\n{rules}", case.seed, case.eof);
    compare_stream(&title, &case.lines(), case.eof, &reference, &run)
}

/// Compares one stream; the title of a report should show the program.
#[must_use]
pub fn compare_stream(
    title: &str,
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
    Verdict::Differs(report(title, lines, &different, (&expected, &found)))
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
