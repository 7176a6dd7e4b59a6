//! Truth, equality, order and print of values, each as the specification words it.
//!
//! Apart from expressions because keys, memories and alerts compare and print values as well.

use std::cmp::Ordering;
use std::net::IpAddr;

use chrono::{DateTime, SecondsFormat, Utc};
use muster_lang::types::EnumType;
use muster_lang::units::{Duration, SECOND, Timestamp};
use muster_lang::value::{Coordinates, Value};

/// The three values of a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Truth {
    /// It holds.
    True,
    /// It does not hold.
    False,
    /// Something it needs is missing.
    Unknown,
}

impl Truth {
    pub(crate) fn of(holds: bool) -> Self {
        if holds { Truth::True } else { Truth::False }
    }

    pub(crate) fn not(self) -> Self {
        match self {
            Truth::True => Truth::False,
            Truth::False => Truth::True,
            Truth::Unknown => Truth::Unknown,
        }
    }

    pub(crate) fn and(self, other: Self) -> Self {
        match (self, other) {
            (Truth::False, _) | (_, Truth::False) => Truth::False,
            (Truth::True, Truth::True) => Truth::True,
            _ => Truth::Unknown,
        }
    }

    pub(crate) fn or(self, other: Self) -> Self {
        match (self, other) {
            (Truth::True, _) | (_, Truth::True) => Truth::True,
            (Truth::False, Truth::False) => Truth::False,
            _ => Truth::Unknown,
        }
    }

    pub(crate) fn value(self) -> Value {
        match self {
            Truth::True => Value::Bool(true),
            Truth::False => Value::Bool(false),
            Truth::Unknown => Value::Missing,
        }
    }
}

/// Returns a text as texts are compared by word.
pub(crate) fn fold(text: &str) -> String {
    text.to_lowercase()
}

/// Returns a spelling under which two values are equal if and only if `is` says so.
pub(crate) fn normal(value: &Value) -> String {
    match value {
        Value::Text(text) => format!("text {}", fold(text)),
        Value::Int(_) | Value::Float(_) => format!("number {}", number(value).map_or(0.0, |n| n.1)),
        Value::List(items) => {
            format!(
                "list {}",
                items.iter().map(normal).collect::<Vec<_>>().join("\u{1}")
            )
        }
        other => format!("other {other:?}"),
    }
}

/// The dimension of a number, so that only like is compared with like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Plain,
    Time,
    Duration,
    Distance,
    Speed,
    Size,
}

/// Returns a number with its dimension. The generator stays where floats are exact.
#[expect(
    clippy::cast_precision_loss,
    reason = "streams of tests stay below 2^53"
)]
pub(crate) fn number(value: &Value) -> Option<(Kind, f64)> {
    match value {
        Value::Int(int) => Some((Kind::Plain, *int as f64)),
        Value::Float(float) => Some((Kind::Plain, *float)),
        Value::Time(time) => Some((Kind::Time, time.0 as f64)),
        Value::Duration(span) => Some((Kind::Duration, span.0 as f64)),
        Value::Distance(metres) => Some((Kind::Distance, *metres)),
        Value::Speed(speed) => Some((Kind::Speed, *speed)),
        Value::Size(bytes) => Some((Kind::Size, *bytes as f64)),
        _ => None,
    }
}

/// Returns the value of a number in a dimension.
#[expect(
    clippy::cast_possible_truncation,
    reason = "streams of tests stay below 2^53"
)]
pub(crate) fn from_number(kind: Kind, amount: f64) -> Value {
    match kind {
        Kind::Plain => Value::Float(amount),
        Kind::Time => Value::Time(Timestamp(amount.round() as i64)),
        Kind::Duration => Value::Duration(Duration(amount.round() as i64)),
        Kind::Distance => Value::Distance(amount),
        Kind::Speed => Value::Speed(amount),
        Kind::Size => Value::Size(amount.round() as i64),
    }
}

/// Tells whether two values that are there are the same, as `is` compares; `None` where they do
/// not compare.
pub(crate) fn same(left: &Value, right: &Value) -> Option<bool> {
    match (left, right) {
        (Value::Text(a), Value::Text(b)) => Some(fold(a) == fold(b)),
        (Value::Bool(a), Value::Bool(b)) => Some(a == b),
        (Value::Geo(a), Value::Geo(b)) => Some(a == b),
        (Value::Ip(a), Value::Ip(b)) => Some(a == b),
        (Value::Ip(a), Value::Text(b)) | (Value::Text(b), Value::Ip(a)) => {
            b.parse::<IpAddr>().ok().map(|b| *a == b)
        }
        _ => ordered(left, right).map(|order| order == Ordering::Equal),
    }
}

/// Returns what a value is, so that only like is compared with like.
pub(crate) fn kind(value: &Value) -> &'static str {
    match value {
        Value::Missing => "missing",
        Value::Bool(_) => "truth",
        Value::Int(_) | Value::Float(_) => "number",
        Value::Text(_) => "text",
        Value::Time(_) => "time",
        Value::Duration(_) => "duration",
        Value::Distance(_) => "distance",
        Value::Speed(_) => "speed",
        Value::Size(_) => "size",
        Value::Ip(_) => "address",
        Value::Geo(_) => "place",
        Value::List(_) => "list",
        Value::Record(_) => "record",
    }
}

/// Tells whether an address lies in a network, or is the one written; nothing where none is.
pub(crate) fn in_network(address: IpAddr, network: &str) -> Option<bool> {
    let Some((base, length)) = network.split_once('/') else {
        return network.parse::<IpAddr>().ok().map(|one| one == address);
    };
    let length: u32 = length.parse().ok()?;
    let bits = |address: IpAddr| match address {
        IpAddr::V4(address) => (u128::from(u32::from(address)) << 96, 32),
        IpAddr::V6(address) => (u128::from(address), 128),
    };
    let (address, width) = bits(address);
    let (base, base_width) = bits(base.parse().ok()?);
    let kept = if length == 0 {
        0
    } else {
        u128::MAX << (128 - length)
    };
    Some(width == base_width && address & kept == base & kept)
}

/// Orders two numbers of one dimension.
pub(crate) fn ordered(left: &Value, right: &Value) -> Option<Ordering> {
    let (left_kind, left) = number(left)?;
    let (right_kind, right) = number(right)?;
    // The sum of nothing is a plain 0, which compares with every measure but an instant.
    let zero = |kind: Kind, amount: f64, other: Kind| {
        kind == Kind::Plain && amount == 0.0 && other != Kind::Time
    };
    let alike = left_kind == right_kind
        || zero(left_kind, left, right_kind)
        || zero(right_kind, right, left_kind);
    if alike {
        left.partial_cmp(&right)
    } else {
        None
    }
}

/// Orders two symbols of an ordered enum.
pub(crate) fn ranked(symbols: &EnumType, left: &Value, right: &Value) -> Option<Ordering> {
    let rank = |value: &Value| match value {
        Value::Text(text) => symbols
            .symbols
            .iter()
            .position(|symbol| fold(symbol) == fold(text)),
        _ => None,
    };
    Some(rank(left)?.cmp(&rank(right)?))
}

/// Tells whether a text matches a glob of `*` and `?`, ignoring case.
pub(crate) fn like(text: &str, pattern: &str) -> bool {
    fn go(text: &[char], pattern: &[char]) -> bool {
        match pattern.split_first() {
            None => text.is_empty(),
            Some(('*', rest)) => {
                go(text, rest)
                    || text
                        .split_first()
                        .is_some_and(|(_, more)| go(more, pattern))
            }
            Some((wanted, rest)) => text
                .split_first()
                .is_some_and(|(found, more)| (*wanted == '?' || wanted == found) && go(more, rest)),
        }
    }
    let characters = |text: &str| fold(text).chars().collect::<Vec<_>>();
    go(&characters(text), &characters(pattern))
}

/// Returns the haversine distance in metres.
pub(crate) fn distance(from: Coordinates, to: Coordinates) -> f64 {
    let (lat1, lat2) = (from.lat.to_radians(), to.lat.to_radians());
    let half_lat = ((lat2 - lat1) / 2.0).sin();
    let half_lon = ((to.lon - from.lon).to_radians() / 2.0).sin();
    let root = half_lat * half_lat + lat1.cos() * lat2.cos() * half_lon * half_lon;
    2.0 * 6_371_008.8 * root.sqrt().min(1.0).asin()
}

/// Prints a value as alert text and keys show it.
pub(crate) fn display(value: &Value) -> String {
    match value {
        Value::Missing => "?".to_owned(),
        Value::Bool(holds) => holds.to_string(),
        Value::Int(int) => int.to_string(),
        Value::Float(float) => float.to_string(),
        Value::Text(text) => text.to_string(),
        Value::Time(time) => time_text(time.0),
        Value::Duration(span) => duration_text(span.0),
        Value::Distance(metres) => format!("{} km", measure(metres / 1000.0)),
        Value::Speed(speed) => format!("{} km/h", measure(speed * 3.6)),
        Value::Size(bytes) => size_text(*bytes),
        Value::Ip(ip) => ip.to_string(),
        Value::Geo(place) => format!("({}, {})", place.lat, place.lon),
        Value::List(items) => items.iter().map(display).collect::<Vec<_>>().join(", "),
        Value::Record(_) => "record".to_owned(),
    }
}

/// A distance or speed: whole from 10 on, with one decimal below.
fn measure(amount: f64) -> String {
    if amount.is_infinite() {
        return "∞".to_owned();
    }
    let tenths = format!("{amount:.1}");
    if tenths.len() > "9.9".len() {
        format!("{amount:.0}")
    } else {
        tenths
    }
}

/// A size with one decimal of the unit it is at least one of, none where it is 0.
#[expect(
    clippy::cast_precision_loss,
    reason = "streams of tests stay below 2^53"
)]
fn size_text(bytes: i64) -> String {
    let mut text = format!("{bytes} B");
    let mut unit = 1_000.0;
    for name in ["KB", "MB", "GB", "TB"] {
        let amount = (bytes as f64 / unit * 10.0).round() / 10.0;
        if bytes >= 1_000 && amount >= 1.0 {
            text = format!("{amount} {name}");
        }
        unit *= 1_000.0;
    }
    text
}

/// Prints an instant with the fewest digits.
pub(crate) fn time_text(micros: i64) -> String {
    let Some(time) = DateTime::<Utc>::from_timestamp_micros(micros) else {
        return micros.to_string();
    };
    let text = time.to_rfc3339_opts(SecondsFormat::Micros, true);
    let digits = text.trim_end_matches('Z').trim_end_matches('0');
    format!("{}Z", digits.trim_end_matches('.'))
}

/// A span in days, hours, minutes and seconds, or in milliseconds below a second.
fn duration_text(micros: i64) -> String {
    if micros < 0 {
        return format!("-{}", duration_text(-micros));
    }
    if micros == 0 {
        return "0s".to_owned();
    }
    if micros < SECOND {
        return format!("{}ms", thousandths(micros, 1_000));
    }
    let mut rest = micros;
    let mut text = String::new();
    for (name, size) in [
        ("d", 86_400 * SECOND),
        ("h", 3_600 * SECOND),
        ("m", 60 * SECOND),
    ] {
        if rest >= size {
            text.push_str(&format!("{}{name}", rest / size));
        }
        rest %= size;
    }
    if rest > 0 {
        text.push_str(&format!("{}s", thousandths(rest, SECOND)));
    }
    text
}

/// Microseconds in a unit, exactly.
#[expect(
    clippy::cast_precision_loss,
    reason = "less than a minute of microseconds is exact, and prints exactly"
)]
fn thousandths(micros: i64, unit: i64) -> f64 {
    micros as f64 / unit as f64
}
