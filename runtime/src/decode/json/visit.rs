//! From the events of `serde_json` straight to values.
//!
//! Apart from the reader because this is all that `serde` sees.

use std::fmt;
use std::sync::Arc;

use ahash::HashMap;
use muster_lang::value::{Record, Value};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};

use super::DEPTH_MAX;
use super::key::Keys;
use super::number::{self, Numbers};

/// Objects with more keys than this find an earlier one by a hash.
const LINEAR_KEYS_MAX: usize = 16;

/// 2 to the power of 63: integers that `serde_json` gives as a float are at least so far from zero.
const INTEGERS_END: f64 = 9_223_372_036_854_775_808.0;

/// What is known while one record is read.
pub(super) struct Context<'c> {
    keys: &'c mut Keys,
    numbers: Option<Numbers<'c>>,
    /// How many keys were there before.
    pub(super) duplicate_keys: u32,
    /// Whether a float may have been an integer.
    pub(super) inexact: bool,
    /// Whether the record was refused because of its depth.
    pub(super) too_deep: bool,
}

impl<'c> Context<'c> {
    /// Returns the context at the start of a record, with the texts of its numbers if they matter.
    pub(super) fn new(keys: &'c mut Keys, numbers: Option<Numbers<'c>>) -> Self {
        Self {
            keys,
            numbers,
            duplicate_keys: 0,
            inexact: false,
            too_deep: false,
        }
    }

    fn next_number(&mut self) -> Option<&'c str> {
        self.numbers.as_mut().and_then(Iterator::next)
    }
}

/// A value still to be read.
pub(super) struct ValueSeed<'a, 'c> {
    context: &'a mut Context<'c>,
    depth: u32,
}

impl<'a, 'c> ValueSeed<'a, 'c> {
    /// Returns the seed of a whole record.
    pub(super) fn outermost(context: &'a mut Context<'c>) -> Self {
        Self { context, depth: 0 }
    }

    fn inner<E: Error>(&mut self) -> Result<ValueSeed<'_, 'c>, E> {
        if self.depth >= DEPTH_MAX {
            self.context.too_deep = true;
            return Err(E::custom("nested too deep"));
        }
        Ok(ValueSeed {
            context: &mut *self.context,
            depth: self.depth + 1,
        })
    }
}

impl<'de> DeserializeSeed<'de> for ValueSeed<'_, '_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Value, D::Error> {
        input.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ValueSeed<'_, '_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Missing)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        self.context.next_number();
        Ok(Value::Int(value))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        self.context.next_number();
        Ok(i64::try_from(value).map_or_else(|_| Value::text(value.to_string()), Value::Int))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        self.context.inexact |= value.abs() >= INTEGERS_END;
        match self.context.next_number() {
            Some(text) if value != 0.0 && number::is_integer(text) => Ok(Value::text(text)),
            // Adding zero makes zero of negative zero.
            Some(_) | None => Ok(Value::Float(value + 0.0)),
        }
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(Value::text(value))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut input: A) -> Result<Value, A::Error> {
        let mut items = Vec::new();
        // Bounded by the record: every element takes at least two bytes of it.
        while let Some(item) = input.next_element_seed(self.inner()?)? {
            items.push(item);
        }
        Ok(Value::List(items.into()))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut input: A) -> Result<Value, A::Error> {
        let mut fields = Fields::default();
        loop {
            let inner = self.inner()?;
            let Some(key) = input.next_key_seed(KeySeed(&mut *inner.context.keys))? else {
                break;
            };
            let value = input.next_value_seed(inner)?;
            if fields.set(key, value) == Set::Again {
                self.context.duplicate_keys = self.context.duplicate_keys.saturating_add(1);
            }
        }
        Ok(Value::Record(Arc::new(Record {
            entries: fields.entries,
        })))
    }
}

/// A key still to be read.
struct KeySeed<'a>(&'a mut Keys);

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = Arc<str>;

    fn deserialize<D: Deserializer<'de>>(self, input: D) -> Result<Arc<str>, D::Error> {
        input.deserialize_str(self)
    }
}

impl Visitor<'_> for KeySeed<'_> {
    type Value = Arc<str>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a key")
    }

    fn visit_str<E>(self, key: &str) -> Result<Arc<str>, E> {
        Ok(self.0.share(key))
    }
}

/// Whether a key was there before.
#[derive(PartialEq, Eq)]
enum Set {
    First,
    Again,
}

/// The keys and values of an object that is being read.
#[derive(Default)]
struct Fields {
    entries: Vec<(Arc<str>, Value)>,
    // INVARIANT: holds the place of every entry.
    places: Option<HashMap<Arc<str>, usize>>,
}

impl Fields {
    fn set(&mut self, key: Arc<str>, value: Value) -> Set {
        let place = self.place(&key);
        if let Some((_, earlier)) = place.and_then(|place| self.entries.get_mut(place)) {
            *earlier = value;
            return Set::Again;
        }
        if let Some(places) = &mut self.places {
            places.insert(Arc::clone(&key), self.entries.len());
        }
        self.entries.push((key, value));
        Set::First
    }

    fn place(&mut self, key: &str) -> Option<usize> {
        if self.entries.len() <= LINEAR_KEYS_MAX {
            return self.entries.iter().position(|(name, _)| **name == *key);
        }
        let entries = self.entries.iter().enumerate();
        let places = self.places.get_or_insert_with(|| {
            entries
                .map(|(place, (name, _))| (Arc::clone(name), place))
                .collect()
        });
        places.get(key).copied()
    }
}
