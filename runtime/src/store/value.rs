//! Values as bytes.
//!
//! Apart from plain numbers and texts because each kind has its own first byte.

use std::net::IpAddr;
use std::sync::Arc;

use muster_lang::value::{Coordinates, Record, Value};

use crate::store::{Reader, Save, StateError, Writer};

impl Save for IpAddr {
    fn save(&self, out: &mut Writer<'_>) {
        match self {
            IpAddr::V4(ip) => {
                out.byte(4);
                out.raw(&ip.octets());
            }
            IpAddr::V6(ip) => {
                out.byte(6);
                out.raw(&ip.octets());
            }
        }
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        match input.byte()? {
            4 => Ok(IpAddr::from(<[u8; 4]>::load(input)?)),
            6 => Ok(IpAddr::from(<[u8; 16]>::load(input)?)),
            _ => Err(StateError::Malformed("an address is of no known kind")),
        }
    }
}

impl Save for Value {
    fn save(&self, out: &mut Writer<'_>) {
        match self {
            Value::Missing => out.byte(0),
            Value::Bool(truth) => tagged(1, truth, out),
            Value::Int(number) => tagged(2, number, out),
            Value::Float(number) => tagged(3, number, out),
            Value::Text(text) => tagged(4, text, out),
            Value::Time(time) => tagged(5, time, out),
            Value::Duration(span) => tagged(6, span, out),
            Value::Distance(metres) => tagged(7, metres, out),
            Value::Speed(speed) => tagged(8, speed, out),
            Value::Size(bytes) => tagged(9, bytes, out),
            Value::Ip(ip) => tagged(10, ip, out),
            Value::Geo(place) => tagged(11, &(place.lat, place.lon), out),
            Value::List(items) => {
                out.byte(12);
                out.each(items.iter());
            }
            Value::Record(record) => tagged(13, &record.entries, out),
        }
    }

    fn load(input: &mut Reader<'_>) -> Result<Self, StateError> {
        Ok(match input.byte()? {
            0 => Value::Missing,
            1 => Value::Bool(Save::load(input)?),
            2 => Value::Int(Save::load(input)?),
            3 => Value::Float(Save::load(input)?),
            4 => Value::Text(Save::load(input)?),
            5 => Value::Time(Save::load(input)?),
            6 => Value::Duration(Save::load(input)?),
            7 => Value::Distance(Save::load(input)?),
            8 => Value::Speed(Save::load(input)?),
            9 => Value::Size(Save::load(input)?),
            10 => Value::Ip(Save::load(input)?),
            11 => {
                let (lat, lon) = Save::load(input)?;
                Value::Geo(Coordinates { lat, lon })
            }
            12 => Value::List(input.nested(Reader::each::<Value, Vec<_>>)?.into()),
            13 => Value::Record(Arc::new(Record {
                entries: input.nested(Save::load)?,
            })),
            _ => return Err(StateError::Malformed("a value is of no known kind")),
        })
    }
}

/// Writes the first byte of a kind, and what it holds.
pub(crate) fn tagged(kind: u8, value: &impl Save, out: &mut Writer<'_>) {
    out.byte(kind);
    value.save(out);
}
