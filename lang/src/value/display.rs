//! Values as people read them in alerts.
//!
//! Apart because `because`, templates and texts made of numbers must print alike.

use super::{Value, json, number};
use crate::time;
use crate::units::{DAY, Duration, SECOND};

/// Returns the value as it stands in the text of an alert.
///
/// Durations read `15m`, `1h30m`, `1d2h`, `2.5s`, `250ms`; distances and speeds are whole from 10
/// on and have one decimal below; sizes are decimal with one decimal, exact below 1 KB; times are
/// RFC 3339 in UTC; lists are joined by commas; records are compact JSON; what is missing is `?` and
/// a distance covered in no time `∞ km/h`. Nothing is escaped.
#[must_use]
pub fn display(value: &Value) -> String {
    match value {
        Value::Missing => "?".to_owned(),
        Value::Bool(truth) => truth.to_string(),
        Value::Int(int) => int.to_string(),
        Value::Float(float) => number::shortest(*float),
        Value::Text(text) => text.to_string(),
        Value::Time(time) => time::format_rfc3339(*time),
        Value::Duration(span) => duration(*span),
        Value::Distance(metres) => format!("{} km", rounded(metres / 1_000.0)),
        Value::Speed(speed) => format!("{} km/h", rounded(speed * 3.6)),
        Value::Size(bytes) => size(*bytes),
        Value::Ip(ip) => ip.to_string(),
        Value::Geo(place) => {
            format!(
                "({}, {})",
                number::shortest(place.lat),
                number::shortest(place.lon)
            )
        }
        Value::List(items) => items.iter().map(display).collect::<Vec<_>>().join(", "),
        Value::Record(_) => json::write(value),
    }
}

/// Returns a number whole from 10 on, with one decimal below.
fn rounded(number: f64) -> String {
    if number.is_infinite() {
        return if number > 0.0 {
            "∞".to_owned()
        } else {
            "-∞".to_owned()
        };
    }
    // What would round to 10.0 is whole already.
    if number.abs() < 9.95 {
        format!("{:.1}", number + 0.0)
    } else {
        format!("{number:.0}")
    }
}

fn size(bytes: i64) -> String {
    const UNITS: [&str; 6] = ["KB", "MB", "GB", "TB", "PB", "EB"];
    if bytes.unsigned_abs() < 1_000 {
        return format!("{bytes} B");
    }
    let mut amount = number::nearest_float(bytes) / 1_000.0;
    let mut name = "KB";
    for unit in UNITS {
        name = unit;
        // What would round to 1000.0 belongs to the next unit.
        if amount.abs() < 999.95 {
            break;
        }
        amount /= 1_000.0;
    }
    let text = format!("{amount:.1}");
    format!("{} {name}", text.strip_suffix(".0").unwrap_or(&text))
}

fn duration(span: Duration) -> String {
    let sign = if span.0 < 0 { "-" } else { "" };
    let total = span.0.unsigned_abs();
    let second = SECOND.unsigned_abs();
    let mut text = String::new();
    let mut rest = total;
    for (name, length) in [
        ("d", DAY.unsigned_abs()),
        ("h", 3_600 * second),
        ("m", 60 * second),
    ] {
        if rest >= length {
            text.push_str(&format!("{}{name}", rest / length));
            rest %= length;
        }
    }
    if rest > 0 && total < second {
        text.push_str(&decimal(rest, 1_000, "ms"));
    } else if rest > 0 || total == 0 {
        text.push_str(&decimal(rest, second, "s"));
    }
    format!("{sign}{text}")
}

/// Returns microseconds in a unit, exactly, without zeros behind.
fn decimal(micros: u64, unit: u64, name: &str) -> String {
    let width = unit.ilog10() as usize;
    let fraction = format!("{:0width$}", micros % unit);
    let fraction = fraction.trim_end_matches('0');
    let point = if fraction.is_empty() { "" } else { "." };
    format!("{}{point}{fraction}{name}", micros / unit)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::Timestamp;
    use crate::value::{Coordinates, Record};

    #[test]
    fn durations_read_as_they_are_written() {
        for (micros, text) in [
            (0, "0s"),
            (900 * SECOND, "15m"),
            (5_400 * SECOND, "1h30m"),
            (250_000, "250ms"),
            (1, "0.001ms"),
            (1_500_000, "1.5s"),
            (DAY, "1d"),
            (14 * DAY + 1, "14d0.000001s"),
            (899_997_000, "14m59.997s"),
            (3_601 * SECOND, "1h1s"),
            (-900 * SECOND, "-15m"),
            (i64::MIN, "-106751991d4h54.775808s"),
        ] {
            assert_eq!(display(&Value::Duration(Duration(micros))), text);
        }
    }

    #[test]
    fn distances_and_speeds_are_whole_from_10_on() {
        for (metres, text) in [
            (0.0, "0.0 km"),
            (-0.0, "0.0 km"),
            (340.0, "0.3 km"),
            (9_940.0, "9.9 km"),
            (9_960.0, "10 km"),
            (22_239.0, "22 km"),
            (10_768_400.0, "10768 km"),
        ] {
            assert_eq!(display(&Value::Distance(metres)), text);
        }
        assert_eq!(display(&Value::Speed(43_047.0 / 3.6)), "43047 km/h");
        assert_eq!(display(&Value::Speed(5.0 / 3.6)), "5.0 km/h");
        assert_eq!(display(&Value::Speed(f64::INFINITY)), "∞ km/h");
    }

    #[test]
    fn sizes_are_decimal_and_exact_below_a_kilobyte() {
        for (bytes, text) in [
            (0, "0 B"),
            (999, "999 B"),
            (1_000, "1 KB"),
            (1_536, "1.5 KB"),
            (999_949, "999.9 KB"),
            (999_950, "1 MB"),
            (2_100_000_000, "2.1 GB"),
            (-5_000_000, "-5 MB"),
            (i64::MAX, "9.2 EB"),
        ] {
            assert_eq!(display(&Value::Size(bytes)), text);
        }
    }

    #[test]
    fn other_values_read_plainly() {
        let record = Record {
            entries: vec![("a".into(), Value::Int(1)), ("b".into(), Value::Missing)],
        };
        for (value, text) in [
            (Value::Missing, "?"),
            (Value::Bool(true), "true"),
            (Value::Int(i64::MIN), "-9223372036854775808"),
            (Value::Float(0.1), "0.1"),
            (Value::text("Ana\u{202e}"), "Ana\u{202e}"),
            (Value::Time(Timestamp(0)), "1970-01-01T00:00:00Z"),
            (Value::Ip([10, 0, 0, 1].into()), "10.0.0.1"),
            (
                Value::Geo(Coordinates {
                    lat: 40.4168,
                    lon: -3.7,
                }),
                "(40.4168, -3.7)",
            ),
            (Value::List([Value::Int(1), Value::Missing].into()), "1, ?"),
            (Value::List([].into()), ""),
            (Value::Record(record.into()), r#"{"a":1,"b":null}"#),
        ] {
            assert_eq!(display(&value), text);
        }
    }
}
