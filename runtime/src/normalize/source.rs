//! A source, ready to be applied to records.
//!
//! Apart from the program so that lines for fields that nothing reads are left out once and for all.

use muster_lang::ir::{self, ExprId, ExprKind, Program, RawPart, RawRoot, SourceId};
use muster_lang::units::Timestamp;
use muster_lang::value::Value;

use super::direct::Direct;
use super::explain::Origin;
use super::place::{Place, Places, Taken, Values};
use super::{DeadReason, ELEMENTS_MAX, Part};
use crate::decode::json::Wanted;
use crate::predicate::{Evaluator, Scope, Truth};

/// A source with the lines that matter.
#[derive(Debug)]
pub(super) struct Source {
    when: ExprId,
    absent: Vec<Value>,
    drops: Vec<ExprId>,
    explode: Option<ExprId>,
    /// Lines for `time`: what is valid in tables depends on it.
    time: Vec<Line>,
    /// Lines for all else.
    lines: Vec<Line>,
    direct: Option<Direct>,
}

/// A field line.
#[derive(Debug)]
struct Line {
    place: Place,
    value: ExprId,
    when: Option<ExprId>,
    /// Whether the value has the field's type already.
    fits: bool,
}

impl Source {
    /// Returns a source that gives values their places.
    pub(super) fn new(program: &Program, id: SourceId, places: &Places) -> Self {
        let declared = &program.sources[id];
        let line = |assign: &ir::Assign| {
            Some(Line {
                place: places.of(assign.field)?,
                value: assign.value,
                when: assign.when,
                fits: program.exprs[assign.value].ty == program.fields[assign.field].ty,
            })
        };
        let path = declared.fields_from.as_deref();
        let lines = declared.assigns.iter().filter_map(line);
        let (time, lines) = lines.partition(|line| line.place == places.time);
        Self {
            when: declared.when,
            absent: declared.absent.clone(),
            drops: declared.drops.clone(),
            explode: declared.explode,
            time,
            lines,
            direct: path.map(|path| Direct::new(program, path, places, declared.span)),
        }
    }

    /// Adds the places of a record that decide whether it takes it.
    pub(super) fn want_when(&self, program: &Program, wanted: &mut Wanted) {
        want(self.when, program, wanted);
    }

    /// Adds the places of a record that it reads.
    pub(super) fn want(&self, program: &Program, wanted: &mut Wanted) {
        let lines = self.time.iter().chain(&self.lines);
        let of_lines = lines.flat_map(|line| line.when.into_iter().chain([line.value]));
        let others = self.explode.into_iter().chain(self.drops.iter().copied());
        for expr in others.chain(of_lines) {
            want(expr, program, wanted);
        }
        self.direct.iter().for_each(|direct| direct.want(wanted));
    }

    /// Returns what the expressions of the source read, as of an instant.
    fn scope<'a>(
        &'a self,
        record: &'a Value,
        item: Option<&'a Value>,
        at: Option<Timestamp>,
    ) -> Scope<'a> {
        // Before the time is known, tables are read as they are valid without end.
        let at = Some(at.unwrap_or(Timestamp::MAX));
        Scope {
            record: Some(record),
            item,
            at,
            absent: &self.absent,
            ..Scope::default()
        }
    }

    /// Tells whether the source takes a record.
    pub(super) fn takes(&self, evaluator: &Evaluator, record: &Value) -> bool {
        evaluator.truth(self.when, &self.scope(record, None, None)) == Truth::True
    }

    /// Returns what of a record the source makes events of.
    pub(super) fn elements(&self, evaluator: &Evaluator, record: &Value) -> Elements {
        let Some(explode) = self.explode else {
            return Elements::Whole;
        };
        match evaluator.value(explode, &self.scope(record, None, None)) {
            Value::Missing => Elements::None,
            Value::List(items) => Elements::Of(items),
            // Some sources write a list of one without its brackets.
            one => Elements::Of([one].into()),
        }
    }

    /// Gives the fields their values, the time first, telling of each where it came from.
    pub(super) fn fill(
        &self,
        evaluator: &Evaluator,
        record: &Value,
        item: Option<&Value>,
        values: &mut Values<'_>,
        tell: &mut dyn FnMut(Place, Origin),
    ) -> Filled {
        let timeless = self.scope(record, item, None);
        self.apply(&self.time, evaluator, &timeless, values, tell);
        let scope = self.scope(record, item, values.time());
        if self
            .drops
            .iter()
            .any(|drop| evaluator.truth(*drop, &scope) == Truth::True)
        {
            return Filled::Dropped;
        }
        self.apply(&self.lines, evaluator, &scope, values, tell);
        if let Some(direct) = &self.direct {
            direct.fill(record, &self.absent, values, tell);
        }
        Filled::Kept
    }

    fn apply(
        &self,
        lines: &[Line],
        evaluator: &Evaluator,
        scope: &Scope<'_>,
        values: &mut Values<'_>,
        tell: &mut dyn FnMut(Place, Origin),
    ) {
        for line in lines {
            if line.apply(evaluator, scope, values) == Taken::Yes {
                tell(
                    line.place,
                    Origin::Line(evaluator.program().exprs[line.value].span),
                );
            }
        }
    }
}

/// Adds the places of a record that an expression reads.
fn want(expr: ExprId, program: &Program, wanted: &mut Wanted) {
    program.walk(expr, &mut |_, kind| {
        if let ExprKind::Raw(RawRoot::Record, path) = kind {
            wanted.add(path.iter().map_while(|part| match part {
                RawPart::Key(key) => Some(key.as_str()),
                RawPart::Index(_) => None,
            }));
        }
    });
}

/// Whether an element was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Filled {
    Kept,
    Dropped,
}

impl Line {
    fn apply(&self, evaluator: &Evaluator, scope: &Scope<'_>, values: &mut Values<'_>) -> Taken {
        let applies = values.lacks(self.place)
            && self
                .when
                .is_none_or(|when| evaluator.truth(when, scope) == Truth::True);
        if !applies {
            return Taken::No;
        }
        let value = evaluator.value(self.value, scope);
        if self.fits {
            values.set(self.place, value)
        } else {
            values.convert(self.place, &value)
        }
    }
}

/// What events are made of.
pub(super) enum Elements {
    /// The record itself.
    Whole,
    /// Each element of a list.
    Of(std::sync::Arc<[Value]>),
    /// There is no list.
    None,
}

impl Elements {
    /// Returns the part of each element, which is given with its place; never none.
    pub(super) fn parts(&self, mut part: impl FnMut(usize, Option<&Value>) -> Part) -> Vec<Part> {
        match self {
            Self::Whole => vec![part(0, None)],
            Self::None => vec![Part::Dead(DeadReason::NoList)],
            Self::Of(items) if items.is_empty() => vec![Part::Dropped],
            Self::Of(items) => {
                let few = items.iter().take(ELEMENTS_MAX).enumerate();
                let parts = few.map(|(place, item)| part(place, Some(item)));
                let rest =
                    (items.len() > ELEMENTS_MAX).then_some(Part::Dead(DeadReason::ManyElements));
                parts.chain(rest).collect()
            }
        }
    }
}
