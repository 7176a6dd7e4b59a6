//! Sources: which takes a record, and what its lines make of it.
//!
//! Apart from input because the lines of a source are expressions, and those of a stream are JSON.

use muster_lang::syntax::ast::{Expr, Source, SourceLineKind};
use muster_lang::types::Type;
use muster_lang::units::SECOND;
use muster_lang::value::Value;

use super::convert::convert;
use super::expression::{coordinates, defined, holds, value};
use super::lookup::{Input, follow, present};
use super::names::{Expected, Scope};
use super::program::{dotted, literal};
use super::stream::World;
use super::value::number;
use super::{Answer, InputEvent, ReferenceError, unsupported};

const LATENESS: i64 = 30 * SECOND;
const DEDUPE: i64 = 600 * SECOND;

/// Makes the events of a record; none where it is of no interest or becomes no event.
pub(crate) fn events(world: &World<'_>, record: &Value) -> Answer<Vec<InputEvent>> {
    for source in &world.program.sources {
        let reading = Reading {
            world,
            source,
            absent: absent(source)?,
            record,
        };
        if reading.takes()? {
            return reading.events();
        }
    }
    Ok(Vec::new())
}

fn absent(source: &Source) -> Answer<Vec<Value>> {
    let lines = source.lines.iter().filter_map(|line| match &line.kind {
        SourceLineKind::Absent(literals) => Some(literals),
        _ => None,
    });
    lines.flatten().map(|one| literal(&one.kind)).collect()
}

/// A record and the source that reads it.
struct Reading<'s> {
    world: &'s World<'s>,
    source: &'s Source,
    absent: Vec<Value>,
    record: &'s Value,
}

impl Reading<'_> {
    fn input(&self, element: Option<(String, Value)>, time: Option<i64>) -> Input<'_> {
        Input {
            record: self.record,
            absent: &self.absent,
            element,
            time,
        }
    }

    fn ask<T>(&self, input: &Input<'_>, ask: impl FnOnce(Scope<'_>) -> Answer<T>) -> Answer<T> {
        ask(Scope {
            input: Some(input),
            ..Scope::new(self.world)
        })
    }

    fn takes(&self) -> Answer<bool> {
        let input = self.input(None, None);
        for line in &self.source.lines {
            if let SourceLineKind::When(condition) = &line.kind {
                return self.ask(&input, |scope| holds(condition, false, scope));
            }
        }
        unsupported("a source without a `when`")
    }

    fn events(&self) -> Answer<Vec<InputEvent>> {
        let mut events = Vec::new();
        for element in self.elements()? {
            events.extend(self.event(element)?);
        }
        Ok(events)
    }

    /// The elements of the list that is exploded; of no `explode`, nothing once. A single value is
    /// a list of one.
    fn elements(&self) -> Answer<Vec<Option<(String, Value)>>> {
        let input = self.input(None, None);
        for line in &self.source.lines {
            let SourceLineKind::Explode { list, name } = &line.kind else {
                continue;
            };
            let list = self.ask(&input, |scope| value(list, scope, &Expected::Nothing))?;
            let items: Vec<Value> = match list {
                Value::Missing => Vec::new(),
                Value::List(items) => items.to_vec(),
                one => vec![one],
            };
            let named = |item| Some((name.text.clone(), item));
            return Ok(items.into_iter().map(named).collect());
        }
        Ok(vec![None])
    }

    fn event(&self, element: Option<(String, Value)>) -> Answer<Option<InputEvent>> {
        let early = self.input(element.clone(), None);
        for line in &self.source.lines {
            if let SourceLineKind::Drop(condition) = &line.kind
                && self.ask(&early, |scope| holds(condition, false, scope))?
            {
                return Ok(None);
            }
        }
        let Value::Time(time) = self.field("time", &Type::Time, &early)? else {
            return Ok(None);
        };
        let input = self.input(element, Some(time.0));
        let Value::Text(id) = self.field("id", &Type::Text, &input)? else {
            return unsupported("a record without an id");
        };
        let tenant = match self.field("tenant", &Type::Text, &input)? {
            Value::Text(tenant) if !tenant.is_empty() => Some(tenant.to_string()),
            _ => None,
        };
        let mut event = InputEvent {
            source: self.source.name.text.clone(),
            time: time.0,
            id: id.to_string(),
            tenant,
            fields: std::collections::BTreeMap::new(),
            raw: self.record.clone(),
            lateness: LATENESS,
            dedupe: Some(DEDUPE),
        };
        self.spans(&mut event)?;
        self.fields(&mut event, &input)?;
        Ok(Some(event))
    }

    fn spans(&self, event: &mut InputEvent) -> Answer<()> {
        for line in &self.source.lines {
            match &line.kind {
                SourceLineKind::Lateness(span) => event.lateness = self.world.program.span(span)?,
                SourceLineKind::Dedupe(span) => {
                    event.dedupe = Some(self.world.program.span(span)?);
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn fields(&self, event: &mut InputEvent, input: &Input<'_>) -> Answer<()> {
        let declared = self.world.program.fields.iter();
        let declared = declared.map(|(name, field)| (name.as_str(), &field.ty));
        for (name, ty) in declared.chain([("class", &Type::Text)]) {
            let found = self.field(name, ty, input)?;
            if !found.is_missing() {
                event.fields.insert(name.to_owned(), found);
            }
        }
        if !event.fields.contains_key("geo") {
            let part = |name| self.field(name, &Type::Float, input);
            let (lat, lon) = (part("geo.lat")?, part("geo.lon")?);
            if let (Some((_, lat)), Some((_, lon))) = (number(&lat), number(&lon)) {
                let place = coordinates(lat, lon);
                if !place.is_missing() {
                    event.fields.insert("geo".to_owned(), place);
                }
            }
        }
        Ok(())
    }

    /// The first line of a field that applies: its condition holds, and its value fits.
    fn field(&self, name: &str, ty: &Type, input: &Input<'_>) -> Answer<Value> {
        for line in &self.source.lines {
            let found = match &line.kind {
                SourceLineKind::Fields(path) => {
                    let below = follow(self.record, &path.parts);
                    self.ask(input, |scope| Ok(present(below_name(&below, name), scope)))?
                }
                SourceLineKind::Assign { field, value, when } if dotted(field) == name => {
                    self.assigned(value, when.as_ref(), (name, ty), input)?
                }
                _ => continue,
            };
            let found = convert(&found, ty);
            if !found.is_missing() {
                return Ok(found);
            }
        }
        Ok(Value::Missing)
    }

    fn assigned(
        &self,
        expr: &Expr,
        when: Option<&Expr>,
        (name, ty): (&str, &Type),
        input: &Input<'_>,
    ) -> Answer<Value> {
        let expected = match ty {
            _ if name == "class" => Expected::Class,
            Type::Enum(symbols) => Expected::Symbols(symbols.clone()),
            _ => Expected::Nothing,
        };
        self.ask(input, |scope| {
            let applies = match when {
                Some(condition) => holds(condition, false, scope)?,
                None => true,
            };
            if applies {
                defined(expr, ty, scope, &expected)
            } else {
                Ok(Value::Missing)
            }
        })
    }
}

/// The value of a dotted name, nested, dotted, or a mixture; the first in the record counts.
fn below_name(record: &Value, name: &str) -> Value {
    let Value::Record(entries) = record else {
        return Value::Missing;
    };
    for (key, found) in &entries.entries {
        if **key == *name {
            return found.clone();
        }
        let rest = name
            .strip_prefix(&**key)
            .and_then(|rest| rest.strip_prefix('.'));
        if let Some(rest) = rest {
            let inner = below_name(found, rest);
            if !inner.is_missing() {
                return inner;
            }
        }
    }
    Value::Missing
}

/// Reads a line of JSON.
pub(crate) fn record(line: &str) -> Result<Value, ReferenceError> {
    match serde_json::from_str(line) {
        Ok(json) => Ok(super::convert::from_json(&json)),
        Err(error) => unsupported(format!("the record: {error}")),
    }
}
