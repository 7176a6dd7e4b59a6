//! The value of an expression, kind by kind.
//!
//! Apart from conditions, which are asked for truths; both run for every event, so what is only read
//! is borrowed.

use std::borrow::Cow;

use muster_lang::builtins::extract;
use muster_lang::ir::{ExprId, ExprKind, MemoryId, MemoryRead, Row};
use muster_lang::units::Timestamp;
use muster_lang::value::{Coordinates, Value, convert, place};

use super::many::Members;
use super::prepare::Prepared;
use super::raw::{MISSING, indexed, part, present};
use super::{Evaluator, Scope, arithmetic, raw};

impl Evaluator {
    /// Returns what an expression is worth, borrowed where it only reads.
    pub(super) fn read<'a>(&'a self, id: ExprId, scope: &Scope<'a>) -> Cow<'a, Value> {
        let mut id = id;
        // A loop, since a chain of defaults may be as long as the program.
        while let ExprKind::Default(first, second) = &self.program.exprs[id].kind {
            let value = self.read(*first, scope);
            if !value.is_missing() {
                return value;
            }
            id = *second;
        }
        self.read_one(id, scope)
    }

    fn read_one<'a>(&'a self, id: ExprId, scope: &Scope<'a>) -> Cow<'a, Value> {
        match &self.program.exprs[id].kind {
            ExprKind::Constant(value) => Cow::Borrowed(value),
            ExprKind::Field(row, field) => match scope.event(*row) {
                Some(event) => Cow::Borrowed(event.get(&self.layout, *field)),
                None => MISSING,
            },
            ExprKind::Raw(root, path) => raw::read(*root, path, scope),
            ExprKind::Index(base, index) => {
                let found = indexed(&self.read(*base, scope), &self.read(*index, scope));
                present(Cow::Owned(found), scope)
            }
            ExprKind::Part(base, name) => {
                present(Cow::Owned(part(&self.read(*base, scope), name)), scope)
            }
            ExprKind::Key(component) => scope.key.get(*component).map_or(MISSING, Cow::Borrowed),
            kind => Cow::Owned(self.make(kind, id, scope)),
        }
    }

    /// Returns values that are made, not read.
    fn make(&self, kind: &ExprKind, id: ExprId, scope: &Scope<'_>) -> Value {
        match kind {
            ExprKind::List(items) => items.iter().map(|item| self.value(*item, scope)).collect(),
            ExprKind::Geo(lat, lon) => place(&self.read(*lat, scope), &self.read(*lon, scope))
                .map_or(Value::Missing, Value::Geo),
            ExprKind::Latitude(geo) => coordinate(&self.read(*geo, scope), |place| place.lat),
            ExprKind::Longitude(geo) => coordinate(&self.read(*geo, scope), |place| place.lon),
            ExprKind::Convert(item) => {
                convert(&self.read(*item, scope), &self.program.exprs[id].ty).unwrap_or_default()
            }
            ExprKind::Arithmetic(op, left, right) => {
                arithmetic::apply(*op, &self.read(*left, scope), &self.read(*right, scope))
            }
            ExprKind::Negate(item) => arithmetic::negate(&self.read(*item, scope)),
            ExprKind::Call(_, arguments) => self.call(id, arguments, scope),
            ExprKind::Lookup { table, key, column } => {
                let key = self.read(*key, scope);
                self.lookups
                    .column(*table, &key, column, self.as_of(id, scope))
            }
            ExprKind::Identity(identity, arguments) => {
                let arguments = self.values(arguments, scope);
                self.lookups
                    .identity(*identity, &arguments, self.as_of(id, scope))
            }
            ExprKind::Pick(list, test) => self.pick(*list, *test, scope),
            ExprKind::Aggregate {
                function,
                over,
                argument,
                filter,
            } => {
                let members = Members {
                    evaluator: self,
                    function: *function,
                    argument: *argument,
                    filter: *filter,
                };
                self.aggregate(id, *over, &members, scope)
            }
            ExprKind::GeoDistance => self.geo_distance(scope),
            ExprKind::GeoSpeed => self.geo_speed(scope),
            ExprKind::Elapsed => Self::elapsed(scope),
            ExprKind::Notes => i64::try_from(scope.notes).map_or(Value::Missing, Value::Int),
            ExprKind::Memory(memory, row, read) => self.memory(*memory, *row, read, scope),
            ExprKind::And(_)
            | ExprKind::Or(_)
            | ExprKind::Not(_)
            | ExprKind::Compare(..)
            | ExprKind::CompareRank(..)
            | ExprKind::Match(..)
            | ExprKind::In(..)
            | ExprKind::Holds { .. }
            | ExprKind::Exists(_)
            | ExprKind::During { .. }
            | ExprKind::Quantified { .. }
            | ExprKind::Same(_)
            | ExprKind::Differs(_) => self.truth(id, scope).into_value(),
            // Read above.
            ExprKind::Constant(_)
            | ExprKind::Field(..)
            | ExprKind::Raw(..)
            | ExprKind::Default(..)
            | ExprKind::Index(..)
            | ExprKind::Part(..)
            | ExprKind::Key(_) => Value::Missing,
        }
    }

    fn values(&self, ids: &[ExprId], scope: &Scope<'_>) -> Vec<Value> {
        ids.iter().map(|id| self.value(*id, scope)).collect()
    }

    fn call(&self, id: ExprId, arguments: &[ExprId], scope: &Scope<'_>) -> Value {
        let first = || {
            arguments
                .first()
                .map_or(MISSING, |first| self.read(*first, scope))
        };
        match self.prepared(id) {
            Prepared::Call(body) => body(&self.values(arguments, scope)),
            Prepared::Extract(pattern) => extract::from_value(pattern, &first()),
            Prepared::ParseTime(formats) => {
                formats.parse(&first()).map_or(Value::Missing, Value::Time)
            }
            Prepared::Nothing
            | Prepared::Patterns(_)
            | Prepared::Values(_)
            | Prepared::Networks(_)
            | Prepared::AsOf(_) => Value::Missing,
        }
    }

    /// Returns the instant as of which look-ups are made.
    ///
    /// The one given; else that of the latest event of the steps the key is read from; else that of
    /// the event at hand, or of the latest event bound. Without any, tables are read as they are
    /// valid without end.
    pub(super) fn as_of(&self, id: ExprId, scope: &Scope<'_>) -> Timestamp {
        let steps = match self.prepared(id) {
            Prepared::AsOf(steps) => &**steps,
            Prepared::Nothing
            | Prepared::Patterns(_)
            | Prepared::Values(_)
            | Prepared::Networks(_)
            | Prepared::Call(_)
            | Prepared::Extract(_)
            | Prepared::ParseTime(_) => &[],
        };
        let of_step = |step| scope.event(Row::Step(step)).map(|event| event.time);
        scope
            .at
            .or_else(|| steps.iter().copied().filter_map(of_step).max())
            .or_else(|| scope.this.map(|event| event.time))
            .or_else(|| scope.latest())
            .unwrap_or(Timestamp::MAX)
    }

    fn memory(&self, memory: MemoryId, row: Row, read: &MemoryRead, scope: &Scope<'_>) -> Value {
        let (Some(memories), Some(event)) = (scope.memories, scope.event(row)) else {
            return Value::Missing;
        };
        match read {
            MemoryRead::Contains(value) => match self.read(*value, scope) {
                value if value.is_missing() => Value::Missing,
                value => memories.read(memory, event, read, Some(&value)),
            },
            MemoryRead::Value
            | MemoryRead::Size
            | MemoryRead::At
            | MemoryRead::Previous
            | MemoryRead::Statistic(_) => memories.read(memory, event, read, None),
        }
    }
}

fn coordinate(value: &Value, of: fn(&Coordinates) -> f64) -> Value {
    if let Value::Geo(place) = value {
        Value::Float(of(place))
    } else {
        Value::Missing
    }
}
