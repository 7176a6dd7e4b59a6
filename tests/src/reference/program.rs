//! The declarations of a program by name, looked up straight in the tree.
//!
//! Apart from evaluation so that names are resolved in one place, without the project's resolver.

use std::collections::BTreeMap;
use std::sync::Arc;

use muster_lang::syntax::ast::{
    self, DeclarationKind, LiteralKind, ParamValue, Path, Quantity, TypeExpr, TypeKind,
};
use muster_lang::types::{EnumType, Type};
use muster_lang::units::{Dimension, Duration, Timestamp};
use muster_lang::value::Value;

use super::table::Table;
use super::{Answer, Parsed, ReferenceError, unsupported};

/// A declared field.
#[derive(Debug)]
pub(crate) struct Field<'a> {
    /// Its type.
    pub(crate) ty: Type,
    /// How it is computed where no source gave it.
    pub(crate) value: Option<&'a ast::Expr>,
}

/// All declarations; a later one replaces an earlier one of the same name.
#[derive(Debug, Default)]
pub(crate) struct Program<'a> {
    pub(crate) fields: BTreeMap<String, Field<'a>>,
    pub(crate) events: BTreeMap<&'a str, &'a ast::Event>,
    pub(crate) lists: BTreeMap<&'a str, Vec<Value>>,
    pub(crate) params: BTreeMap<&'a str, Value>,
    pub(crate) identities: BTreeMap<&'a str, &'a ast::Identity>,
    pub(crate) calendars: BTreeMap<&'a str, &'a ast::Calendar>,
    pub(crate) memories: BTreeMap<&'a str, &'a ast::Memory>,
    pub(crate) rules: BTreeMap<&'a str, &'a ast::Rule>,
    pub(crate) digests: BTreeMap<&'a str, &'a ast::Digest>,
    /// Those that are written before those of the prelude, each as they stand.
    pub(crate) sources: Vec<&'a ast::Source>,
    pub(crate) tables: BTreeMap<&'a str, Table<'a>>,
}

impl<'a> Program<'a> {
    /// Gathers all declarations.
    pub(crate) fn new(parsed: &'a Parsed) -> Answer<Self> {
        let mut program = Program::default();
        for module in [&parsed.prelude, &parsed.written] {
            let before = std::mem::take(&mut program.sources);
            for declaration in &module.declarations {
                program.add(&declaration.kind, parsed)?;
            }
            program.sources.extend(before);
        }
        Ok(program)
    }

    fn add(&mut self, kind: &'a DeclarationKind, parsed: &'a Parsed) -> Answer<()> {
        match kind {
            DeclarationKind::Field(field) => {
                let ty = type_of(&field.ty)?;
                let entry = Field {
                    ty,
                    value: field.value.as_ref(),
                };
                self.fields.insert(dotted(&field.path), entry);
            }
            DeclarationKind::Event(event) => {
                self.events.insert(&event.name.text, event);
            }
            DeclarationKind::List(list) => {
                let items = list.items.iter().map(|item| literal(&item.kind));
                self.lists
                    .insert(&list.name.text, items.collect::<Answer<_>>()?);
            }
            DeclarationKind::Param(param) => {
                let value = match &param.value {
                    ParamValue::Literal(one) => literal(&one.kind)?,
                    ParamValue::List(many, _) => {
                        let items = many.iter().map(|item| literal(&item.kind));
                        Value::List(items.collect::<Answer<Arc<[Value]>>>()?)
                    }
                };
                self.params.insert(&param.name.text, value);
            }
            DeclarationKind::Identity(identity) => {
                self.identities.insert(&identity.name.text, identity);
            }
            DeclarationKind::Calendar(calendar) => {
                self.calendars.insert(&calendar.name.text, calendar);
            }
            DeclarationKind::Memory(memory) => {
                self.memories.insert(&memory.name.text, memory);
            }
            DeclarationKind::Rule(rule) => {
                self.rules.insert(&rule.name.text, rule);
            }
            DeclarationKind::Digest(digest) => {
                self.digests.insert(&digest.name.text, digest);
            }
            DeclarationKind::Source(source) => {
                self.sources.push(source);
            }
            DeclarationKind::Table(table) => {
                let Some(content) = parsed.files.get(&table.file.value) else {
                    return unsupported(format!("no file `{}`", table.file.value));
                };
                self.tables
                    .insert(&table.name.text, Table::new(table, content)?);
            }
            // Tests are run elsewhere, packs are loaded by the caller.
            DeclarationKind::Test(_) | DeclarationKind::Use(_) => {}
        }
        Ok(())
    }

    /// Tells whether a path names a field of an event.
    pub(crate) fn is_field(&self, path: &str) -> bool {
        const ENGINE: &[&str] = &["time", "id", "source", "tenant", "class"];
        const PLACE: &[&str] = &[
            "geo.lat",
            "geo.lon",
            "geo.country",
            "geo.region",
            "geo.city",
        ];
        ENGINE.contains(&path) || PLACE.contains(&path) || self.fields.contains_key(path)
    }

    /// Returns the type of a field.
    pub(crate) fn field_type(&self, path: &str) -> Option<Type> {
        if let Some(field) = self.fields.get(path) {
            return Some(field.ty.clone());
        }
        match path {
            "time" => Some(Type::Time),
            "geo.lat" | "geo.lon" => Some(Type::Float),
            _ => self.is_field(path).then_some(Type::Text),
        }
    }

    /// Returns a span in microseconds.
    pub(crate) fn span(&self, quantity: &Quantity) -> Answer<i64> {
        match self.quantity(quantity)? {
            Value::Duration(span) => Ok(span.0),
            other => unsupported(format!("expected a duration, found {other:?}")),
        }
    }

    /// Returns a count.
    pub(crate) fn count(&self, quantity: &Quantity) -> Answer<usize> {
        match self.quantity(quantity)? {
            Value::Int(count) => usize::try_from(count)
                .map_err(|_| ReferenceError(format!("expected a count, found {count}"))),
            other => unsupported(format!("expected a count, found {other:?}")),
        }
    }

    fn quantity(&self, quantity: &Quantity) -> Answer<Value> {
        match quantity {
            Quantity::Literal(one) => literal(&one.kind),
            Quantity::Param(name) => match self.params.get(name.text.as_str()) {
                Some(value) => Ok(value.clone()),
                None => unsupported(format!("no param `{}`", name.text)),
            },
        }
    }
}

/// Returns a path as written, without back quotes.
pub(crate) fn dotted(path: &Path) -> String {
    path.parts
        .iter()
        .map(|part| part.text.as_str())
        .collect::<Vec<_>>()
        .join(".")
}

/// Returns the value of a literal.
#[expect(
    clippy::cast_possible_truncation,
    reason = "sizes are whole bytes far below 2^53"
)]
pub(crate) fn literal(kind: &LiteralKind) -> Answer<Value> {
    Ok(match kind {
        LiteralKind::Int(int) => Value::Int(*int),
        LiteralKind::Float(float) | LiteralKind::Percent(float) => Value::Float(*float),
        LiteralKind::Duration(Duration(span)) => Value::Duration(Duration(*span)),
        LiteralKind::Quantity { base, dimension } => match dimension {
            Dimension::Duration => Value::Duration(Duration(base.round() as i64)),
            Dimension::Distance => Value::Distance(*base),
            Dimension::Speed => Value::Speed(*base),
            Dimension::Size => Value::Size(base.round() as i64),
        },
        LiteralKind::Text { value, .. } => Value::text(value.as_str()),
        LiteralKind::Bool(holds) => Value::Bool(*holds),
        LiteralKind::Instant(micros) => Value::Time(Timestamp(*micros)),
        LiteralKind::Clock(_) => return unsupported("a time of day as a value"),
    })
}

fn type_of(written: &TypeExpr) -> Answer<Type> {
    Ok(match &written.kind {
        TypeKind::Name(name) => match name.as_str() {
            "text" => Type::Text,
            "int" => Type::Int,
            "float" => Type::Float,
            "bool" => Type::Bool,
            "time" => Type::Time,
            "duration" => Type::Duration,
            "distance" => Type::Distance,
            "speed" => Type::Speed,
            "size" => Type::Size,
            "ip" => Type::Ip,
            "geo" => Type::Geo,
            "any" => Type::Any,
            other => return unsupported(format!("the type `{other}`")),
        },
        TypeKind::Enum { symbols, ordered } => {
            let symbols = symbols
                .iter()
                .map(|symbol| Arc::from(dotted(symbol)))
                .collect();
            Type::Enum(Arc::new(EnumType {
                symbols,
                ordered: *ordered,
            }))
        }
        TypeKind::List(element) => Type::List(Box::new(type_of(element)?)),
    })
}
