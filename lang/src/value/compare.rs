//! Comparison of values: by word, exactly, and by order.
//!
//! Apart because constants, lists, memories and events must all agree on what is equal.

use std::cmp::Ordering;

use super::{Record, Value, address, fold, number, same_folded};

/// How texts are compared.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Texts {
    Folded,
    Exact,
}

impl Value {
    /// Tells whether two values are equal as `is` means it: texts ignoring case.
    ///
    /// An integer and a float are compared by their exact values, an address with a text by the
    /// address the text holds, lists and records part by part. A missing side and two kinds that
    /// do not mix give `None`: unknown.
    #[must_use]
    pub fn is(&self, other: &Value) -> Option<bool> {
        equal(self, other, Texts::Folded)
    }

    /// Tells whether two values are equal as `==` means it: texts byte for byte.
    ///
    /// All else is as for [`Value::is`].
    #[must_use]
    pub fn equal(&self, other: &Value) -> Option<bool> {
        equal(self, other, Texts::Exact)
    }

    /// Returns the order of two values of one dimension, or `None`: unknown.
    ///
    /// Integers and floats mix; texts are ordered by their folded characters, which puts dates as
    /// text in order; truth, addresses, places, lists and records have no order.
    #[must_use]
    pub fn order(&self, other: &Value) -> Option<Ordering> {
        match self {
            Value::Int(left) => order_int(*left, other),
            Value::Float(left) => order_float(*left, other),
            Value::Text(left) => {
                let Value::Text(right) = other else {
                    return None;
                };
                Some(fold::fold_chars(left).cmp(fold::fold_chars(right)))
            }
            Value::Time(left) => {
                let Value::Time(right) = other else {
                    return None;
                };
                Some(left.cmp(right))
            }
            Value::Duration(left) => {
                let Value::Duration(right) = other else {
                    return None;
                };
                Some(left.cmp(right))
            }
            Value::Distance(left) => {
                let Value::Distance(right) = other else {
                    return None;
                };
                left.partial_cmp(right)
            }
            Value::Speed(left) => {
                let Value::Speed(right) = other else {
                    return None;
                };
                left.partial_cmp(right)
            }
            Value::Size(left) => {
                let Value::Size(right) = other else {
                    return None;
                };
                Some(left.cmp(right))
            }
            Value::Missing
            | Value::Bool(_)
            | Value::Ip(_)
            | Value::Geo(_)
            | Value::List(_)
            | Value::Record(_) => None,
        }
    }
}

fn order_int(left: i64, right: &Value) -> Option<Ordering> {
    if let Value::Float(right) = right {
        return number::compare(left, *right);
    }
    let Value::Int(right) = right else {
        return None;
    };
    Some(left.cmp(right))
}

fn order_float(left: f64, right: &Value) -> Option<Ordering> {
    if let Value::Int(right) = right {
        return number::compare(*right, left).map(Ordering::reverse);
    }
    let Value::Float(right) = right else {
        return None;
    };
    left.partial_cmp(right)
}

fn equal(left: &Value, right: &Value, texts: Texts) -> Option<bool> {
    match left {
        Value::Text(left) => equal_text(left, right, texts),
        Value::Bool(left) => {
            let Value::Bool(right) = right else {
                return None;
            };
            Some(left == right)
        }
        Value::Ip(left) => match right {
            Value::Ip(right) => Some(left == right),
            other => address::parse(other.as_text()?).map(|right| *left == right),
        },
        Value::Geo(left) => {
            let Value::Geo(right) = right else {
                return None;
            };
            Some(left == right)
        }
        Value::List(left) => {
            let Value::List(right) = right else {
                return None;
            };
            equal_list(left, right, texts)
        }
        Value::Record(left) => {
            let Value::Record(right) = right else {
                return None;
            };
            equal_record(left, right, texts)
        }
        Value::Missing
        | Value::Int(_)
        | Value::Float(_)
        | Value::Time(_)
        | Value::Duration(_)
        | Value::Distance(_)
        | Value::Speed(_)
        | Value::Size(_) => left.order(right).map(Ordering::is_eq),
    }
}

fn equal_text(left: &str, right: &Value, texts: Texts) -> Option<bool> {
    if let Value::Ip(right) = right {
        return address::parse(left).map(|left| left == *right);
    }
    let right = right.as_text()?;
    Some(match texts {
        Texts::Folded => same_folded(left, right),
        Texts::Exact => left == right,
    })
}

fn equal_list(left: &[Value], right: &[Value], texts: Texts) -> Option<bool> {
    if left.len() != right.len() {
        return Some(false);
    }
    all(left
        .iter()
        .zip(right)
        .map(|(left, right)| equal(left, right, texts)))
}

fn equal_record(left: &Record, right: &Record, texts: Texts) -> Option<bool> {
    if left.entries.len() != right.entries.len() {
        return Some(false);
    }
    all(left.entries.iter().map(|(key, value)| {
        right
            .get(key)
            .map_or(Some(false), |other| equal(value, other, texts))
    }))
}

/// Joins answers by three-valued `and`.
fn all(answers: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut result = Some(true);
    for answer in answers {
        match answer {
            Some(false) => return Some(false),
            Some(true) => {}
            None => result = None,
        }
    }
    result
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Timestamp;

    fn ip(text: &str) -> Value {
        address::parse(text).map_or(Value::Missing, Value::Ip)
    }

    fn list(items: &[Value]) -> Value {
        Value::List(items.into())
    }

    #[test]
    fn is_ignores_case_and_equal_does_not() {
        let (left, right) = (Value::text("Ana"), Value::text("aNA"));
        assert_eq!(left.is(&right), Some(true));
        assert_eq!(left.equal(&right), Some(false));
        assert_eq!(left.equal(&left), Some(true));
        let (left, right) = (list(&[Value::text("A")]), list(&[Value::text("a")]));
        assert_eq!(left.is(&right), Some(true));
        assert_eq!(left.equal(&right), Some(false));
    }

    #[test]
    fn integers_above_2_to_the_53_are_told_apart() {
        let big = 1_i64 << 53;
        assert_eq!(Value::Int(big + 1).is(&Value::Int(big)), Some(false));
        assert_eq!(
            Value::Int(big + 1).is(&Value::Float(9_007_199_254_740_992.0)),
            Some(false)
        );
        assert_eq!(
            Value::Int(big).is(&Value::Float(9_007_199_254_740_992.0)),
            Some(true)
        );
        assert_eq!(Value::Float(-0.0).is(&Value::Int(0)), Some(true));
        assert_eq!(Value::Float(-0.0).equal(&Value::Float(0.0)), Some(true));
    }

    #[test]
    fn kinds_that_do_not_mix_are_unknown_and_so_is_what_is_missing() {
        let values = [
            Value::Missing,
            Value::Bool(true),
            Value::Int(1),
            Value::text("1"),
            Value::Time(Timestamp(1)),
            Value::Duration(crate::units::Duration(1)),
            Value::Distance(1.0),
            Value::Speed(1.0),
            Value::Size(1),
            ip("::1"),
            list(&[]),
            Value::Record(Record::default().into()),
        ];
        for (at, left) in values.iter().enumerate() {
            for (other, right) in values.iter().enumerate() {
                let same = (at == other && at != 0).then_some(true);
                assert_eq!(left.is(right), same, "{left:?} {right:?}");
                assert_eq!(left.equal(right), same, "{left:?} {right:?}");
                if same.is_none() {
                    assert_eq!(left.order(right), None, "{left:?} {right:?}");
                }
            }
        }
    }

    #[test]
    fn an_address_is_the_text_that_holds_it() {
        assert_eq!(ip("10.0.0.1").is(&Value::text("10.0.0.1:443")), Some(true));
        assert_eq!(
            Value::text("::ffff:10.0.0.1").is(&ip("10.0.0.1")),
            Some(true)
        );
        assert_eq!(
            Value::text("2001:DB8::1").equal(&ip("2001:db8:0:0::1")),
            Some(true)
        );
        assert_eq!(ip("10.0.0.1").is(&Value::text("10.0.0.2")), Some(false));
        assert_eq!(ip("10.0.0.1").is(&Value::text("unknown")), None);
    }

    #[test]
    fn equal_instants_are_neither_before_nor_after() {
        let now = Value::Time(Timestamp(5));
        assert_eq!(now.order(&now), Some(Ordering::Equal));
        assert_eq!(now.order(&Value::Time(Timestamp(6))), Some(Ordering::Less));
        assert_eq!(now.order(&Value::Int(5)), None);
    }

    #[test]
    fn a_list_with_a_missing_part_is_unknown_unless_another_part_differs() {
        let left = list(&[Value::Int(1), Value::Missing]);
        assert_eq!(left.is(&list(&[Value::Int(1), Value::Int(2)])), None);
        assert_eq!(left.is(&list(&[Value::Int(3), Value::Int(2)])), Some(false));
        assert_eq!(left.is(&list(&[Value::Int(1)])), Some(false));
    }

    #[test]
    fn an_infinite_speed_is_greater_than_any_other() {
        let order = Value::Speed(f64::INFINITY).order(&Value::Speed(f64::MAX));
        assert_eq!(order, Some(Ordering::Greater));
    }
}
