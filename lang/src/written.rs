//! Values as one writes them in a rule.
//!
//! Apart from how alerts show values because this text compiles again: it stands in listings, helps
//! and patches.

use crate::value::Value;

/// Returns a constant as one writes it in a rule.
pub(crate) fn written(value: &Value) -> String {
    match value {
        Value::Text(text) => quoted(text),
        Value::List(items) => {
            let items: Vec<String> = items.iter().map(written).collect();
            format!("[{}]", items.join(", "))
        }
        Value::Missing => "missing".to_owned(),
        Value::Bool(value) => value.to_string(),
        Value::Int(number) => number.to_string(),
        Value::Float(number) => number.to_string(),
        Value::Time(time) => crate::time::format_rfc3339(*time),
        Value::Duration(span) => span_written(span.0),
        Value::Distance(metres) => scaled(*metres, &[("km", 1_000.0)]),
        Value::Speed(speed) => scaled(*speed, &[("km/h", 1_000.0 / 3_600.0)]),
        Value::Size(bytes) => size_written(*bytes),
        Value::Ip(address) => format!("\"{address}\""),
        Value::Geo(place) => format!("({}, {})", place.lat, place.lon),
        Value::Record(record) => {
            let entries: Vec<String> = record
                .entries
                .iter()
                .map(|(key, value)| format!("{key}: {}", written(value)))
                .collect();
            format!("{{{}}}", entries.join(", "))
        }
    }
}

/// Returns a text in quotes, with escapes.
pub(crate) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for letter in text.chars() {
        match letter {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            letter if letter.is_control() => {
                out.push_str(&format!("\\u{{{:x}}}", u32::from(letter)));
            }
            letter => out.push(letter),
        }
    }
    out.push('"');
    out
}

/// Returns a span of time as a compound literal, exact to the millisecond, else in microseconds.
pub(crate) fn span_written(micros: i64) -> String {
    const UNITS: [(&str, i64); 6] = [
        ("w", 604_800_000_000),
        ("d", 86_400_000_000),
        ("h", 3_600_000_000),
        ("m", 60_000_000),
        ("s", 1_000_000),
        ("ms", 1_000),
    ];
    let mut out = String::new();
    let mut rest = micros;
    if rest < 0 {
        out.push('-');
        rest = rest.saturating_neg();
    }
    for (name, factor) in UNITS {
        let (count, left) = (rest / factor, rest % factor);
        if count > 0 && !(name == "w" && left > 0) {
            out.push_str(&format!("{count}{name}"));
            rest = left;
        }
    }
    if rest > 0 {
        out.push_str(&format!("{rest}us"));
    }
    if out.is_empty() { "0s".to_owned() } else { out }
}

fn size_written(bytes: i64) -> String {
    const UNITS: [(&str, i64); 8] = [
        ("TB", 1_000_000_000_000),
        ("TiB", 1 << 40),
        ("GB", 1_000_000_000),
        ("GiB", 1 << 30),
        ("MB", 1_000_000),
        ("MiB", 1 << 20),
        ("KB", 1_000),
        ("KiB", 1 << 10),
    ];
    let unit = UNITS
        .iter()
        .find(|(_, factor)| bytes != 0 && bytes % factor == 0);
    unit.map_or_else(
        || format!("{bytes}B"),
        |(name, factor)| format!("{}{name}", bytes / factor),
    )
}

fn scaled(base: f64, units: &[(&str, f64)]) -> String {
    units.first().map_or_else(
        || base.to_string(),
        |(name, factor)| format!("{}{name}", base / factor),
    )
}
