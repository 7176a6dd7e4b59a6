//! Values: what fields hold and expressions yield.
//!
//! Apart from the runtime because constants, builtins and the printed `ir` need them before any
//! event exists.

use std::net::IpAddr;
use std::sync::Arc;

use crate::units::{Duration, Timestamp};

pub mod address;
pub mod aggregate;
mod compare;
mod convert;
mod display;
mod fold;
pub mod geo;
pub mod json;
mod key;
pub mod number;
mod quantity;
mod record;

pub use convert::{convert, place};
pub(crate) use convert::{to_float, to_geo, to_text, to_time};
pub use display::display;
pub use fold::{fold, same_folded};
pub use key::KeyTexts;
pub use quantity::parse as parse_quantity;
pub use record::RecordBuilder;

/// A value. Symbols of an enum are `Text`.
#[derive(Clone, Debug, PartialEq, Default)]
pub enum Value {
    /// Not there: as an operand it makes *unknown*.
    #[default]
    Missing,
    /// True or false.
    Bool(bool),
    /// An exact 64-bit integer.
    Int(i64),
    /// A float; never NaN.
    Float(f64),
    /// Text.
    Text(Arc<str>),
    /// An instant.
    Time(Timestamp),
    /// A span of time.
    Duration(Duration),
    /// Metres.
    Distance(f64),
    /// Metres a second; the one float that may be infinite, for a distance in no time.
    Speed(f64),
    /// Bytes.
    Size(i64),
    /// An address; IPv4-mapped IPv6 is held as IPv4.
    Ip(IpAddr),
    /// Coordinates.
    Geo(Coordinates),
    /// A list.
    List(Arc<[Value]>),
    /// An object of a raw record, keys in order, the last of equal keys only.
    Record(Arc<Record>),
}

/// A place on earth, decimal degrees WGS 84, inside −90…90 and −180…180.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Coordinates {
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lon: f64,
}

/// An object of a raw record.
#[derive(Clone, Debug, PartialEq, Default)]
pub struct Record {
    /// Keys and values in the order first seen.
    pub entries: Vec<(Arc<str>, Value)>,
}

impl Record {
    /// Returns the value of a key.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<&Value> {
        self.entries
            .iter()
            .find(|(name, _)| &**name == key)
            .map(|(_, value)| value)
    }
}

impl Value {
    /// Returns a text value.
    #[must_use]
    pub fn text(text: impl Into<Arc<str>>) -> Self {
        Value::Text(text.into())
    }

    /// Tells whether nothing is there.
    #[must_use]
    pub fn is_missing(&self) -> bool {
        matches!(self, Value::Missing)
    }

    /// Returns the text it is, or `None` for another kind.
    #[must_use]
    pub fn as_text(&self) -> Option<&str> {
        if let Value::Text(text) = self {
            Some(text)
        } else {
            None
        }
    }
}

impl Value {
    /// Returns the value as people read it in alert text; missing is `?`.
    #[must_use]
    pub fn display(&self) -> String {
        display(self)
    }

    /// Returns the amount of a number or quantity in its base unit, or `None` for anything else.
    #[must_use]
    pub fn number(&self) -> Option<f64> {
        match self {
            Value::Int(units) | Value::Size(units) => Some(number::nearest_float(*units)),
            Value::Duration(span) => Some(number::nearest_float(span.0)),
            Value::Float(amount) | Value::Distance(amount) | Value::Speed(amount) => Some(*amount),
            Value::Missing
            | Value::Bool(_)
            | Value::Text(_)
            | Value::Time(_)
            | Value::Ip(_)
            | Value::Geo(_)
            | Value::List(_)
            | Value::Record(_) => None,
        }
    }
}
