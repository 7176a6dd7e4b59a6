//! Tests of evaluation: every form of expression, and what is missing in each of them.
//!
//! Apart from the files they test because they share a small builder of programs.

mod events;
mod lists;
mod logic;
mod lookups;
mod matches;

use std::sync::Arc;

use muster_lang::file::Span;
use muster_lang::ir::{Expr, ExprId, ExprKind, Field, FieldId, Program};
use muster_lang::types::Type;
use muster_lang::units::Timestamp;
use muster_lang::value::Value;

use super::{Evaluator, Scope, Truth};
use crate::event::{Event, Layout, Origin};
use crate::lookup::Lookups;

/// A program in the making.
#[derive(Default)]
struct Builder {
    program: Program,
}

impl Builder {
    fn add(&mut self, kind: ExprKind) -> ExprId {
        self.typed(kind, Type::Any)
    }

    fn typed(&mut self, kind: ExprKind, ty: Type) -> ExprId {
        self.program.exprs.add(Expr {
            kind,
            ty,
            span: Span::default(),
        })
    }

    fn constant(&mut self, value: Value) -> ExprId {
        self.add(ExprKind::Constant(value))
    }

    fn field(&mut self, name: &str, ty: Type) -> FieldId {
        let id = self.program.fields.add(Field {
            name: name.into(),
            ty,
            default: None,
            doc: "".into(),
            span: Span::default(),
        });
        self.program.reads.push(id);
        id
    }

    fn evaluator(self) -> Evaluator {
        let layout = Layout::of_reads(&self.program);
        let lookups = Lookups::load(&self.program, &mut |_| Err("no tables".into())).unwrap();
        Evaluator::new(Arc::new(self.program), layout, Arc::new(lookups)).unwrap()
    }
}

/// Returns the value of one expression over nothing.
fn value_of(build: impl FnOnce(&mut Builder) -> ExprId) -> Value {
    let mut builder = Builder::default();
    let id = build(&mut builder);
    builder.evaluator().value(id, &Scope::default())
}

/// Returns the truth of one expression over nothing.
fn truth_of(build: impl FnOnce(&mut Builder) -> ExprId) -> Truth {
    let mut builder = Builder::default();
    let id = build(&mut builder);
    let evaluator = builder.evaluator();
    let truth = evaluator.truth(id, &Scope::default());
    assert_eq!(evaluator.value(id, &Scope::default()), truth.into_value());
    truth
}

fn text(text: &str) -> Value {
    Value::text(text)
}

fn texts(items: &[&str]) -> Value {
    items.iter().copied().map(text).collect()
}

fn ints(items: &[i64]) -> Value {
    items.iter().copied().map(Value::Int).collect()
}

fn ip(text: &str) -> Value {
    Value::Ip(text.parse().unwrap())
}

/// An event of a number of seconds, with its values by slot.
fn event(seconds: i64, values: &[Value]) -> Arc<Event> {
    Arc::new(Event {
        time: Timestamp(seconds * 1_000_000),
        source: "test".into(),
        id: format!("{seconds}").into(),
        position: u64::try_from(seconds).unwrap(),
        origin: Origin::Input,
        values: values.into(),
        raw: None,
    })
}
