//! Quantities as text: `15m`, `1h30m`, `5 MB`, `12.5 km`.
//!
//! Apart because reading them must be exact in integers where the quantity is one.

use super::{Value, number};
use crate::units::{self, Dimension, Duration};

/// The longest text that is looked at.
const QUANTITY_BYTES_MAX: usize = 64;

/// Reads a quantity: numbers with units, a duration of several parts largest unit first.
///
/// A blank may stand before a unit. Out of range is `None`; what is finer than a microsecond or a
/// byte is cut off.
#[must_use]
pub fn parse(text: &str) -> Option<Value> {
    let text = text.trim();
    if text.len() > QUANTITY_BYTES_MAX {
        return None;
    }
    let (negative, text) = text
        .strip_prefix('-')
        .map_or((false, text), |text| (true, text));
    let (first, rest) = part(text)?;
    let sign = if negative { -1 } else { 1 };
    match first.unit.dimension {
        Dimension::Duration => Some(Value::Duration(Duration(sign * duration(first, rest)?))),
        Dimension::Size if rest.is_empty() => Some(Value::Size(sign * first.whole()?)),
        Dimension::Distance if rest.is_empty() => {
            Some(Value::Distance(f64::from(sign as i32) * first.float()?))
        }
        Dimension::Speed if rest.is_empty() => {
            Some(Value::Speed(f64::from(sign as i32) * first.float()?))
        }
        Dimension::Size | Dimension::Distance | Dimension::Speed => None,
    }
}

/// A number with its unit.
#[derive(Clone, Copy)]
struct Part<'a> {
    number: &'a str,
    unit: units::Unit,
}

impl Part<'_> {
    /// Returns it in base units, exactly, what is finer cut off.
    fn whole(self) -> Option<i64> {
        let (digits, fraction) = self.number.split_once('.').unwrap_or((self.number, ""));
        let factor = i128::from(number::exact_int(self.unit.factor)?);
        let scale = 10_i128.checked_pow(u32::try_from(fraction.len()).ok()?)?;
        let scaled: i128 = format!("{digits}{fraction}").parse().ok()?;
        i64::try_from(scaled.checked_mul(factor)? / scale).ok()
    }

    fn float(self) -> Option<f64> {
        number::parse_float(self.number).map(|number| number * self.unit.factor)
    }
}

fn duration(first: Part<'_>, mut rest: &str) -> Option<i64> {
    let mut total = first.whole()?;
    let mut factor = first.unit.factor;
    while !rest.is_empty() {
        let (next, after) = part(rest)?;
        if next.unit.dimension != Dimension::Duration || next.unit.factor >= factor {
            return None;
        }
        total = total.checked_add(next.whole()?)?;
        factor = next.unit.factor;
        rest = after;
    }
    Some(total)
}

/// Splits a number with its unit off the text.
fn part(text: &str) -> Option<(Part<'_>, &str)> {
    let unit_at = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, text) = text.split_at_checked(unit_at)?;
    let complete = number.starts_with(|c: char| c.is_ascii_digit())
        && number.ends_with(|c: char| c.is_ascii_digit())
        && number.matches('.').count() <= 1;
    let text = text.trim_start();
    let end = text
        .find(|c: char| c.is_ascii_digit() || c == ' ')
        .unwrap_or(text.len());
    let (unit, rest) = text.split_at_checked(end)?;
    let unit = units::find(unit)?;
    complete.then_some((Part { number, unit }, rest.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{DAY, SECOND};

    #[test]
    fn quantities_are_read_exactly() {
        for (text, value) in [
            ("15m", Value::Duration(Duration(900 * SECOND))),
            ("1h30m", Value::Duration(Duration(5_400 * SECOND))),
            ("1h 30m", Value::Duration(Duration(5_400 * SECOND))),
            ("250ms", Value::Duration(Duration(250_000))),
            ("1.5s", Value::Duration(Duration(1_500_000))),
            ("0.0019ms", Value::Duration(Duration(1))),
            ("-2d", Value::Duration(Duration(-2 * DAY))),
            ("5MB", Value::Size(5_000_000)),
            ("2.1 GB", Value::Size(2_100_000_000)),
            ("9007199254740993B", Value::Size(9_007_199_254_740_993)),
            ("1.5KiB", Value::Size(1_536)),
            ("500km", Value::Distance(500_000.0)),
            ("1mi", Value::Distance(1_609.344)),
            ("36km/h", Value::Speed(36.0 * (1_000.0 / 3_600.0))),
        ] {
            assert_eq!(parse(text), Some(value), "{text}");
        }
    }

    #[test]
    fn what_is_no_quantity_is_none() {
        for text in [
            "",
            "5",
            "m",
            "-",
            "1.m",
            ".5m",
            "1.2.3m",
            "30m1h",
            "1m1m",
            "1h5km",
            "5 parsecs",
            "1kmkm",
            "99999999999999999999B",
            "300000000w",
            "é",
            "1é",
            "5MB5MB",
            "1_000B",
            "--1m",
            "1e3m",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
