//! Defaults: fields computed from others where no source gave them.
//!
//! Apart because events of tests and of late arrivals are completed too, without any record.

use muster_lang::ir::{ExprId, ExprKind, FieldId, Program, Row};
use muster_lang::value::convert;

use crate::event::{Event, Layout};
use crate::predicate::{Evaluator, Scope};

/// The defaults that matter, each after those it reads.
#[derive(Debug)]
pub(super) struct Defaults {
    defaults: Vec<Default>,
}

/// A field's default.
#[derive(Debug)]
struct Default {
    field: FieldId,
    slot: usize,
    value: ExprId,
    /// Whether the value has the field's type already.
    fits: bool,
}

impl Defaults {
    /// Returns the defaults of the fields that have a slot.
    pub(super) fn new(program: &Program, layout: &Layout) -> Self {
        let mut order = Order {
            program,
            layout,
            done: vec![false; program.fields.len()],
            defaults: Vec::new(),
        };
        layout.fields().iter().for_each(|field| order.add(*field));
        Self {
            defaults: order.defaults,
        }
    }

    /// Computes what is missing, telling of each field that got a value.
    pub(super) fn complete(
        &self,
        evaluator: &Evaluator,
        event: &mut Event,
        tell: &mut dyn FnMut(FieldId),
    ) {
        for default in &self.defaults {
            if event
                .values
                .get(default.slot)
                .is_none_or(|value| !value.is_missing())
            {
                continue;
            }
            let scope = Scope {
                this: Some(event),
                ..Scope::default()
            };
            let value = evaluator.value(default.value, &scope);
            let ty = &evaluator.program().fields[default.field].ty;
            let value = if default.fits {
                Some(value)
            } else {
                convert(&value, ty)
            };
            let place = event.values.get_mut(default.slot);
            if let (Some(place), Some(value)) = (place, value)
                && !value.is_missing()
            {
                *place = value;
                tell(default.field);
            }
        }
    }
}

/// Defaults on their way into order.
struct Order<'a> {
    program: &'a Program,
    layout: &'a Layout,
    done: Vec<bool>,
    defaults: Vec<Default>,
}

impl Order<'_> {
    /// Adds a field's default behind those of the fields it reads.
    ///
    /// Iterative, since a chain of defaults may be as long as the program. A circle, which does not
    /// compile, would be entered once.
    fn add(&mut self, field: FieldId) {
        let mut open = vec![(field, self.reads(field))];
        self.mark(field);
        while let Some((field, reads)) = open.last_mut() {
            match reads.pop() {
                Some(read) if self.is_done(read) => {}
                Some(read) => {
                    self.mark(read);
                    let reads = self.reads(read);
                    open.push((read, reads));
                }
                None => {
                    let field = *field;
                    open.pop();
                    self.push(field);
                }
            }
        }
    }

    fn is_done(&self, field: FieldId) -> bool {
        self.done.get(field.index()).copied().unwrap_or(true)
    }

    fn mark(&mut self, field: FieldId) {
        if let Some(done) = self.done.get_mut(field.index()) {
            *done = true;
        }
    }

    fn push(&mut self, field: FieldId) {
        let Some(slot) = self.layout.slot(field) else {
            return;
        };
        let Some(value) = self.program.fields[field].default else {
            return;
        };
        let fits = self.program.exprs[value].ty == self.program.fields[field].ty;
        self.defaults.push(Default {
            field,
            slot,
            value,
            fits,
        });
    }

    fn reads(&self, field: FieldId) -> Vec<FieldId> {
        let mut fields = Vec::new();
        if let Some(value) = self.program.fields[field].default {
            self.program.walk(value, &mut |_, kind| {
                if let ExprKind::Field(Row::This, field) = kind {
                    fields.push(*field);
                }
            });
        }
        fields
    }
}
