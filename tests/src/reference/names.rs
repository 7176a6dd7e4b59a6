//! What a name in an expression stands for: a field, a step's field, a symbol, a memory, a list.
//!
//! Apart from expressions so that the order in which names are tried is readable at one glance.

use std::sync::Arc;

use muster_lang::syntax::ast::{self, Expr, ExprKind, Path, RawPart};
use muster_lang::types::{EnumType, Type};
use muster_lang::value::Value;

use super::lookup::{Input, follow, present};
use super::program::dotted;
use super::stream::{Event, World};
use super::{Answer, unsupported};

/// What a step is bound to.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Bound<'s> {
    /// Nothing: the step of an `N of` that does not take part, or one not yet bound.
    Nothing,
    /// The event of a plain step.
    One(&'s Event),
    /// The members of a group in stream order.
    Many(Vec<&'s Event>),
}

impl<'s> Bound<'s> {
    /// Returns the bound events in stream order.
    pub(crate) fn events(&self) -> Vec<&'s Event> {
        match self {
            Bound::Nothing => Vec::new(),
            Bound::One(event) => vec![event],
            Bound::Many(events) => events.clone(),
        }
    }
}

/// All that an expression may read.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Scope<'s> {
    /// Declarations and stream.
    pub(crate) world: &'s World<'s>,
    /// Whose fields bare names are.
    pub(crate) this: Option<&'s Event>,
    /// Steps by name, and the `q` of a `without`.
    pub(crate) names: &'s [(String, Bound<'s>)],
    /// The bound events as units side by side, for the correlation atoms.
    pub(crate) layout: Option<&'s [Vec<&'s Event>]>,
    /// The element of a list at hand.
    pub(crate) item: Option<&'s Value>,
    /// The events of a bucket.
    pub(crate) window: Option<&'s [&'s Event]>,
    /// The key of a match, whose bare names an alert may read.
    pub(crate) key: &'s [(String, Value)],
    /// How many notes hold.
    pub(crate) notes: Option<usize>,
    /// The record at hand, in the lines of a source.
    pub(crate) input: Option<&'s Input<'s>>,
}

impl<'s> Scope<'s> {
    /// Returns a scope that reads nothing but declarations.
    pub(crate) fn new(world: &'s World<'s>) -> Self {
        Scope {
            world,
            this: None,
            names: &[],
            layout: None,
            item: None,
            window: None,
            key: &[],
            notes: None,
            input: None,
        }
    }

    /// Returns a scope in which bare names are an event's fields.
    pub(crate) fn at(self, event: &'s Event) -> Self {
        Scope {
            this: Some(event),
            ..self
        }
    }
}

/// What the other side of a comparison says about a bare symbol.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expected {
    /// No symbol is expected.
    Nothing,
    /// Any dotted name is a class.
    Class,
    /// One of these symbols.
    Symbols(Arc<EnumType>),
}

/// What a path stands for.
#[derive(Debug)]
pub(crate) enum Named<'s> {
    /// A constant: a symbol, a list, a param.
    Value(Value),
    /// A field of an event.
    Field(&'s Event, String),
    /// Something of a step that is not bound.
    Unbound,
    /// A group, or one field of its members.
    Members(Vec<&'s Event>, Option<String>),
    /// A memory, read at an event, with what follows its name.
    Memory(&'s ast::Memory, Option<&'s Event>, Vec<String>),
    /// A field without an event: the members of a bucket.
    Bare(String),
}

/// Resolves a path.
pub(crate) fn resolve<'s>(path: &Path, scope: Scope<'s>, expected: &Expected) -> Answer<Named<'s>> {
    let whole = dotted(path);
    let parts: Vec<String> = path.parts.iter().map(|part| part.text.clone()).collect();
    let Some((first, rest)) = parts.split_first() else {
        return unsupported("an empty path");
    };
    match expected {
        Expected::Symbols(symbols) if symbols.symbols.iter().any(|symbol| **symbol == *whole) => {
            return Ok(Named::Value(Value::text(whole)));
        }
        Expected::Class if !scope.world.program.params.contains_key(first.as_str()) => {
            return Ok(Named::Value(Value::text(whole)));
        }
        Expected::Symbols(_) | Expected::Class | Expected::Nothing => {}
    }
    if let Some((_, bound)) = scope.names.iter().find(|(name, _)| name == first) {
        return step_part(bound, rest, scope);
    }
    if let Some((_, value)) = scope.key.iter().find(|(name, _)| *name == whole) {
        return Ok(Named::Value(value.clone()));
    }
    if let Some(input) = scope.input {
        if let Some((_, element)) = input.element.as_ref().filter(|(name, _)| name == first) {
            let keys: Vec<RawPart> = rest.iter().cloned().map(RawPart::Key).collect();
            return Ok(Named::Value(present(follow(element, &keys), scope)));
        }
        return constant(&whole, first, rest, scope);
    }
    if scope.world.program.is_field(&whole) {
        return Ok(match (scope.this, scope.window) {
            (Some(event), _) => Named::Field(event, whole),
            (None, Some(_)) => Named::Bare(whole),
            (None, None) => return unsupported(format!("`{whole}` without a step")),
        });
    }
    constant(&whole, first, rest, scope)
}

fn constant<'s>(whole: &str, first: &str, rest: &[String], scope: Scope<'s>) -> Answer<Named<'s>> {
    let program = scope.world.program;
    if let Some(memory) = program.memories.get(first) {
        return Ok(Named::Memory(memory, scope.this, rest.to_vec()));
    }
    if let Some(items) = program.lists.get(whole) {
        return Ok(Named::Value(Value::List(items.clone().into())));
    }
    if let Some(value) = program.params.get(whole) {
        return Ok(Named::Value(value.clone()));
    }
    match scope.notes {
        Some(notes) if whole == "notes" => Ok(Named::Value(Value::Int(
            i64::try_from(notes).unwrap_or(i64::MAX),
        ))),
        _ => unsupported(format!("the name `{whole}`")),
    }
}

fn step_part<'s>(bound: &Bound<'s>, rest: &[String], scope: Scope<'s>) -> Answer<Named<'s>> {
    let program = scope.world.program;
    let field = rest.join(".");
    let memory = rest
        .first()
        .and_then(|name| program.memories.get(name.as_str()));
    if let (Some(memory), false) = (memory, program.is_field(&field)) {
        let at = bound.events().last().copied();
        let after = rest.iter().skip(1).cloned().collect();
        return Ok(if at.is_some() {
            Named::Memory(memory, at, after)
        } else {
            Named::Unbound
        });
    }
    if !rest.is_empty() && !program.is_field(&field) {
        return unsupported(format!("the field `{field}`"));
    }
    match bound {
        Bound::Nothing => Ok(Named::Unbound),
        Bound::One(_) if rest.is_empty() => unsupported("a whole event as a value"),
        Bound::One(event) => Ok(Named::Field(event, field)),
        Bound::Many(events) => Ok(Named::Members(
            events.clone(),
            (!rest.is_empty()).then_some(field),
        )),
    }
}

/// Returns what an expression makes its counterpart in a comparison expect.
pub(crate) fn expected_by(expr: &Expr, scope: Scope<'_>) -> Expected {
    match &expr.kind {
        ExprKind::Path(path) => expected_by_path(path, scope),
        ExprKind::Group(inner) => expected_by(inner, scope),
        ExprKind::Or(left, _) => expected_by(left, scope),
        ExprKind::Call { args, .. } => match args.first() {
            Some(first) if args.len() == 1 => expected_by(&first.value, scope),
            _ => Expected::Nothing,
        },
        _ => Expected::Nothing,
    }
}

fn expected_by_path(path: &Path, scope: Scope<'_>) -> Expected {
    let parts: Vec<&str> = path.parts.iter().map(|part| part.text.as_str()).collect();
    let own = match parts.split_first() {
        Some((first, rest)) if scope.names.iter().any(|(name, _)| name == first) => rest.join("."),
        _ => parts.join("."),
    };
    let memory = own
        .split('.')
        .next()
        .and_then(|name| scope.world.program.memories.get(name));
    let own = match memory.map(|memory| &memory.kind) {
        Some(ast::MemoryKind::Last(value)) if own != "class" => dotted(value),
        _ => own,
    };
    if own == "class" {
        return Expected::Class;
    }
    match scope.world.program.field_type(&own) {
        Some(Type::Enum(symbols)) => Expected::Symbols(symbols),
        Some(Type::List(element)) => match *element {
            Type::Enum(symbols) => Expected::Symbols(symbols),
            _ => Expected::Nothing,
        },
        _ => Expected::Nothing,
    }
}
