//! Digests: which events are passed on, and what stands for the rest.
//!
//! Apart from rules because a digest raises nothing, and no rule ever reads what it leaves.

use std::collections::BTreeMap;
use std::sync::Arc;

use muster_lang::ir::{Digest, DigestAction, DigestId, ExprId, Program};
use muster_lang::units::{Duration, Timestamp};
use muster_lang::value::{KeyTexts, Value};

use crate::event::{Carried, Event};
use crate::key::{Key, KeyPart, Person, key_value, parts};
use crate::machine::frame::{window_end, window_start};
use crate::machine::zone_of;
use crate::options::Options;
use crate::predicate::{Evaluator, Scope};

mod passage;
mod recent;
mod save;
mod summarize;

pub use passage::{Forwarded, Passed, Reduced, Summary, Volume};

use recent::Recent;
use summarize::Summaries;

/// The digests of a program with their state.
#[derive(Debug)]
pub struct Digests {
    options: Options,
    // INVARIANT: as the digests of the program.
    reducers: Vec<Reducer>,
    /// Records of several events, by number, until the last of these was decided about.
    shared: BTreeMap<u64, Shared>,
    volume: Volume,
}

/// What one digest knows.
#[derive(Clone, Debug)]
enum Reducer {
    /// The keys of which an event was kept, with the end of its window.
    First(Recent<Timestamp>),
    /// The value of each key, as bytes by which it is compared.
    Changes(Recent<Vec<u8>>),
    /// Open summaries.
    Summaries(Summaries),
    /// Nothing.
    Drop,
}

/// A record of several events.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Shared {
    /// How many of them are not decided about.
    left: u64,
    /// Whether one of them passed, and the record with it.
    is_forwarded: bool,
}

/// A key of an event, in the form that is compared and as it is spelled.
#[derive(Clone, Debug)]
struct Keyed {
    key: Key,
    tenant: Value,
    spelled: Vec<Value>,
}

/// What a digest makes of an event that it names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Verdict {
    Passes,
    Reduced,
}

impl Digests {
    /// Returns digests that have seen nothing.
    #[must_use]
    pub fn new(program: &Program, options: Options) -> Self {
        let digests = program.digests.iter();
        Self {
            reducers: digests
                .map(|(id, digest)| Reducer::new(program, id, digest))
                .collect(),
            shared: BTreeMap::new(),
            volume: Volume::default(),
            options,
        }
    }

    /// Returns how much was passed on so far.
    #[must_use]
    pub fn volume(&self) -> Volume {
        self.volume
    }

    /// Tells whether no summary is open.
    #[must_use]
    pub fn is_idle(&self) -> bool {
        self.reducers.iter().all(|reducer| match reducer {
            Reducer::Summaries(summaries) => summaries.len() == 0,
            Reducer::First(_) | Reducer::Changes(_) | Reducer::Drop => true,
        })
    }

    /// Takes note of a record that makes several events which will be decided about.
    pub fn share(&mut self, record: u64, events: u64) {
        if events > 0 {
            let shared = Shared {
                left: events,
                is_forwarded: false,
            };
            self.shared.insert(record, shared);
        }
    }

    /// Decides about an event, in stream order: whether its record passes, and which digest took it.
    pub fn decide(
        &mut self,
        event: &Event,
        carried: Option<&Carried>,
        evaluator: &Evaluator,
    ) -> Decision {
        self.volume.events += 1;
        let taken_by = self.taken_by(event, evaluator);
        let is_first = self.settle(carried, taken_by.is_none());
        match taken_by {
            Some(digest) => Decision::Reduced(Reduced {
                source: event.source.clone(),
                id: event.id.clone(),
                digest,
            }),
            None if !is_first => Decision::PassedBefore,
            None => Decision::Passes(self.passed(event, carried)),
        }
    }

    /// Lets the record of an event pass that was not decided about, unless it already has.
    pub fn abandon(&mut self, event: &Event, carried: Option<&Carried>) -> Option<Forwarded> {
        self.volume.events += 1;
        self.settle(carried, true)
            .then(|| self.passed(event, carried))
    }

    fn passed(&mut self, event: &Event, carried: Option<&Carried>) -> Forwarded {
        self.volume.passed += 1;
        Forwarded::Record(Passed {
            time: event.time,
            source: event.source.clone(),
            id: event.id.clone(),
            line: carried.map_or_else(|| Arc::from(""), |carried| carried.line.clone()),
        })
    }

    /// Returns the digest that keeps an event from passing by itself, after each that names it saw it.
    fn taken_by(&mut self, event: &Event, evaluator: &Evaluator) -> Option<Arc<str>> {
        let program = evaluator.program();
        let mut passes = false;
        let mut first = None;
        for ((_, digest), reducer) in program.digests.iter().zip(&mut self.reducers) {
            if !names(digest, event, evaluator) {
                continue;
            }
            first.get_or_insert(&digest.name);
            let verdict = reducer.see(digest, event, evaluator, &self.options, &mut self.volume);
            passes |= verdict == Verdict::Passes;
        }
        first.filter(|_| !passes).cloned()
    }

    /// Counts down the events of a record; tells whether none of them passed before.
    fn settle(&mut self, carried: Option<&Carried>, passes: bool) -> bool {
        let number = carried.map_or(0, |carried| carried.shared);
        let Some(shared) = self.shared.get_mut(&number) else {
            return true;
        };
        let is_first = !shared.is_forwarded;
        shared.is_forwarded |= passes;
        shared.left = shared.left.saturating_sub(1);
        if shared.left == 0 {
            self.shared.remove(&number);
        }
        is_first
    }

    /// Lets time pass every instant before `time`: issues the summaries whose windows are over.
    pub fn pass(&mut self, time: Timestamp, evaluator: &Evaluator, out: &mut Vec<Forwarded>) {
        loop {
            let ends = self.reducers.iter().filter_map(Reducer::next_end);
            let Some(end) = ends.min().filter(|end| *end < time) else {
                break;
            };
            let summaries = self.reducers.iter_mut().filter_map(|reducer| {
                let due = reducer.next_end() == Some(end);
                due.then(|| reducer.close(evaluator))
            });
            let summaries = summaries.flatten().collect();
            self.issue(summaries, out);
        }
        for reducer in &mut self.reducers {
            reducer.forget(time);
        }
    }

    /// Issues what is open at the end of input, without closing it.
    pub fn finish(&mut self, evaluator: &Evaluator, out: &mut Vec<Forwarded>) {
        let summaries = self.reducers.iter().flat_map(|reducer| match reducer {
            Reducer::Summaries(summaries) => summaries.partial(evaluator),
            Reducer::First(_) | Reducer::Changes(_) | Reducer::Drop => Vec::new(),
        });
        let summaries = summaries.collect();
        self.issue(summaries, out);
    }

    /// Erases the keys and values that name someone; returns how many went.
    pub fn erase(&mut self, person: &Person) -> u64 {
        let reducers = self.reducers.iter_mut();
        let erased = reducers.map(|reducer| match reducer {
            Reducer::First(known) => known.erase(|key, _| person.is_in(key)),
            Reducer::Changes(known) => {
                known.erase(|key, value| person.is_in(key) || person.is_bytes(value))
            }
            Reducer::Summaries(summaries) => {
                let before = summaries.open.len();
                summaries.open.retain(|(_, key), _| !person.is_in(key));
                (before - summaries.open.len()) as u64
            }
            Reducer::Drop => 0,
        });
        erased.sum()
    }

    /// Hands out summaries in the order of time, digest and key.
    fn issue(&mut self, mut summaries: Vec<Summary>, out: &mut Vec<Forwarded>) {
        summaries.sort_by(|one, other| (one.to, &one.digest).cmp(&(other.to, &other.digest)));
        self.volume.summaries += summaries.len() as u64;
        let incomplete = summaries.iter().filter(|summary| !summary.complete);
        self.volume.incomplete += incomplete.count() as u64;
        let summaries = summaries.into_iter().map(Box::new);
        out.extend(summaries.map(Forwarded::Summary));
    }
}

/// What was decided about an event.
#[derive(Clone, Debug, PartialEq)]
pub enum Decision {
    /// Its record passes.
    Passes(Forwarded),
    /// It passes, and its record already has.
    PassedBefore,
    /// It does not pass by itself.
    Reduced(Reduced),
}

/// Tells whether a digest names an event.
fn names(digest: &Digest, event: &Event, evaluator: &Evaluator) -> bool {
    let scope = Scope::of_event(event);
    evaluator.in_class(digest.class, event)
        && digest
            .conditions
            .iter()
            .all(|condition| evaluator.holds(condition, &scope))
}

impl Reducer {
    fn new(program: &Program, id: DigestId, digest: &Digest) -> Self {
        match &digest.action {
            DigestAction::First { .. } => Self::First(Recent::default()),
            DigestAction::Changes { .. } => Self::Changes(Recent::default()),
            DigestAction::Summarize { .. } => {
                Summaries::new(program, id).map_or(Self::Drop, Self::Summaries)
            }
            DigestAction::Drop => Self::Drop,
        }
    }

    /// Lets a digest see an event that it names.
    fn see(
        &mut self,
        digest: &Digest,
        event: &Event,
        evaluator: &Evaluator,
        options: &Options,
        volume: &mut Volume,
    ) -> Verdict {
        let keys = match keys(&digest.action, event, evaluator, options) {
            Some(keys) => keys,
            // Its place in the digest is not known: nothing may be lost.
            None => return Verdict::Passes,
        };
        let keys = keys.iter();
        let is_kept = match (self, &digest.action) {
            (Self::First(known), DigestAction::First { each, .. }) => {
                let end = each.as_ref().map_or(Timestamp(i64::MAX), |(every, zone)| {
                    window_after(event.time, *every, zone.as_deref())
                });
                let set = keys.map(|one| known.set(&one.key, end, options.digest_keys_max));
                kept(set, volume)
            }
            (Self::Changes(known), DigestAction::Changes { of, .. }) => {
                let value = key_value(evaluator, *of, event);
                if value.is_missing() {
                    return Verdict::Passes;
                }
                let mut bytes = Vec::new();
                value.write_key(KeyTexts::Folded, &mut bytes);
                let max = options.digest_keys_max;
                let set = keys.map(|one| known.set(&one.key, bytes.clone(), max));
                kept(set, volume)
            }
            (Self::Summaries(summaries), _) => {
                let mut is_held = true;
                for one in keys {
                    is_held &= summaries.add(event, one, evaluator, options);
                }
                volume.over_limit += u64::from(!is_held);
                !is_held
            }
            (Self::Drop | Self::First(_) | Self::Changes(_), _) => false,
        };
        if is_kept {
            Verdict::Passes
        } else {
            Verdict::Reduced
        }
    }

    fn next_end(&self) -> Option<Timestamp> {
        match self {
            Self::Summaries(summaries) => summaries.next_end(),
            Self::First(_) | Self::Changes(_) | Self::Drop => None,
        }
    }

    fn close(&mut self, evaluator: &Evaluator) -> Vec<Summary> {
        match self {
            Self::Summaries(summaries) => summaries.close(evaluator),
            Self::First(_) | Self::Changes(_) | Self::Drop => Vec::new(),
        }
    }

    /// Forgets the keys of windows that no event from `now` on lies in.
    fn forget(&mut self, now: Timestamp) {
        if let Self::First(known) = self {
            while known.pop(|end| *end <= now) {}
        }
    }
}

/// Tells whether one of the keys is new or changed; every key is set.
fn kept(set: impl Iterator<Item = recent::Outcome>, volume: &mut Volume) -> bool {
    let mut is_kept = false;
    for outcome in set {
        is_kept |= outcome.is_change;
        volume.forgotten += u64::from(outcome.forgot);
    }
    is_kept
}

/// Returns the end of the window that holds an instant.
fn window_after(time: Timestamp, every: Duration, zone: Option<&str>) -> Timestamp {
    let zone = zone_of(zone);
    window_end(window_start(time, every, zone), every, zone)
}

/// Returns the keys of an event, each value of a list making one; `None` if a value is missing.
fn keys(
    action: &DigestAction,
    event: &Event,
    evaluator: &Evaluator,
    options: &Options,
) -> Option<Vec<Keyed>> {
    let per: Vec<ExprId> = match action {
        DigestAction::First { per, .. } | DigestAction::Changes { per, .. } => per.clone(),
        DigestAction::Summarize { per, .. } => per.iter().map(|(_, expr)| *expr).collect(),
        DigestAction::Drop => Vec::new(),
    };
    let tenant = event.get(evaluator.layout(), evaluator.program().core.tenant);
    let mut keys = vec![(vec![KeyPart::of_tenant(tenant)], Vec::new())];
    for expr in per {
        let value = key_value(evaluator, expr, event);
        let found = parts(&value, false, options.key_values_max);
        keys = keys
            .iter()
            .flat_map(|(key, spelled)| {
                found.iter().map(|(part, value)| {
                    let key = [key.as_slice(), std::slice::from_ref(part)].concat();
                    let spelled = [spelled.as_slice(), std::slice::from_ref(value)].concat();
                    (key, spelled)
                })
            })
            .collect();
    }
    let keys = keys.into_iter().map(|(key, spelled)| Keyed {
        key: Key(key.into()),
        tenant: tenant.clone(),
        spelled,
    });
    let keys: Vec<Keyed> = keys.collect();
    (!keys.is_empty()).then_some(keys)
}
