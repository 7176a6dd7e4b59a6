//! Conversions: what a value of a record or of a table's cell becomes as a field of a type.
//!
//! Apart from input because unmapped values are converted in conditions as well.

use std::net::IpAddr;
use std::sync::Arc;

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};
use chrono_tz::Tz;
use muster_lang::types::Type;
use muster_lang::units::{Duration, SECOND, Timestamp};
use muster_lang::value::{Record, Value};
use serde_json::Value as Json;

use super::expression::coordinates;
use super::value::{display, fold, number};

/// Returns the value of a piece of JSON.
pub(crate) fn from_json(json: &Json) -> Value {
    match json {
        Json::Null => Value::Missing,
        Json::Bool(holds) => Value::Bool(*holds),
        Json::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(int), _) => Value::Int(int),
            _ if number.is_u64() => Value::text(number.to_string()),
            (None, Some(float)) => Value::Float(float),
            (None, None) => Value::Missing,
        },
        Json::String(text) => Value::text(text.as_str()),
        Json::Array(items) => Value::List(items.iter().map(from_json).collect()),
        Json::Object(entries) => {
            let entries = entries
                .iter()
                .map(|(key, value)| (Arc::from(key.as_str()), from_json(value)));
            Value::Record(Arc::new(Record {
                entries: entries.collect(),
            }))
        }
    }
}

/// Converts a value; one that does not fit is missing.
#[expect(
    clippy::cast_precision_loss,
    reason = "streams of tests stay below 2^53"
)]
pub(crate) fn convert(value: &Value, ty: &Type) -> Value {
    let text = as_text(value);
    let trimmed = text.as_deref().map(str::trim);
    let found = match (ty, value) {
        (_, Value::Missing) => None,
        (Type::Any, value) => Some(value.clone()),
        (Type::List(element), _) => list(value, element),
        (Type::Text, Value::Text(_)) => Some(value.clone()),
        (Type::Text, _) => text.as_deref().map(Value::text),
        (Type::Int, Value::Int(_)) => Some(value.clone()),
        (Type::Int, Value::Text(_)) => trimmed.and_then(|text| text.parse().ok()).map(Value::Int),
        (Type::Float, Value::Float(_)) => Some(value.clone()),
        (Type::Float, Value::Int(int)) => Some(Value::Float(*int as f64)),
        (Type::Float, Value::Text(_)) => {
            trimmed.and_then(|text| text.parse().ok()).map(Value::Float)
        }
        (Type::Bool, Value::Bool(_)) => Some(value.clone()),
        (Type::Bool, Value::Text(_)) => {
            let word = trimmed.map(fold);
            let words = [("true", true), ("false", false)];
            let found = words.iter().find(|(name, _)| word.as_deref() == Some(name));
            found.map(|(_, holds)| Value::Bool(*holds))
        }
        (Type::Size, Value::Size(_)) => Some(value.clone()),
        (Type::Size, Value::Int(bytes)) => (*bytes >= 0).then_some(Value::Size(*bytes)),
        (Type::Size, Value::Text(_)) => trimmed.and_then(size),
        (Type::Duration, Value::Duration(_)) => Some(value.clone()),
        (Type::Duration, Value::Text(_)) => trimmed.and_then(span),
        (Type::Time, Value::Time(_) | Value::Int(_) | Value::Text(_)) => {
            instant(value, Tz::UTC).map(|micros| Value::Time(Timestamp(micros)))
        }
        (Type::Ip, Value::Ip(_)) => Some(value.clone()),
        (Type::Ip, Value::Text(_)) => trimmed.and_then(address).map(Value::Ip),
        (Type::Geo, _) => Some(place(value)),
        (Type::Enum(symbols), Value::Text(text)) => {
            let wanted = fold(text.trim());
            let same = symbols.symbols.iter().find(|one| fold(one) == wanted);
            same.cloned().map(Value::Text)
        }
        _ => None,
    };
    found.unwrap_or_default()
}

fn as_text(value: &Value) -> Option<String> {
    match value {
        Value::Text(text) => Some(text.to_string()),
        Value::Int(_) | Value::Float(_) | Value::Bool(_) | Value::Ip(_) => Some(display(value)),
        _ => None,
    }
}

/// A single value is a list of one; one element that does not fit fails the list, missing ones
/// are left out.
fn list(value: &Value, element: &Type) -> Option<Value> {
    let items: &[Value] = match value {
        Value::List(items) => items,
        one => std::slice::from_ref(one),
    };
    let there = items.iter().filter(|item| !item.is_missing());
    let fitting: Option<Arc<[Value]>> = there
        .map(|item| Some(convert(item, element)).filter(|item| !item.is_missing()))
        .collect();
    fitting.map(Value::List)
}

/// Coordinates of a record with `lat` and `lon`, or of a list of the two.
fn place(value: &Value) -> Value {
    let amount = |value: Option<&Value>| {
        let float = convert(value.unwrap_or(&Value::Missing), &Type::Float);
        number(&float).map(|(_, amount)| amount)
    };
    let (lat, lon) = match value {
        Value::Geo(_) => return value.clone(),
        Value::Record(record) => {
            let either = |a, b| record.get(a).or_else(|| record.get(b));
            (
                amount(either("lat", "latitude")),
                amount(either("lon", "longitude")),
            )
        }
        Value::List(items) if items.len() == 2 => (amount(items.first()), amount(items.get(1))),
        _ => return Value::Missing,
    };
    lat.zip(lon)
        .map_or(Value::Missing, |(lat, lon)| coordinates(lat, lon))
}

/// An address without its port and brackets.
pub(crate) fn address(text: &str) -> Option<IpAddr> {
    if let Ok(address) = text.parse::<IpAddr>() {
        return Some(address.to_canonical());
    }
    let (host, port) = text.rsplit_once(':')?;
    port.parse::<u16>().ok()?;
    let inner = host
        .strip_prefix('[')
        .and_then(|host| host.strip_suffix(']'));
    match inner {
        Some(six) => six.parse::<IpAddr>().ok().map(|six| six.to_canonical()),
        None => host.parse::<std::net::Ipv4Addr>().ok().map(IpAddr::V4),
    }
}

/// A size: bytes, or with a unit.
fn size(text: &str) -> Option<Value> {
    let units = [
        ("KB", 1_000),
        ("MB", 1_000_000),
        ("GB", 1_000_000_000),
        ("B", 1),
    ];
    if let Ok(bytes) = text.parse::<i64>() {
        return (bytes >= 0).then_some(Value::Size(bytes));
    }
    let found = units.iter().find_map(|(unit, factor)| {
        let amount = text.strip_suffix(unit)?.trim().parse::<i64>().ok()?;
        amount.checked_mul(*factor)
    });
    found.filter(|bytes| *bytes >= 0).map(Value::Size)
}

/// A span with one unit.
fn span(text: &str) -> Option<Value> {
    let units = [
        ("ms", SECOND / 1_000),
        ("s", SECOND),
        ("m", 60 * SECOND),
        ("h", 3_600 * SECOND),
        ("d", 86_400 * SECOND),
    ];
    let found = units.iter().find_map(|(unit, factor)| {
        let amount = text.strip_suffix(unit)?.trim().parse::<i64>().ok()?;
        amount.checked_mul(*factor)
    });
    found.map(|micros| Value::Duration(Duration(micros)))
}

/// An instant: RFC 3339, a local time or date of a zone, or epoch milliseconds.
pub(crate) fn instant(value: &Value, zone: Tz) -> Option<i64> {
    match value {
        Value::Time(time) => Some(time.0),
        Value::Int(millis) => millis.checked_mul(1_000),
        Value::Text(text) => iso(text.trim(), zone),
        _ => None,
    }
}

/// An instant of ISO 8601; one without an offset is of the zone.
pub(crate) fn iso(text: &str, zone: Tz) -> Option<i64> {
    if let Ok(time) = DateTime::parse_from_rfc3339(text) {
        return Some(time.timestamp_micros());
    }
    let forms = ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"];
    let local = forms
        .iter()
        .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok());
    let local = local.or_else(|| {
        let day = NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?;
        Some(day.and_time(NaiveTime::MIN))
    });
    in_zone(local?, zone)
}

/// A local time: the earlier of two, and one that the clock skips as before the change.
pub(crate) fn in_zone(local: NaiveDateTime, zone: Tz) -> Option<i64> {
    if let Some(time) = zone.from_local_datetime(&local).earliest() {
        return Some(time.timestamp_micros());
    }
    let before = local.checked_sub_signed(chrono::TimeDelta::days(1))?;
    let offset = zone.from_local_datetime(&before).earliest()?;
    Some(offset.timestamp_micros() + 86_400 * SECOND)
}
