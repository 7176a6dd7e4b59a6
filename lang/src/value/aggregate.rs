//! Functions over many values: groups, lists and windows.
//!
//! Apart because builtins, groups, profiles and summaries must count alike.

use std::cmp::Ordering;

use ahash::HashSet;

use super::{KeyTexts, Value, number};
use crate::ir::AggregateFunction;
use crate::types::Type;
use crate::units::{Duration, Timestamp};

pub mod running;

/// Returns what a function makes of values, in their order, as a type.
///
/// Missing values are skipped, save by [`AggregateFunction::Nth`], which counts members. Over none,
/// counts and sums are 0 of the type, gaps an empty list, and the rest is missing. Values that do
/// not mix, and a result out of range, give missing. Integers are summed exactly and become a float
/// only where 64 bits do not hold the sum. `Distinct` counts each value of a list.
#[must_use]
pub fn over(function: AggregateFunction, values: &[Value], ty: &Type) -> Value {
    let mut present = values.iter().filter(|value| !value.is_missing());
    match function {
        AggregateFunction::Count => count(present.count()),
        AggregateFunction::Sum => sum(present, ty),
        AggregateFunction::Min => extreme(present, Ordering::Less),
        AggregateFunction::Max => extreme(present, Ordering::Greater),
        AggregateFunction::Avg => average(values),
        AggregateFunction::Distinct => count(distinct(present)),
        AggregateFunction::First => present.next().cloned().unwrap_or_default(),
        AggregateFunction::Last => present.next_back().cloned().unwrap_or_default(),
        AggregateFunction::Nth(at) => nth(values, at).cloned().unwrap_or_default(),
        AggregateFunction::Percentile(per_mille) => percentile(present.collect(), per_mille),
        AggregateFunction::Gaps => gaps(present),
    }
}

/// Returns the element at a position from 0, or from the end where negative.
#[must_use]
pub fn nth(values: &[Value], at: i64) -> Option<&Value> {
    let index = usize::try_from(at.unsigned_abs()).ok()?;
    if at < 0 {
        values.get(values.len().checked_sub(index)?)
    } else {
        values.get(index)
    }
}

/// Returns a number of things.
#[must_use]
pub fn count(count: usize) -> Value {
    Value::Int(i64::try_from(count).unwrap_or(i64::MAX))
}

/// Returns how many of the values are distinct as `is` means it; a list counts each of its values.
fn distinct<'a>(values: impl Iterator<Item = &'a Value>) -> usize {
    let mut seen = HashSet::default();
    for value in values {
        for value in one_or_each(value)
            .iter()
            .filter(|value| !value.is_missing())
        {
            let mut key = Vec::new();
            value.write_key(KeyTexts::Folded, &mut key);
            seen.insert(key);
        }
    }
    seen.len()
}

/// Returns the elements of a list, or the one value that is none.
fn one_or_each(value: &Value) -> &[Value] {
    if let Value::List(items) = value {
        items
    } else {
        std::slice::from_ref(value)
    }
}

fn sum<'a>(values: impl Iterator<Item = &'a Value>, ty: &Type) -> Value {
    let mut total = None;
    for value in values {
        let total = total.get_or_insert_with(|| Total::zero(value));
        if total.add(value).is_none() {
            return Value::Missing;
        }
    }
    total.map_or_else(|| zero(ty), Total::value)
}

/// Returns nothing of a type, which a sum over no values is.
fn zero(ty: &Type) -> Value {
    match ty {
        Type::Float => Value::Float(0.0),
        Type::Duration => Value::Duration(Duration(0)),
        Type::Distance => Value::Distance(0.0),
        Type::Speed => Value::Speed(0.0),
        Type::Size => Value::Size(0),
        Type::Int
        | Type::Text
        | Type::Bool
        | Type::Time
        | Type::Ip
        | Type::Geo
        | Type::Enum(_)
        | Type::List(_)
        | Type::Any => Value::Int(0),
    }
}

/// A sum of values of one dimension.
struct Total {
    /// The kind of the first value, which the others must have.
    of: Value,
    whole: i128,
    /// The part that came as floats, `None` where none did.
    real: Option<f64>,
}

impl Total {
    fn zero(like: &Value) -> Self {
        Self {
            of: like.clone(),
            whole: 0,
            real: None,
        }
    }

    fn add(&mut self, value: &Value) -> Option<()> {
        // Values that have an order have a dimension in common.
        self.of.order(value)?;
        match value {
            Value::Int(whole) | Value::Size(whole) | Value::Duration(Duration(whole)) => {
                self.whole += i128::from(*whole);
            }
            Value::Float(real) | Value::Distance(real) | Value::Speed(real) => {
                self.real = Some(self.real.unwrap_or(0.0) + real);
            }
            Value::Missing
            | Value::Bool(_)
            | Value::Text(_)
            | Value::Time(_)
            | Value::Ip(_)
            | Value::Geo(_)
            | Value::List(_)
            | Value::Record(_) => return None,
        }
        Some(())
    }

    #[expect(
        clippy::cast_precision_loss,
        reason = "a sum beyond 64 bits is the nearest float"
    )]
    fn real(&self) -> f64 {
        self.whole as f64 + self.real.unwrap_or(0.0)
    }

    fn value(self) -> Value {
        let real = self.real();
        let whole = i64::try_from(self.whole).ok();
        match self.of {
            Value::Int(_) | Value::Float(_) => match whole {
                Some(whole) if self.real.is_none() => Value::Int(whole),
                Some(_) | None => finite(Value::Float, real),
            },
            Value::Size(_) => whole.map_or(Value::Missing, Value::Size),
            Value::Duration(_) => {
                whole.map_or(Value::Missing, |whole| Value::Duration(Duration(whole)))
            }
            Value::Distance(_) => finite(Value::Distance, real),
            Value::Speed(_) if !real.is_nan() => Value::Speed(real),
            Value::Speed(_)
            | Value::Missing
            | Value::Bool(_)
            | Value::Text(_)
            | Value::Time(_)
            | Value::Ip(_)
            | Value::Geo(_)
            | Value::List(_)
            | Value::Record(_) => Value::Missing,
        }
    }
}

/// Returns a float as a value, or missing if it is not finite.
pub(crate) fn finite(kind: fn(f64) -> Value, float: f64) -> Value {
    if float.is_finite() {
        kind(float)
    } else {
        Value::Missing
    }
}

fn average(values: &[Value]) -> Value {
    let mut total: Option<Total> = None;
    let mut number = 0_i64;
    for value in values.iter().filter(|value| !value.is_missing()) {
        let total = total.get_or_insert_with(|| Total::zero(value));
        if total.add(value).is_none() {
            return Value::Missing;
        }
        number += 1;
    }
    total.map_or(Value::Missing, |total| total.divided(number))
}

impl Total {
    /// Returns the sum over a number of values; whole units are rounded down.
    fn divided(self, number: i64) -> Value {
        let whole = i64::try_from(self.whole.div_euclid(i128::from(number.max(1)))).ok();
        let mean = self.real() / number::nearest_float(number);
        match self.of {
            Value::Int(_) | Value::Float(_) => finite(Value::Float, mean),
            Value::Size(_) => whole.map_or(Value::Missing, Value::Size),
            Value::Duration(_) => {
                whole.map_or(Value::Missing, |whole| Value::Duration(Duration(whole)))
            }
            Value::Distance(_) => finite(Value::Distance, mean),
            Value::Speed(_) if !mean.is_nan() => Value::Speed(mean),
            Value::Speed(_)
            | Value::Missing
            | Value::Bool(_)
            | Value::Text(_)
            | Value::Time(_)
            | Value::Ip(_)
            | Value::Geo(_)
            | Value::List(_)
            | Value::Record(_) => Value::Missing,
        }
    }
}

/// Returns the first of the values that no other exceeds in a direction.
fn extreme<'a>(mut values: impl Iterator<Item = &'a Value>, direction: Ordering) -> Value {
    let Some(mut best) = values.next() else {
        return Value::Missing;
    };
    if best.order(best).is_none() {
        return Value::Missing;
    }
    for value in values {
        match value.order(best) {
            Some(order) if order == direction => best = value,
            Some(_) => {}
            None => return Value::Missing,
        }
    }
    best.clone()
}

/// Returns the least value that so many thousandths of all do not exceed: nearest rank.
fn percentile(mut values: Vec<&Value>, per_mille: u16) -> Value {
    let Some(first) = values.first().copied() else {
        return Value::Missing;
    };
    if values.iter().any(|value| value.order(first).is_none()) {
        return Value::Missing;
    }
    values.sort_by(|left, right| left.order(right).unwrap_or(Ordering::Equal));
    let rank = (values.len() * usize::from(per_mille))
        .div_ceil(1_000)
        .max(1);
    values.get(rank - 1).copied().cloned().unwrap_or_default()
}

/// Returns the spans between neighbouring times.
fn gaps<'a>(times: impl Iterator<Item = &'a Value>) -> Value {
    let times: Option<Vec<Timestamp>> = times
        .map(|value| {
            if let Value::Time(time) = value {
                Some(*time)
            } else {
                None
            }
        })
        .collect();
    let Some(times) = times else {
        return Value::Missing;
    };
    let later = times.iter().skip(1);
    times
        .iter()
        .zip(later)
        .map(|(from, to)| Value::Duration(to.since(*from)))
        .collect()
}

impl FromIterator<Value> for Value {
    fn from_iter<T: IntoIterator<Item = Value>>(items: T) -> Self {
        Value::List(items.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ints(ints: &[i64]) -> Vec<Value> {
        ints.iter().copied().map(Value::Int).collect()
    }

    fn any(function: AggregateFunction, values: &[Value]) -> Value {
        over(function, values, &Type::Any)
    }

    #[test]
    fn missing_values_are_skipped() {
        let values = [Value::Missing, Value::Int(4), Value::Missing, Value::Int(2)];
        for (function, expected) in [
            (AggregateFunction::Count, Value::Int(2)),
            (AggregateFunction::Sum, Value::Int(6)),
            (AggregateFunction::Min, Value::Int(2)),
            (AggregateFunction::Max, Value::Int(4)),
            (AggregateFunction::Avg, Value::Float(3.0)),
            (AggregateFunction::Distinct, Value::Int(2)),
            (AggregateFunction::First, Value::Int(4)),
            (AggregateFunction::Last, Value::Int(2)),
            (AggregateFunction::Nth(0), Value::Missing),
            (AggregateFunction::Nth(-1), Value::Int(2)),
            (AggregateFunction::Nth(9), Value::Missing),
            (AggregateFunction::Nth(i64::MIN), Value::Missing),
            (AggregateFunction::Percentile(500), Value::Int(2)),
        ] {
            assert_eq!(any(function, &values), expected, "{function:?}");
        }
    }

    #[test]
    fn over_none_counts_and_sums_are_zero_and_the_rest_is_missing() {
        for values in [&[] as &[Value], &[Value::Missing]] {
            assert_eq!(any(AggregateFunction::Count, values), Value::Int(0));
            assert_eq!(any(AggregateFunction::Distinct, values), Value::Int(0));
            assert_eq!(
                over(AggregateFunction::Sum, values, &Type::Size),
                Value::Size(0)
            );
            assert_eq!(any(AggregateFunction::Gaps, values), Value::List([].into()));
            for function in [
                AggregateFunction::Min,
                AggregateFunction::Max,
                AggregateFunction::Avg,
                AggregateFunction::First,
                AggregateFunction::Last,
                AggregateFunction::Percentile(950),
            ] {
                assert_eq!(any(function, values), Value::Missing, "{function:?}");
            }
        }
    }

    #[test]
    fn integer_sums_are_exact_and_become_floats_only_beyond_64_bits() {
        let big = (1 << 53) + 1;
        assert_eq!(
            any(AggregateFunction::Sum, &ints(&[big, 1, -1])),
            Value::Int(big)
        );
        let swing = ints(&[i64::MAX, i64::MAX, -i64::MAX]);
        assert_eq!(any(AggregateFunction::Sum, &swing), Value::Int(i64::MAX));
        let beyond = any(AggregateFunction::Sum, &ints(&[i64::MAX, i64::MAX]));
        assert_eq!(beyond, Value::Float(18_446_744_073_709_551_614.0));
        let sizes = [Value::Size(i64::MAX), Value::Size(1)];
        assert_eq!(any(AggregateFunction::Sum, &sizes), Value::Missing);
    }

    #[test]
    fn sums_keep_their_dimension_and_do_not_mix_them() {
        let spans = [Value::Duration(Duration(1)), Value::Duration(Duration(2))];
        assert_eq!(
            any(AggregateFunction::Sum, &spans),
            Value::Duration(Duration(3))
        );
        assert_eq!(
            any(AggregateFunction::Avg, &spans),
            Value::Duration(Duration(1))
        );
        let mixed = [Value::Int(1), Value::Float(0.5)];
        assert_eq!(any(AggregateFunction::Sum, &mixed), Value::Float(1.5));
        let unfit = [Value::Int(1), Value::Size(1)];
        for function in [
            AggregateFunction::Sum,
            AggregateFunction::Avg,
            AggregateFunction::Min,
        ] {
            assert_eq!(any(function, &unfit), Value::Missing, "{function:?}");
            assert_eq!(
                any(function, &[Value::Bool(true)]),
                Value::Missing,
                "{function:?}"
            );
        }
        let infinite = [Value::Float(f64::MAX), Value::Float(f64::MAX)];
        assert_eq!(any(AggregateFunction::Sum, &infinite), Value::Missing);
    }

    #[test]
    fn distinct_ignores_case_and_counts_each_value_of_a_list() {
        let values = [
            Value::text("Ana"),
            Value::text("ANA"),
            Value::List([Value::text("ana"), Value::text("bo"), Value::Missing].into()),
            Value::Int(1),
            Value::Float(1.0),
        ];
        assert_eq!(any(AggregateFunction::Distinct, &values), Value::Int(3));
    }

    #[test]
    fn percentiles_are_nearest_rank() {
        let values = ints(&[50, 20, 40, 15, 35]);
        for (per_mille, expected) in [
            (0, 15),
            (50, 15),
            (300, 20),
            (400, 20),
            (500, 35),
            (950, 50),
            (1_000, 50),
        ] {
            let value = any(AggregateFunction::Percentile(per_mille), &values);
            assert_eq!(value, Value::Int(expected), "{per_mille}");
        }
    }

    #[test]
    fn gaps_are_the_spans_between_neighbours() {
        let times: Vec<Value> = [0, 5, 5, 20].map(|at| Value::Time(Timestamp(at))).into();
        let spans: Value = [5, 0, 15]
            .map(|span| Value::Duration(Duration(span)))
            .into_iter()
            .collect();
        assert_eq!(any(AggregateFunction::Gaps, &times), spans);
        assert_eq!(any(AggregateFunction::Gaps, &ints(&[1])), Value::Missing);
    }

    #[test]
    fn of_equal_extremes_the_first_is_taken() {
        let values = [Value::text("b"), Value::text("A"), Value::text("a")];
        assert_eq!(any(AggregateFunction::Min, &values), Value::text("A"));
        assert_eq!(any(AggregateFunction::Max, &values), Value::text("b"));
    }
}
