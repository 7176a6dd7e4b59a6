//! A second engine that follows the specification by enumeration, to compare the first with.
//!
//! Apart from everything else because its worth lies in sharing nothing with the engine but the
//! tree of a program and the values of its fields.
//!
//! Readings: where the specification leaves a choice, this is what stands here.
//!
//! Order
//! 1. The first event of a source is more than an hour ahead of all sent before, vacuously: it
//!    moves no watermark until a second event of the source comes, and a source without a settled
//!    time holds the minimum back.
//! 2. "All its source sent before" counts late events and jumps, not duplicates. A duplicate does
//!    not settle a jump.
//! 3. Lateness is judged by the watermark before the event itself has moved it; the watermark
//!    never goes back when a new source appears.
//! 4. A duplicate repeats tenant, source and id of an accepted event at most the span away, in
//!    either direction; a dropped one does not renew the span. A late event counts as accepted.
//!
//! Keys
//! 5. `where` conjuncts inside brackets that hold nothing else are top-level too.
//! 6. A bare name in a step's own `where` is the step's field, so `device.id is a.device.id`
//!    behind step b is an equi-join like `b.device.id is a.device.id`.
//! 7. Several list-valued keys join for each combination. Tenants compare ignoring case.
//! 8. Matches are merged by evidence only if none of them is broken; the text of a key is its
//!    values in the order of the rule.
//! 9. `first event` of a key's spelling is the first in stream order; an equi-join shows the
//!    earlier written step's spelling.
//! 10. Under `==` as an equi-join the condition is exact, but restarts compare ignoring case.
//!
//! Matches
//! 11. Of chains with equal rank, steps as written take earlier events first; of `N of`, the
//!     steps written first take part.
//! 12. Under `tolerate` no event is bound twice; gaps are later minus earlier written step.
//! 13. "A group that ends the pattern" is any group of the last `then` unit, one inside a last
//!     `all of` included.
//! 14. A local window that begins and ends with a group or a set with one, and is not the end of
//!     the pattern, may end at any instant of an event its last unit can hold, all events of that
//!     instant included; the latest that satisfies wins.
//!     So may a local window of a group inside a set. Every other local window of a group follows
//!     from the plain steps around it.
//! 15. `each` and `session`: a window is used up by an alert raised or pending, not by a match
//!     that was broken or suppressed.
//! 16. The conjuncts of an `unless` are not taken apart.
//! 17. `F differs` holds if every pair of adjacent events differs; it is unknown if any event of
//!     a pair misses F. A text that is empty is missing to `same`, not to `differs`.
//!
//! Absences
//! 18. Under a list-valued key, q breaks the matches of the values it carries itself.
//! 19. `between f`: the last q before the group is tried (before its last event where it ends the
//!     pattern, else before the next step's event) empties it. An event that the match could take
//!     as a member is no q.
//! 20. An `unless` of q that is unknown breaks nothing, as a `where`.
//! 21. A deadline before the completing event is closed even if the watermark stays behind it.
//!
//! Memories
//! 22. Age counts from the first event of the source in any tenant.
//! 23. `.median` and `.mad` are nearest rank, as the percentiles.
//! 24. `.previous` is remembered for `for` by its own time.
//! 25. `for` of a profile that starts anew is judged at recorded events and at the read.
//!
//! Alerts
//! 26. `severity … when` replaces the written severity, even by a lower one.
//! 28. A digest keeps tenants apart, forwards no late event, and a summary whose window ends at
//!     the watermark is partial.
//! 27. A bare path of `suppress`, `score … on` and alert text is a key of the rule if it is one,
//!     else the completing event's field.

mod absence;
mod alert;
mod arrival;
mod atom;
mod builtin;
mod calendar;
mod chain;
mod compare;
mod condition;
mod convert;
mod digest;
mod expression;
mod function;
mod group;
mod identity;
pub mod input;
mod key;
mod lookup;
mod matching;
mod memory;
mod names;
pub mod prelude;
mod program;
mod shape;
mod source;
mod strata;
mod stream;
mod table;
mod teller;
mod value;
mod walk;
mod window;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use muster_lang::file::{Files, Origin};
use muster_lang::syntax::ast::Module;
use muster_lang::syntax::parse;
use muster_lang::value::Value;

use crate::carried::carried;
use program::Program;
use shape::Shape;
use stream::{Event, Phase, Position, World};

/// A record after its source has made an event of it.
#[derive(Clone, Debug, PartialEq)]
pub struct InputEvent {
    /// The name of its source.
    pub source: String,
    /// When it happened, microseconds since 1970.
    pub time: i64,
    /// The id its source gave it.
    pub id: String,
    /// Its tenant.
    pub tenant: Option<String>,
    /// Its other fields by dotted name.
    pub fields: BTreeMap<String, Value>,
    /// The record it was made of.
    pub raw: Value,
    /// How far out of order its source may be, microseconds.
    pub lateness: i64,
    /// Within which span its source repeats an id, microseconds.
    pub dedupe: Option<i64>,
}

/// What the end of input means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum EndOfInput {
    /// An open absence is pending.
    #[default]
    Pending,
    /// The end of time: an open absence holds.
    Final,
}

/// The names and texts of a key, in order.
pub type KeyText = Vec<(String, String)>;

/// An alert as the specification says it must be.
#[derive(Clone, Debug, PartialEq)]
pub struct RefAlert {
    /// What names it as evidence of other alerts; not the engine's hash.
    pub id: String,
    /// Its rule.
    pub rule: String,
    /// The title of its rule.
    pub title: String,
    /// The tenant of its key.
    pub tenant: Option<String>,
    /// Its key as shown.
    pub key: KeyText,
    /// Further keys of the same evidence.
    pub also: Vec<KeyText>,
    /// When it is told, microseconds.
    pub time: i64,
    /// Its first event's time.
    pub from: i64,
    /// Its last event's time.
    pub to: i64,
    /// Its severity; `none` is never written out.
    pub severity: String,
    /// Its text.
    pub text: String,
    /// Step and event id, in the order of the steps as written.
    pub evidence: Vec<(String, String)>,
    /// How many members each group has.
    pub counts: BTreeMap<String, usize>,
    /// The notes that hold.
    pub notes: Vec<String>,
    /// Its techniques.
    pub attack: Vec<String>,
    /// Its tags.
    pub tags: Vec<String>,
    /// The sum of its scores.
    pub score: Option<f64>,
    /// Whose score it is.
    pub score_on: Option<String>,
    /// For each event of the evidence, the fields that `show` names.
    pub shown: Vec<BTreeMap<String, String>>,
    /// How many were suppressed since the last one raised.
    pub suppressed: u64,
    /// Whether the stream was old enough to judge it.
    pub complete: bool,
}

/// A match whose deadline had not passed at the end of input.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct RefPending {
    /// Its rule.
    pub rule: String,
    /// The tenant of its key.
    pub tenant: Option<String>,
    /// Its key as shown.
    pub key: KeyText,
    /// Its deadline, microseconds.
    pub until: i64,
}

/// Everything a program makes of an input.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Alerts in the order of output, those of severity `none` included.
    pub alerts: Vec<RefAlert>,
    /// Arrival numbers of late events.
    pub late: Vec<usize>,
    /// Arrival numbers of dropped duplicates.
    pub duplicates: Vec<usize>,
    /// Open absences.
    pub pending: Vec<RefPending>,
    /// What is forwarded.
    pub forwarded: Vec<Forwarded>,
}

/// Something forwarded.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Forwarded {
    /// An event, by its id.
    Event(String),
    /// The summary of a window.
    Summary(Summary),
}

/// The summary of a window.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Summary {
    /// The end of its window, microseconds.
    pub to: i64,
    /// The start.
    pub from: i64,
    /// The digest.
    pub digest: String,
    /// Its keys and named values as they print.
    pub values: BTreeMap<String, String>,
    /// Whether the input ended inside its window.
    pub partial: bool,
}

/// Something the reference does not know how to evaluate, or that means nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReferenceError(pub String);

impl std::fmt::Display for ReferenceError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the reference does not support {}", self.0)
    }
}

impl std::error::Error for ReferenceError {}

pub(crate) type Answer<T> = Result<T, ReferenceError>;

pub(crate) fn unsupported<T>(what: impl Into<String>) -> Answer<T> {
    Err(ReferenceError(what.into()))
}

/// A program: the reference's own prelude, what is written, and the files it carries.
#[derive(Clone, Debug)]
pub struct Parsed {
    pub(crate) prelude: Module,
    pub(crate) written: Module,
    pub(crate) files: BTreeMap<String, String>,
}

/// Parses a program, with the reference's own prelude before it.
///
/// # Errors
/// The first mistake of its syntax.
pub fn program(text: &str) -> Result<Parsed, ReferenceError> {
    static PRELUDE: OnceLock<Result<Module, ReferenceError>> = OnceLock::new();
    let prelude = PRELUDE.get_or_init(|| module(prelude::TEXT));
    Ok(Parsed {
        prelude: prelude.clone()?,
        written: module(text)?,
        files: carried(text),
    })
}

fn module(text: &str) -> Answer<Module> {
    let mut files = Files::new();
    let file = files.add("case", text, Origin::User);
    let parsed = parse(&files, file);
    match parsed.diagnostics.first() {
        Some(mistake) => unsupported(format!("the text: {mistake:?}")),
        None => Ok(parsed.module),
    }
}

/// Evaluates a program over events in the order of their arrival.
///
/// # Errors
/// What the reference does not support, rather than a wrong answer.
pub fn evaluate(
    parsed: &Parsed,
    events: &[InputEvent],
    eof: EndOfInput,
) -> Result<Outcome, ReferenceError> {
    let program = Program::new(parsed)?;
    let arrivals = arrival::judge(events, eof);
    let mut world = World {
        program: &program,
        events: Vec::new(),
        late: Vec::new(),
        end: arrivals.end,
    };
    world.events = arrivals
        .kept
        .iter()
        .filter_map(|index| made(events, *index, None))
        .collect();
    world.late = arrivals
        .late
        .iter()
        .filter_map(|(index, behind)| made(events, *index, Some(*behind)))
        .collect();
    let mut outcome = Outcome {
        late: arrivals.late.iter().map(|(index, _)| *index).collect(),
        duplicates: arrivals.duplicates,
        ..Outcome::default()
    };
    let mut told = Vec::new();
    for rule in strata::order(&program)? {
        world.events.sort_by(|a, b| a.position.cmp(&b.position));
        let shape = Shape::new(&program, rule)?;
        let matches = matching::matches(&world, &shape)?;
        let new = alert::tell(&world, rule, &shape, &matches)?;
        drop(matches);
        told.extend(new.alerts);
        outcome.pending.extend(new.pending);
        world.events.extend(new.events);
    }
    told.sort_by_key(|alert| (alert.time, alert.rule.clone(), alert::print_key(&alert.key)));
    outcome.alerts = told;
    outcome.pending.sort();
    outcome.forwarded = digest::forward(&world)?;
    Ok(outcome)
}

fn made(events: &[InputEvent], arrival: usize, behind: Option<i64>) -> Option<Event> {
    let event = events.get(arrival)?;
    let position = Position {
        time: event.time,
        phase: Phase::Input,
        source: event.source.clone(),
        arrival,
        after: Vec::new(),
    };
    Some(Event {
        position,
        time: event.time,
        id: event.id.clone(),
        source: event.source.clone(),
        tenant: event.tenant.clone(),
        fields: event.fields.clone(),
        raw: event.raw.clone(),
        alert: None,
        behind,
    })
}
