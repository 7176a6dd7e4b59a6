//! Compiled expressions: values and truths over events and the steps of a match.
//!
//! Apart from the machines because conditions, texts, sources and memories are all evaluated here.
//! An unknown truth is [`Value::Missing`]: a missing operand makes it, and only *true* matches.

use std::fmt;
use std::sync::Arc;

use muster_lang::escape::escape_line;
use muster_lang::ir::{ClassId, ClassKind, Condition, ExprId, Program, Template, TemplatePart};
use muster_lang::value::Value;

use crate::event::{Event, Layout, Origin};
use crate::lookup::Lookups;
use prepare::Prepared;

mod arithmetic;
mod compare;
mod condition;
mod evaluate;
mod glob;
mod many;
mod matched;
mod prepare;
mod raw;
mod scope;
mod set;
mod text;
mod truth;

#[cfg(test)]
mod tests;

pub use scope::{Bound, MemoryReader, Scope};
pub use truth::Truth;

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
    prepared: Vec<Prepared>,
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

    /// Returns the program, to be shared.
    #[must_use]
    pub fn shared_program(&self) -> &Arc<Program> {
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

    fn prepared(&self, id: ExprId) -> &Prepared {
        self.prepared.get(id.index()).unwrap_or(&Prepared::Nothing)
    }

    /// Returns the value of an expression; missing is unknown.
    #[must_use]
    pub fn value(&self, id: ExprId, scope: &Scope<'_>) -> Value {
        self.read(id, scope).into_owned()
    }

    /// Tells whether a condition lets something through: `where` on true, `unless` on all but true.
    #[must_use]
    pub fn holds(&self, condition: &Condition, scope: &Scope<'_>) -> bool {
        (self.truth(condition.expr, scope) == Truth::True) != condition.unless
    }

    /// Tells whether a condition lets an event through that a `without` forbids: it must be certain,
    /// so `where` on true and `unless` on false.
    #[must_use]
    pub fn certainly_holds(&self, condition: &Condition, scope: &Scope<'_>) -> bool {
        let certain = if condition.unless {
            Truth::False
        } else {
            Truth::True
        };
        self.truth(condition.expr, scope) == certain
    }

    /// Tells whether an event belongs to a class. Alerts are only in the classes of alerts.
    #[must_use]
    pub fn in_class(&self, class: ClassId, event: &Event) -> bool {
        let scope = Scope::of_event(event);
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
                    let value = self.read(*expr, scope);
                    text.push_str(&escape_line(&value.display()));
                }
            }
        }
        text
    }
}
