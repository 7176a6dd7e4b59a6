//! Functions over many whose values come one by one and are not all kept.
//!
//! Apart from functions over values at hand because a summary of a day cannot hold its events.

use std::cmp::Ordering;
use std::collections::{BTreeSet, VecDeque};

use super::{Total, count, gaps, one_or_each, over, percentile, zero};
use crate::ir::AggregateFunction;
use crate::types::Type;
use crate::value::{KeyTexts, Value};

/// What a function makes of the values so far; the same as [`over`] all of them.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Running {
    /// How many members came, those with a missing value included.
    pub members: u64,
    /// How many had a value.
    pub present: u64,
    /// Sums: the kind of the first value.
    pub of: Value,
    /// Sums: the exact part, as its high and its low 64 bits.
    pub whole: (i64, u64),
    /// Sums: the part that came as floats.
    pub real: Option<f64>,
    /// Whether values came that do not mix, so that the result is missing.
    pub unfit: bool,
    /// The value of `first`, `last`, `min`, `max` or a place from the start.
    pub held: Value,
    /// Values that must be kept: those of a percentile, of gaps, the last few of a place from the end.
    pub kept: VecDeque<Value>,
    /// Distinct values, as keys.
    pub distinct: BTreeSet<Vec<u8>>,
    /// Whether something was not kept because of the limit.
    pub saturated: bool,
}

impl Running {
    /// Takes in the value of one more member; at most `kept_max` values are kept.
    pub fn add(&mut self, function: AggregateFunction, value: &Value, kept_max: usize) {
        let place = self.members;
        self.members += 1;
        if let AggregateFunction::Nth(at) = function {
            self.add_placed(at, place, value, kept_max);
            return;
        }
        if value.is_missing() {
            return;
        }
        self.present += 1;
        match function {
            AggregateFunction::Count | AggregateFunction::Nth(_) => {}
            AggregateFunction::Sum | AggregateFunction::Avg => self.add_number(value),
            AggregateFunction::Min => self.add_extreme(value, Ordering::Less),
            AggregateFunction::Max => self.add_extreme(value, Ordering::Greater),
            AggregateFunction::First if self.present > 1 => {}
            AggregateFunction::First | AggregateFunction::Last => self.held = value.clone(),
            AggregateFunction::Distinct => self.add_distinct(value, kept_max),
            AggregateFunction::Percentile(_) | AggregateFunction::Gaps => {
                if self.kept.len() < kept_max {
                    self.kept.push_back(value.clone());
                } else {
                    self.saturated = true;
                }
            }
        }
    }

    fn add_placed(&mut self, at: i64, place: u64, value: &Value, kept_max: usize) {
        let distance = at.unsigned_abs();
        if at >= 0 {
            if place == distance {
                self.held = value.clone();
            }
            return;
        }
        if usize::try_from(distance).map_or(true, |distance| distance > kept_max) {
            // Whether so many come is not known before the end.
            self.saturated |= self.members >= distance;
            return;
        }
        self.kept.push_back(value.clone());
        if self.kept.len() as u64 > distance {
            self.kept.pop_front();
        }
    }

    fn add_number(&mut self, value: &Value) {
        if self.unfit {
            return;
        }
        if self.present == 1 {
            self.of = value.clone();
        }
        let mut total = self.total();
        match total.add(value) {
            Some(()) => {
                self.whole = parts(total.whole);
                self.real = total.real;
            }
            None => self.unfit = true,
        }
    }

    fn total(&self) -> Total {
        Total {
            of: self.of.clone(),
            whole: (i128::from(self.whole.0) << 64) | i128::from(self.whole.1),
            real: self.real,
        }
    }

    fn add_extreme(&mut self, value: &Value, direction: Ordering) {
        if self.present == 1 {
            self.unfit = value.order(value).is_none();
            self.held = value.clone();
            return;
        }
        match value.order(&self.held) {
            Some(order) if order == direction => self.held = value.clone(),
            Some(_) => {}
            None => self.unfit = true,
        }
    }

    fn add_distinct(&mut self, value: &Value, kept_max: usize) {
        for value in one_or_each(value)
            .iter()
            .filter(|value| !value.is_missing())
        {
            let mut key = Vec::new();
            value.write_key(KeyTexts::Folded, &mut key);
            if self.distinct.len() < kept_max {
                self.distinct.insert(key);
            } else {
                self.saturated |= !self.distinct.contains(&key);
            }
        }
    }

    /// Returns what the function makes of the values so far, as a type.
    #[must_use]
    pub fn value(&self, function: AggregateFunction, ty: &Type) -> Value {
        if self.unfit {
            return Value::Missing;
        }
        let whole = |number: u64| count(usize::try_from(number).unwrap_or(usize::MAX));
        match function {
            AggregateFunction::Count => whole(self.present),
            AggregateFunction::Sum if self.present == 0 => zero(ty),
            AggregateFunction::Sum => self.total().value(),
            AggregateFunction::Avg if self.present == 0 => Value::Missing,
            AggregateFunction::Avg => self
                .total()
                .divided(i64::try_from(self.present).unwrap_or(i64::MAX)),
            AggregateFunction::Min
            | AggregateFunction::Max
            | AggregateFunction::First
            | AggregateFunction::Last => self.held.clone(),
            AggregateFunction::Distinct => count(self.distinct.len()),
            AggregateFunction::Nth(at) if at >= 0 => self.held.clone(),
            AggregateFunction::Nth(at) => {
                let kept: Vec<Value> = self.kept.iter().cloned().collect();
                over(AggregateFunction::Nth(at), &kept, ty)
            }
            AggregateFunction::Percentile(per_mille) => {
                percentile(self.kept.iter().collect(), per_mille)
            }
            AggregateFunction::Gaps => gaps(self.kept.iter()),
        }
    }
}

/// Returns the high and the low 64 bits of a number.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the two halves are what is wanted, bit for bit"
)]
fn parts(whole: i128) -> (i64, u64) {
    ((whole >> 64) as i64, whole as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{Duration, Timestamp};

    const FUNCTIONS: [AggregateFunction; 15] = [
        AggregateFunction::Count,
        AggregateFunction::Sum,
        AggregateFunction::Min,
        AggregateFunction::Max,
        AggregateFunction::Avg,
        AggregateFunction::Distinct,
        AggregateFunction::First,
        AggregateFunction::Last,
        AggregateFunction::Nth(0),
        AggregateFunction::Nth(2),
        AggregateFunction::Nth(-1),
        AggregateFunction::Nth(-3),
        AggregateFunction::Percentile(500),
        AggregateFunction::Percentile(950),
        AggregateFunction::Gaps,
    ];

    /// Returns every list of up to four of these values.
    fn lists() -> Vec<Vec<Value>> {
        let values = [
            Value::Missing,
            Value::Int(-3),
            Value::Int(i64::MAX),
            Value::Float(0.25),
            Value::text("Ana"),
            Value::text("ana"),
            Value::Size(7),
            Value::Duration(Duration(-9)),
            Value::Time(Timestamp(5)),
            Value::Bool(true),
            Value::List([Value::text("bo"), Value::Missing].into()),
        ];
        let mut lists = vec![Vec::new()];
        let mut longest = lists.clone();
        for _ in 0..4 {
            longest = longest
                .iter()
                .flat_map(|list| values.iter().map(move |value| (list, value)))
                .map(|(list, value)| [list.as_slice(), std::slice::from_ref(value)].concat())
                .collect();
            lists.extend(longest.iter().cloned());
        }
        lists
    }

    #[test]
    fn one_by_one_is_the_same_as_all_at_once() {
        for list in lists() {
            for function in FUNCTIONS {
                let mut running = Running::default();
                for value in &list {
                    running.add(function, value, 100);
                }
                let found = running.value(function, &Type::Size);
                let wanted = over(function, &list, &Type::Size);
                assert_eq!(found, wanted, "{function:?} over {list:?}");
                assert!(!running.saturated);
            }
        }
    }

    #[test]
    fn negative_sums_keep_their_sign_between_values() {
        let mut running = Running::default();
        for value in [i64::MIN, i64::MIN, i64::MAX] {
            running.add(AggregateFunction::Sum, &Value::Int(value), 0);
        }
        // -2^63 - 2^63 + 2^63 - 1
        assert_eq!(
            running.value(AggregateFunction::Sum, &Type::Int),
            Value::Float(-9_223_372_036_854_775_809.0)
        );
        running.add(AggregateFunction::Sum, &Value::Int(1), 0);
        assert_eq!(
            running.value(AggregateFunction::Sum, &Type::Int),
            Value::Int(i64::MIN)
        );
    }

    #[test]
    fn a_limit_is_told() {
        for function in [
            AggregateFunction::Distinct,
            AggregateFunction::Percentile(500),
            AggregateFunction::Gaps,
            AggregateFunction::Nth(-3),
        ] {
            let mut running = Running::default();
            for number in 0..3 {
                running.add(function, &Value::Int(number), 2);
            }
            assert!(running.saturated, "{function:?}");
        }
    }
}
