//! Which kept events a newer one makes useless, so that a busy key costs no more than a quiet one.
//!
//! Apart from the rest of what a rule needs because it is a proof: where a rule's conditions prove
//! nothing, everything is kept.

use super::super::{
    AbsenceInterval, Comparison, Condition, Element, ExprId, ExprKind, FieldId, Program, RawRoot,
    Row, Rule, StepId,
};
use super::split;

/// What of a key must be kept for a match to come.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Kept {
    /// Nothing: one event decides.
    Nothing,
    /// All within the windows but the event of the first step before a newer one, if the two have
    /// the same values in these fields and nothing of a later step lies between.
    ///
    /// A search prefers the newer, and whatever the older could still match, the newer matches too:
    /// it is nearer in time, and no condition can tell the two apart otherwise. An event that an
    /// absence forbids is kept all the same: bound itself, it breaks nothing.
    Newest(Vec<FieldId>),
    /// What is in a latest chain of the first one, two … steps.
    ///
    /// Without conditions between steps only windows count, and each window is kept more easily by
    /// later events; so of all chains of one length the one that is latest at every step serves.
    Chains,
    /// All within the windows.
    #[default]
    Everything,
}

impl Kept {
    /// Works out what a rule allows; `whole` are the conditions that no step decides alone.
    #[must_use]
    pub fn of(program: &Program, rule: &Rule, whole: &[Condition]) -> Self {
        if matches!(rule.elements.as_slice(), [Element::One(_)]) && rule.absences.is_empty() {
            return Self::Nothing;
        }
        let Some(first) = first_step(rule) else {
            return Self::Everything;
        };
        let mut between = whole.to_vec();
        for (_, step) in rule.steps.iter() {
            between.extend(split(program, &step.conditions).1);
        }
        if rule.elements.len() > 2 && between.is_empty() && rule.absences.is_empty() {
            return Self::Chains;
        }
        match told_apart_by(program, rule, first, &between) {
            Some(fields) => Self::Newest(fields),
            None => Self::Everything,
        }
    }
}

/// Returns the fields by which alone a rule tells two events of its first step apart.
fn told_apart_by(
    program: &Program,
    rule: &Rule,
    first: StepId,
    between: &[Condition],
) -> Option<Vec<FieldId>> {
    let mut absences = rule.absences.iter();
    if absences.any(|absence| looks_from(absence.interval, first)) {
        return None;
    }
    let mut fields = Vec::new();
    for condition in between {
        match reads_of(program, condition, first, &mut fields) {
            Reads::Fields => {}
            Reads::Time if is_bound_on_time(program, condition) => {}
            Reads::Time | Reads::More => return None,
        }
    }
    for absence in &rule.absences {
        for condition in split(program, &absence.conditions).1 {
            if reads_of(program, &condition, first, &mut fields) != Reads::Fields {
                return None;
            }
        }
    }
    fields.sort();
    fields.dedup();
    Some(fields)
}

/// Returns the first step of a rule of plain steps in strict order that share their whole key.
fn first_step(rule: &Rule) -> Option<StepId> {
    let count = rule.steps.len();
    let is_shared = rule
        .key
        .components
        .iter()
        .all(|component| component.terms.len() == count);
    let is_plain = |element: &Element| matches!(element, Element::One(_));
    let is_sequence = rule.elements.len() > 1 && rule.elements.iter().all(is_plain);
    match rule.elements.first() {
        Some(Element::One(first)) if is_sequence && is_shared && rule.tolerate.is_none() => {
            Some(*first)
        }
        Some(Element::One(_) | Element::Group(_) | Element::Set { .. }) | None => None,
    }
}

/// Tells whether the place where an absence is looked for moves with a step other than by shrinking.
fn looks_from(interval: AbsenceInterval, step: StepId) -> bool {
    match interval {
        // From a later first event there is less to look through.
        AbsenceInterval::Between(_, last) => last == step,
        AbsenceInterval::Inside(group) => group == step,
        AbsenceInterval::Around { before, after } => [before, after]
            .into_iter()
            .flatten()
            .any(|(_, anchor)| anchor == step),
    }
}

/// What a condition reads of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reads {
    /// Fields alone.
    Fields,
    /// Fields, and how long ago it was.
    Time,
    /// What cannot be compared by fields.
    More,
}

/// Adds the fields of a step that a condition reads; tells what else it reads.
fn reads_of(
    program: &Program,
    condition: &Condition,
    step: StepId,
    fields: &mut Vec<FieldId>,
) -> Reads {
    let mut is_known = true;
    let mut reads_time = false;
    program.walk(condition.expr, &mut |_, kind| match kind {
        ExprKind::Field(Row::Step(read), field) if *read == step => {
            is_known &= *field != program.core.time;
            fields.push(*field);
        }
        ExprKind::Same(paths) | ExprKind::Differs(paths) => {
            for path in paths {
                is_known &= only_fields(program, *path, fields);
            }
        }
        ExprKind::GeoDistance => fields.push(program.core.geo),
        ExprKind::GeoSpeed => {
            fields.push(program.core.geo);
            reads_time = true;
        }
        ExprKind::Elapsed => reads_time = true,
        ExprKind::Memory(_, Row::Step(read), _) => is_known &= *read != step,
        ExprKind::Raw(RawRoot::Event(_), _) => is_known = false,
        _ => {}
    });
    match (is_known, reads_time) {
        (true, false) => Reads::Fields,
        (true, true) => Reads::Time,
        (false, _) => Reads::More,
    }
}

/// Adds the fields of the event at hand that an expression reads; tells whether it reads nothing else.
fn only_fields(program: &Program, expr: ExprId, fields: &mut Vec<FieldId>) -> bool {
    let mut is_plain = true;
    program.walk(expr, &mut |_, kind| match kind {
        ExprKind::Field(Row::This, field) => {
            is_plain &= *field != program.core.time;
            fields.push(*field);
        }
        ExprKind::Constant(_) => {}
        _ => is_plain = false,
    });
    is_plain
}

/// Tells whether a condition is a bound on speed from below or on elapsed time from above, which the
/// nearer of two events at one place keeps more easily.
fn is_bound_on_time(program: &Program, condition: &Condition) -> bool {
    let ExprKind::Compare(comparison, left, right) = &program.exprs[condition.expr].kind else {
        return false;
    };
    if !matches!(program.exprs[*right].kind, ExprKind::Constant(_)) {
        return false;
    }
    let is_above = match comparison {
        Comparison::Greater | Comparison::GreaterOrEqual => true,
        Comparison::Less | Comparison::LessOrEqual => false,
        Comparison::Is | Comparison::Equal => return false,
    };
    match program.exprs[*left].kind {
        ExprKind::GeoSpeed => is_above != condition.unless,
        ExprKind::Elapsed => is_above == condition.unless,
        _ => false,
    }
}
