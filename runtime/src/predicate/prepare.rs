//! What is worked out about an expression before any event comes.
//!
//! Apart from evaluation so that no event pays for compiling a pattern.

use std::sync::Arc;

use muster_lang::ir::{ExprKind, Patterns, Program, Set, TextTest};
use muster_lang::value::{Value, fold};
use regex::{Regex, RegexBuilder};

use crate::lookup::Networks;
use crate::predicate::{EvaluatorError, glob};

/// The most memory a compiled pattern may take, in bytes.
const PATTERN_BYTES_MAX: usize = 1 << 20;

/// What is ready of an expression.
#[derive(Debug)]
pub(super) enum Prepared {
    /// The patterns of a text test.
    Texts(Vec<Matcher>),
    /// The networks of a membership.
    Networks(Networks),
}

/// A pattern of a text test.
#[derive(Debug)]
pub(super) enum Matcher {
    /// Folded text that must be contained.
    Contains(Arc<str>),
    /// Folded text at the start.
    StartsWith(Arc<str>),
    /// Folded text at the end.
    EndsWith(Arc<str>),
    /// A folded glob.
    Like(Arc<str>),
    /// A regular expression.
    Matches(Regex),
}

impl Matcher {
    pub(super) fn new(test: TextTest, pattern: &str) -> Result<Self, EvaluatorError> {
        let folded = || Arc::from(&*fold(pattern));
        Ok(match test {
            TextTest::Contains => Self::Contains(folded()),
            TextTest::StartsWith => Self::StartsWith(folded()),
            TextTest::EndsWith => Self::EndsWith(folded()),
            TextTest::Like => Self::Like(folded()),
            TextTest::Matches => Self::Matches(compile(pattern)?),
        })
    }

    /// Tells whether a text fits; `folded` is the same text folded.
    pub(super) fn fits(&self, text: &str, folded: &str) -> bool {
        match self {
            Self::Contains(pattern) => folded.contains(&**pattern),
            Self::StartsWith(pattern) => folded.starts_with(&**pattern),
            Self::EndsWith(pattern) => folded.ends_with(&**pattern),
            Self::Like(pattern) => glob::fits(pattern, folded),
            Self::Matches(pattern) => pattern.is_match(text),
        }
    }
}

fn compile(pattern: &str) -> Result<Regex, EvaluatorError> {
    let built = RegexBuilder::new(pattern)
        .size_limit(PATTERN_BYTES_MAX)
        .build();
    built.map_err(|error| EvaluatorError {
        pattern: pattern.to_string(),
        reason: error.to_string(),
    })
}

/// Prepares every expression of a program.
pub(super) fn all(program: &Program) -> Result<Vec<Option<Prepared>>, EvaluatorError> {
    program
        .exprs
        .iter()
        .map(|(_, expr)| one(program, &expr.kind))
        .collect()
}

fn one(program: &Program, kind: &ExprKind) -> Result<Option<Prepared>, EvaluatorError> {
    let texts = |test: TextTest, patterns: &[Arc<str>]| {
        let matchers: Result<_, _> = patterns
            .iter()
            .map(|pattern| Matcher::new(test, pattern))
            .collect();
        matchers.map(|matchers| Some(Prepared::Texts(matchers)))
    };
    match kind {
        ExprKind::Match(test, _, Patterns::Texts(patterns)) => texts(*test, patterns),
        ExprKind::Match(test, _, Patterns::List(list)) => {
            let items = program.lists[*list].items.iter();
            let patterns: Vec<Arc<str>> = items
                .filter_map(|item| {
                    if let Value::Text(text) = item {
                        Some(text.clone())
                    } else {
                        None
                    }
                })
                .collect();
            texts(*test, &patterns)
        }
        ExprKind::In(_, Set::Networks(networks)) => Ok(Some(Prepared::Networks(Networks::new(
            networks.iter().copied(),
        )))),
        _ => Ok(None),
    }
}
