//! Warns of conditions that can never hold together: `login where outcome is failure`.
//!
//! Apart from type errors because each condition alone is right.

use super::Together;
use super::known::{Fact, Known, Subject, of_condition};
use crate::check::Checker;
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::ir::{Condition, Row, Rule, StepKind, Window, WindowKind};
use crate::value::Value;
use crate::written::span_written;

/// Longer lists are not compared, as their product costs time.
const VALUES_MAX: usize = 256;

/// A fact with the place that makes it known.
struct Placed {
    fact: Fact,
    span: Span,
    text: String,
    is_unless: bool,
}

pub(super) fn lint(checker: &mut Checker<'_>) {
    let mut found: Vec<Diagnostic> = Vec::new();
    for set in checker.together() {
        found.extend(checker.contradiction(&set));
    }
    for (_, rule) in checker.program.rules.iter() {
        if !checker.is_prelude(rule.span) {
            found.extend(checker.impossible_match(rule));
        }
    }
    found.sort_by_key(|diagnostic| diagnostic.span);
    found.dedup_by_key(|diagnostic| diagnostic.span);
    checker.diagnostics.extend(found);
}

impl Checker<'_> {
    fn placed(&self, condition: &Condition, row: Row) -> Option<Placed> {
        let fact = of_condition(&self.program, condition.expr, condition.unless, row)?;
        let is_long = match &fact.known {
            Known::OneOf(values) | Known::NoneOf(values) => values.len() > VALUES_MAX,
            Known::From(..) | Known::To(..) | Known::There | Known::Missing => false,
        };
        (!is_long).then(|| Placed {
            fact,
            span: condition.span,
            text: if condition.unless {
                format!("unless {}", condition.text)
            } else {
                condition.text.to_string()
            },
            is_unless: condition.unless,
        })
    }

    /// Returns the first condition on one event that contradicts itself or an earlier one.
    fn contradiction(&self, set: &Together<'_>) -> Option<Diagnostic> {
        // A class reads its own event; a condition of the rule reads it by its step.
        let inherited = set.inherited.iter();
        let known = inherited
            .filter_map(|condition| self.placed(condition, Row::This))
            .collect();
        let own = set.own.iter().filter_map(|one| self.placed(one, set.row));
        first_contradiction(known, own)
    }

    /// Returns the first condition on a whole match that contradicts its windows and groups.
    fn impossible_match(&self, rule: &Rule) -> Option<Diagnostic> {
        let last = rule.elements.len().saturating_sub(1);
        let is_whole = |window: &&Window| {
            window.kind == WindowKind::Span && window.first == 0 && window.last == last
        };
        let whole = rule.windows.iter().filter(is_whole);
        let mut known: Vec<Placed> = whole
            .map(|window| Placed {
                fact: Fact {
                    subject: Subject::Elapsed,
                    known: Known::To(Value::Duration(window.within), true),
                    needs_value: true,
                },
                span: rule.span,
                text: format!("within {}", span_written(window.within.0)),
                is_unless: false,
            })
            .collect();
        let groups = rule.steps.iter().filter_map(|(_, step)| match &step.kind {
            StepKind::One => None,
            StepKind::Group(group) => Some(group),
        });
        let mut own: Vec<Placed> = Vec::new();
        for group in groups {
            let mut conditions = group.conditions.iter();
            let threshold = conditions.next();
            known.extend(threshold.and_then(|one| self.placed(one, Row::This)));
            own.extend(conditions.filter_map(|one| self.placed(one, Row::This)));
        }
        let whole = rule.conditions.iter();
        own.extend(whole.filter_map(|one| self.placed(one, Row::This)));
        first_contradiction(known, own.into_iter())
    }
}

/// Returns the first of some conditions that no event satisfies together with what is known before it.
fn first_contradiction(
    mut known: Vec<Placed>,
    own: impl Iterator<Item = Placed>,
) -> Option<Diagnostic> {
    for one in own {
        if matches!(&one.fact.known, Known::OneOf(values) if values.is_empty()) {
            let message = format!("`{}` can never be true: no value is left", one.text);
            let diagnostic = Diagnostic::warning(Code::NeverTrue, one.span, message);
            return Some(diagnostic.help("leave it out, or name the values that are meant"));
        }
        if let Some(earlier) = known
            .iter()
            .find(|earlier| earlier.fact.excludes(&one.fact))
        {
            return Some(told(&one, earlier));
        }
        let narrowed = known.iter().filter_map(|earlier| narrowed(earlier, &one));
        let narrowed: Vec<Placed> = narrowed.collect();
        known.push(one);
        known.extend(narrowed);
    }
    None
}

fn told(one: &Placed, earlier: &Placed) -> Diagnostic {
    let message = if one.is_unless {
        format!("`{}` leaves nothing here", one.text)
    } else {
        format!("`{}` can never be true here", one.text)
    };
    let diagnostic = Diagnostic::warning(Code::NeverTrue, one.span, message);
    let help = match one.fact.subject {
        Subject::Field(_) => "the two exclude each other: choose another class, or leave one out",
        Subject::Elapsed => "the two exclude each other: widen the window, or ask for less",
        Subject::Count(_) => "the two exclude each other: lower one number, or raise the other",
    };
    let holds = format!("`{}` holds already", earlier.text);
    if earlier.span.start <= one.span.start && one.span.end <= earlier.span.end {
        // A window has no place of its own: the whole rule would be underlined.
        return diagnostic.at(holds).help(help);
    }
    diagnostic.label(earlier.span, holds).help(help)
}

/// Returns what two lists of values leave together, which may exclude a third.
fn narrowed(earlier: &Placed, one: &Placed) -> Option<Placed> {
    let (Known::OneOf(left), Known::OneOf(right)) = (&earlier.fact.known, &one.fact.known) else {
        return None;
    };
    if earlier.fact.subject != one.fact.subject {
        return None;
    }
    let both = left
        .iter()
        .filter(|value| {
            let is = |other: &Value| value.is(other).unwrap_or(*value == other);
            right.iter().any(is)
        })
        .cloned();
    Some(Placed {
        fact: Fact {
            known: Known::OneOf(both.collect()),
            ..one.fact.clone()
        },
        span: one.span,
        text: one.text.clone(),
        is_unless: false,
    })
}
