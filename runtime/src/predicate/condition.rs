//! The truth of an expression, kind by kind.
//!
//! Apart from values because a condition asks no further than it must, and makes no value of it.

use muster_lang::ir;
use muster_lang::ir::{CalendarId, ExprId, ExprKind, Set, TextTest};
use muster_lang::types::Type;
use muster_lang::value::{Value, address, convert};

use super::compare::{compare, compare_rank, holds, is_in_computed};
use super::prepare::Prepared;
use super::raw::elements;
use super::text::Patterns;
use super::{Evaluator, Scope, Truth};

impl Evaluator {
    /// Returns the truth of a condition.
    #[must_use]
    pub fn truth(&self, id: ExprId, scope: &Scope<'_>) -> Truth {
        match &self.program.exprs[id].kind {
            ExprKind::And(items) => Truth::all(items.iter().map(|item| self.truth(*item, scope))),
            ExprKind::Or(items) => Truth::any(items.iter().map(|item| self.truth(*item, scope))),
            ExprKind::Not(item) => !self.truth(*item, scope),
            ExprKind::Compare(comparison, left, right) => compare(
                *comparison,
                &self.read(*left, scope),
                &self.read(*right, scope),
            ),
            ExprKind::CompareRank(symbols, comparison, left, right) => {
                let (left, right) = (self.read(*left, scope), self.read(*right, scope));
                compare_rank(symbols, *comparison, &left, &right)
            }
            ExprKind::Match(test, text, patterns) => {
                self.fits_one(id, *test, &self.read(*text, scope), patterns, scope)
            }
            ExprKind::In(value, set) => self.is_in(id, &self.read(*value, scope), set, scope),
            ExprKind::Holds { list, value } => {
                holds(&self.read(*list, scope), &self.read(*value, scope))
            }
            ExprKind::Exists(item) => (!self.read(*item, scope).is_missing()).into(),
            ExprKind::During {
                calendar,
                time,
                key,
            } => self.during(*calendar, *time, *key, scope),
            ExprKind::Quantified { all, list, test } => self.quantified(*all, *list, *test, scope),
            ExprKind::Same(paths) => self.same(paths, scope),
            ExprKind::Differs(paths) => self.differs(paths, scope),
            ExprKind::Constant(_)
            | ExprKind::Field(..)
            | ExprKind::Raw(..)
            | ExprKind::List(_)
            | ExprKind::Geo(..)
            | ExprKind::Latitude(_)
            | ExprKind::Longitude(_)
            | ExprKind::Convert(_)
            | ExprKind::Default(..)
            | ExprKind::Arithmetic(..)
            | ExprKind::Negate(_)
            | ExprKind::Call(..)
            | ExprKind::Index(..)
            | ExprKind::Part(..)
            | ExprKind::Lookup { .. }
            | ExprKind::Identity(..)
            | ExprKind::Pick(..)
            | ExprKind::Aggregate { .. }
            | ExprKind::GeoDistance
            | ExprKind::GeoSpeed
            | ExprKind::Elapsed
            | ExprKind::Key(_)
            | ExprKind::Notes
            | ExprKind::Memory(..) => Truth::of(&self.read(id, scope)),
        }
    }

    fn during(
        &self,
        calendar: CalendarId,
        time: ExprId,
        key: Option<ExprId>,
        scope: &Scope<'_>,
    ) -> Truth {
        let Value::Time(time) = *self.read(time, scope) else {
            return Truth::Unknown;
        };
        let key = key.map(|key| self.read(key, scope));
        if key.as_ref().is_some_and(|key| key.is_missing()) {
            return Truth::Unknown;
        }
        self.lookups.during(calendar, time, key.as_deref()).into()
    }

    fn quantified(&self, all: bool, list: ExprId, test: ExprId, scope: &Scope<'_>) -> Truth {
        let list = self.read(list, scope);
        let Some(items) = elements(&list) else {
            return Truth::Unknown;
        };
        let answers = items
            .iter()
            .map(|item| self.truth(test, &scope.with_element(item)));
        if all {
            Truth::all(answers)
        } else {
            Truth::any(answers)
        }
    }

    /// Tells whether a value, or one of a list, is in a set.
    fn is_in(&self, id: ExprId, value: &Value, set: &Set, scope: &Scope<'_>) -> Truth {
        if let Set::Expr(list) = set {
            return is_in_computed(value, &self.read(*list, scope));
        }
        let Some(values) = elements(value) else {
            return Truth::Unknown;
        };
        Truth::any(
            values
                .iter()
                .map(|value| self.is_one_in(id, value, set, scope)),
        )
    }

    fn is_one_in(&self, id: ExprId, value: &Value, set: &Set, scope: &Scope<'_>) -> Truth {
        match (set, self.prepared(id)) {
            (Set::Values(_), Prepared::Values(values)) => values.holds(value),
            (Set::Networks(_), Prepared::Networks(networks)) => {
                let address = match value {
                    Value::Ip(address) => Some(*address),
                    other => other.as_text().and_then(address::parse),
                };
                address.map(|address| networks.contain(address)).into()
            }
            (Set::List(list), _) => self.lookups.listed(*list, value).into(),
            (Set::Table(table), _) => self
                .lookups
                .contains(*table, value, self.as_of(id, scope))
                .into(),
            (Set::Values(_) | Set::Networks(_) | Set::Expr(_), _) => Truth::Unknown,
        }
    }

    /// Tells whether a text fits one of several patterns; of a list, whether one of its texts does.
    fn fits_one(
        &self,
        id: ExprId,
        test: TextTest,
        value: &Value,
        patterns: &ir::Patterns,
        scope: &Scope<'_>,
    ) -> Truth {
        match value {
            Value::Text(text) => self.fits(id, test, text, patterns, scope),
            Value::List(items) => {
                let fits = |item| self.fits_one(id, test, item, patterns, scope);
                Truth::any(items.iter().map(fits))
            }
            other => match convert(other, &Type::Text) {
                Some(Value::Text(text)) => self.fits(id, test, &text, patterns, scope),
                Some(_) | None => Truth::Unknown,
            },
        }
    }

    fn fits(
        &self,
        id: ExprId,
        test: TextTest,
        text: &str,
        patterns: &ir::Patterns,
        scope: &Scope<'_>,
    ) -> Truth {
        if let Prepared::Patterns(ready) = self.prepared(id) {
            return ready.fits(text).into();
        }
        let ir::Patterns::Expr(computed) = patterns else {
            return Truth::Unknown;
        };
        let computed = self.read(*computed, scope);
        let Some(patterns) = elements(&computed) else {
            return Truth::Unknown;
        };
        Truth::any(patterns.iter().map(|pattern| {
            let pattern = pattern
                .as_text()
                .map(|pattern| Patterns::new(test, [pattern]));
            pattern
                .and_then(Result::ok)
                .map(|pattern| pattern.fits(text))
                .into()
        }))
    }
}
