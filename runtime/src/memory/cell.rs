//! What one memory holds under one key.
//!
//! Apart from the memories, which find it, so that each kind's rules of forgetting stand together.

use std::collections::{BTreeMap, VecDeque};

use muster_lang::ir::{Memory, MemoryKind, MemoryRead};
use muster_lang::units::{Duration, Timestamp};
use muster_lang::value::Value;

use crate::event::Event;
use crate::key::{KeyPart, parts};
use crate::memory::profile::Profile;
use crate::predicate::Evaluator;
use crate::store::{Reader, Save, StateError, Writer};

/// What is held under one key.
#[derive(Clone, Debug)]
pub(super) enum Cell {
    /// Values with the time each was seen last. LIMIT: `max` of the memory, and its `for`.
    Values(BTreeMap<KeyPart, Timestamp>),
    /// The latest value, and the one before.
    Last {
        current: Option<(Value, Timestamp)>,
        previous: Option<(Value, Timestamp)>,
    },
    /// When events happened, sorted. LIMIT: the memory's `for`.
    Times(VecDeque<Timestamp>),
    /// Aggregates a bucket.
    Profile(Profile),
}

/// Returns what a memory that holds nothing gives.
pub(super) fn nothing(kind: &MemoryKind, read: &MemoryRead) -> Value {
    match read {
        MemoryRead::Contains(_) => Value::Bool(false),
        MemoryRead::Size => Value::Int(0),
        MemoryRead::Statistic(statistic) => Profile::nothing(*statistic),
        MemoryRead::Value => match kind {
            MemoryKind::Count | MemoryKind::Distinct(_) => Value::Int(0),
            MemoryKind::Seen(_) | MemoryKind::Last(_) | MemoryKind::Profile { .. } => {
                Value::Missing
            }
        },
        MemoryRead::At | MemoryRead::Previous => Value::Missing,
    }
}

impl Cell {
    /// Writes what is held; what kind it is follows from the memory.
    pub(super) fn save(&self, out: &mut Writer<'_>) {
        match self {
            Cell::Values(values) => values.save(out),
            Cell::Last { current, previous } => {
                current.save(out);
                previous.save(out);
            }
            Cell::Times(times) => times.save(out),
            Cell::Profile(profile) => profile.save(out),
        }
    }

    /// Reads what a memory held.
    pub(super) fn load(memory: &Memory, input: &mut Reader<'_>) -> Result<Self, StateError> {
        Ok(match memory.kind {
            MemoryKind::Seen(_) | MemoryKind::Distinct(_) => Cell::Values(Save::load(input)?),
            MemoryKind::Last(_) => Cell::Last {
                current: Save::load(input)?,
                previous: Save::load(input)?,
            },
            MemoryKind::Count => Cell::Times(Save::load(input)?),
            MemoryKind::Profile { aggregate, .. } => {
                Cell::Profile(Profile::load(aggregate, input)?)
            }
        })
    }

    /// Returns the time of the oldest thing held.
    pub(super) fn oldest(&self) -> Option<Timestamp> {
        match self {
            Cell::Values(values) => values.values().min().copied(),
            Cell::Last { current, previous } => {
                let at = |entry: &Option<(Value, Timestamp)>| entry.as_ref().map(|(_, at)| *at);
                at(previous).or(at(current))
            }
            Cell::Times(times) => times.front().copied(),
            Cell::Profile(profile) => profile.oldest(),
        }
    }

    pub(super) fn new(kind: &MemoryKind) -> Self {
        match kind {
            MemoryKind::Seen(_) | MemoryKind::Distinct(_) => Cell::Values(BTreeMap::new()),
            MemoryKind::Last(_) => Cell::Last {
                current: None,
                previous: None,
            },
            MemoryKind::Count => Cell::Times(VecDeque::new()),
            MemoryKind::Profile { .. } => Cell::Profile(Profile::default()),
        }
    }

    /// Takes in what an event says; returns how many values `max` pushed out or kept out.
    pub(super) fn learn(
        &mut self,
        memory: &Memory,
        evaluator: &Evaluator,
        event: &Event,
        value: &Value,
    ) -> u64 {
        match self {
            Cell::Values(values) => return learn_values(values, memory, event.time, value),
            Cell::Last { current, previous } => {
                let entry = Some((value.clone(), event.time));
                if current.as_ref().is_none_or(|(_, at)| *at <= event.time) {
                    *previous = std::mem::replace(current, entry);
                } else if previous.as_ref().is_none_or(|(_, at)| *at <= event.time) {
                    *previous = entry;
                }
            }
            Cell::Times(times) => {
                let at = times.partition_point(|time| *time <= event.time);
                times.insert(at, event.time);
            }
            Cell::Profile(profile) => profile.learn(memory, evaluator, event),
        }
        0
    }

    /// Forgets what is older than the memory's `for` at an instant.
    pub(super) fn forget(&mut self, memory: &Memory, now: Timestamp) {
        let keeps = |at: Timestamp| now.since(at) <= memory.keep;
        match self {
            Cell::Values(values) => values.retain(|_, at| keeps(*at)),
            Cell::Last { current, previous } => {
                for entry in [current, previous] {
                    if entry.as_ref().is_some_and(|(_, at)| !keeps(*at)) {
                        *entry = None;
                    }
                }
            }
            Cell::Times(times) => {
                while times.front().is_some_and(|at| !keeps(*at)) {
                    times.pop_front();
                }
            }
            Cell::Profile(profile) => profile.forget(memory, now),
        }
    }

    /// Returns how long after its latest event a cell is needed.
    pub(super) fn lifetime(&self, memory: &Memory) -> Duration {
        memory.keep
    }

    /// Returns the time of the latest event held.
    pub(super) fn latest(&self) -> Option<Timestamp> {
        match self {
            Cell::Values(values) => values.values().max().copied(),
            Cell::Last { current, .. } => current.as_ref().map(|(_, at)| *at),
            Cell::Times(times) => times.back().copied(),
            Cell::Profile(profile) => profile.latest(),
        }
    }

    /// Returns what a cell that is no profile gives as of an instant.
    pub(super) fn read(
        &self,
        memory: &Memory,
        now: Timestamp,
        read: &MemoryRead,
        argument: Option<&Value>,
    ) -> Value {
        let keeps = |at: Timestamp| now.since(at) <= memory.keep;
        match self {
            Cell::Values(values) => match read {
                MemoryRead::Contains(_) => contains(values, argument, keeps),
                MemoryRead::Value | MemoryRead::Size => {
                    count(values.values().filter(|at| keeps(**at)).count())
                }
                MemoryRead::At | MemoryRead::Previous | MemoryRead::Statistic(_) => Value::Missing,
            },
            Cell::Last { current, previous } => {
                let kept =
                    |entry: &Option<(Value, Timestamp)>| entry.clone().filter(|(_, at)| keeps(*at));
                match read {
                    MemoryRead::Value => kept(current).map_or(Value::Missing, |(value, _)| value),
                    MemoryRead::At => {
                        kept(current).map_or(Value::Missing, |(_, at)| Value::Time(at))
                    }
                    MemoryRead::Previous => {
                        kept(previous).map_or(Value::Missing, |(value, _)| value)
                    }
                    MemoryRead::Size => count(usize::from(kept(current).is_some())),
                    MemoryRead::Contains(_) | MemoryRead::Statistic(_) => Value::Missing,
                }
            }
            Cell::Times(times) => {
                let first = times.partition_point(|at| !keeps(*at));
                count(times.len() - first)
            }
            Cell::Profile(profile) => profile.read(memory, now, read),
        }
    }

    /// Returns what a profile gives as of an instant.
    pub(super) fn profile(&self, memory: &Memory, now: Timestamp, read: &MemoryRead) -> Value {
        match self {
            Cell::Profile(profile) => profile.read(memory, now, read),
            Cell::Values(_) | Cell::Last { .. } | Cell::Times(_) => Value::Missing,
        }
    }
}

fn count(number: usize) -> Value {
    i64::try_from(number).map_or(Value::Missing, Value::Int)
}

fn contains(
    values: &BTreeMap<KeyPart, Timestamp>,
    argument: Option<&Value>,
    keeps: impl Fn(Timestamp) -> bool,
) -> Value {
    let Some(argument) = argument else {
        return Value::Missing;
    };
    let asked = parts(argument, false, usize::MAX);
    if asked.is_empty() {
        return Value::Missing;
    }
    Value::Bool(
        asked
            .iter()
            .any(|(part, _)| values.get(part).is_some_and(|at| keeps(*at))),
    )
}

fn learn_values(
    values: &mut BTreeMap<KeyPart, Timestamp>,
    memory: &Memory,
    now: Timestamp,
    value: &Value,
) -> u64 {
    let max = memory
        .max
        .and_then(|max| usize::try_from(max).ok())
        .unwrap_or(usize::MAX);
    let mut pushed = 0;
    for (part, _) in parts(value, false, usize::MAX) {
        if let Some(at) = values.get_mut(&part) {
            *at = (*at).max(now);
            continue;
        }
        if values.len() >= max {
            values.retain(|_, at| now.since(*at) <= memory.keep);
        }
        if values.len() >= max {
            pushed += 1;
            // The newest stay, for `distinct` too: what it gives is then the number of all values, or
            // `max`, also when those seen first are too old to count.
            let oldest = values
                .iter()
                .min_by_key(|(part, at)| (**at, (*part).clone()))
                .map(|(part, at)| (part.clone(), *at));
            match oldest {
                Some((oldest, at)) if at <= now => values.remove(&oldest),
                Some(_) | None => continue,
            };
        }
        values.insert(part, now);
    }
    pushed
}
