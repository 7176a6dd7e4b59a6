//! Tests of normalizing, over programs built by hand.

use super::*;

mod fields;
mod sources;

use std::collections::BTreeMap;

use muster_lang::file::Span;
use muster_lang::ir::{
    self, Assign, Comparison, CoreFields, ExprId, ExprKind, FieldId, RawPart, RawRoot, Row,
    SourceId,
};
use muster_lang::time::parse_rfc3339;
use muster_lang::types::{EnumType, Type};
use muster_lang::units::{Duration, Timestamp};

use crate::decode::json;
use crate::event::{self, Layout};
use crate::lookup::Lookups;

/// A program that is being built; every expression has a span of its own.
struct Builder {
    program: Program,
    reads: Layout,
}

/// A source that is being built.
struct SourceBuilder<'a> {
    builder: &'a mut Builder,
    id: SourceId,
}

impl Builder {
    /// Returns a program with the core fields and some more.
    fn new(fields: &[(&str, Type)]) -> Self {
        let mut program = Program::default();
        let mut add = |name: &str, ty: Type| {
            let span = span_of(program.fields.len());
            program.fields.add(ir::Field {
                name: name.into(),
                ty,
                default: None,
                doc: "".into(),
                span,
            })
        };
        let class = Type::Enum(Arc::new(EnumType {
            symbols: vec!["auth.login".into(), "access.open".into()],
            ordered: false,
        }));
        let core = CoreFields {
            time: add("time", Type::Time),
            id: add("id", Type::Text),
            source: add("source", Type::Text),
            tenant: add("tenant", Type::Text),
            class: add("class", class),
            geo: add("geo", Type::Geo),
            identity: add("identity", Type::Text),
        };
        for (name, ty) in fields {
            add(name, ty.clone());
        }
        program.core = core;
        let reads = Layout::of_all(&program);
        Self { program, reads }
    }

    fn field(&self, name: &str) -> FieldId {
        let found = self
            .program
            .fields
            .iter()
            .find(|(_, field)| &*field.name == name);
        found.unwrap_or_else(|| panic!("{name}")).0
    }

    fn expr(&mut self, kind: ExprKind, ty: Type) -> ExprId {
        let span = span_of(1000 + self.program.exprs.len());
        self.program.exprs.add(ir::Expr { kind, ty, span })
    }

    fn path(&mut self, root: RawRoot, path: &str) -> ExprId {
        let parts: Vec<RawPart> = path
            .split('.')
            .filter(|part| !part.is_empty())
            .map(|part| RawPart::Key(part.into()))
            .collect();
        self.expr(ExprKind::Raw(root, parts.into()), Type::Any)
    }

    fn raw(&mut self, path: &str) -> ExprId {
        self.path(RawRoot::Record, path)
    }

    fn item(&mut self, path: &str) -> ExprId {
        self.path(RawRoot::Item, path)
    }

    fn text(&mut self, text: &str) -> ExprId {
        self.expr(ExprKind::Constant(Value::text(text)), Type::Text)
    }

    fn exists(&mut self, path: &str) -> ExprId {
        let raw = self.raw(path);
        self.expr(ExprKind::Exists(raw), Type::Bool)
    }

    fn is(&mut self, left: ExprId, text: &str) -> ExprId {
        let right = self.text(text);
        self.expr(ExprKind::Compare(Comparison::Is, left, right), Type::Bool)
    }

    /// Adds a source that takes records with a key, and reads `t` as the time.
    fn source(&mut self, name: &str, key: &str) -> SourceBuilder<'_> {
        let when = self.exists(key);
        let time = self.raw("t");
        let (time_field, span) = (self.program.core.time, Span::default());
        let id = self.program.sources.add(ir::Source {
            name: name.into(),
            doc: "".into(),
            when,
            absent: Vec::new(),
            drops: Vec::new(),
            lateness: Duration(0),
            dedupe: None,
            explode: None,
            assigns: vec![Assign {
                field: time_field,
                value: time,
                when: None,
            }],
            fields_from: None,
            span,
        });
        SourceBuilder { builder: self, id }
    }

    fn default(&mut self, field: &str, kind: ExprKind, ty: Type) {
        let value = self.expr(kind, ty);
        let field = self.field(field);
        self.program.fields[field].default = Some(value);
    }

    fn build(self) -> Counting {
        self.forced(None)
    }

    fn forced(self, source: Option<SourceId>) -> Counting {
        let lookups = Lookups::load(&self.program, &mut |_| Err("no file".into())).unwrap();
        self.with(lookups, source)
    }

    fn with(self, lookups: Lookups, source: Option<SourceId>) -> Counting {
        let evaluator = Evaluator::new(Arc::new(self.program), self.reads, Arc::new(lookups));
        Counting {
            normalizer: Normalizer::new(Arc::new(evaluator.unwrap()), source),
            failed: BTreeMap::new(),
        }
    }
}

impl SourceBuilder<'_> {
    fn edit(&mut self) -> &mut ir::Source {
        &mut self.builder.program.sources[self.id]
    }

    fn absent(mut self, texts: &[&str]) -> Self {
        self.edit().absent = texts.iter().map(|text| Value::text(*text)).collect();
        self
    }

    /// Adds a line that reads a path of the record.
    fn line(self, field: &str, path: &str) -> Self {
        let value = self.builder.raw(path);
        self.assign(field, value, None)
    }

    fn assign(mut self, field: &str, value: ExprId, when: Option<ExprId>) -> Self {
        let field = self.builder.field(field);
        self.edit().assigns.push(Assign { field, value, when });
        self
    }

    fn direct(mut self, path: &str) -> Self {
        let parts = path.split('.').filter(|part| !part.is_empty());
        self.edit().fields_from = Some(parts.map(|part| RawPart::Key(part.into())).collect());
        self
    }
}

fn span_of(place: usize) -> Span {
    let start = u32::try_from(place).unwrap();
    Span {
        start,
        end: start + 1,
        ..Span::default()
    }
}

fn record(text: &str) -> Value {
    json::parse(text.as_bytes())
        .unwrap_or_else(|error| panic!("{text}: {error}"))
        .value
}

fn events(normalizer: &mut Counting, text: &str) -> Vec<Draft> {
    let parts = normalizer.normalize(&record(text)).parts.into_iter();
    parts
        .map(|part| match part {
            Part::Event(draft) => draft,
            Part::Dropped => panic!("{text} was dropped"),
            Part::Dead(reason) => panic!("{text}: {reason}"),
        })
        .collect()
}

fn event(normalizer: &mut Counting, text: &str) -> Draft {
    let mut events = events(normalizer, text);
    assert_eq!(events.len(), 1, "{text}");
    events.remove(0)
}

fn value(normalizer: &Counting, draft: &Draft, field: &str) -> Value {
    let program = normalizer.program();
    let (field, _) = program
        .fields
        .iter()
        .find(|(_, known)| &*known.name == field)
        .unwrap();
    let slot = normalizer.evaluator.layout().slot(field).unwrap();
    draft.values[slot].clone()
}

/// Returns a field of the one event of a record.
fn field(normalizer: &mut Counting, text: &str, field: &str) -> Value {
    let draft = event(normalizer, text);
    value(normalizer, &draft, field)
}

/// Returns what became of the parts of a record, in a word each.
fn outcomes(normalizer: &mut Counting, text: &str) -> Vec<String> {
    let parts = normalizer.normalize(&record(text)).parts.into_iter();
    parts
        .map(|part| match part {
            Part::Event(_) => "event".to_owned(),
            Part::Dropped => "dropped".to_owned(),
            Part::Dead(reason) => reason.to_string(),
        })
        .collect()
}

/// A normalizer that counts the values that did not fit.
struct Counting {
    normalizer: Normalizer,
    failed: BTreeMap<(SourceId, FieldId), u64>,
}

impl std::ops::Deref for Counting {
    type Target = Normalizer;

    fn deref(&self) -> &Normalizer {
        &self.normalizer
    }
}

impl Counting {
    fn normalize(&mut self, record: &Value) -> Normalized {
        let normalized = self.normalizer.normalize(record);
        for field in &normalized.failed {
            let place = (normalized.source.unwrap(), *field);
            *self.failed.entry(place).or_default() += 1;
        }
        normalized
    }
}

/// Returns how many values of each source and field did not fit, by name.
fn failures(normalizer: &Counting) -> Vec<(String, String, u64)> {
    let program = normalizer.program();
    let name = |((source, field), count): (&(SourceId, FieldId), &u64)| {
        let source = program.sources[*source].name.to_string();
        (source, program.fields[*field].name.to_string(), *count)
    };
    let mut failures: Vec<_> = normalizer.failed.iter().map(name).collect();
    failures.sort();
    failures
}

fn failure(source: &str, field: &str, count: u64) -> (String, String, u64) {
    (source.into(), field.into(), count)
}

fn complete(normalizer: &Counting, draft: Draft) -> Draft {
    let mut event = Event {
        time: draft.time,
        source: "s".into(),
        id: "i".into(),
        position: 0,
        origin: event::Origin::Input,
        values: draft.values,
        raw: draft.raw,
    };
    normalizer.complete(&mut event);
    Draft {
        values: event.values,
        raw: event.raw,
        ..draft
    }
}

fn at(text: &str) -> Timestamp {
    parse_rfc3339(text).unwrap()
}
