//! A rule as an analyst would say it aloud.
//!
//! Apart from the drawing because a sentence follows the order of speech, not that of time.

use super::words::{
    article, beside_threshold, class, code, equalities, expr, is_whole, label, row, same_paths,
    span, threshold,
};
use crate::ir::{
    Absence, AbsenceInterval, Comparison, Condition, Element, ExprKind, Frame, Program, Rule,
    StepId, StepKind, Suppress, Threshold, Window, WindowKind,
};

/// Returns what a rule does, in English, made from its meaning.
#[must_use]
pub fn sentence(program: &Program, rule: &Rule) -> String {
    let said = Said { program, rule };
    let mut parts = vec![format!("Alerts {}{}", said.subject(), said.pattern())];
    parts.extend(said.whole());
    parts.extend(said.conditions());
    parts.extend(rule.absences.iter().map(|absence| said.absence(absence)));
    let mut out = parts.join(", ") + ".";
    if let Some(suppress) = &rule.alert.suppress {
        out.push_str(&said.suppress(suppress));
    }
    out
}

/// A rule being said.
struct Said<'p> {
    program: &'p Program,
    rule: &'p Rule,
}

impl Said<'_> {
    /// Returns whom it is about: `when, for one identity, there is `.
    fn subject(&self) -> String {
        let paths = same_paths(self.program, self.rule);
        let mut of: Vec<String> = paths.iter().map(|path| format!("one {path}")).collect();
        let is_single = self.rule.steps.len() == 1 && self.rule.absences.is_empty();
        let is_are = match self.rule.elements.first() {
            Some(Element::One(_)) if is_single && of.is_empty() => return "on ".into(),
            Some(Element::Group(_)) if self.counts() => "there are",
            Some(Element::One(_) | Element::Group(_) | Element::Set { .. }) | None => "there is",
        };
        let tenants = if self.rule.key.across_tenants {
            " across all tenants"
        } else {
            ""
        };
        if of.is_empty() && !tenants.is_empty() {
            of.push("all events".into());
        }
        if of.is_empty() {
            return format!("when {is_are} ");
        }
        format!("when, for {}{tenants}, {is_are} ", row(&of))
    }

    /// Tells whether the first group is a number of events or values.
    fn counts(&self) -> bool {
        let first = self.rule.steps.as_slice().first();
        first.is_some_and(|step| match &step.kind {
            StepKind::One => false,
            StepKind::Group(group) => match group.threshold {
                Threshold::Count(_) | Threshold::Different(..) => true,
                Threshold::Aggregate(..) => false,
            },
        })
    }

    fn pattern(&self) -> String {
        let mut out = String::new();
        for (index, element) in self.rule.elements.iter().enumerate() {
            if index > 0 {
                out.push_str(&self.then(index));
            }
            out.push_str(&self.element(element));
            for window in self.windows_ending(index) {
                out.push_str(", ");
                out.push_str(&self.local_window(window));
            }
        }
        out
    }

    /// Returns what joins an element to the one before it.
    fn then(&self, element: usize) -> String {
        let is_gap = |window: &&Window| window.kind == WindowKind::Gap && window.first == element;
        match self.rule.windows.iter().find(is_gap) {
            Some(gap) => format!(" and then, within {}, ", span(gap.within)),
            None => " and then ".into(),
        }
    }

    fn element(&self, element: &Element) -> String {
        match element {
            Element::One(step) | Element::Group(step) => self.step(*step),
            Element::Set { least, members } => {
                let steps: Vec<String> = members.iter().map(|step| self.step(*step)).collect();
                let steps = steps.join("; ");
                if *least == members.len() {
                    format!("in any order all of [{steps}]")
                } else {
                    format!("in any order {least} of [{steps}]")
                }
            }
        }
    }

    fn step(&self, id: StepId) -> String {
        let step = &self.rule.steps[id];
        let mut out = match threshold(self.program, self.rule, id, code) {
            Some(threshold) => threshold,
            None => self.one(id),
        };
        out.push_str(&tests(&step.conditions));
        let beside = tests(beside_threshold(step));
        if !beside.is_empty() {
            out.push_str(" and, of them all,");
            out.push_str(&beside);
        }
        out
    }

    /// Returns a plain step: `a login (a)`, or `another login (b)` after the first.
    fn one(&self, id: StepId) -> String {
        let of = self.rule.steps[id].class;
        let class = class(self.program, self.rule, id, code);
        let is_again = self
            .rule
            .steps
            .iter()
            .take_while(|(other, _)| *other != id)
            .any(|(_, other)| other.class == of && matches!(other.kind, StepKind::One));
        if is_again {
            format!("another {class}")
        } else {
            let name = &self.program.classes[of].name;
            format!("{} {class}", article(name))
        }
    }

    /// Returns the windows inside the pattern that end with an element, the narrowest first.
    fn windows_ending(&self, element: usize) -> Vec<&Window> {
        let mut windows: Vec<&Window> = self
            .rule
            .windows
            .iter()
            .filter(|window| window.kind == WindowKind::Span && window.last == element)
            .filter(|window| !is_whole(self.rule, window))
            .collect();
        windows.sort_by_key(|window| std::cmp::Reverse(window.first));
        windows
    }

    fn local_window(&self, window: &Window) -> String {
        let within = span(window.within);
        if window.first == window.last {
            return format!("these within {within}");
        }
        let first = self
            .rule
            .elements
            .get(window.first)
            .map(|one| self.name(one));
        format!("within {within} of {}", first.unwrap_or_default())
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

    /// Returns what bounds the whole match in time.
    fn whole(&self) -> Vec<String> {
        let rule = self.rule;
        let whole = rule
            .windows
            .iter()
            .filter(|window| window.kind == WindowKind::Span && is_whole(rule, window));
        let mut parts: Vec<String> = whole
            .map(|window| format!("all within {}", span(window.within)))
            .collect();
        parts.extend(rule.frame.as_ref().map(frame));
        if let Some(tolerate) = rule.tolerate {
            parts.push(format!(
                "the order of events at most {} apart being left open",
                span(tolerate)
            ));
        }
        parts
    }

    fn conditions(&self) -> Vec<String> {
        let equal = equalities(self.program, self.rule);
        let mut parts: Vec<String> = equal
            .iter()
            .map(|terms| format!("{} being the same", row(terms)))
            .collect();
        let mut keeping = Vec::new();
        for condition in self.rule.conditions.iter().filter(|one| !one.unless) {
            match self.relation(condition) {
                Some(relation) => parts.push(relation),
                None => keeping.push(code(&condition.text)),
            }
        }
        if !keeping.is_empty() {
            parts.push(format!("where {}", row(&keeping)));
        }
        let dropping = self.rule.conditions.iter().filter(|one| one.unless);
        let dropping: Vec<String> = dropping.map(|one| code(&one.text)).collect();
        if !dropping.is_empty() {
            parts.push(format!("unless {}", dropping.join(" or ")));
        }
        parts
    }

    /// Returns how the events of a match lie to each other, where there are words for it.
    fn relation(&self, condition: &Condition) -> Option<String> {
        match &self.program.exprs[condition.expr].kind {
            ExprKind::Differs(paths) => {
                let paths: Vec<String> = paths
                    .iter()
                    .map(|path| code(&expr(self.program, self.rule, *path)))
                    .collect();
                Some(format!(
                    "{} being different from one to the next",
                    row(&paths)
                ))
            }
            ExprKind::Compare(comparison, left, right) => {
                let right = expr(self.program, self.rule, *right);
                let much = much(*comparison)?;
                match self.program.exprs[*left].kind {
                    ExprKind::GeoDistance => Some(format!("{much} {right} apart")),
                    ExprKind::GeoSpeed => Some(format!("at {much} {right} from one to the next")),
                    ExprKind::Elapsed => Some(format!("in {much} {right}")),
                    _ => None,
                }
            }
            _ => None,
        }
    }

    fn absence(&self, absence: &Absence) -> String {
        let rule = self.rule;
        let name = &self.program.classes[absence.class].name;
        let what = if *absence.label == **name {
            code(name)
        } else {
            format!("{} ({})", code(name), absence.label)
        };
        let what = format!("{what}{}", tests(&absence.conditions));
        match absence.interval {
            AbsenceInterval::Between(first, last) => {
                let (first, last) = (label(rule, first), label(rule, last));
                format!("with no {what} between {first} and {last}")
            }
            AbsenceInterval::Inside(group) => {
                format!(
                    "counted anew after each {what} between {}",
                    label(rule, group)
                )
            }
            AbsenceInterval::Around { before, after } => {
                let before = before.map(|(bound, step)| {
                    format!("in the {} before {}", span(bound), label(rule, step))
                });
                let after = after.map(|(bound, step)| {
                    format!("in the {} after {}", span(bound), label(rule, step))
                });
                let places: Vec<String> = before.into_iter().chain(after).collect();
                format!("with no {what} {}", places.join(" or "))
            }
        }
    }

    fn suppress(&self, suppress: &Suppress) -> String {
        let per: Vec<String> = suppress
            .per
            .iter()
            .map(|per| code(&expr(self.program, self.rule, *per)))
            .collect();
        let per = if per.is_empty() {
            "its key".into()
        } else {
            row(&per)
        };
        format!(" Then it is silent for {} per {per}.", span(suppress.span))
    }
}

/// Returns conditions as they follow a noun: ` where … and …, unless …`.
fn tests(conditions: &[Condition]) -> String {
    let texts = |unless: bool| -> Vec<String> {
        let chosen = conditions.iter().filter(|one| one.unless == unless);
        chosen.map(|one| code(&one.text)).collect()
    };
    let mut out = String::new();
    let (keeping, dropping) = (texts(false), texts(true));
    if !keeping.is_empty() {
        out.push_str(&format!(" where {}", row(&keeping)));
    }
    if !dropping.is_empty() {
        out.push_str(&format!(" unless {}", dropping.join(" or ")));
    }
    out
}

/// Returns the words of a comparison of quantities.
fn much(comparison: Comparison) -> Option<&'static str> {
    match comparison {
        Comparison::Greater => Some("more than"),
        Comparison::GreaterOrEqual => Some("at least"),
        Comparison::Less => Some("less than"),
        Comparison::LessOrEqual => Some("at most"),
        Comparison::Is | Comparison::Equal => None,
    }
}

fn frame(frame: &Frame) -> String {
    match frame {
        Frame::Each { every, zone } => {
            let zone = zone.as_deref().unwrap_or("UTC");
            format!("all in one window of {} ({zone})", span(*every))
        }
        Frame::Session { gap, up_to } => format!(
            "all in one session, which ends after {} of silence or {} in all",
            span(*gap),
            span(*up_to)
        ),
    }
}
