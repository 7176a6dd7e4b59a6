//! What is worked out about an expression before any event comes.
//!
//! Apart from evaluation so that no event pays for compiling a pattern or finding a function.

use muster_lang::builtins::{self, extract};
use muster_lang::ir::{self, ExprId, ExprKind, Program, RawRoot, Row, Set, StepId, TextTest};
use muster_lang::time::TimeParser;
use muster_lang::value::{Value, display};
use regex::Regex;

use super::EvaluatorError;
use super::set::ValueSet;
use super::text::Patterns;
use crate::lookup::Networks;

/// What is ready of an expression.
#[derive(Debug)]
pub(super) enum Prepared {
    /// Nothing needs to be.
    Nothing,
    /// The patterns of a text test.
    Patterns(Patterns),
    /// The values of a membership.
    Values(ValueSet),
    /// The networks of a membership.
    Networks(Networks),
    /// The body of a function.
    Call(fn(&[Value]) -> Value),
    /// The pattern of `extract`.
    Extract(Regex),
    /// The formats of `parse_time`.
    ParseTime(TimeParser),
    /// The steps whose events say as of when a look-up is made; none for the event at hand.
    AsOf(Box<[StepId]>),
}

/// Prepares every expression of a program.
pub(super) fn all(program: &Program) -> Result<Vec<Prepared>, EvaluatorError> {
    program
        .exprs
        .iter()
        .map(|(id, expr)| one(program, id, &expr.kind))
        .collect()
}

fn one(program: &Program, id: ExprId, kind: &ExprKind) -> Result<Prepared, EvaluatorError> {
    if let ExprKind::Match(test, _, patterns) = kind {
        return texts(program, *test, patterns);
    }
    if let ExprKind::Call(name, arguments) = kind {
        return call(program, name, arguments);
    }
    if let ExprKind::In(_, set) = kind {
        return Ok(match set {
            Set::Values(values) => Prepared::Values(ValueSet::new(values)),
            Set::Networks(networks) => Prepared::Networks(Networks::new(networks.iter().copied())),
            Set::Table(_) => Prepared::AsOf(steps_read_alone(program, id)),
            Set::List(_) | Set::Expr(_) => Prepared::Nothing,
        });
    }
    if matches!(kind, ExprKind::Lookup { .. } | ExprKind::Identity(..)) {
        return Ok(Prepared::AsOf(steps_read_alone(program, id)));
    }
    Ok(Prepared::Nothing)
}

fn texts(
    program: &Program,
    test: TextTest,
    patterns: &ir::Patterns,
) -> Result<Prepared, EvaluatorError> {
    let ready = match patterns {
        ir::Patterns::Texts(texts) => Patterns::new(test, texts.iter().map(AsRef::as_ref)),
        ir::Patterns::List(list) => {
            let items: Vec<String> = program.lists[*list].items.iter().map(display).collect();
            Patterns::new(test, items.iter().map(AsRef::as_ref))
        }
        ir::Patterns::Expr(_) => return Ok(Prepared::Nothing),
    };
    ready
        .map(Prepared::Patterns)
        .map_err(|(pattern, error)| refused(&pattern, &error.to_string()))
}

fn call(program: &Program, name: &str, arguments: &[ExprId]) -> Result<Prepared, EvaluatorError> {
    let Some(builtin) = builtins::find(name) else {
        return Err(refused(name, "there is no such function"));
    };
    let constant = |id: &ExprId| {
        if let ExprKind::Constant(value) = &program.exprs[*id].kind {
            Some(value.clone())
        } else {
            None
        }
    };
    let written: Option<Vec<Value>> = arguments
        .get(1..)
        .unwrap_or_default()
        .iter()
        .map(constant)
        .collect();
    match (name, written.as_deref()) {
        ("extract", Some([Value::Text(pattern)])) => extract::compile(pattern)
            .map(Prepared::Extract)
            .map_err(|error| refused(pattern, &error.to_string())),
        ("parse_time", Some(formats)) => builtins::time_parser(formats)
            .map(Prepared::ParseTime)
            .map_err(|error| refused(name, &error.to_string())),
        _ => Ok(Prepared::Call(builtin.call)),
    }
}

/// Returns the steps an expression reads, or none if it reads the event at hand too.
fn steps_read_alone(program: &Program, id: ExprId) -> Box<[StepId]> {
    let mut reads_this = false;
    program.walk(id, &mut |_, kind| {
        reads_this |= matches!(
            kind,
            ExprKind::Field(Row::This, _)
                | ExprKind::Raw(RawRoot::Event(Row::This), _)
                | ExprKind::Memory(_, Row::This, _)
        );
    });
    if reads_this {
        [].into()
    } else {
        program.steps_read(id).into()
    }
}

fn refused(pattern: &str, reason: &str) -> EvaluatorError {
    EvaluatorError {
        pattern: pattern.to_owned(),
        reason: reason.to_owned(),
    }
}
