//! Profiles: an aggregate for each bucket of time, and statistics over the closed ones.
//!
//! Apart from other memories because only a profile counts what did not happen: empty buckets are 0.

use std::collections::{BTreeMap, BTreeSet};

use muster_lang::ir::{
    AggregateFunction, ExprId, ExprKind, Memory, MemoryKind, MemoryRead, Over, Statistic,
};
use muster_lang::types::Type;
use muster_lang::units::{Duration, Timestamp};
use muster_lang::value::Value;

use crate::event::Event;
use crate::key::{KeyPart, Person, parts};
use crate::machine::frame::window_start;
use crate::predicate::{Evaluator, Scope, Truth};
use crate::store::{Reader, Save, StateError, Writer, saved};

/// The buckets of one key, from its first event on.
#[derive(Clone, Debug, Default)]
pub(super) struct Profile {
    first: Option<Timestamp>,
    latest: Option<Timestamp>,
    /// By start; empty buckets are not stored. LIMIT: `for / every` buckets.
    buckets: BTreeMap<Timestamp, Bucket>,
    ty: Option<Type>,
}

/// What the events of one bucket add up to.
#[derive(Clone, Debug, Default)]
struct Bucket {
    count: u64,
    sum: f64,
    min: Option<f64>,
    max: Option<f64>,
    distinct: BTreeSet<KeyPart>,
    function: Option<AggregateFunction>,
}

impl Bucket {
    fn add(&mut self, function: AggregateFunction, value: &Value) {
        self.function = Some(function);
        self.count += 1;
        if let Some(number) = value.number() {
            self.sum += number;
            self.min = Some(self.min.map_or(number, |min| min.min(number)));
            self.max = Some(self.max.map_or(number, |max| max.max(number)));
        }
        if function == AggregateFunction::Distinct {
            self.distinct.extend(
                parts(value, false, usize::MAX)
                    .into_iter()
                    .map(|(part, _)| part),
            );
        }
    }

    #[expect(clippy::cast_precision_loss, reason = "counts far below 2^53")]
    fn value(&self) -> f64 {
        match self.function {
            None => 0.0,
            Some(AggregateFunction::Sum) => self.sum,
            Some(AggregateFunction::Min) => self.min.unwrap_or(0.0),
            Some(AggregateFunction::Max) => self.max.unwrap_or(0.0),
            Some(AggregateFunction::Avg) => {
                if self.count == 0 {
                    0.0
                } else {
                    self.sum / self.count as f64
                }
            }
            Some(AggregateFunction::Distinct) => self.distinct.len() as f64,
            Some(
                AggregateFunction::Count
                | AggregateFunction::First
                | AggregateFunction::Last
                | AggregateFunction::Nth(_)
                | AggregateFunction::Percentile(_)
                | AggregateFunction::Gaps,
            ) => self.count as f64,
        }
    }
}

saved!(Bucket { count, sum, min, max, distinct } anew { function });

impl Profile {
    /// Writes what is held; the type and the function follow from the memory.
    pub(super) fn save(&self, out: &mut Writer<'_>) {
        let Self {
            first,
            latest,
            buckets,
            ty: _,
        } = self;
        first.save(out);
        latest.save(out);
        buckets.save(out);
    }

    /// Reads what a memory of an aggregate held.
    pub(super) fn load(aggregate: ExprId, input: &mut Reader<'_>) -> Result<Self, StateError> {
        let mut profile = Self {
            first: Save::load(input)?,
            latest: Save::load(input)?,
            buckets: Save::load(input)?,
            ty: None,
        };
        let Some(aggregate) = input.program.exprs.as_slice().get(aggregate.index()) else {
            return Ok(profile);
        };
        profile.ty = profile.latest.map(|_| aggregate.ty.clone());
        if let ExprKind::Aggregate { function, .. } = &aggregate.kind {
            for bucket in profile.buckets.values_mut() {
                bucket.function = Some(*function);
            }
        }
        Ok(profile)
    }

    /// Erases someone from the distinct values; returns how many went.
    pub(super) fn erase(&mut self, person: &Person) -> u64 {
        let mut erased = 0;
        for bucket in self.buckets.values_mut() {
            let before = bucket.distinct.len();
            bucket.distinct.retain(|part| !person.is_part(part));
            erased += (before - bucket.distinct.len()) as u64;
        }
        erased
    }

    /// Returns the start of the oldest bucket held.
    pub(super) fn oldest(&self) -> Option<Timestamp> {
        self.buckets.keys().next().copied().or(self.first)
    }

    /// Returns what a profile without buckets gives.
    pub(super) fn nothing(statistic: Statistic) -> Value {
        match statistic {
            Statistic::N => Value::Int(0),
            Statistic::Mean
            | Statistic::Sd
            | Statistic::Median
            | Statistic::Mad
            | Statistic::P95
            | Statistic::Max => Value::Missing,
        }
    }

    pub(super) fn latest(&self) -> Option<Timestamp> {
        self.latest
    }

    pub(super) fn learn(&mut self, memory: &Memory, evaluator: &Evaluator, event: &Event) {
        let MemoryKind::Profile { aggregate, every } = memory.kind else {
            return;
        };
        let ExprKind::Aggregate {
            function,
            over: Over::Window,
            argument,
            filter,
        } = &evaluator.program().exprs[aggregate].kind
        else {
            return;
        };
        let scope = Scope {
            this: Some(event),
            ..Scope::default()
        };
        if filter.is_some_and(|filter| evaluator.truth(filter, &scope) != Truth::True) {
            return;
        }
        let value = argument.map_or(Value::Bool(true), |argument| {
            evaluator.value(argument, &scope)
        });
        if value.is_missing() {
            return;
        }
        if self
            .latest
            .is_some_and(|latest| event.time.since(latest) > memory.keep)
        {
            *self = Self::default();
        }
        self.first = Some(self.first.map_or(event.time, |first| first.min(event.time)));
        self.latest = Some(
            self.latest
                .map_or(event.time, |latest| latest.max(event.time)),
        );
        self.ty = Some(evaluator.program().exprs[aggregate].ty.clone());
        let start = window_start(event.time, every, chrono_tz::Tz::UTC);
        self.buckets
            .entry(start)
            .or_default()
            .add(*function, &value);
    }

    /// Forgets buckets that no event from `now` on reads.
    pub(super) fn forget(&mut self, memory: &Memory, now: Timestamp) {
        let MemoryKind::Profile { every, .. } = memory.kind else {
            return;
        };
        let current = window_start(now, every, chrono_tz::Tz::UTC);
        let first = current.minus(Duration(every.0.saturating_mul(buckets_max(memory, every))));
        self.buckets.retain(|start, _| *start >= first);
    }

    pub(super) fn read(&self, memory: &Memory, now: Timestamp, read: &MemoryRead) -> Value {
        let MemoryRead::Statistic(statistic) = read else {
            return Value::Missing;
        };
        let (Some(first), Some(latest)) = (self.first, self.latest) else {
            return Self::nothing(*statistic);
        };
        let is_gone = now.since(latest) > memory.keep;
        let is_learning = memory
            .learn
            .is_some_and(|learn| is_gone || now.since(first) < learn);
        if is_learning {
            return Value::Missing;
        }
        if is_gone {
            return Self::nothing(*statistic);
        }
        self.statistic(*statistic, &self.closed(memory, first, now))
    }

    /// Returns the values of the closed buckets, zero-filled, oldest first.
    fn closed(&self, memory: &Memory, first: Timestamp, now: Timestamp) -> Vec<f64> {
        let MemoryKind::Profile { every, .. } = memory.kind else {
            return Vec::new();
        };
        let start = |at: Timestamp| window_start(at, every, chrono_tz::Tz::UTC);
        let step = every.0.max(1);
        let oldest = start(now).minus(Duration(step.saturating_mul(buckets_max(memory, every))));
        let from = start(first).max(oldest);
        let count = start(now).since(from).0.max(0) / step;
        let value = |index: i64| {
            let at = from.plus(Duration(index * step));
            self.buckets.get(&at).map_or(0.0, Bucket::value)
        };
        (0..count).map(value).collect()
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "numbers of buckets are far below 2^53"
    )]
    fn statistic(&self, statistic: Statistic, values: &[f64]) -> Value {
        if values.is_empty() {
            return Self::nothing(statistic);
        }
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let sorted = sorted(values);
        let number = match statistic {
            Statistic::N => return i64::try_from(values.len()).map_or(Value::Missing, Value::Int),
            Statistic::Mean => mean,
            Statistic::Sd => (values
                .iter()
                .map(|value| (value - mean).powi(2))
                .sum::<f64>()
                / n)
                .sqrt(),
            Statistic::Median => nearest_rank(&sorted, 500),
            Statistic::Mad => {
                let median = nearest_rank(&sorted, 500);
                let apart: Vec<f64> = values.iter().map(|value| (value - median).abs()).collect();
                nearest_rank(&self::sorted(&apart), 500)
            }
            Statistic::P95 => nearest_rank(&sorted, 950),
            Statistic::Max => sorted.last().copied().unwrap_or_default(),
        };
        self.typed(number)
    }

    /// Returns a statistic in the dimension of what is aggregated; sizes in whole bytes.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a cast from float saturates"
    )]
    fn typed(&self, number: f64) -> Value {
        match self.ty {
            Some(Type::Size) => Value::Size(number.round() as i64),
            Some(Type::Duration) => Value::Duration(Duration(number.round() as i64)),
            Some(Type::Distance) => Value::Distance(number),
            Some(Type::Speed) => Value::Speed(number),
            _ => Value::Float(number),
        }
    }
}

/// Returns how many closed buckets a profile holds.
fn buckets_max(memory: &Memory, every: Duration) -> i64 {
    memory.keep.0 / every.0.max(1)
}

fn sorted(values: &[f64]) -> Vec<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// Returns the value of a rank: the smallest that so many per mille of the values do not exceed.
fn nearest_rank(sorted: &[f64], per_mille: usize) -> f64 {
    let rank = (sorted.len() * per_mille).div_ceil(1_000).max(1);
    sorted.get(rank - 1).copied().unwrap_or_default()
}
