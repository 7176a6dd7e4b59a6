//! The machine of a rule, drawn from top to bottom: states in brackets, events on the arrows.
//!
//! Apart from the sentence because here the order of time counts: each arrow bears what moves it.

use super::words::{beside_threshold, class, label, row, span, threshold};
use crate::ir::needs::{deadlines, early};
use crate::ir::{
    Absence, AbsenceInterval, Condition, Element, Frame, Program, Rule, StepId, Window, WindowKind,
};

/// Returns the drawing, a line a line of it.
pub(super) fn lines(program: &Program, rule: &Rule) -> Vec<String> {
    let drawing = Drawing::new(program, rule);
    let mut out = vec![state("start")];
    let last = rule.elements.len().saturating_sub(1);
    for (index, element) in rule.elements.iter().enumerate() {
        let mut arrow = drawing.element(element);
        arrow.extend(drawing.windows(index));
        arrow.extend(drawing.guards(element));
        if index == last {
            arrow.extend(drawing.whole());
        }
        out.extend(self::arrow(&arrow));
        if index != last {
            out.push(state(&drawing.name(element)));
        }
    }
    let waits = drawing.waits();
    if !waits.is_empty() {
        out.push(state("match, waiting"));
        out.extend(arrow(&waits));
    }
    out.push(state(&format!("alert {}", rule.alert.severity.name())));
    out
}

fn state(name: &str) -> String {
    format!("  ( {name} )")
}

fn arrow(labels: &[String]) -> Vec<String> {
    let mut out = vec!["     │".to_owned()];
    out.extend(labels.iter().map(|label| format!("     │  {label}")));
    out.push("     ▼".to_owned());
    out
}

struct Drawing<'p> {
    program: &'p Program,
    rule: &'p Rule,
    /// Conditions of the whole match that one step decides.
    early: Vec<(StepId, &'p Condition)>,
    /// The others.
    whole: Vec<&'p Condition>,
}

impl<'p> Drawing<'p> {
    fn new(program: &'p Program, rule: &'p Rule) -> Self {
        let decided = early(program, rule).0;
        let of = |condition: &Condition| {
            decided
                .iter()
                .find(|(_, one)| one.expr == condition.expr)
                .map(|(step, _)| *step)
        };
        let mut early = Vec::new();
        let mut whole = Vec::new();
        for condition in &rule.conditions {
            match of(condition) {
                Some(step) => early.push((step, condition)),
                None => whole.push(condition),
            }
        }
        Self {
            program,
            rule,
            early,
            whole,
        }
    }

    fn name(&self, element: &Element) -> String {
        match element {
            Element::One(step) | Element::Group(step) => label(self.rule, *step),
            Element::Set { members, .. } => {
                let names: Vec<String> =
                    members.iter().map(|step| label(self.rule, *step)).collect();
                row(&names)
            }
        }
    }

    fn element(&self, element: &Element) -> Vec<String> {
        match element {
            Element::One(step) | Element::Group(step) => self.step(*step),
            Element::Set { least, members } => {
                let many = if *least == members.len() {
                    "all".to_owned()
                } else {
                    least.to_string()
                };
                let mut out = vec![format!("{many} of these, in any order")];
                for step in members {
                    let lines = self.step(*step).into_iter();
                    out.extend(lines.enumerate().map(|(at, line)| match at {
                        0 => format!("- {line}"),
                        _ => format!("  {line}"),
                    }));
                }
                out
            }
        }
    }

    fn step(&self, id: StepId) -> Vec<String> {
        let step = &self.rule.steps[id];
        let what = threshold(self.program, self.rule, id, str::to_owned);
        let what = what.unwrap_or_else(|| class(self.program, self.rule, id, str::to_owned));
        let mut out = vec![what];
        out.extend(step.conditions.iter().map(condition));
        let early = self.early.iter().filter(|(of, _)| *of == id);
        out.extend(early.map(|(_, one)| condition(one)));
        let beside = beside_threshold(step).iter();
        out.extend(beside.map(|one| format!("{} (of the group)", condition(one))));
        out
    }

    /// Returns the windows that an element may not overstep.
    fn windows(&self, element: usize) -> Vec<String> {
        let windows = self.rule.windows.iter();
        windows
            .filter(|window| match window.kind {
                WindowKind::Gap => window.first == element,
                WindowKind::Span => window.last == element,
            })
            .map(|window| self.window(window))
            .collect()
    }

    fn window(&self, window: &Window) -> String {
        let within = span(window.within);
        let element = |at: usize| self.rule.elements.get(at).map(|one| self.name(one));
        match window.kind {
            WindowKind::Gap => {
                let before = window.first.checked_sub(1).and_then(element);
                format!("at most {within} after {}", before.unwrap_or_default())
            }
            WindowKind::Span if window.first == window.last => {
                format!("at most {within} from the first of them to the last")
            }
            WindowKind::Span => {
                let first = element(window.first).unwrap_or_default();
                format!("at most {within} after the first of {first}")
            }
        }
    }

    /// Returns what must not have happened when an element comes.
    fn guards(&self, element: &Element) -> Vec<String> {
        let of = |step: StepId| match element {
            Element::One(one) | Element::Group(one) => *one == step,
            Element::Set { members, .. } => members.contains(&step),
        };
        let mut out = Vec::new();
        for absence in &self.rule.absences {
            let place = match absence.interval {
                AbsenceInterval::Between(first, last) if of(last) => {
                    format!("since {}", label(self.rule, first))
                }
                AbsenceInterval::Inside(group) if of(group) => {
                    out.extend(self.absence("counts anew after", absence, ""));
                    continue;
                }
                AbsenceInterval::Around {
                    before: Some((bound, step)),
                    ..
                } if of(step) => {
                    format!("in the {} before {}", span(bound), label(self.rule, step))
                }
                AbsenceInterval::Between(..)
                | AbsenceInterval::Inside(_)
                | AbsenceInterval::Around { .. } => continue,
            };
            out.extend(self.absence("no", absence, &place));
        }
        out
    }

    /// Returns what must not happen once everything else has.
    fn waits(&self) -> Vec<String> {
        let mut out = Vec::new();
        for (at, bound) in deadlines(self.rule) {
            let Some(absence) = self.rule.absences.get(at) else {
                continue;
            };
            if let AbsenceInterval::Around {
                after: Some((_, step)),
                ..
            } = absence.interval
            {
                let place = format!("until {} after {}", span(bound), label(self.rule, step));
                out.extend(self.absence("no", absence, &place));
            }
        }
        out
    }

    fn absence(&self, word: &str, absence: &Absence, place: &str) -> Vec<String> {
        let name = &self.program.classes[absence.class].name;
        let called = if *absence.label == **name {
            String::new()
        } else {
            format!(" ({})", absence.label)
        };
        let mut out = vec![
            format!("{word} {name}{called} {place}")
                .trim_end()
                .to_owned(),
        ];
        let conditions = absence.conditions.iter();
        out.extend(conditions.map(|one| format!("  {}", condition(one))));
        out
    }

    /// Returns what is asked of the match as a whole.
    fn whole(&self) -> Vec<String> {
        let mut out: Vec<String> = match &self.rule.frame {
            None => Vec::new(),
            Some(Frame::Each { every, zone }) => {
                let zone = zone.as_deref().unwrap_or("UTC");
                vec![format!("all in one window of {} ({zone})", span(*every))]
            }
            Some(Frame::Session { gap, up_to }) => vec![format!(
                "all in one session: silence at most {}, at most {} long",
                span(*gap),
                span(*up_to)
            )],
        };
        out.extend(
            self.rule
                .tolerate
                .map(|bound| format!("in any order if at most {} apart", span(bound))),
        );
        out.extend(self.whole.iter().map(|one| condition(one)));
        out
    }
}

fn condition(condition: &Condition) -> String {
    let word = if condition.unless { "unless" } else { "where" };
    format!("{word} {}", condition.text)
}
