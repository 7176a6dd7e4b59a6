//! Prints the program for people: names instead of ids, one line a thing.
//!
//! Apart from the tree because snapshots, `--emit ir` and the hash of a rule's meaning share it.

mod declaration;
mod expr;
mod meaning;
mod rule;

use super::{ExprId, Program, Rule, RuleId, StepId};
use crate::file::{FileId, Span};

pub use meaning::{digest_meaning, meaning, memory_meaning};

/// Returns the listing of a whole program.
#[must_use]
pub fn program(program: &Program) -> String {
    let mut out = listed(program, &|_| true);
    out.push_str(&declaration::reads(program));
    out
}

/// Returns the listing of what one file declares.
#[must_use]
pub fn file(program: &Program, file: FileId) -> String {
    listed(program, &|span| span.file == file)
}

/// Returns the listing of the declarations whose place is wanted.
fn listed(program: &Program, wanted: &dyn Fn(Span) -> bool) -> String {
    let mut out = String::new();
    declaration::before_rules(program, wanted, &mut out);
    for (id, found) in program.rules.iter() {
        if wanted(found.span) {
            out.push_str(&rule(program, id));
        }
    }
    declaration::after_rules(program, wanted, &mut out);
    out
}

/// Returns the listing of one rule.
#[must_use]
pub fn rule(program: &Program, id: RuleId) -> String {
    let rule = &program.rules[id];
    rule::listing(&Printer {
        program,
        rule: Some(rule),
        steps: StepNames::Labels,
    })
}

/// Returns an expression outside of rules on one line.
#[must_use]
pub fn expr(program: &Program, id: ExprId) -> String {
    Printer::new(program).expr(id)
}

/// Returns an expression of a rule on one line, steps and components of the key by their names.
#[must_use]
pub fn expr_of(program: &Program, rule: &Rule, id: ExprId) -> String {
    Printer {
        program,
        rule: Some(rule),
        steps: StepNames::Labels,
    }
    .expr(id)
}

/// How steps are called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum StepNames {
    /// By their labels, numbered where two are alike.
    Labels,
    /// By their position, so that a new name is no new meaning.
    Positions,
}

/// Prints parts of a program.
#[derive(Clone, Copy)]
struct Printer<'p> {
    program: &'p Program,
    rule: Option<&'p Rule>,
    steps: StepNames,
}

impl<'p> Printer<'p> {
    fn new(program: &'p Program) -> Self {
        Self {
            program,
            rule: None,
            steps: StepNames::Labels,
        }
    }

    /// Returns what a step is called.
    fn step(&self, step: StepId) -> String {
        let position = format!("step{}", step.index() + 1);
        if self.steps == StepNames::Positions {
            return position;
        }
        let Some(rule) = self.rule else {
            return position;
        };
        let Some(found) = rule.steps.as_slice().get(step.index()) else {
            return position;
        };
        let alike: Vec<StepId> = rule
            .steps
            .iter()
            .filter(|(_, other)| other.label == found.label)
            .map(|(id, _)| id)
            .collect();
        if let ([_, _, ..], Some(place)) = (&*alike, alike.iter().position(|id| *id == step)) {
            return format!("{}#{}", found.label, place + 1);
        }
        found.label.to_string()
    }
}
