//! Times as a count since 1970.
//!
//! Apart because the count comes as an integer, a float or text, and must stay exact.

use super::iso::in_range;
use super::scan;
use crate::units::{SECOND, Timestamp};
use crate::value::Value;

/// What a count since 1970 counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EpochUnit {
    /// Seconds.
    Seconds,
    /// Milliseconds.
    Milliseconds,
    /// Microseconds.
    Microseconds,
    /// Nanoseconds.
    Nanoseconds,
}

impl EpochUnit {
    /// Returns how many of it a second has.
    fn per_second(self) -> i64 {
        match self {
            EpochUnit::Seconds => 1,
            EpochUnit::Milliseconds => 1_000,
            EpochUnit::Microseconds => 1_000_000,
            EpochUnit::Nanoseconds => 1_000_000_000,
        }
    }
}

/// Returns the instant of a count since 1970, given as a number or its decimal text.
///
/// Text and integers are exact, a float is rounded to the microsecond.
#[must_use]
pub fn from_epoch(value: &Value, unit: EpochUnit) -> Option<Timestamp> {
    match value {
        Value::Int(count) => scaled(i128::from(*count), unit, 1),
        Value::Float(count) => from_float(*count, unit),
        other => from_text(other.as_text()?.trim(), unit),
    }
}

/// Returns the instant of a count of units divided by a power of ten.
fn scaled(count: i128, unit: EpochUnit, divisor: i128) -> Option<Timestamp> {
    let divisor = divisor.checked_mul(unit.per_second().into())?;
    let micros = count.checked_mul(SECOND.into())?.div_euclid(divisor);
    in_range(i64::try_from(micros).ok()?)
}

fn from_float(count: f64, unit: EpochUnit) -> Option<Timestamp> {
    #[expect(
        clippy::cast_precision_loss,
        reason = "both are powers of ten far below 2^53"
    )]
    let factor = SECOND as f64 / unit.per_second() as f64;
    let micros = (count * factor).round();
    // The last year that counts is far below 2^63; NaN fails the comparison.
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole and inside the range of i64"
    )]
    (micros.abs() < 1e18)
        .then_some(micros as i64)
        .and_then(in_range)
}

fn from_text(text: &str, unit: EpochUnit) -> Option<Timestamp> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if whole.is_empty() || fraction.is_empty() {
        return None;
    }
    // A digit finer than a microsecond never matters: at most six behind a second do.
    let fraction = fraction.as_bytes().get(..6).unwrap_or(fraction.as_bytes());
    let whole = i128::from(scan::number(whole.as_bytes())?);
    let divisor = 10_i128.pow(u32::try_from(fraction.len()).ok()?);
    let count = whole
        .checked_mul(divisor)?
        .checked_add(scan::number(fraction)?.into())?;
    scaled(count, unit, divisor)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_exact_in_every_unit() {
        for (value, unit, micros) in [
            (
                Value::Int(1_663_346_058),
                EpochUnit::Seconds,
                1_663_346_058_000_000,
            ),
            (
                Value::Int(1_663_346_058_860),
                EpochUnit::Milliseconds,
                1_663_346_058_860_000,
            ),
            (
                Value::Int(1_663_346_058_860_810),
                EpochUnit::Microseconds,
                1_663_346_058_860_810,
            ),
            (
                Value::Int(1_663_346_058_860_810_999),
                EpochUnit::Nanoseconds,
                1_663_346_058_860_810,
            ),
            (
                Value::text("1663346058.860810999"),
                EpochUnit::Seconds,
                1_663_346_058_860_810,
            ),
            (
                Value::text(" 1513229995 "),
                EpochUnit::Seconds,
                1_513_229_995_000_000,
            ),
            (
                Value::text("1663346058860.5"),
                EpochUnit::Milliseconds,
                1_663_346_058_860_500,
            ),
            (
                Value::Float(1_663_346_058.860_81),
                EpochUnit::Seconds,
                1_663_346_058_860_810,
            ),
            (Value::Int(0), EpochUnit::Seconds, 0),
        ] {
            assert_eq!(
                from_epoch(&value, unit),
                Some(Timestamp(micros)),
                "{value:?}"
            );
        }
    }

    #[test]
    fn what_is_out_of_range_or_no_count_is_none() {
        for value in [
            Value::Int(-1),
            Value::Int(i64::MAX),
            Value::Int(253_402_300_800),
            Value::Float(f64::INFINITY),
            Value::Float(-1.0),
            Value::Float(1e300),
            Value::text(""),
            Value::text("1."),
            Value::text(".5"),
            Value::text("1e9"),
            Value::text("-1"),
            Value::text("99999999999999999999999999"),
            Value::text("1.2.3"),
            Value::Bool(true),
            Value::Missing,
        ] {
            assert_eq!(from_epoch(&value, EpochUnit::Seconds), None, "{value:?}");
        }
    }
}
