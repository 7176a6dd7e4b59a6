//! Three-valued truth.
//!
//! Apart because its tables are the heart of what never fires by mistake.

use muster_lang::value::Value;

/// What a condition is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// Something it needs is missing.
    Unknown,
}

impl Truth {
    /// Returns whether both hold; false beats unknown.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Truth::False, _) | (_, Truth::False) => Truth::False,
            (Truth::Unknown, _) | (_, Truth::Unknown) => Truth::Unknown,
            (Truth::True, Truth::True) => Truth::True,
        }
    }

    /// Returns whether one holds; true beats unknown.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Truth::True, _) | (_, Truth::True) => Truth::True,
            (Truth::Unknown, _) | (_, Truth::Unknown) => Truth::Unknown,
            (Truth::False, Truth::False) => Truth::False,
        }
    }

    /// Returns whether all of many hold, asking no further than the first that is false.
    pub fn all(answers: impl IntoIterator<Item = Truth>) -> Self {
        let mut result = Truth::True;
        for answer in answers {
            result = result.and(answer);
            if result == Truth::False {
                return result;
            }
        }
        result
    }

    /// Returns whether one of many holds, asking no further than the first that is true.
    pub fn any(answers: impl IntoIterator<Item = Truth>) -> Self {
        let mut result = Truth::False;
        for answer in answers {
            result = result.or(answer);
            if result == Truth::True {
                return result;
            }
        }
        result
    }

    /// Returns the truth as a value; unknown is missing.
    #[must_use]
    pub fn into_value(self) -> Value {
        match self {
            Truth::True => Value::Bool(true),
            Truth::False => Value::Bool(false),
            Truth::Unknown => Value::Missing,
        }
    }

    /// Returns the truth a value is; what is no truth is unknown.
    #[must_use]
    pub fn of(value: &Value) -> Self {
        match value {
            Value::Bool(truth) => Some(*truth).into(),
            Value::Missing
            | Value::Int(_)
            | Value::Float(_)
            | Value::Text(_)
            | Value::Time(_)
            | Value::Duration(_)
            | Value::Distance(_)
            | Value::Speed(_)
            | Value::Size(_)
            | Value::Ip(_)
            | Value::Geo(_)
            | Value::List(_)
            | Value::Record(_) => Truth::Unknown,
        }
    }
}

impl std::ops::Not for Truth {
    type Output = Self;

    fn not(self) -> Self {
        match self {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
        }
    }
}

impl From<Option<bool>> for Truth {
    fn from(answer: Option<bool>) -> Self {
        match answer {
            Some(true) => Truth::True,
            Some(false) => Truth::False,
            None => Truth::Unknown,
        }
    }
}

impl From<bool> for Truth {
    fn from(answer: bool) -> Self {
        Some(answer).into()
    }
}

#[cfg(test)]
mod tests {
    use super::Truth::{False, True, Unknown};
    use super::*;

    #[test]
    fn the_table_of_and_is_complete() {
        for (left, right, result) in [
            (True, True, True),
            (True, False, False),
            (True, Unknown, Unknown),
            (False, True, False),
            (False, False, False),
            (False, Unknown, False),
            (Unknown, True, Unknown),
            (Unknown, False, False),
            (Unknown, Unknown, Unknown),
        ] {
            assert_eq!(left.and(right), result, "{left:?} and {right:?}");
            assert_eq!(Truth::all([left, right]), result, "{left:?} and {right:?}");
        }
    }

    #[test]
    fn the_table_of_or_is_complete() {
        for (left, right, result) in [
            (True, True, True),
            (True, False, True),
            (True, Unknown, True),
            (False, True, True),
            (False, False, False),
            (False, Unknown, Unknown),
            (Unknown, True, True),
            (Unknown, False, Unknown),
            (Unknown, Unknown, Unknown),
        ] {
            assert_eq!(left.or(right), result, "{left:?} or {right:?}");
            assert_eq!(Truth::any([left, right]), result, "{left:?} or {right:?}");
        }
    }

    #[test]
    fn the_opposite_of_unknown_is_unknown() {
        assert_eq!([!True, !False, !Unknown], [False, True, Unknown]);
    }

    #[test]
    fn of_none_all_hold_and_none_does() {
        assert_eq!(Truth::all([]), True);
        assert_eq!(Truth::any([]), False);
    }

    #[test]
    fn only_a_truth_is_one() {
        for truth in [True, False, Unknown] {
            assert_eq!(Truth::of(&truth.into_value()), truth);
        }
        assert_eq!(Truth::of(&Value::text("true")), Unknown);
        assert_eq!(Truth::of(&Value::Int(1)), Unknown);
    }
}
