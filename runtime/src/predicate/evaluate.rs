//! The value of an expression, kind by kind.
//!
//! Apart from preparation, which runs once; this runs for every event.

use std::sync::Arc;

use muster_lang::builtins;
use muster_lang::ir::{
    AggregateFunction, ExprId, ExprKind, MemoryId, MemoryRead, Over, RawPart, RawRoot, Row,
};
use muster_lang::value::{Value, aggregate, convert, geo};

use crate::event::Event;
use crate::predicate::compare::{all, any, compare, compare_rank, holds, truth};
use crate::predicate::{Bound, Evaluator, Scope, Truth, arithmetic};

impl Evaluator {
    /// Returns the value of an expression.
    #[must_use]
    pub fn value(&self, id: ExprId, scope: &Scope<'_>) -> Value {
        match &self.program.exprs[id].kind {
            ExprKind::Constant(value) => value.clone(),
            ExprKind::Field(row, field) => row_of(*row, scope).map_or(Value::Missing, |event| {
                event.get(&self.layout, *field).clone()
            }),
            ExprKind::Raw(root, path) => present(raw(*root, path, scope), scope),
            ExprKind::And(items) => {
                truth(all(items.iter().map(|item| self.condition(*item, scope))))
            }
            ExprKind::Or(items) => {
                truth(any(items.iter().map(|item| self.condition(*item, scope))))
            }
            ExprKind::Not(item) => truth(self.condition(*item, scope).map(|truth| !truth)),
            ExprKind::Compare(comparison, left, right) => truth(compare(
                *comparison,
                &self.value(*left, scope),
                &self.value(*right, scope),
            )),
            ExprKind::CompareRank(symbols, comparison, left, right) => {
                let (left, right) = (self.value(*left, scope), self.value(*right, scope));
                truth(compare_rank(symbols, *comparison, &left, &right))
            }
            ExprKind::Match(test, text, patterns) => {
                truth(self.fits(id, *test, &self.value(*text, scope), patterns, scope))
            }
            ExprKind::In(value, set) => {
                truth(self.is_in(id, &self.value(*value, scope), set, scope))
            }
            ExprKind::Holds { list, value } => {
                truth(holds(&self.value(*list, scope), &self.value(*value, scope)))
            }
            ExprKind::Exists(item) => Value::Bool(!self.value(*item, scope).is_missing()),
            ExprKind::Default(first, second) => match self.value(*first, scope) {
                Value::Missing => self.value(*second, scope),
                value => value,
            },
            ExprKind::Convert(item) => self.convert(id, &self.value(*item, scope)),
            kind => self.made(kind, id, scope),
        }
    }

    /// Returns the values that are made rather than tested.
    fn made(&self, kind: &ExprKind, id: ExprId, scope: &Scope<'_>) -> Value {
        match kind {
            ExprKind::List(items) => {
                let values = items.iter().map(|item| self.value(*item, scope));
                Value::List(values.filter(|value| !value.is_missing()).collect())
            }
            ExprKind::Geo(lat, lon) => {
                let degrees = |expr: &ExprId| self.value(*expr, scope).number();
                let place = degrees(lat).zip(degrees(lon));
                place
                    .and_then(|(lat, lon)| geo::coordinates(lat, lon))
                    .map_or(Value::Missing, Value::Geo)
            }
            ExprKind::Latitude(place) => coordinate(&self.value(*place, scope), |place| place.lat),
            ExprKind::Longitude(place) => coordinate(&self.value(*place, scope), |place| place.lon),
            ExprKind::Arithmetic(op, left, right) => {
                arithmetic::apply(*op, &self.value(*left, scope), &self.value(*right, scope))
            }
            ExprKind::Negate(item) => arithmetic::negate(&self.value(*item, scope)),
            ExprKind::Call(name, args) => {
                let args: Vec<Value> = args.iter().map(|arg| self.value(*arg, scope)).collect();
                builtins::find(name).map_or(Value::Missing, |builtin| (builtin.call)(&args))
            }
            ExprKind::Index(base, index) => present(
                indexed(&self.value(*base, scope), &self.value(*index, scope)),
                scope,
            ),
            ExprKind::Part(base, name) => present(part(&self.value(*base, scope), name), scope),
            ExprKind::Lookup { table, key, column } => {
                self.lookups
                    .column(*table, &self.value(*key, scope), column, Self::as_of(scope))
            }
            ExprKind::During {
                calendar,
                time,
                key,
            } => self.during(*calendar, *time, *key, scope),
            ExprKind::Identity(identity, args) => {
                let args: Vec<Value> = args.iter().map(|arg| self.value(*arg, scope)).collect();
                self.lookups.identity(*identity, &args, Self::as_of(scope))
            }
            ExprKind::Pick(list, test) => self.pick(*list, *test, scope),
            ExprKind::Quantified { all, list, test } => self.quantified(*all, *list, *test, scope),
            ExprKind::Aggregate {
                function,
                over,
                argument,
                filter,
            } => {
                let values = self.members(*function, *over, *argument, *filter, scope);
                values.map_or(Value::Missing, |values| {
                    aggregate::over(*function, &values, &self.program.exprs[id].ty)
                })
            }
            ExprKind::Same(paths) => self.same(paths, scope),
            ExprKind::Differs(paths) => self.differs(paths, scope),
            ExprKind::GeoDistance => self.geo_distance(scope),
            ExprKind::GeoSpeed => self.geo_speed(scope),
            ExprKind::Elapsed => Self::elapsed(scope),
            ExprKind::Key(component) => scope.key.get(*component).cloned().unwrap_or_default(),
            ExprKind::Notes => i64::try_from(scope.notes).map_or(Value::Missing, Value::Int),
            ExprKind::Memory(memory, row, read) => self.memory(*memory, *row, read, scope),
            ExprKind::Constant(_)
            | ExprKind::Field(..)
            | ExprKind::Raw(..)
            | ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Not(_)
            | ExprKind::Compare(..)
            | ExprKind::CompareRank(..)
            | ExprKind::Match(..)
            | ExprKind::In(..)
            | ExprKind::Holds { .. }
            | ExprKind::Exists(_)
            | ExprKind::Default(..)
            | ExprKind::Convert(_) => Value::Missing,
        }
    }

    fn condition(&self, id: ExprId, scope: &Scope<'_>) -> Option<bool> {
        match self.truth(id, scope) {
            Truth::True => Some(true),
            Truth::False => Some(false),
            Truth::Unknown => None,
        }
    }

    fn convert(&self, id: ExprId, value: &Value) -> Value {
        convert(value, &self.program.exprs[id].ty).unwrap_or_default()
    }

    fn during(
        &self,
        calendar: muster_lang::ir::CalendarId,
        time: ExprId,
        key: Option<ExprId>,
        scope: &Scope<'_>,
    ) -> Value {
        let Value::Time(time) = self.value(time, scope) else {
            return Value::Missing;
        };
        let key = match key.map(|key| self.value(key, scope)) {
            Some(Value::Missing) => return Value::Missing,
            key => key,
        };
        truth(self.lookups.during(calendar, time, key.as_ref()))
    }

    fn pick(&self, list: ExprId, test: ExprId, scope: &Scope<'_>) -> Value {
        let Value::List(items) = self.value(list, scope) else {
            return Value::Missing;
        };
        let fits = |item: &&Value| {
            self.truth(
                test,
                &Scope {
                    element: Some(item),
                    ..*scope
                },
            ) == Truth::True
        };
        items.iter().find(fits).cloned().unwrap_or_default()
    }

    fn quantified(&self, all_of: bool, list: ExprId, test: ExprId, scope: &Scope<'_>) -> Value {
        let Value::List(items) = self.value(list, scope) else {
            return Value::Missing;
        };
        let truths = items.iter().map(|item| {
            self.condition(
                test,
                &Scope {
                    element: Some(item),
                    ..*scope
                },
            )
        });
        truth(if all_of { all(truths) } else { any(truths) })
    }

    /// Returns what each member gives that an aggregate counts; `None` where there is no list.
    fn members(
        &self,
        function: AggregateFunction,
        over: Over,
        argument: Option<ExprId>,
        filter: Option<ExprId>,
        scope: &Scope<'_>,
    ) -> Option<Vec<Value>> {
        let chosen = |scope: &Scope<'_>| {
            filter.is_none_or(|filter| self.truth(filter, scope) == Truth::True)
        };
        let events = match over {
            Over::Group(step) => match scope
                .bindings
                .and_then(|(_, bound)| bound.get(step.index()))?
            {
                Bound::None => return None,
                Bound::One(event) => std::slice::from_ref(event),
                Bound::Many(events) => events.as_slice(),
            },
            Over::Window => scope.window,
            Over::List(list) => {
                let Value::List(items) = self.value(list, scope) else {
                    return None;
                };
                let of = |item: &Value| {
                    let scope = Scope {
                        element: Some(item),
                        ..*scope
                    };
                    chosen(&scope).then(|| {
                        argument.map_or_else(|| item.clone(), |arg| self.value(arg, &scope))
                    })
                };
                return Some(items.iter().filter_map(of).collect());
            }
        };
        let of = |event: &Arc<Event>| {
            let scope = Scope {
                this: Some(event),
                ..*scope
            };
            chosen(&scope).then(|| match argument {
                Some(argument) => self.value(argument, &scope),
                None if function == AggregateFunction::Gaps => Value::Time(event.time),
                None => Value::Bool(true),
            })
        };
        Some(events.iter().filter_map(of).collect())
    }

    fn memory(&self, memory: MemoryId, row: Row, read: &MemoryRead, scope: &Scope<'_>) -> Value {
        let (Some(memories), Some(event)) = (scope.memories, row_of(row, scope)) else {
            return Value::Missing;
        };
        let argument = match read {
            MemoryRead::Contains(value) => Some(self.value(*value, scope)),
            MemoryRead::Value
            | MemoryRead::Size
            | MemoryRead::At
            | MemoryRead::Previous
            | MemoryRead::Statistic(_) => None,
        };
        memories.read(memory, event, read, argument.as_ref())
    }
}

/// Returns the event a row stands for: of a group, its last.
fn row_of<'a>(row: Row, scope: &Scope<'a>) -> Option<&'a Event> {
    match row {
        Row::This => scope.this,
        Row::Step(step) => match scope
            .bindings
            .and_then(|(_, bound)| bound.get(step.index()))?
        {
            Bound::None => None,
            Bound::One(event) => Some(event),
            Bound::Many(events) => events.last().map(|event| &**event),
        },
    }
}

fn raw(root: RawRoot, path: &[RawPart], scope: &Scope<'_>) -> Value {
    let start = match root {
        RawRoot::Record => scope.record,
        RawRoot::Item => scope.item,
        RawRoot::Element => scope.element,
        RawRoot::Event(row) => row_of(row, scope).and_then(|event| event.raw.as_ref()),
    };
    let mut at = start;
    for part in path {
        at = at.and_then(|value| match (value, part) {
            (Value::Record(record), RawPart::Key(key)) => record.get(key),
            (Value::List(items), RawPart::Index(index)) => aggregate::nth(items, *index),
            _ => None,
        });
    }
    at.cloned().unwrap_or_default()
}

/// Returns what a record has as its source means it: without what is "not there", also in a list.
fn present(value: Value, scope: &Scope<'_>) -> Value {
    if scope.absent.is_empty() {
        return value;
    }
    if scope.absent.contains(&value) {
        return Value::Missing;
    }
    let Value::List(items) = &value else {
        return value;
    };
    if !items.iter().any(|item| scope.absent.contains(item)) {
        return value;
    }
    // In its place, so that the others keep theirs.
    let there = |item: &Value| {
        if scope.absent.contains(item) {
            Value::Missing
        } else {
            item.clone()
        }
    };
    Value::List(items.iter().map(there).collect())
}

fn indexed(base: &Value, index: &Value) -> Value {
    match (base, index) {
        (Value::List(items), Value::Int(at)) => {
            aggregate::nth(items, *at).cloned().unwrap_or_default()
        }
        (Value::Record(record), Value::Text(key)) => record.get(key).cloned().unwrap_or_default(),
        _ => Value::Missing,
    }
}

fn part(base: &Value, name: &str) -> Value {
    match base {
        Value::Record(record) => record.get(name).cloned().unwrap_or_default(),
        Value::Geo(place) if name == "lat" => Value::Float(place.lat),
        Value::Geo(place) if name == "lon" => Value::Float(place.lon),
        _ => Value::Missing,
    }
}

fn coordinate(value: &Value, of: impl Fn(&muster_lang::value::Coordinates) -> f64) -> Value {
    if let Value::Geo(place) = value {
        Value::Float(of(place))
    } else {
        Value::Missing
    }
}
