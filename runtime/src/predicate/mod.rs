//! Compiled expressions: values and truths over events and the steps of a match.
//!
//! Apart from the machines because conditions, texts, sources and memories are all evaluated here.
//! An unknown truth is [`Value::Missing`]: a missing operand makes it, and only *true* matches.

use std::fmt;
use std::sync::Arc;

use muster_lang::ir::{
    ClassId, ClassKind, Condition, ExprId, MemoryId, MemoryRead, Program, Rule, Template,
    TemplatePart,
};
use muster_lang::units::Timestamp;
use muster_lang::value::Value;

use crate::event::{Event, Layout, Origin};
use crate::lookup::Lookups;
use prepare::Prepared;

mod arithmetic;
mod compare;
mod evaluate;
mod glob;
mod matched;
mod prepare;

/// What a step of a match is bound to.
#[derive(Clone, Debug)]
pub enum Bound {
    /// Nothing yet.
    None,
    /// The event of a plain step.
    One(Arc<Event>),
    /// The members of a group, in stream order.
    Many(Vec<Arc<Event>>),
}

/// What an expression may read; what is not given reads as missing.
#[derive(Clone, Copy, Default)]
pub struct Scope<'a> {
    /// The event at hand.
    pub this: Option<&'a Event>,
    /// The rule and what its steps are bound to.
    pub bindings: Option<(&'a Rule, &'a [Bound])>,
    /// The events of a window.
    pub window: &'a [Arc<Event>],
    /// The memories.
    pub memories: Option<&'a dyn MemoryReader>,
    /// The record a source is reading.
    pub record: Option<&'a Value>,
    /// The element of its `explode`.
    pub item: Option<&'a Value>,
    /// What the source says means "not there", wherever the record has it.
    pub absent: &'a [Value],
    /// The instant as of which a source looks things up.
    pub at: Option<Timestamp>,
    /// The element of the innermost list that is looked through.
    pub element: Option<&'a Value>,
    /// The values of the key of a match.
    pub key: &'a [Value],
    /// How many notes of an alert hold.
    pub notes: usize,
}

/// Something that answers what happened before.
pub trait MemoryReader {
    /// Returns what a memory gives an event.
    fn read(
        &self,
        memory: MemoryId,
        event: &Event,
        read: &MemoryRead,
        argument: Option<&Value>,
    ) -> Value;
}

/// Three-valued truth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not.
    False,
    /// It cannot be told.
    Unknown,
}

impl Truth {
    /// Returns the truth of a value: of anything but a truth, unknown.
    #[must_use]
    pub fn of(value: &Value) -> Self {
        if let Value::Bool(truth) = value {
            if *truth { Self::True } else { Self::False }
        } else {
            Self::Unknown
        }
    }
}

/// Why an expression cannot be prepared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvaluatorError {
    /// The pattern.
    pub pattern: String,
    /// What is wrong with it.
    pub reason: String,
}

impl fmt::Display for EvaluatorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "pattern `{}` cannot be used: {}",
            self.pattern, self.reason
        )
    }
}

impl std::error::Error for EvaluatorError {}

/// A program's expressions, ready to be evaluated.
#[derive(Debug)]
pub struct Evaluator {
    program: Arc<Program>,
    layout: Layout,
    lookups: Arc<Lookups>,
    /// By expression: what was worked out before any event.
    prepared: Vec<Option<Prepared>>,
}

impl Evaluator {
    /// Prepares the expressions of a program.
    ///
    /// # Errors
    ///
    /// If a pattern does not compile or is too large; the checker lets none such pass.
    pub fn new(
        program: Arc<Program>,
        layout: Layout,
        lookups: Arc<Lookups>,
    ) -> Result<Self, EvaluatorError> {
        let prepared = prepare::all(&program)?;
        Ok(Self {
            program,
            layout,
            lookups,
            prepared,
        })
    }

    /// Returns the program.
    #[must_use]
    pub fn program(&self) -> &Program {
        &self.program
    }

    /// Returns which field sits in which slot.
    #[must_use]
    pub fn layout(&self) -> &Layout {
        &self.layout
    }

    /// Returns what is looked up.
    #[must_use]
    pub fn lookups(&self) -> &Lookups {
        &self.lookups
    }

    fn prepared(&self, id: ExprId) -> Option<&Prepared> {
        self.prepared.get(id.index()).and_then(Option::as_ref)
    }

    /// Returns the truth of a condition.
    #[must_use]
    pub fn truth(&self, id: ExprId, scope: &Scope<'_>) -> Truth {
        Truth::of(&self.value(id, scope))
    }

    /// Tells whether a condition lets something through: `where` on true, `unless` on all but true.
    #[must_use]
    pub fn holds(&self, condition: &Condition, scope: &Scope<'_>) -> bool {
        (self.truth(condition.expr, scope) == Truth::True) != condition.unless
    }

    /// Tells whether an event belongs to a class. Alerts are only in the classes of alerts.
    #[must_use]
    pub fn in_class(&self, class: ClassId, event: &Event) -> bool {
        let scope = Scope {
            this: Some(event),
            ..Scope::default()
        };
        let mut class = class;
        // Classes build on each other without cycles, so there are no more steps than classes.
        for _ in 0..self.program.classes.len() {
            match &self.program.classes[class].kind {
                ClassKind::Any => return event.origin == Origin::Input,
                ClassKind::Alert => return event.origin != Origin::Input,
                ClassKind::AlertOf(rule) => return event.origin == Origin::Alert(*rule),
                ClassKind::Where { base, conditions } => {
                    if !conditions
                        .iter()
                        .all(|condition| self.holds(condition, &scope))
                    {
                        return false;
                    }
                    class = *base;
                }
            }
        }
        false
    }

    /// Returns a text with its holes filled; unknown prints `?`, and what could deceive is escaped.
    #[must_use]
    pub fn template(&self, template: &Template, scope: &Scope<'_>) -> String {
        let mut text = String::new();
        for part in &template.parts {
            match part {
                TemplatePart::Text(words) => text.push_str(words),
                TemplatePart::Hole(expr) => {
                    let value = self.value(*expr, scope);
                    text.push_str(&muster_lang::escape::escape_line(&value.display()));
                }
            }
        }
        text
    }

    /// Returns the instant as of which look-ups are made: the one given, that of the event at hand, or
    /// that of the latest event bound.
    fn as_of(scope: &Scope<'_>) -> Timestamp {
        if let Some(at) = scope.at.or(scope.this.map(|event| event.time)) {
            return at;
        }
        let bound = scope.bindings.map(|(_, bound)| bound).unwrap_or_default();
        let times = bound.iter().filter_map(|bound| match bound {
            Bound::None => None,
            Bound::One(event) => Some(event.time),
            Bound::Many(events) => events.last().map(|event| event.time),
        });
        times.max().unwrap_or_default()
    }
}
