//! The small words of explanations: articles, lists, spans of time, names of steps.
//!
//! Apart from the sentence because the drawing and the facts speak with the same words.

use crate::ir::{
    Condition, ExprId, ExprKind, Program, Rule, Step, StepId, StepKind, Threshold, Window, listing,
};
use crate::units::Duration;
use crate::written::span_written;

/// Returns a name in back quotes.
pub(super) fn code(name: &str) -> String {
    format!("`{name}`")
}

/// Returns a span of time as rules mostly write it: whole weeks in days.
pub(super) fn span(span: Duration) -> String {
    if span.0 > 0 && span.0 % DAY == 0 {
        return format!("{}d", span.0 / DAY);
    }
    span_written(span.0)
}

/// A day in microseconds.
const DAY: i64 = 86_400_000_000;

/// Returns an expression of a rule without the brackets around the whole of it.
pub(super) fn expr(program: &Program, rule: &Rule, id: ExprId) -> String {
    if let ExprKind::Key(at) = program.exprs[id].kind
        && let Some(component) = rule.key.components.get(at)
    {
        return component.name.to_string();
    }
    let text = listing::expr_of(program, rule, id);
    let inner = text
        .strip_prefix('(')
        .and_then(|text| text.strip_suffix(')'));
    match inner {
        Some(inner) if is_balanced(inner) => inner.to_owned(),
        Some(_) | None => text,
    }
}

/// Tells whether no bracket is closed before it is opened.
fn is_balanced(text: &str) -> bool {
    let mut depth = 0_i64;
    text.chars().all(|letter| {
        depth += match letter {
            '(' => 1,
            ')' => -1,
            _ => 0,
        };
        depth >= 0
    })
}

/// Returns things in a row: `a`, `a and b`, `a, b and c`.
pub(super) fn row(things: &[String]) -> String {
    match things {
        [] => String::new(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}

/// Returns `a` or `an`, as a name needs.
pub(super) fn article(name: &str) -> &'static str {
    if name.starts_with(['a', 'e', 'i', 'o', 'u']) {
        "an"
    } else {
        "a"
    }
}

/// Returns what a step is called; of several that are called alike, with its number.
pub(super) fn label(rule: &Rule, step: StepId) -> String {
    let name = &rule.steps[step].label;
    let alike: Vec<StepId> = rule
        .steps
        .iter()
        .filter(|(_, other)| other.label == *name)
        .map(|(id, _)| id)
        .collect();
    match alike.iter().position(|id| *id == step) {
        Some(at) if alike.len() > 1 => format!("{name}#{}", at + 1),
        Some(_) | None => name.to_string(),
    }
}

/// How names and conditions are marked: in back quotes, or not at all.
pub(super) type Mark = fn(&str) -> String;

/// Returns the class of a step, and what the step is called where that is another name.
pub(super) fn class(program: &Program, rule: &Rule, step: StepId, mark: Mark) -> String {
    let class = &program.classes[rule.steps[step].class].name;
    let label = label(rule, step);
    if *label == **class {
        mark(class)
    } else {
        format!("{} ({label})", mark(class))
    }
}

/// Returns what a group needs to hold: how many events, how many values, or which sum.
pub(super) fn threshold(program: &Program, rule: &Rule, id: StepId, mark: Mark) -> Option<String> {
    let StepKind::Group(group) = &rule.steps[id].kind else {
        return None;
    };
    let class = class(program, rule, id, mark);
    Some(match &group.threshold {
        Threshold::Count(least) => format!("{least} or more {class}"),
        Threshold::Different(least, path) => {
            let path = mark(&listing::expr(program, *path));
            format!("{least} or more different {path} in {class}")
        }
        Threshold::Aggregate(..) => {
            let first = group.conditions.first();
            let test = first.map(|first| mark(&first.text)).unwrap_or_default();
            format!("{class} with {test}")
        }
    })
}

/// Returns the conditions of a group that stand beside its threshold.
pub(super) fn beside_threshold(step: &Step) -> &[Condition] {
    match &step.kind {
        StepKind::One => &[],
        StepKind::Group(group) => group.conditions.get(1..).unwrap_or_default(),
    }
}

/// Returns the paths of a rule's key that say `same`.
pub(super) fn same_paths(program: &Program, rule: &Rule) -> Vec<String> {
    let components = rule.key.components.iter().filter(|one| one.same);
    components
        .filter_map(|one| one.terms.first())
        .map(|(_, term)| code(&listing::expr(program, *term)))
        .collect()
}

/// Returns the equalities of a rule's key: for each the terms that are one, by their steps.
pub(super) fn equalities(program: &Program, rule: &Rule) -> Vec<Vec<String>> {
    let term = |(step, term): &(StepId, ExprId)| {
        code(&format!(
            "{}.{}",
            label(rule, *step),
            listing::expr(program, *term)
        ))
    };
    let components = rule.key.components.iter().filter(|one| !one.same);
    components
        .map(|one| one.terms.iter().map(term).collect())
        .collect()
}

/// Tells whether a window bounds a whole match.
pub(super) fn is_whole(rule: &Rule, window: &Window) -> bool {
    window.first == 0 && window.last + 1 == rule.elements.len()
}

/// Returns text in lines of a width, broken between words.
pub(super) fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let fits = |line: &String| line.chars().count() + word.chars().count() < width;
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if fits(line) => {
                line.push(' ');
                line.push_str(word);
            }
            Some(_) | None => lines.push(word.to_owned()),
        }
    }
    lines
}
