//! Absences of a rule.
//!
//! Apart from rules because an interval depends on which steps stand in order.

use super::pattern::Draft;
use super::random::Random;
use super::rule::Plan;
use super::words::{CLASSES, span};

/// Makes one or two absences; bare conditions of the rule must not stand beside them.
pub(crate) fn clauses(
    random: &mut Random,
    draft: &mut Draft,
    plan: &mut Plan,
    base: i64,
) -> Vec<String> {
    draft.has_absence = true;
    let count = if random.chance(20) { 2 } else { 1 };
    (0..count)
        .filter_map(|number| clause(random, draft, plan, base, number))
        .collect()
}

fn clause(
    random: &mut Random,
    draft: &Draft,
    plan: &mut Plan,
    base: i64,
    number: usize,
) -> Option<String> {
    let class = if random.chance(60) {
        random.pick(&plan.classes)
    } else {
        random.pick(CLASSES)
    };
    if !plan.classes.contains(&class) {
        plan.classes.push(class);
    }
    let name = if number == 0 { "q" } else { "r" };
    let interval = interval(random, draft, plan, base)?;
    let mut text = format!("without {} as {name}", class.name);
    let plain = draft
        .steps
        .iter()
        .find(|step| !step.group && !step.optional);
    if let (false, Some(step)) = (draft.joins.is_empty(), plain) {
        // Every `without` needs an equality where the key is one of joins.
        text.push_str(&format!(" where device.id is {}.device.id", step.name));
    } else if random.chance(25) {
        text.push_str(&condition(
            random,
            name,
            plain.map(|step| step.name.as_str()),
        ));
    }
    Some(format!("{text} {interval}"))
}

fn condition(random: &mut Random, name: &str, step: Option<&str>) -> String {
    let mut choices = vec![
        " where outcome is failure".to_owned(),
        " where bytes.down > 1KB".to_owned(),
        " unless device.id is \"d2\"".to_owned(),
        format!(" where {name}.ip in \"10.0.0.0/8\""),
    ];
    if let Some(step) = step {
        choices.push(format!(" where ip is {step}.ip"));
        choices.push(format!(" where {name}.device.id is {step}.device.id"));
        choices.push(format!(" where time - {step}.time > 1s"));
    }
    random.pick(&choices)
}

fn interval(random: &mut Random, draft: &Draft, plan: &mut Plan, base: i64) -> Option<String> {
    let anchors: Vec<&str> = draft
        .steps
        .iter()
        .filter(|step| !step.optional)
        .map(|step| step.name.as_str())
        .collect();
    let first = random.pick(&anchors);
    let last = random.pick(&anchors);
    if anchors.is_empty() {
        return None;
    }
    let within = random.pick(&[base, base / 2, base * 2]);
    let other = random.pick(&[base, base * 2]);
    plan.spans.extend([within, other]);
    let (within, other) = (span(within), span(other));
    let groups: Vec<&str> = draft
        .steps
        .iter()
        .filter(|step| step.group && !step.optional)
        .map(|step| step.name.as_str())
        .collect();
    let between: Vec<&str> = draft
        .ordered
        .iter()
        .filter_map(|number| draft.steps.get(*number))
        .map(|step| step.name.as_str())
        .collect();
    Some(match random.below(10) {
        0 | 1 if between.len() > 1 => {
            let later = random.range(1, between.len() - 1);
            let earlier = random.below(later);
            let name = |number: usize| between.get(number).copied().unwrap_or_default();
            format!("between {} and {}", name(earlier), name(later))
        }
        2 | 3 if !groups.is_empty() => format!("between {}", random.pick(&groups)),
        4 | 5 => format!("within {within} before {first}"),
        6 => format!("within {within} before {first} or {other} after {last}"),
        _ => format!("within {within} after {first}"),
    })
}
