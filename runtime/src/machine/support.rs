//! What compiles but does not run yet.
//!
//! Apart from the machines so that the list is in one place, and shrinks there.

use muster_lang::ir::{ExprId, ExprKind, MemoryRead, Program, Row, Rule};

use crate::error::EngineError;
use crate::machine::plan::STEPS_MAX;

/// Refuses a program with a construct that no machine runs.
///
/// # Errors
///
/// The first such construct, or the first rule that is too large.
pub fn check(program: &Program) -> Result<(), EngineError> {
    program
        .rules
        .iter()
        .try_for_each(|(_, rule)| check_rule(program, rule))
}

fn check_rule(program: &Program, rule: &Rule) -> Result<(), EngineError> {
    let found = rule.steps.len() + rule.absences.len();
    if found > STEPS_MAX {
        return Err(EngineError::TooManySteps {
            rule: rule.name.to_string(),
            found,
            max: STEPS_MAX,
        });
    }
    let is_joined = rule
        .key
        .components
        .iter()
        .any(|component| component.terms.len() < rule.steps.len());
    let has_group = rule
        .steps
        .iter()
        .any(|(_, step)| matches!(step.kind, muster_lang::ir::StepKind::Group(_)));
    if is_joined && has_group {
        let construct = "a group beside an equality that not all steps share";
        return Err(not_yet(construct, format!("rule `{}`", rule.name)));
    }
    let mixed = rule
        .expressions()
        .into_iter()
        .any(|expr| mixes_steps_in_memory(program, expr));
    if mixed {
        let construct = "a memory of one step asked for the value of another";
        return Err(not_yet(construct, format!("rule `{}`", rule.name)));
    }
    Ok(())
}

/// Tells whether a memory is read as of one step and asked for a value of another.
fn mixes_steps_in_memory(program: &Program, expr: ExprId) -> bool {
    let mut mixed = false;
    program.walk(expr, &mut |_, kind| {
        if let ExprKind::Memory(_, row, MemoryRead::Contains(value)) = kind {
            mixed |= program
                .steps_read(*value)
                .into_iter()
                .any(|step| Row::Step(step) != *row);
        }
    });
    mixed
}

fn not_yet(construct: &str, owner: String) -> EngineError {
    EngineError::NotYet {
        construct: construct.to_string(),
        owner,
    }
}
