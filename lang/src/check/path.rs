//! Paths to expressions: fields, symbols, memories, params.
//!
//! Apart from what a path means because here it becomes an expression, or a message.

use std::sync::Arc;

use super::meaning::Fault;
use super::scope::{Bare, Place};
use super::{Checker, Meaning, Scope, Typed};
use crate::diagnostic::{Code, Diagnostic};
use crate::file::Span;
use crate::ir::{ExprKind, FieldId, MemoryId, MemoryRead, RawPart, RawRoot, Row, Statistic};
use crate::resolve::{Global, MemoryForm, dotted};
use crate::syntax::ast::{Name, Path, RawPath};
use crate::types::{EnumType, Type};
use crate::value::Value;

/// The parts of a profile.
const STATISTICS: [(&str, Statistic); 7] = [
    ("n", Statistic::N),
    ("mean", Statistic::Mean),
    ("sd", Statistic::Sd),
    ("median", Statistic::Median),
    ("mad", Statistic::Mad),
    ("p95", Statistic::P95),
    ("max", Statistic::Max),
];

impl Checker<'_> {
    /// Returns the expression of a path; `want` is the type its place asks for, if any.
    pub(super) fn path(
        &mut self,
        path: &Path,
        scope: &Scope<'_>,
        want: Option<&Type>,
    ) -> Option<Typed> {
        if let Some(Type::Enum(symbols)) = want
            && let Some(symbol) = symbol(symbols, &dotted(&path.parts))
        {
            return Some(self.add_constant(
                Value::Text(symbol),
                Type::Enum(symbols.clone()),
                path.span,
            ));
        }
        match self.meaning(path, scope) {
            Ok(Meaning::Global(Global::Param(index))) => self.param_value(index, want, path.span),
            Ok(meaning) => self.of_meaning(meaning, path.span, scope),
            Err(fault) => {
                self.report_fault(&fault, path, scope, want);
                None
            }
        }
    }

    /// Returns the expression of what a path means.
    pub(crate) fn of_meaning(
        &mut self,
        meaning: Meaning<'_>,
        span: Span,
        scope: &Scope<'_>,
    ) -> Option<Typed> {
        match meaning {
            Meaning::Field(row, field, ty, rest) => self.field(row, field, ty, rest, span),
            Meaning::Memory(row, memory, rest) => self.memory(row, memory, rest, span),
            Meaning::Global(global) => self.global(global, span),
            Meaning::Raw(root, parts) => {
                let parts = parts
                    .iter()
                    .map(|part| RawPart::Key(part.text.clone()))
                    .collect();
                Some(self.add(ExprKind::Raw(root, parts), Type::Any, span))
            }
            Meaning::Step(step) => {
                let group = scope.steps.iter().any(|name| name.id == step && name.group);
                self.report_step_alone(group, span);
                None
            }
            Meaning::Key(index, ty) => Some(self.add(ExprKind::Key(index), ty, span)),
            Meaning::Notes => Some(self.add(ExprKind::Notes, Type::Int, span)),
            Meaning::Poisoned => None,
        }
    }

    /// Returns a field of an event, with `.lat` and `.lon` of coordinates and parts of records.
    fn field(
        &mut self,
        row: Row,
        field: FieldId,
        ty: Type,
        rest: &[Name],
        span: Span,
    ) -> Option<Typed> {
        let value = self.add(ExprKind::Field(row, field), ty, span);
        let Some((part, further)) = rest.split_first() else {
            return Some(value);
        };
        match (&value.ty, part.text.as_str(), further.is_empty()) {
            (Type::Geo, "lat", true) => {
                Some(self.add(ExprKind::Latitude(value.id), Type::Float, span))
            }
            (Type::Geo, "lon", true) => {
                Some(self.add(ExprKind::Longitude(value.id), Type::Float, span))
            }
            (Type::Any, _, _) => Some(self.parts(value, rest, span)),
            (_, _, _) => {
                self.report_no_part(&value.ty, part, span);
                None
            }
        }
    }

    /// Returns parts of a record.
    pub(super) fn parts(&mut self, value: Typed, parts: &[Name], span: Span) -> Typed {
        parts.iter().fold(value, |record, part| {
            let name: Arc<str> = part.text.as_str().into();
            self.add(ExprKind::Part(record.id, name), Type::Any, span)
        })
    }

    /// Returns what a memory answers.
    fn memory(&mut self, row: Row, memory: MemoryId, rest: &[Name], span: Span) -> Option<Typed> {
        let info = self.names.memories.get(memory.index())?.clone();
        let part = rest.first().map(|part| part.text.as_str());
        let value = info.ty;
        let (read, ty) = match (info.kind, part) {
            (MemoryForm::Count | MemoryForm::Distinct, None) => (MemoryRead::Value, Type::Int),
            (MemoryForm::Seen, Some("size")) => (MemoryRead::Size, Type::Int),
            (MemoryForm::Last, None) => (MemoryRead::Value, value?),
            (MemoryForm::Last, Some("at")) => (MemoryRead::At, Type::Time),
            (MemoryForm::Last, Some("previous")) => (MemoryRead::Previous, value?),
            (MemoryForm::Profile, Some(name)) => {
                let statistic = STATISTICS.iter().find(|(known, _)| *known == name);
                let Some((_, statistic)) = statistic else {
                    return self.report_memory_part(info.kind, rest, span);
                };
                let ty = match statistic {
                    Statistic::N => Type::Int,
                    Statistic::Mean
                    | Statistic::Sd
                    | Statistic::Median
                    | Statistic::Mad
                    | Statistic::P95
                    | Statistic::Max => statistic_type(value?),
                };
                (MemoryRead::Statistic(*statistic), ty)
            }
            (MemoryForm::Count | MemoryForm::Distinct | MemoryForm::Last, Some(_))
            | (MemoryForm::Seen | MemoryForm::Profile, _) => {
                return self.report_memory_part(info.kind, rest, span);
            }
        };
        if rest.len() > 1 {
            return self.report_memory_part(info.kind, rest, span);
        }
        Some(self.add(ExprKind::Memory(memory, row, read), ty, span))
    }

    fn report_memory_part(&mut self, kind: MemoryForm, rest: &[Name], span: Span) -> Option<Typed> {
        let quoted = self.quote(span);
        let (message, help) = match (kind, rest.first()) {
            (MemoryForm::Seen, None) => (
                format!("expected a test of membership, found the memory `{quoted}` alone"),
                format!("write `resource.id in {quoted}`, or `{quoted}.size` for its size"),
            ),
            (MemoryForm::Profile, None) => (
                format!("expected a statistic of the profile, found `{quoted}` alone"),
                format!("write `{quoted}.mean`, or `.n .sd .median .mad .p95 .max`"),
            ),
            (kind, Some(part)) => (
                format!("a `{}` memory has no part `{}`", form_name(kind), part.text),
                parts_of(kind).to_owned(),
            ),
            (kind, None) => (
                format!("found a `{}` memory here", form_name(kind)),
                String::new(),
            ),
        };
        let span = rest.first().map_or(span, |part| part.span);
        self.report(Diagnostic::error(Code::UnknownPart, span, message).help(help));
        None
    }

    /// Returns the value of a param, read as its place asks, as a literal would be.
    fn param_value(&mut self, index: usize, want: Option<&Type>, span: Span) -> Option<Typed> {
        let constant = self.names.params.get(index)?.clone()?;
        match (&constant.value, want) {
            (Value::Text(text), Some(want)) => self.text_literal(text, want, span),
            (_, _) => Some(self.add_constant(constant.value, constant.ty, span)),
        }
    }

    /// Returns the value of a param; other names are no values by themselves.
    fn global(&mut self, global: Global, span: Span) -> Option<Typed> {
        if let Global::Param(index) = global {
            return self.param_value(index, None, span);
        }
        let name = self.quote(span);
        let help = match global {
            Global::List(_) => format!("write `x in {name}`"),
            Global::Table(_) => {
                format!("write `x in {name}`, or `{name}[x].column` for a column of its row")
            }
            Global::Calendar(_) => format!("write `time during {name}` or `time outside {name}`"),
            Global::Identity(_) => format!("call it: `{name}(actor.email, actor.name)`"),
            Global::Memory(_) | Global::Param(_) => String::new(),
        };
        let message = format!("expected a value, found the {} `{name}`", global.noun());
        self.report(Diagnostic::error(Code::NotAValue, span, message).help(help));
        None
    }

    fn report_step_alone(&mut self, group: bool, span: Span) {
        let name = self.quote(span);
        let help = if group {
            format!("write `count({name})`, or a function of a field: `max({name}.time)`")
        } else {
            format!("name one of its fields: `{name}.ip`")
        };
        let message = format!("expected a value, found the step `{name}`");
        self.report(Diagnostic::error(Code::NotAValue, span, message).help(help));
    }

    /// Returns a place in a raw record: `.actor.email` in a source or a test of elements.
    pub(super) fn raw(&mut self, path: &RawPath, scope: &Scope<'_>) -> Option<Typed> {
        let root = if scope.element {
            RawRoot::Element
        } else if scope.bare == Bare::Record {
            RawRoot::Record
        } else {
            let quoted = self.quote(path.span);
            let message = format!("`{quoted}` reads a raw record, which only a source has at hand");
            let help = format!("write `raw{quoted}`, or declare a field for it");
            let mut diagnostic = Diagnostic::error(Code::NotHere, path.span, message).help(help);
            if scope.place != Place::Test {
                diagnostic = diagnostic.patch(format!("raw{quoted}"));
            }
            self.report(diagnostic);
            return None;
        };
        let parts = path.parts.clone().into();
        Some(self.add(ExprKind::Raw(root, parts), Type::Any, path.span))
    }

    /// Returns a place in the record kept with an event: `raw.userAgent`, `a.raw.list[0]`.
    pub(super) fn raw_field(
        &mut self,
        step: Option<&Name>,
        path: &RawPath,
        scope: &Scope<'_>,
        span: Span,
    ) -> Option<Typed> {
        let root = match self.raw_row(step, scope) {
            Ok(Some(row)) => RawRoot::Event(row),
            Ok(None) => RawRoot::Record,
            Err(fault) => {
                let name = |text: &str| Name {
                    text: text.to_owned(),
                    span,
                };
                let keys = path.parts.iter().filter_map(|part| match part {
                    RawPart::Key(key) => Some(name(key)),
                    RawPart::Index(_) => None,
                });
                let parts = step
                    .cloned()
                    .into_iter()
                    .chain([name("raw")])
                    .chain(keys)
                    .collect();
                self.report_fault(&fault, &Path { parts, span }, scope, None);
                return None;
            }
        };
        Some(self.add(
            ExprKind::Raw(root, path.parts.clone().into()),
            Type::Any,
            span,
        ))
    }

    /// Returns the event whose record is read; `None` in a source, where `raw` is its record.
    pub(crate) fn raw_row(
        &self,
        step: Option<&Name>,
        scope: &Scope<'_>,
    ) -> Result<Option<Row>, Fault> {
        let Some(step) = step else {
            return match scope.bare {
                Bare::This => Ok(Some(Row::This)),
                Bare::Step(step) => Ok(Some(Row::Step(step))),
                Bare::Group(_) => Err(Fault::GroupField("f".to_owned())),
                Bare::Several => Err(Fault::Several),
                Bare::Record => Ok(None),
            };
        };
        if let Some(own) = scope.own.filter(|own| own.name == step.text) {
            if own.group && scope.member != own.step {
                return Err(Fault::GroupField(own.name.to_owned()));
            }
            return Ok(Some(Row::This));
        }
        match scope.find(&step.text) {
            None => Err(Fault::Unknown),
            Some((index, _)) if index >= scope.visible => Err(Fault::Later(step.text.clone())),
            Some((_, found)) if scope.member == Some(found.id) => Ok(Some(Row::This)),
            Some((_, found)) if found.group => Err(Fault::GroupField(step.text.clone())),
            Some((_, found)) => Ok(Some(Row::Step(found.id))),
        }
    }
}

/// Returns a symbol of an enum by its spelling, ignoring case as `is` does.
pub(super) fn symbol(symbols: &EnumType, text: &str) -> Option<Arc<str>> {
    let exact = symbols.symbols.iter().find(|symbol| ***symbol == *text);
    let folded = || {
        symbols
            .symbols
            .iter()
            .find(|symbol| symbol.eq_ignore_ascii_case(text))
    };
    exact.or_else(folded).cloned()
}

/// Returns the type of a statistic over buckets of a type.
fn statistic_type(bucket: Type) -> Type {
    if bucket == Type::Int {
        Type::Float
    } else {
        bucket
    }
}

fn form_name(kind: MemoryForm) -> &'static str {
    match kind {
        MemoryForm::Seen => "seen",
        MemoryForm::Last => "last",
        MemoryForm::Count => "count",
        MemoryForm::Distinct => "distinct",
        MemoryForm::Profile => "profile",
    }
}

fn parts_of(kind: MemoryForm) -> &'static str {
    match kind {
        MemoryForm::Seen => "it has `.size`; ask `x in` it for a value",
        MemoryForm::Last => "its name alone is the value; it has `.at` and `.previous`",
        MemoryForm::Count | MemoryForm::Distinct => "its name alone is the number",
        MemoryForm::Profile => "it has `.n .mean .sd .median .mad .p95 .max`",
    }
}
