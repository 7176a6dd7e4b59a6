//! Memories read as of an event that is no longer the latest.
//!
//! Apart from the memories, which only know the present: what a match may read of a kept event is
//! read when the event comes, and kept with it.

use std::cell::RefCell;
use std::sync::Arc;

use muster_lang::ir::{
    ExprId, ExprKind, MemoryId, MemoryRead, Program, Row, Rule, Statistic, StepId,
};
use muster_lang::value::Value;

use crate::event::Event;
use crate::key::Person;
use crate::machine::plan::Plan;
use crate::machine::state::KeyState;
use crate::memory::LiveReader;
use crate::predicate::{Bound, MemoryReader, Scope};
use crate::store::{Reader, Save, StateError, Writer, saved};

/// What a memory gave an event.
#[derive(Clone, Debug, PartialEq)]
pub struct Recalled {
    memory: MemoryId,
    kind: Kind,
    argument: Option<Value>,
    value: Value,
}

impl Recalled {
    /// Tells whether what was asked or given names someone.
    pub(super) fn names(&self, person: &Person) -> bool {
        let asked = self.argument.as_ref();
        asked.is_some_and(|value| person.is_value(value)) || person.is_value(&self.value)
    }
}

/// What was asked, without the expression it was asked by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Value,
    Contains,
    Size,
    At,
    Previous,
    Statistic(Statistic),
}

impl Kind {
    /// Every kind; a saved one is its place here.
    const ALL: [Self; 12] = [
        Self::Value,
        Self::Contains,
        Self::Size,
        Self::At,
        Self::Previous,
        Self::Statistic(Statistic::N),
        Self::Statistic(Statistic::Mean),
        Self::Statistic(Statistic::Sd),
        Self::Statistic(Statistic::Median),
        Self::Statistic(Statistic::Mad),
        Self::Statistic(Statistic::P95),
        Self::Statistic(Statistic::Max),
    ];

    fn of(read: &MemoryRead) -> Self {
        match read {
            MemoryRead::Value => Self::Value,
            MemoryRead::Contains(_) => Self::Contains,
            MemoryRead::Size => Self::Size,
            MemoryRead::At => Self::At,
            MemoryRead::Previous => Self::Previous,
            MemoryRead::Statistic(statistic) => Self::Statistic(*statistic),
        }
    }
}

saved!(Recalled {
    memory,
    kind,
    argument,
    value
});

impl Save for Kind {
    fn save(&self, out: &mut Writer<'_>) {
        let at = Self::ALL.iter().position(|kind| kind == self);
        out.count(at.unwrap_or_default());
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        let kind = Self::ALL.get(usize::load(input)?);
        kind.copied()
            .ok_or(StateError::Malformed("a read is of no known kind"))
    }
}

/// The memory reads of a rule: for each step and each absence, the expressions to evaluate when an
/// event comes.
#[derive(Clone, Debug, Default)]
pub struct Reads {
    /// By step.
    pub steps: Vec<Vec<ExprId>>,
    /// By absence.
    pub absences: Vec<Vec<ExprId>>,
}

impl Reads {
    /// Tells whether a rule reads no memory of an event that may be kept.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.steps.iter().chain(&self.absences).all(Vec::is_empty)
    }

    /// Returns the memory reads of a rule.
    #[must_use]
    pub fn of(program: &Program, rule: &Rule) -> Self {
        let all = rule.expressions();
        let steps = rule.steps.iter().map(|(id, step)| {
            let mut reads = reads(
                program,
                step.conditions.iter().map(|one| one.expr),
                Row::This,
            );
            reads.extend(self::reads(program, all.iter().copied(), Row::Step(id)));
            reads
        });
        let absences = rule.absences.iter();
        Self {
            steps: steps.collect(),
            absences: absences
                .map(|absence| {
                    reads(
                        program,
                        absence.conditions.iter().map(|one| one.expr),
                        Row::This,
                    )
                })
                .collect(),
        }
    }
}

fn reads(program: &Program, roots: impl Iterator<Item = ExprId>, of: Row) -> Vec<ExprId> {
    let mut found = Vec::new();
    for root in roots {
        program.walk(root, &mut |id, kind| {
            if let ExprKind::Memory(_, row, _) = kind
                && *row == of
                && !found.contains(&id)
            {
                found.push(id);
            }
        });
    }
    found
}

/// Reads memories now, and writes down what they gave.
struct Recorder<'a> {
    live: LiveReader<'a>,
    recalled: RefCell<Vec<Recalled>>,
}

impl MemoryReader for Recorder<'_> {
    fn read(
        &self,
        memory: MemoryId,
        event: &Event,
        read: &MemoryRead,
        argument: Option<&Value>,
    ) -> Value {
        let value = self.live.read(memory, event, read, argument);
        let recalled = Recalled {
            memory,
            kind: Kind::of(read),
            argument: argument.cloned(),
            value: value.clone(),
        };
        self.recalled.borrow_mut().push(recalled);
        value
    }
}

/// Returns what the memories give an event now, for the steps and absences it fits.
#[must_use]
pub fn recall(
    live: LiveReader<'_>,
    plan: &Plan,
    event: &Arc<Event>,
    steps: u64,
    absences: u64,
) -> Vec<Recalled> {
    let (rule, reads, evaluator) = (plan.rule(), &plan.reads, live.evaluator);
    let recorder = Recorder {
        live,
        recalled: RefCell::new(Vec::new()),
    };
    let mut bound = vec![Bound::None; rule.steps.len()];
    for (index, exprs) in reads
        .steps
        .iter()
        .enumerate()
        .filter(|(bit, _)| steps & (1 << bit) != 0)
    {
        let step = StepId::from(index);
        if let Some(place) = bound.get_mut(step.index()) {
            *place = Bound::One(event.clone());
        }
        let scope = Scope {
            this: Some(event),
            bindings: Some((rule, &bound)),
            memories: Some(&recorder),
            ..Scope::default()
        };
        exprs
            .iter()
            .for_each(|expr| drop(evaluator.value(*expr, &scope)));
        if let Some(place) = bound.get_mut(step.index()) {
            *place = Bound::None;
        }
    }
    let scope = Scope {
        this: Some(event),
        memories: Some(&recorder),
        ..Scope::default()
    };
    for (_, exprs) in reads
        .absences
        .iter()
        .enumerate()
        .filter(|(bit, _)| absences & (1 << bit) != 0)
    {
        exprs
            .iter()
            .for_each(|expr| drop(evaluator.value(*expr, &scope)));
    }
    recorder.recalled.into_inner()
}

/// Memories as the events of a match read them: the latest event now, kept ones as they came.
#[derive(Clone, Copy, Debug)]
pub struct MatchReader<'a> {
    /// The memories now.
    pub live: LiveReader<'a>,
    /// The state that keeps the other events.
    pub state: &'a KeyState,
    /// Events that break absences but have no hashed key.
    pub loose: &'a KeyState,
    /// The place of the latest event.
    pub now: u64,
}

impl MemoryReader for MatchReader<'_> {
    fn read(
        &self,
        memory: MemoryId,
        event: &Event,
        read: &MemoryRead,
        argument: Option<&Value>,
    ) -> Value {
        if event.position == self.now {
            return self.live.read(memory, event, read, argument);
        }
        let kept = self
            .state
            .recalled(event.position)
            .or_else(|| self.loose.recalled(event.position));
        let asked = |one: &&Recalled| {
            one.memory == memory && one.kind == Kind::of(read) && one.argument.as_ref() == argument
        };
        kept.and_then(|kept| kept.iter().find(asked))
            .map_or(Value::Missing, |one| one.value.clone())
    }
}
