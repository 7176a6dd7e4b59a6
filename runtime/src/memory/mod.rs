//! What happened before, per key, as of an event.
//!
//! Apart from rules because any step of any rule may read it, and nothing a rule does clears it.

use std::collections::BTreeMap;
use std::sync::Arc;

use ahash::{HashMap, HashMapExt};
use muster_lang::ir::{ClassId, ExprId, MemoryId, MemoryKind, MemoryRead, Program};
use muster_lang::units::{Duration, Timestamp};
use muster_lang::value::Value;

use crate::event::Event;
use crate::key::{Key, KeyPart, key_value, parts};
use crate::options::Options;
use crate::predicate::{Evaluator, MemoryReader, Scope};

mod cell;
mod erase;
mod profile;
mod save;

use cell::Cell;

/// When each source sent its first event since a memory exists.
type Starts = HashMap<Arc<str>, Timestamp>;

/// All memories of a program with what they hold.
#[derive(Debug)]
pub struct Memories {
    program: Arc<Program>,
    options: Options,
    cells: Vec<HashMap<Key, Cell>>,
    /// What memories learn from; the first is that of memories as old as this.
    starts: Vec<Starts>,
    /// Which of `starts` is a memory's.
    starts_of: Vec<usize>,
    /// When a cell may be empty. INVARIANT: every cell stands here at or before its end.
    ends: BTreeMap<Timestamp, Vec<(usize, Key)>>,
    saturated: u64,
}

impl Memories {
    /// Returns memories that hold nothing.
    #[must_use]
    pub fn new(program: &Arc<Program>, options: Options) -> Self {
        Self {
            cells: program.memories.iter().map(|_| HashMap::new()).collect(),
            program: program.clone(),
            options,
            starts: vec![Starts::new()],
            starts_of: vec![0; program.memories.len()],
            ends: BTreeMap::new(),
            saturated: 0,
        }
    }

    /// Returns the program they are of.
    pub(crate) fn program(&self) -> &Program {
        &self.program
    }

    /// Tells whether the program has none.
    #[must_use]
    pub fn is_unused(&self) -> bool {
        self.cells.is_empty()
    }

    /// Tells whether nothing is held.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.cells.iter().all(HashMap::is_empty)
    }

    /// Returns how many values `max` kept from being remembered.
    #[must_use]
    pub fn saturated(&self) -> u64 {
        self.saturated
    }

    /// Lets every memory learn from an event, after every rule has seen it.
    pub fn learn(
        &mut self,
        event: &Event,
        evaluator: &Evaluator,
        in_class: &mut dyn FnMut(ClassId) -> bool,
    ) {
        let program = self.program.clone();
        for (id, memory) in program.memories.iter() {
            let reader = LiveReader {
                memories: self,
                evaluator,
            };
            let scope = Scope {
                this: Some(event),
                memories: Some(&reader),
                ..Scope::default()
            };
            let keeps = in_class(memory.class)
                && memory
                    .conditions
                    .iter()
                    .all(|condition| evaluator.holds(condition, &scope));
            if !keeps {
                continue;
            }
            for key in self.keys(id, event, evaluator) {
                self.learn_one(id, key, event, evaluator);
            }
        }
        for starts in &mut self.starts {
            let start = starts.entry(event.source.clone()).or_insert(event.time);
            *start = (*start).min(event.time);
        }
    }

    fn learn_one(&mut self, id: MemoryId, key: Key, event: &Event, evaluator: &Evaluator) {
        let program = self.program.clone();
        let memory = &program.memories[id];
        let value = match memory.kind {
            MemoryKind::Seen(path) | MemoryKind::Distinct(path) | MemoryKind::Last(path) => {
                key_value(evaluator, path, event)
            }
            MemoryKind::Count | MemoryKind::Profile { .. } => Value::Bool(true),
        };
        if value.is_missing() {
            return;
        }
        let Some(cells) = self.cells.get_mut(id.index()) else {
            return;
        };
        let is_new = !cells.contains_key(&key);
        let cell = cells
            .entry(key.clone())
            .or_insert_with(|| Cell::new(&memory.kind));
        self.saturated += cell.learn(memory, evaluator, event, &value);
        if is_new {
            let end = event.time.plus(cell.lifetime(memory));
            self.ends.entry(end).or_default().push((id.index(), key));
        }
    }

    /// Returns the keys of an event, each value of a list making one; none if a value is missing.
    pub(crate) fn keys(&self, id: MemoryId, event: &Event, evaluator: &Evaluator) -> Vec<Key> {
        let tenant = event.get(evaluator.layout(), evaluator.program().core.tenant);
        let mut keys = vec![vec![KeyPart::of_tenant(tenant)]];
        for expr in &self.program.memories[id].per {
            let found = parts(
                &key_value(evaluator, *expr, event),
                false,
                self.options.key_values_max,
            );
            keys = keys
                .iter()
                .flat_map(|key| {
                    found
                        .iter()
                        .map(|(part, _)| [key.as_slice(), std::slice::from_ref(part)].concat())
                })
                .collect();
        }
        keys.into_iter().map(|key| Key(key.into())).collect()
    }

    /// Forgets what no event from `now` on can read.
    pub fn expire(&mut self, now: Timestamp) {
        while let Some(entry) = self.ends.first_entry() {
            if *entry.key() >= now {
                return;
            }
            for (id, key) in entry.remove() {
                self.expire_cell(id, key, now);
            }
        }
    }

    fn expire_cell(&mut self, id: usize, key: Key, now: Timestamp) {
        let program = self.program.clone();
        let memory = &program.memories[MemoryId::from(id)];
        let Some(cells) = self.cells.get_mut(id) else {
            return;
        };
        let Some(cell) = cells.get_mut(&key) else {
            return;
        };
        cell.forget(memory, now);
        match cell.latest() {
            Some(latest) if latest.plus(cell.lifetime(memory)) >= now => {
                let end = latest.plus(cell.lifetime(memory));
                self.ends.entry(end).or_default().push((id, key));
            }
            Some(_) | None => {
                cells.remove(&key);
            }
        }
    }

    /// Tells whether a memory is too young to answer an event.
    fn is_learning(&self, id: MemoryId, event: &Event) -> bool {
        let Some(learn) = self.program.memories[id].learn else {
            return false;
        };
        let starts_of = self.starts_of.get(id.index());
        let age = starts_of
            .and_then(|at| self.starts.get(*at)?.get(&event.source))
            .map_or(Duration(0), |start| event.time.since(*start));
        age < learn
    }

    fn read_one(
        &self,
        id: MemoryId,
        key: &Key,
        event: &Event,
        read: &MemoryRead,
        argument: Option<&Value>,
    ) -> Value {
        let memory = &self.program.memories[id];
        let cell = self.cells.get(id.index()).and_then(|cells| cells.get(key));
        match &memory.kind {
            MemoryKind::Profile { .. } => {
                let Some(cell) = cell else {
                    return if memory.learn.is_some() {
                        Value::Missing
                    } else {
                        cell::nothing(&memory.kind, read)
                    };
                };
                cell.profile(memory, event.time, read)
            }
            MemoryKind::Seen(_)
            | MemoryKind::Last(_)
            | MemoryKind::Count
            | MemoryKind::Distinct(_) => {
                if self.is_learning(id, event) {
                    return Value::Missing;
                }
                cell.map_or_else(
                    || cell::nothing(&memory.kind, read),
                    |cell| cell.read(memory, event.time, read, argument),
                )
            }
        }
    }
}

/// Returns what an event reads with a list-valued key: for membership, whether any key holds it;
/// otherwise what the first key gives.
fn combine(values: Vec<Value>, read: &MemoryRead) -> Value {
    match read {
        MemoryRead::Contains(_) if values.contains(&Value::Bool(true)) => Value::Bool(true),
        MemoryRead::Contains(_)
        | MemoryRead::Value
        | MemoryRead::Size
        | MemoryRead::At
        | MemoryRead::Previous
        | MemoryRead::Statistic(_) => values.into_iter().next().unwrap_or(Value::Missing),
    }
}

/// Memories with an evaluator, as expressions read them.
#[derive(Clone, Copy, Debug)]
pub struct LiveReader<'a> {
    /// The memories.
    pub memories: &'a Memories,
    /// How keys are evaluated.
    pub evaluator: &'a Evaluator,
}

impl MemoryReader for LiveReader<'_> {
    fn read(
        &self,
        memory: MemoryId,
        event: &Event,
        read: &MemoryRead,
        argument: Option<&Value>,
    ) -> Value {
        let keys = self.memories.keys(memory, event, self.evaluator);
        let values = keys
            .iter()
            .map(|key| self.memories.read_one(memory, key, event, read, argument));
        combine(values.collect(), read)
    }
}

/// Returns the expression a memory's values come from.
#[must_use]
pub fn value_of(kind: &MemoryKind) -> Option<ExprId> {
    match kind {
        MemoryKind::Seen(path) | MemoryKind::Distinct(path) | MemoryKind::Last(path) => Some(*path),
        MemoryKind::Count | MemoryKind::Profile { .. } => None,
    }
}
