//! Sets of constants, for `in`.
//!
//! Apart because a long list must not be looked through for each event.

use std::net::IpAddr;

use ahash::HashSet;
use muster_lang::value::{Value, address, fold};

use super::Truth;
use super::text::with_folded;

/// Constants that are compared as `is` does.
#[derive(Debug)]
pub(super) struct ValueSet {
    /// Texts, folded.
    texts: HashSet<Box<str>>,
    /// The addresses that texts hold, with which an address is compared.
    addresses: Vec<IpAddr>,
    /// What is no text.
    others: Vec<Value>,
}

impl ValueSet {
    /// Returns the set of some values.
    pub(super) fn new(values: &[Value]) -> Self {
        let texts = || values.iter().filter_map(Value::as_text);
        Self {
            texts: texts().map(|text| fold(text).into()).collect(),
            addresses: texts().filter_map(address::parse).collect(),
            others: values
                .iter()
                .filter(|value| value.as_text().is_none())
                .cloned()
                .collect(),
        }
    }

    /// Tells whether it holds a value; values of other kinds are simply not it.
    ///
    /// Unknown where the value is missing, or where none of the set is of a kind to compare it with.
    pub(super) fn holds(&self, value: &Value) -> Truth {
        if value.is_missing() {
            return Truth::Unknown;
        }
        let found = match value {
            Value::Text(text) => with_folded(text, |text| self.texts.contains(text)),
            Value::Ip(ip) => self.addresses.contains(ip),
            _ => false,
        };
        let answers = || self.others.iter().map(|other| other.is(value));
        if found || answers().any(|answer| answer == Some(true)) {
            return Truth::True;
        }
        let nothing_held = self.texts.is_empty() && self.others.is_empty();
        if nothing_held || self.has_texts_for(value) || answers().any(|answer| answer.is_some()) {
            Truth::False
        } else {
            Truth::Unknown
        }
    }

    fn has_texts_for(&self, value: &Value) -> bool {
        match value {
            Value::Text(_) => !self.texts.is_empty(),
            Value::Ip(_) => !self.addresses.is_empty(),
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn membership_is_that_of_is() {
        let ip = |text: &str| Value::Ip(text.parse().unwrap());
        let set = ValueSet::new(&[
            Value::text("Ana"),
            Value::text("10.0.0.1"),
            Value::Int(5),
            Value::Int((1 << 53) + 1),
        ]);
        for (value, truth) in [
            (Value::text("ANA"), Truth::True),
            (Value::text("bo"), Truth::False),
            (Value::text("5"), Truth::False),
            (Value::Float(5.0), Truth::True),
            (Value::Float(9_007_199_254_740_992.0), Truth::False),
            (ip("10.0.0.1"), Truth::True),
            (ip("10.0.0.2"), Truth::False),
            (Value::Bool(true), Truth::Unknown),
            (Value::Missing, Truth::Unknown),
        ] {
            assert_eq!(set.holds(&value), truth, "{value:?}");
        }
    }

    #[test]
    fn an_empty_set_holds_nothing_and_one_of_another_kind_cannot_tell() {
        assert_eq!(ValueSet::new(&[]).holds(&Value::Int(1)), Truth::False);
        assert_eq!(ValueSet::new(&[]).holds(&Value::Missing), Truth::Unknown);
        assert_eq!(
            ValueSet::new(&[Value::text("1")]).holds(&Value::Int(1)),
            Truth::Unknown
        );
    }
}
