//! Plain functions: of texts, addresses, places, records and times.
//!
//! Apart from aggregates because these look at their arguments and nothing else.

use chrono::{Datelike, NaiveDateTime, Timelike};
use chrono_tz::Tz;
use muster_lang::syntax::ast::Argument;
use muster_lang::types::Type;
use muster_lang::units::{SECOND, Timestamp};
use muster_lang::value::Value;

use super::calendar::{local, zone};
use super::compare::pattern;
use super::convert::{address, convert, in_zone, iso};
use super::expression::{coordinates, holds, value};
use super::names::{Expected, Scope};
use super::source::record;
use super::value::{Kind, display, distance, from_number, number};
use super::{Answer, unsupported};

/// Calls a plain function.
pub(crate) fn call(name: &str, args: &[Argument], scope: Scope<'_>) -> Answer<Value> {
    if name == "pick" {
        return pick(args, scope);
    }
    let mut values = Vec::new();
    let mut tz = Tz::UTC;
    for argument in args {
        let found = value(&argument.value, scope, &Expected::Nothing)?;
        match (&argument.label, &found) {
            (Some(_), Value::Text(name)) => tz = zone(name)?,
            (Some(_), _) => return unsupported("an option that is no text"),
            (None, _) => values.push(found),
        }
    }
    match (name, values.as_slice()) {
        ("parse_time", [from, formats @ ..]) => parse_time(from, formats, tz),
        ("hour" | "weekday" | "date", [Value::Time(time)]) => moment(name, time.0, tz),
        ("hour" | "weekday" | "date", [_]) => Ok(Value::Missing),
        ("geo", [lat, lon]) => Ok(place(lat, lon)),
        ("geo", [one]) => Ok(convert(one, &Type::Geo)),
        ("distance", [Value::Geo(from), Value::Geo(to)]) => {
            Ok(Value::Distance(distance(*from, *to)))
        }
        ("distance", [_, _]) => Ok(Value::Missing),
        ("ip", [text]) => Ok(convert(text, &Type::Ip)),
        ("json", [Value::Text(text)]) => Ok(record(text).unwrap_or_default()),
        ("json", [other]) => Ok(other.clone()),
        ("cidr_host", [text]) => Ok(cidr_host(text)),
        (_, [first, rest @ ..]) => text(name, first, rest),
        (name, []) => unsupported(format!("the function `{name}`")),
    }
}

/// The first element for which a condition holds, or that compares so.
fn pick(args: &[Argument], scope: Scope<'_>) -> Answer<Value> {
    let [list, condition] = args else {
        return unsupported("`pick` of other than a list and a condition");
    };
    let items = match value(&list.value, scope, &Expected::Nothing)? {
        Value::Missing => return Ok(Value::Missing),
        Value::List(items) => items,
        one => std::sync::Arc::from([one]),
    };
    for item in items.iter() {
        let scope = Scope {
            item: Some(item),
            ..scope
        };
        if holds(&condition.value, false, scope)? {
            return Ok(item.clone());
        }
    }
    Ok(Value::Missing)
}

fn place(lat: &Value, lon: &Value) -> Value {
    let degrees = |value: &Value| number(&convert(value, &Type::Float)).map(|(_, amount)| amount);
    let both = degrees(lat).zip(degrees(lon));
    both.map_or(Value::Missing, |(lat, lon)| coordinates(lat, lon))
}

fn moment(name: &str, micros: i64, tz: Tz) -> Answer<Value> {
    let time = local(micros, tz)?;
    Ok(match name {
        "hour" => Value::Int(time.hour().into()),
        "weekday" => Value::text(time.format("%a").to_string().to_lowercase()),
        _ => Value::text(format!(
            "{:04}-{:02}-{:02}",
            time.year(),
            time.month(),
            time.day()
        )),
    })
}

/// The instant by the first format that fits.
fn parse_time(from: &Value, formats: &[Value], tz: Tz) -> Answer<Value> {
    let text = match convert(from, &Type::Text) {
        Value::Text(text) => text.trim().to_owned(),
        _ => return Ok(Value::Missing),
    };
    for format in formats {
        let Value::Text(format) = format else {
            return unsupported("a format that is no text");
        };
        let found = match &**format {
            "iso" => iso(&text, tz),
            "epoch" => count(&text, 6),
            "epoch_ms" => count(&text, 3),
            "epoch_us" => count(&text, 0),
            "epoch_ns" => text
                .parse::<i64>()
                .ok()
                .map(|nanos| nanos.div_euclid(1_000)),
            "rfc3164" => return unsupported("the format `rfc3164`"),
            layout => NaiveDateTime::parse_from_str(&text, layout)
                .ok()
                .and_then(|time| in_zone(time, tz)),
        };
        if let Some(micros) = found.filter(|micros| in_years(*micros)) {
            return Ok(Value::Time(Timestamp(micros)));
        }
    }
    Ok(Value::Missing)
}

/// A count since 1970 with so many digits before the microsecond; finer ones are cut off.
fn count(text: &str, digits: usize) -> Option<i64> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_number = |text: &str| text.chars().all(|digit| digit.is_ascii_digit());
    if whole.is_empty() || !is_number(whole) || !is_number(fraction) {
        return None;
    }
    let fraction: String = fraction
        .chars()
        .chain(std::iter::repeat('0'))
        .take(digits)
        .collect();
    format!("{whole}{fraction}").parse().ok()
}

/// From 1970 to 9999.
fn in_years(micros: i64) -> bool {
    (0..253_402_300_800 * SECOND).contains(&micros)
}

fn cidr_host(text: &Value) -> Value {
    let Value::Text(text) = convert(text, &Type::Text) else {
        return Value::Missing;
    };
    let (host, bits) = text.split_once('/').unwrap_or((&text, "0"));
    let Some(address) = address(host) else {
        return Value::Missing;
    };
    let most = if address.is_ipv4() { 32 } else { 128 };
    let fits = bits.parse::<u8>().is_ok_and(|bits| bits <= most);
    if fits {
        Value::Ip(address)
    } else {
        Value::Missing
    }
}

/// Functions of a text; a number is taken as its text.
fn text(name: &str, first: &Value, rest: &[Value]) -> Answer<Value> {
    if let ("abs" | "round", Some((kind, amount))) = (name, number(first)) {
        return arithmetic(name, first, (kind, amount), rest);
    }
    if let ("join", Value::List(items)) = (name, first) {
        let there = items.iter().filter(|item| !item.is_missing());
        let separator = rest.first().map_or(", ".to_owned(), display);
        let texts: Vec<String> = there.map(display).collect();
        return Ok(Value::text(texts.join(&separator)));
    }
    let Value::Text(text) = convert(first, &Type::Text) else {
        return Ok(Value::Missing);
    };
    Ok(match (name, rest) {
        ("lower", []) => Value::text(text.to_lowercase()),
        ("upper", []) => Value::text(text.to_uppercase()),
        ("trim", []) => Value::text(text.trim()),
        ("split", [Value::Text(mark)]) if mark.is_empty() => Value::Missing,
        ("split", [Value::Text(_)]) if text.is_empty() => Value::List(std::sync::Arc::from([])),
        ("split", [Value::Text(mark)]) => {
            Value::List(text.split(&**mark).map(Value::text).collect())
        }
        ("replace", [Value::Text(old), Value::Text(_)]) if old.is_empty() => Value::Missing,
        ("replace", [Value::Text(old), Value::Text(new)]) => Value::text(text.replace(&**old, new)),
        ("extract", [Value::Text(wanted)]) => pattern(wanted)?
            .captures(&text)
            .and_then(|caught| caught.get(1))
            .map_or(Value::Missing, |group| Value::text(group.as_str())),
        ("split" | "replace" | "extract", rest) if rest.iter().any(Value::is_missing) => {
            Value::Missing
        }
        _ => return unsupported(format!("the function `{name}`")),
    })
}

fn arithmetic(
    name: &str,
    value: &Value,
    (kind, amount): (Kind, f64),
    rest: &[Value],
) -> Answer<Value> {
    match (name, value, rest) {
        ("abs", Value::Int(int), []) => Ok(Value::Int(int.abs())),
        ("abs", _, []) => Ok(from_number(kind, amount.abs())),
        ("round", Value::Int(int), []) => Ok(Value::Int(*int)),
        #[expect(
            clippy::cast_possible_truncation,
            reason = "streams of tests stay below 2^53"
        )]
        ("round", Value::Float(float), []) => Ok(Value::Int(float.round() as i64)),
        _ => unsupported(format!("the function `{name}`")),
    }
}
