//! Which classes an event may be in, and which rules can care, by the value of its `class` alone.
//!
//! Apart from evaluating classes because most of their conditions ask for nothing but `class`: those
//! are decided once for each value it has, and all rules that are left out need not be asked.

use std::sync::Arc;

use muster_lang::ir::{ClassId, ClassKind, Condition, ExprId, ExprKind, Program, Row, Set};
use muster_lang::units::Timestamp;
use muster_lang::value::Value;
use rustc_hash::FxHashMap;

use crate::event::{Event, Origin};
use crate::predicate::{Evaluator, Scope};

/// How many values of `class` are remembered; they are symbols, of which there are few.
const VALUES_MAX: usize = 4_096;

/// What is known of events by their `class`.
#[derive(Debug, Default)]
pub(super) struct Interest {
    // INVARIANT: the classes of each rule, in the order of the rules.
    units: Vec<Vec<ClassId>>,
    by_class: FxHashMap<Arc<str>, Arc<Possible>>,
}

/// What an event with one value of `class` may be.
#[derive(Debug, Default)]
pub(super) struct Possible {
    /// For each class what its `class` does not decide.
    classes: Vec<Left>,
    /// The rules that have a class it may be in, in order.
    pub(super) units: Vec<usize>,
}

/// What is left to ask of a class.
#[derive(Clone, Debug)]
enum Left {
    /// Nothing: no such event is in it.
    Never,
    /// These conditions; without any, every such event is in it.
    Conditions(Vec<Condition>),
    /// Everything: it is a class of alerts.
    Everything,
}

impl Interest {
    /// Returns what is known before any event, of rules with such classes.
    pub(super) fn new(units: Vec<Vec<ClassId>>) -> Self {
        Self {
            units,
            by_class: FxHashMap::default(),
        }
    }

    /// Returns what an event may be.
    pub(super) fn of(&mut self, event: &Event, evaluator: &Evaluator) -> Arc<Possible> {
        let class = event.get(evaluator.layout(), evaluator.program().core.class);
        let (Value::Text(class), Origin::Input) = (class, event.origin) else {
            return Arc::new(self.anything(evaluator.program()));
        };
        if let Some(known) = self.by_class.get(class) {
            return Arc::clone(known);
        }
        let possible = Arc::new(self.possible(event, evaluator));
        if self.by_class.len() < VALUES_MAX {
            self.by_class.insert(class.clone(), Arc::clone(&possible));
        }
        possible
    }

    fn anything(&self, program: &Program) -> Possible {
        Possible {
            classes: vec![Left::Everything; program.classes.len()],
            units: (0..self.units.len()).collect(),
        }
    }

    fn possible(&self, event: &Event, evaluator: &Evaluator) -> Possible {
        let program = evaluator.program();
        let bare = bare(event, evaluator);
        let classes = program.classes.iter();
        let classes: Vec<Left> = classes.map(|(id, _)| left(id, &bare, evaluator)).collect();
        let may_be = |class: &ClassId| !matches!(classes.get(class.index()), Some(Left::Never));
        let units = self.units.iter().enumerate();
        let units = units
            .filter(|(_, of_rule)| of_rule.iter().any(may_be))
            .map(|(unit, _)| unit)
            .collect();
        Possible { classes, units }
    }
}

/// Returns an event that has nothing but the class of another.
fn bare(event: &Event, evaluator: &Evaluator) -> Event {
    let slot = evaluator.layout().slot(evaluator.program().core.class);
    let mut values = vec![Value::Missing; event.values.len()];
    if let Some((place, value)) =
        slot.and_then(|slot| Some((values.get_mut(slot)?, event.values.get(slot)?)))
    {
        *place = value.clone();
    }
    Event {
        time: Timestamp(0),
        source: "".into(),
        id: "".into(),
        position: 0,
        origin: Origin::Input,
        values: values.into(),
        raw: None,
    }
}

/// Returns what is left to ask of a class once `class` is known.
fn left(class: ClassId, bare: &Event, evaluator: &Evaluator) -> Left {
    let program = evaluator.program();
    let scope = Scope::of_event(bare);
    let mut asked = Vec::new();
    let mut class = class;
    // Classes build on each other without cycles, so there are no more steps than classes.
    for _ in 0..program.classes.len() {
        match &program.classes[class].kind {
            ClassKind::Any => return Left::Conditions(asked),
            ClassKind::Alert | ClassKind::AlertOf(_) => return Left::Never,
            ClassKind::Where { base, conditions } => {
                for condition in conditions {
                    if !reads_class_alone(program, condition.expr) {
                        asked.push(condition.clone());
                    } else if !evaluator.holds(condition, &scope) {
                        return Left::Never;
                    }
                }
                class = *base;
            }
        }
    }
    Left::Everything
}

/// Tells whether an expression has one value for all events of a class.
fn reads_class_alone(program: &Program, expr: ExprId) -> bool {
    let mut alone = true;
    program.walk(expr, &mut |_, kind| {
        alone &= match kind {
            ExprKind::Field(Row::This, field) => *field == program.core.class,
            ExprKind::Constant(_)
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Not(_)
            | ExprKind::Compare(..)
            | ExprKind::Match(..)
            | ExprKind::In(_, Set::Values(_)) => true,
            _ => false,
        };
    });
    alone
}

/// The classes an event belongs to, each asked once.
pub(super) struct Classes<'a> {
    evaluator: &'a Evaluator,
    possible: &'a Possible,
    known: Vec<Option<bool>>,
}

impl<'a> Classes<'a> {
    pub(super) fn new(evaluator: &'a Evaluator, possible: &'a Possible) -> Self {
        Self {
            evaluator,
            possible,
            known: vec![None; possible.classes.len()],
        }
    }

    /// Tells whether the event is in a class.
    pub(super) fn holds(&mut self, class: ClassId, event: &Event) -> bool {
        let evaluator = self.evaluator;
        let conditions = match self.possible.classes.get(class.index()) {
            Some(Left::Never) | None => return false,
            Some(Left::Conditions(conditions)) if conditions.is_empty() => return true,
            Some(Left::Conditions(conditions)) => Some(conditions),
            Some(Left::Everything) => None,
        };
        let decide = || match conditions {
            Some(conditions) => {
                let scope = Scope::of_event(event);
                conditions
                    .iter()
                    .all(|condition| evaluator.holds(condition, &scope))
            }
            None => evaluator.in_class(class, event),
        };
        match self.known.get_mut(class.index()) {
            Some(known) => *known.get_or_insert_with(decide),
            None => false,
        }
    }
}
