//! Rules: their steps, pattern, windows, key, conditions, absences and alert.
//!
//! Apart from other declarations because the meaning of a rule is a part of its listing.

use super::Printer;
use super::expr::function_name;
use crate::ir::{
    Absence, AbsenceInterval, Alert, Element, FieldId, Frame, Key, Meta, OnMatch, Rule, Step,
    StepId, StepKind, Threshold, Window, WindowKind,
};
use crate::units::Duration;
use crate::written::{quoted, span_written};

/// Returns the listing of the printer's rule.
pub(super) fn listing(printer: &Printer<'_>) -> String {
    let Some(rule) = printer.rule else {
        return String::new();
    };
    let mut lines = vec![format!("rule {} {}", rule.name, quoted(&rule.title))];
    lines.extend(meta(&rule.meta));
    lines.push(format!("meaning {}", rule.meaning));
    lines.push(format!("stratum {}", rule.stratum));
    lines.extend(pattern_lines(printer, rule));
    lines.extend(alert(printer, &rule.alert));
    for (index, fields) in rule.evidence.iter().enumerate() {
        if !fields.is_empty() {
            let step = printer.step(StepId::from(index));
            lines.push(format!("evidence {step}: {}", field_names(printer, fields)));
        }
    }
    lines.join("\n  ") + "\n"
}

/// Returns what matches: everything of a rule but what it is called and what it tells.
pub(super) fn pattern_lines(printer: &Printer<'_>, rule: &Rule) -> Vec<String> {
    let mut lines = Vec::new();
    for (id, step) in rule.steps.iter() {
        lines.extend(self::step(printer, id, step));
    }
    lines.push(format!("pattern {}", pattern(printer, rule)));
    lines.extend(
        rule.windows
            .iter()
            .map(|window| self::window(printer, rule, window)),
    );
    lines.extend(key(printer, &rule.key));
    lines.extend(
        rule.conditions
            .iter()
            .map(|condition| printer.condition(condition)),
    );
    lines.extend(
        rule.absences
            .iter()
            .flat_map(|absence| self::absence(printer, rule, absence)),
    );
    lines.extend(rule.frame.as_ref().map(frame));
    lines.extend(
        rule.tolerate
            .map(|tolerate| format!("tolerate {}", span(tolerate))),
    );
    lines.push(match rule.on_match {
        OnMatch::Restart => "on match restart".to_owned(),
        OnMatch::Keep => "on match keep".to_owned(),
    });
    lines
}

fn step(printer: &Printer<'_>, id: StepId, step: &Step) -> Vec<String> {
    let class = &printer.program.classes[step.class].name;
    let kind = match &step.kind {
        StepKind::One => "one".to_owned(),
        StepKind::Group(group) => match &group.threshold {
            Threshold::Count(least) => format!("group of {least}+"),
            Threshold::Different(least, path) => {
                format!("group of {least}+ different {}", printer.expr(*path))
            }
            Threshold::Aggregate(function, path) => {
                format!(
                    "group by {} of {}",
                    function_name(*function),
                    printer.expr(*path)
                )
            }
        },
    };
    let mut lines = vec![format!("step {}: {kind} {class}", printer.step(id))];
    lines.extend(
        step.conditions
            .iter()
            .map(|condition| format!("  {}", printer.condition(condition))),
    );
    if let StepKind::Group(group) = &step.kind {
        let conditions = group.conditions.iter();
        lines.extend(
            conditions.map(|condition| format!("  group {}", printer.condition(condition))),
        );
    }
    lines
}

fn pattern(printer: &Printer<'_>, rule: &Rule) -> String {
    rule.elements
        .iter()
        .map(|element| self::element(printer, element))
        .collect::<Vec<_>>()
        .join(" then ")
}

fn element(printer: &Printer<'_>, element: &Element) -> String {
    match element {
        Element::One(step) | Element::Group(step) => printer.step(*step),
        Element::Set { least, members } => {
            let names: Vec<String> = members.iter().map(|step| printer.step(*step)).collect();
            if *least == members.len() {
                format!("all of ({})", names.join(", "))
            } else {
                format!("{least} of ({})", names.join(", "))
            }
        }
    }
}

fn window(printer: &Printer<'_>, rule: &Rule, window: &Window) -> String {
    let name = |index: usize| {
        rule.elements
            .get(index)
            .map(|element| self::element(printer, element))
            .unwrap_or_default()
    };
    let kind = match window.kind {
        WindowKind::Span => "window",
        WindowKind::Gap => "gap",
    };
    let place = if window.first == window.last {
        name(window.first)
    } else {
        format!("{} to {}", name(window.first), name(window.last))
    };
    format!("{kind} {place} within {}", span(window.within))
}

fn key(printer: &Printer<'_>, key: &Key) -> Vec<String> {
    let mut lines = Vec::new();
    for component in &key.components {
        let exact = if component.exact { " exact" } else { "" };
        let terms: Vec<String> = component
            .terms
            .iter()
            .map(|(step, id)| format!("{}: {}", printer.step(*step), printer.expr(*id)))
            .collect();
        let kind = if component.same { "same" } else { "equal" };
        lines.push(match component.terms.first() {
            Some((_, id)) if component.same => format!("key {kind}{exact} {}", printer.expr(*id)),
            Some(_) | None => format!("key {kind}{exact} {}", terms.join(", ")),
        });
    }
    if key.across_tenants {
        lines.push("across tenants".to_owned());
    }
    lines
}

fn absence(printer: &Printer<'_>, rule: &Rule, absence: &Absence) -> Vec<String> {
    let class = &printer.program.classes[absence.class].name;
    let interval = match absence.interval {
        AbsenceInterval::Between(first, second) => {
            format!(
                "between {} and {}",
                printer.step(first),
                printer.step(second)
            )
        }
        AbsenceInterval::Inside(group) => format!("between {}", printer.step(group)),
        AbsenceInterval::Around { before, after } => {
            let side = |side: Option<(Duration, StepId)>, word: &str| {
                side.map(|(within, step)| {
                    format!("within {} {word} {}", span(within), printer.step(step))
                })
            };
            let sides: Vec<String> = [side(before, "before"), side(after, "after")]
                .into_iter()
                .flatten()
                .collect();
            sides.join(" or ")
        }
    };
    let mut lines = vec![format!("without {class} {interval}")];
    for (component, value) in rule.key.components.iter().zip(&absence.key) {
        match value {
            Some(id) if component.same => {
                lines.push(format!("  key {}", printer.expr(*id)));
            }
            Some(id) => lines.push(format!(
                "  key {} equal {}",
                component.name,
                printer.expr(*id)
            )),
            None => lines.push("  key free".to_owned()),
        }
    }
    let conditions = absence.conditions.iter();
    lines.extend(conditions.map(|condition| format!("  {}", printer.condition(condition))));
    lines
}

fn frame(frame: &Frame) -> String {
    match frame {
        Frame::Each { every, zone } => {
            let zone = zone
                .as_ref()
                .map(|zone| format!(" zone \"{zone}\""))
                .unwrap_or_default();
            format!("each {}{zone}", span(*every))
        }
        Frame::Session { gap, up_to } => {
            format!("session gap {} up to {}", span(*gap), span(*up_to))
        }
    }
}

fn meta(meta: &Meta) -> Vec<String> {
    let mut lines = Vec::new();
    if !meta.attack.is_empty() {
        lines.push(format!("attack {}", meta.attack.join(", ")));
    }
    if !meta.tags.is_empty() {
        lines.push(format!("tags {}", meta.tags.join(", ")));
    }
    lines.extend(
        meta.status
            .as_ref()
            .map(|status| format!("status {status}")),
    );
    lines
}

fn alert(printer: &Printer<'_>, alert: &Alert) -> Vec<String> {
    let when = |when: Option<crate::ir::ExprId>| {
        when.map(|when| format!(" when {}", printer.expr(when)))
            .unwrap_or_default()
    };
    let mut lines = vec![format!(
        "alert {} {}",
        alert.severity.name(),
        printer.template(&alert.text)
    )];
    for (step, field) in &alert.show {
        let step = step
            .map(|step| format!("{}.", printer.step(step)))
            .unwrap_or_default();
        lines.push(format!(
            "  show {step}{}",
            printer.program.fields[*field].name
        ));
    }
    for note in &alert.notes {
        lines.push(format!(
            "  note {}{}",
            printer.template(&note.text),
            when(note.when)
        ));
    }
    for (severity, condition) in &alert.severities {
        lines.push(format!(
            "  severity {} when {}",
            severity.name(),
            printer.expr(*condition)
        ));
    }
    for score in &alert.scores {
        let (points, on) = (printer.expr(score.points), printer.expr(score.on));
        lines.push(format!("  score {points} on {on}{}", when(score.when)));
    }
    if let Some(suppress) = &alert.suppress {
        let per: Vec<String> = suppress.per.iter().map(|id| printer.expr(*id)).collect();
        let per = if per.is_empty() {
            "key".to_owned()
        } else {
            per.join(", ")
        };
        lines.push(format!("  suppress {} per {per}", span(suppress.span)));
    }
    lines
}

fn field_names(printer: &Printer<'_>, fields: &[FieldId]) -> String {
    fields
        .iter()
        .map(|field| printer.program.fields[*field].name.to_string())
        .collect::<Vec<_>>()
        .join(", ")
}

/// Returns a span of time as it is written.
pub(super) fn span(span: Duration) -> String {
    span_written(span.0)
}
