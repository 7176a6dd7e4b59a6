//! Conversion: what a source gave, as the type a field has.
//!
//! Apart because sources, raw paths, identities and builtins all convert by these rules. A
//! conversion loses nothing silently: what does not fit fails.

use std::sync::Arc;

use super::{Coordinates, Value, address, display, geo, number, quantity};
use crate::time;
use crate::types::{EnumType, Type};
use crate::units::Timestamp;

/// Returns the value as a type, or `None` where it does not fit: a failed conversion.
///
/// A missing value stays missing. A text becomes a number, truth, time, quantity, address or symbol
/// if all of it, without white space around it, is one; a number becomes a text of all its digits; a
/// whole float an integer. An integer becomes a time of epoch milliseconds or a size in bytes. A
/// list is never taken for its one element, while anything else becomes a list of one; one element
/// that does not fit fails the list; missing elements are left out. Coordinates come from a record
/// of `lat` and `lon` (or `latitude` and `longitude`) or a list of the two; a record with neither is
/// missing.
#[must_use]
pub fn convert(value: &Value, ty: &Type) -> Option<Value> {
    if value.is_missing() {
        return Some(Value::Missing);
    }
    match ty {
        Type::Any => Some(value.clone()),
        Type::Text => to_text(value).map(Value::Text),
        Type::Int => to_int(value).map(Value::Int),
        Type::Float => to_float(value).map(Value::Float),
        Type::Bool => to_bool(value).map(Value::Bool),
        Type::Time => to_time(value).map(Value::Time),
        Type::Duration => to_quantity(value).filter(|value| matches!(value, Value::Duration(_))),
        Type::Distance => to_quantity(value).filter(|value| matches!(value, Value::Distance(_))),
        Type::Speed => to_quantity(value).filter(|value| matches!(value, Value::Speed(_))),
        Type::Size => to_size(value).map(Value::Size),
        Type::Ip => to_ip(value),
        Type::Geo => to_geo(value),
        Type::Enum(symbols) => to_symbol(value, symbols).map(Value::Text),
        Type::List(element) => to_list(value, element),
    }
}

/// Returns a single value as text; lists, records and places are none.
pub(crate) fn to_text(value: &Value) -> Option<Arc<str>> {
    match value {
        Value::Text(text) => Some(Arc::clone(text)),
        Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Time(_)
        | Value::Duration(_)
        | Value::Distance(_)
        | Value::Speed(_)
        | Value::Size(_)
        | Value::Ip(_) => Some(display(value).into()),
        Value::Missing | Value::Geo(_) | Value::List(_) | Value::Record(_) => None,
    }
}

/// Returns a whole number, from a number or its digits.
pub(crate) fn to_int(value: &Value) -> Option<i64> {
    match value {
        Value::Int(int) => Some(*int),
        Value::Float(float) => number::exact_int(*float),
        other => number::parse_int(other.as_text()?.trim()),
    }
}

/// Returns a number as a float, from a number or its decimal text.
pub(crate) fn to_float(value: &Value) -> Option<f64> {
    match value {
        Value::Int(int) => Some(number::nearest_float(*int)),
        Value::Float(float) => Some(*float),
        other => number::parse_float(other.as_text()?.trim()),
    }
}

fn to_bool(value: &Value) -> Option<bool> {
    if let Value::Bool(truth) = value {
        return Some(*truth);
    }
    let text = value.as_text()?.trim();
    if text.eq_ignore_ascii_case("true") {
        Some(true)
    } else {
        text.eq_ignore_ascii_case("false").then_some(false)
    }
}

/// Returns an instant, from RFC 3339 or from epoch milliseconds.
pub(crate) fn to_time(value: &Value) -> Option<Timestamp> {
    match value {
        Value::Time(time) => Some(*time),
        Value::Int(_) | Value::Float(_) => time::from_epoch(value, time::EpochUnit::Milliseconds),
        other => time::parse_rfc3339(other.as_text()?.trim()),
    }
}

fn to_quantity(value: &Value) -> Option<Value> {
    match value {
        Value::Duration(_) | Value::Distance(_) | Value::Speed(_) => Some(value.clone()),
        other => quantity::parse(other.as_text()?),
    }
}

fn to_size(value: &Value) -> Option<i64> {
    if let Value::Size(bytes) = value {
        return Some(*bytes);
    }
    let bytes = to_int(value).or_else(|| match quantity::parse(value.as_text()?) {
        Some(Value::Size(bytes)) => Some(bytes),
        Some(_) | None => None,
    });
    bytes.filter(|bytes| *bytes >= 0)
}

fn to_ip(value: &Value) -> Option<Value> {
    if let Value::Ip(ip) = value {
        return Some(Value::Ip(*ip));
    }
    address::parse(value.as_text()?).map(Value::Ip)
}

/// Returns coordinates, from a record or a list of two numbers.
pub(crate) fn to_geo(value: &Value) -> Option<Value> {
    match value {
        Value::Geo(place) => Some(Value::Geo(*place)),
        Value::List(items) => match items.as_ref() {
            [lat, lon] => place(lat, lon).map(Value::Geo),
            _ => None,
        },
        Value::Record(record) => {
            let part = |name, long| record.get(name).or_else(|| record.get(long));
            let lat = part("lat", "latitude").unwrap_or(&Value::Missing);
            let lon = part("lon", "longitude").unwrap_or(&Value::Missing);
            if lat.is_missing() && lon.is_missing() {
                return Some(Value::Missing);
            }
            place(lat, lon).map(Value::Geo)
        }
        Value::Missing
        | Value::Bool(_)
        | Value::Int(_)
        | Value::Float(_)
        | Value::Text(_)
        | Value::Time(_)
        | Value::Duration(_)
        | Value::Distance(_)
        | Value::Speed(_)
        | Value::Size(_)
        | Value::Ip(_) => None,
    }
}

/// Returns coordinates of a latitude and a longitude, numbers or their text.
#[must_use]
pub fn place(lat: &Value, lon: &Value) -> Option<Coordinates> {
    geo::coordinates(to_float(lat)?, to_float(lon)?)
}

fn to_symbol(value: &Value, symbols: &EnumType) -> Option<Arc<str>> {
    let text = value.as_text()?.trim();
    symbols
        .symbols
        .iter()
        .find(|symbol| super::same_folded(symbol, text))
        .cloned()
}

fn to_list(value: &Value, element: &Type) -> Option<Value> {
    let Value::List(items) = value else {
        return convert(value, element).map(|item| Value::List([item].into()));
    };
    let present = items.iter().filter(|item| !item.is_missing());
    let items: Option<Vec<Value>> = present.map(|item| convert(item, element)).collect();
    items.map(|items| Value::List(items.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Duration;
    use crate::value::Record;

    fn record(entries: &[(&str, Value)]) -> Value {
        let entries = entries
            .iter()
            .map(|(key, value)| ((*key).into(), value.clone()))
            .collect();
        Value::Record(Record { entries }.into())
    }

    fn list(items: &[Value]) -> Value {
        Value::List(items.into())
    }

    fn place_at(lat: f64, lon: f64) -> Value {
        Value::Geo(Coordinates { lat, lon })
    }

    #[test]
    fn texts_numbers_and_truth_convert_exactly_or_not_at_all() {
        for (value, ty, expected) in [
            (
                Value::text("72058340288495701"),
                Type::Int,
                Some(Value::Int(72_058_340_288_495_701)),
            ),
            (Value::text(" 5 "), Type::Int, Some(Value::Int(5))),
            (Value::text("-0"), Type::Int, Some(Value::Int(0))),
            (Value::text("5.0"), Type::Int, None),
            (Value::text("9223372036854775808"), Type::Int, None),
            (Value::text(""), Type::Int, None),
            (Value::Float(5.0), Type::Int, Some(Value::Int(5))),
            (Value::Float(5.5), Type::Int, None),
            (Value::Float(1e19), Type::Int, None),
            (Value::Bool(true), Type::Int, None),
            (
                Value::text("34.0544"),
                Type::Float,
                Some(Value::Float(34.0544)),
            ),
            (Value::text("nan"), Type::Float, None),
            (Value::Int(45), Type::Float, Some(Value::Float(45.0))),
            (Value::text("True"), Type::Bool, Some(Value::Bool(true))),
            (Value::text("yes"), Type::Bool, None),
            (Value::Int(1), Type::Bool, None),
            (
                Value::Int(9_007_199_254_740_993),
                Type::Text,
                Some(Value::text("9007199254740993")),
            ),
            (Value::Float(0.5), Type::Text, Some(Value::text("0.5"))),
            (Value::Bool(false), Type::Text, Some(Value::text("false"))),
            (list(&[Value::text("a")]), Type::Text, None),
            (record(&[]), Type::Text, None),
            (place_at(1.0, 2.0), Type::Text, None),
        ] {
            assert_eq!(convert(&value, &ty), expected, "{value:?} as {ty}");
        }
    }

    #[test]
    fn a_missing_value_stays_missing_and_fails_no_conversion() {
        for ty in [
            Type::Text,
            Type::Int,
            Type::Geo,
            Type::List(Box::new(Type::Text)),
            Type::Any,
        ] {
            assert_eq!(convert(&Value::Missing, &ty), Some(Value::Missing), "{ty}");
        }
    }

    #[test]
    fn sizes_are_bytes_that_are_not_negative() {
        for (value, expected) in [
            (Value::Int(5), Some(5)),
            (Value::text("5"), Some(5)),
            (Value::text("2.1 GB"), Some(2_100_000_000)),
            (Value::Float(5.0), Some(5)),
            (Value::Int(-1), None),
            (Value::text("15m"), None),
            (Value::text("many"), None),
        ] {
            assert_eq!(
                convert(&value, &Type::Size),
                expected.map(Value::Size),
                "{value:?}"
            );
        }
    }

    #[test]
    fn durations_need_a_unit() {
        let quarter = Some(Value::Duration(Duration(900_000_000)));
        assert_eq!(convert(&Value::text("15m"), &Type::Duration), quarter);
        assert_eq!(convert(&Value::Int(900), &Type::Duration), None);
        assert_eq!(convert(&Value::text("5km"), &Type::Duration), None);
        assert_eq!(
            convert(&Value::text("5km"), &Type::Distance),
            Some(Value::Distance(5_000.0))
        );
    }

    #[test]
    fn times_come_from_rfc_3339_or_epoch_milliseconds() {
        let instant = Some(Value::Time(Timestamp(1_773_564_137_003_000)));
        assert_eq!(
            convert(&Value::text("2026-03-15T08:42:17.003Z"), &Type::Time),
            instant
        );
        assert_eq!(
            convert(&Value::Int(1_773_564_137_003), &Type::Time),
            instant
        );
        assert_eq!(convert(&Value::text("1773564137003"), &Type::Time), None);
        assert_eq!(convert(&Value::Int(-1), &Type::Time), None);
        assert_eq!(convert(&Value::Int(i64::MAX), &Type::Time), None);
    }

    #[test]
    fn coordinates_come_from_records_and_pairs() {
        let zero = Some(place_at(0.0, 0.0));
        for (value, expected) in [
            (
                record(&[("lat", Value::Int(0)), ("lon", Value::text("0"))]),
                zero.clone(),
            ),
            (
                record(&[
                    ("latitude", Value::Int(0)),
                    ("longitude", Value::Float(-0.0)),
                ]),
                zero.clone(),
            ),
            (list(&[Value::Int(0), Value::Int(0)]), zero),
            (
                record(&[("city", Value::text("Bonn"))]),
                Some(Value::Missing),
            ),
            (
                record(&[("lat", Value::Int(0)), ("lon", Value::Missing)]),
                None,
            ),
            (
                record(&[("lat", Value::Int(91)), ("lon", Value::Int(0))]),
                None,
            ),
            (list(&[Value::Int(0)]), None),
            (Value::text("0,0"), None),
        ] {
            assert_eq!(convert(&value, &Type::Geo), expected, "{value:?}");
        }
    }

    #[test]
    fn symbols_ignore_case_and_unknown_ones_fail() {
        let outcome = EnumType {
            symbols: vec!["success".into(), "denied".into()],
            ordered: false,
        };
        let outcome = Type::Enum(outcome.into());
        assert_eq!(
            convert(&Value::text("DENIED"), &outcome),
            Some(Value::text("denied"))
        );
        assert_eq!(convert(&Value::text("maybe"), &outcome), None);
        assert_eq!(convert(&Value::Int(0), &outcome), None);
    }

    #[test]
    fn a_single_value_becomes_a_list_of_one_and_a_comma_splits_nothing() {
        let texts = Type::List(Box::new(Type::Text));
        let one = list(&[Value::text("a,b")]);
        assert_eq!(convert(&Value::text("a,b"), &texts), Some(one));
        let mixed = list(&[Value::Int(1), Value::Missing, Value::text("x")]);
        let converted = list(&[Value::text("1"), Value::text("x")]);
        assert_eq!(convert(&mixed, &texts), Some(converted));
        assert_eq!(convert(&list(&[record(&[])]), &texts), None);
        assert_eq!(convert(&list(&[]), &texts), Some(list(&[])));
    }

    #[test]
    fn addresses_lose_their_port() {
        let ip = convert(&Value::text("192.0.2.7:443"), &Type::Ip);
        assert_eq!(ip, Some(Value::Ip([192, 0, 2, 7].into())));
        assert_eq!(
            convert(&Value::text("cloudtrail.amazonaws.com"), &Type::Ip),
            None
        );
    }
}
