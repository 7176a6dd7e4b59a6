//! Someone who is to be erased, and where they are named.
//!
//! Apart from keys because it is looked for in everything that is kept, not only in keys.

use std::sync::Arc;

use muster_lang::value::{KeyTexts, Value, fold};

use super::{Key, KeyPart};
use crate::event::Event;

/// A name, an address or a number by which someone is known; texts are compared ignoring case.
#[derive(Clone, Debug)]
pub struct Person {
    folded: String,
    bytes: Vec<u8>,
}

impl Person {
    /// Returns who is known by a text.
    #[must_use]
    pub fn named(text: &str) -> Self {
        let mut bytes = Vec::new();
        Value::text(text).write_key(KeyTexts::Folded, &mut bytes);
        Self {
            folded: fold(text).into_owned(),
            bytes,
        }
    }

    /// Tells whether a text is the name.
    #[must_use]
    pub fn is(&self, text: &str) -> bool {
        fold(text) == self.folded
    }

    /// Tells whether a text holds the name.
    #[must_use]
    pub fn is_within(&self, text: &str) -> bool {
        !self.folded.is_empty() && fold(text).contains(&self.folded)
    }

    /// Tells whether bytes by which values are compared are those of the name.
    #[must_use]
    pub fn is_bytes(&self, bytes: &[u8]) -> bool {
        self.bytes == bytes
    }

    /// Tells whether a part of a key is the name.
    #[must_use]
    pub fn is_part(&self, part: &KeyPart) -> bool {
        match part {
            KeyPart::Missing | KeyPart::Bool(_) => false,
            KeyPart::Int(number) => self.is(&number.to_string()),
            KeyPart::Ip(ip) => self.is(&ip.to_string()),
            KeyPart::Text(text) | KeyPart::Other(text) => self.is(text),
        }
    }

    /// Tells whether a key has the name.
    #[must_use]
    pub fn is_in(&self, key: &Key) -> bool {
        key.0.iter().any(|part| self.is_part(part))
    }

    /// Tells whether a value is the name, or holds it.
    #[must_use]
    pub fn is_value(&self, value: &Value) -> bool {
        match value {
            Value::Missing | Value::Bool(_) => false,
            Value::Text(text) => self.is(text),
            Value::List(items) => items.iter().any(|item| self.is_value(item)),
            Value::Record(record) => {
                let mut entries = record.entries.iter();
                entries.any(|(_, value)| self.is_value(value))
            }
            Value::Int(_)
            | Value::Float(_)
            | Value::Time(_)
            | Value::Duration(_)
            | Value::Distance(_)
            | Value::Speed(_)
            | Value::Size(_)
            | Value::Ip(_)
            | Value::Geo(_) => self.is(&value.display()),
        }
    }

    /// Tells whether an event names them.
    #[must_use]
    pub fn is_named_by(&self, event: &Event) -> bool {
        let mut values = event.values.iter().chain(&event.raw);
        self.is(&event.id) || values.any(|value| self.is_value(value))
    }

    /// Tells whether one of the texts of a suppression is the name.
    #[must_use]
    pub fn is_suppressed_by(&self, key: &Arc<str>) -> bool {
        self.is_within(key)
    }
}
