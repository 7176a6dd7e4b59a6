//! Numbers, units and times: from what was written to what it is worth.
//!
//! Apart from the parser because the same readings serve the command line and the help of messages.

use crate::syntax::ast::LiteralKind;
use crate::units::{self, DAY, Dimension, Duration, SECOND, UNITS};

/// Why a number cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NumberError {
    /// It is no number at all: `1__0`, `1.2.3`.
    Malformed,
    /// It does not fit 64 bits.
    TooLarge,
    /// The word behind it is no unit; a better spelling of the whole, if one is near.
    UnknownUnit {
        /// The word.
        unit: String,
        /// The number with the unit that was probably meant.
        suggestion: Option<String>,
    },
    /// A compound whose units are no durations, or not largest first.
    Compound,
}

/// Returns the value of a number with its unit.
///
/// # Errors
/// Where it is malformed, too large, or has a unit that does not exist.
pub fn number(text: &str) -> Result<LiteralKind, NumberError> {
    let pieces = pieces(text)?;
    match pieces.as_slice() {
        [] => Err(NumberError::Malformed),
        [piece] => single(piece, text),
        several => compound(several, text),
    }
}

/// An amount with the unit behind it, which may be empty.
struct Piece<'a> {
    digits: String,
    unit: &'a str,
}

fn pieces(text: &str) -> Result<Vec<Piece<'_>>, NumberError> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        let digits_end = rest
            .find(|c: char| !(c.is_ascii_digit() || c == '_' || c == '.'))
            .unwrap_or(rest.len());
        let (written, tail) = rest.split_at_checked(digits_end).unwrap_or((rest, ""));
        let unit_end = tail
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(tail.len());
        let (unit, next) = tail.split_at_checked(unit_end).unwrap_or((tail, ""));
        let digits = digits(written).ok_or(NumberError::Malformed)?;
        pieces.push(Piece { digits, unit });
        rest = next;
    }
    Ok(pieces)
}

/// Returns the digits without `_`, or nothing where `_` or `.` stands amiss.
fn digits(written: &str) -> Option<String> {
    let groups_fit = |part: &str| part.split('_').all(|group| !group.is_empty());
    let mut parts = written.split('.');
    let whole = parts.next()?;
    let fraction = parts.next();
    if parts.next().is_some() || !groups_fit(whole) || !fraction.is_none_or(groups_fit) {
        return None;
    }
    Some(written.chars().filter(|c| *c != '_').collect())
}

fn single(piece: &Piece<'_>, text: &str) -> Result<LiteralKind, NumberError> {
    match piece.unit {
        "" if piece.digits.contains('.') => Ok(LiteralKind::Float(float(&piece.digits)?)),
        "" => piece
            .digits
            .parse()
            .map(LiteralKind::Int)
            .map_err(|_| NumberError::TooLarge),
        "%" => Ok(LiteralKind::Percent(float(&piece.digits)? / 100.0)),
        name => quantity(piece, name, text),
    }
}

fn quantity(piece: &Piece<'_>, name: &str, text: &str) -> Result<LiteralKind, NumberError> {
    let unit = units::find(name).ok_or_else(|| unknown_unit(name, text))?;
    match unit.dimension {
        Dimension::Duration => Ok(LiteralKind::Duration(Duration(micros(
            &piece.digits,
            unit.factor,
        )?))),
        dimension @ (Dimension::Distance | Dimension::Speed | Dimension::Size) => {
            Ok(LiteralKind::Quantity {
                base: float(&piece.digits)? * unit.factor,
                dimension,
            })
        }
    }
}

fn compound(pieces: &[Piece<'_>], text: &str) -> Result<LiteralKind, NumberError> {
    if pieces.iter().any(|piece| piece.unit.is_empty()) {
        return Err(NumberError::Malformed);
    }
    let mut total: i64 = 0;
    let mut last = f64::INFINITY;
    for piece in pieces {
        let unit = units::find(piece.unit).ok_or_else(|| unknown_unit(piece.unit, text))?;
        if unit.dimension != Dimension::Duration
            || unit.factor >= last
            || piece.digits.contains('.')
        {
            return Err(NumberError::Compound);
        }
        last = unit.factor;
        let span = micros(&piece.digits, unit.factor)?;
        total = total.checked_add(span).ok_or(NumberError::TooLarge)?;
    }
    Ok(LiteralKind::Duration(Duration(total)))
}

fn float(digits: &str) -> Result<f64, NumberError> {
    digits
        .parse()
        .ok()
        .filter(|value: &f64| value.is_finite())
        .ok_or(NumberError::TooLarge)
}

/// Whole amounts multiply exactly; fractions round to the microsecond.
fn micros(digits: &str, factor: f64) -> Result<i64, NumberError> {
    if !digits.contains('.') {
        let amount: i64 = digits.parse().map_err(|_| NumberError::TooLarge)?;
        return amount
            .checked_mul(factor as i64)
            .ok_or(NumberError::TooLarge);
    }
    let value = (float(digits)? * factor).round();
    if value < i64::MAX as f64 {
        Ok(value as i64)
    } else {
        Err(NumberError::TooLarge)
    }
}

fn unknown_unit(name: &str, text: &str) -> NumberError {
    let suggestion = near_unit(name).map(|unit| text.replacen(name, unit, 1));
    NumberError::UnknownUnit {
        unit: name.to_owned(),
        suggestion,
    }
}

/// Returns the unit that a word probably means: `min` is `m`, `gb` is `GB`.
#[must_use]
pub fn near_unit(word: &str) -> Option<&'static str> {
    let lower = word.to_lowercase();
    let meant = match lower.as_str() {
        "us" | "µs" | "millis" | "msec" | "millisecond" | "milliseconds" => "ms",
        "sec" | "secs" | "second" | "seconds" => "s",
        "min" | "mins" | "minute" | "minutes" => "m",
        "hr" | "hrs" | "hour" | "hours" => "h",
        "day" | "days" => "d",
        "week" | "weeks" | "wk" | "wks" => "w",
        "kilometer" | "kilometers" | "kilometre" | "kilometres" | "kms" => "km",
        "mile" | "miles" => "mi",
        "kmh" | "kph" | "kmph" => "km/h",
        "byte" | "bytes" => "B",
        "k" | "kilobyte" | "kilobytes" => "KB",
        "megabyte" | "megabytes" => "MB",
        "g" | "gig" | "gigabyte" | "gigabytes" => "GB",
        "t" | "terabyte" | "terabytes" => "TB",
        _ => {
            return UNITS
                .iter()
                .map(|unit| unit.name)
                .find(|unit| unit.to_lowercase() == lower);
        }
    };
    Some(meant)
}

/// Returns the microseconds since midnight of `08:00` or `23:59:30.250`; `24:00` is a day.
#[must_use]
pub fn clock(text: &str) -> Option<i64> {
    let mut parts = text.split(':');
    let hour = two_digits(parts.next()?, 24)?;
    let minute = two_digits(parts.next()?, 59)?;
    let (second, micros) = match parts.next() {
        None => (0, 0),
        Some(seconds) => match seconds.split_once('.') {
            None => (two_digits(seconds, 59)?, 0),
            Some((seconds, fraction)) => (two_digits(seconds, 59)?, fraction_micros(fraction)?),
        },
    };
    let total = (hour * 3_600 + minute * 60 + second) * SECOND + micros;
    (parts.next().is_none() && total <= DAY).then_some(total)
}

fn two_digits(text: &str, most: i64) -> Option<i64> {
    let fits = (1..=2).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse().ok().filter(|value| fits && *value <= most)
}

fn fraction_micros(digits: &str) -> Option<i64> {
    let fits = (1..=6).contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
    if fits {
        format!("{digits:0<6}").parse().ok()
    } else {
        None
    }
}

/// Returns the microseconds since 1970 UTC of an instant with a zone, `2026-03-15T08:42:17.003Z`.
#[must_use]
pub fn instant(text: &str) -> Option<i64> {
    let spelled = text.as_bytes().get(10) == Some(&b'T');
    let time = chrono::DateTime::parse_from_rfc3339(text)
        .ok()
        .filter(|_| spelled)?;
    Some(time.timestamp_micros())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_exact() {
        assert_eq!(
            number("1h30m"),
            Ok(LiteralKind::Duration(Duration(5_400_000_000)))
        );
        assert_eq!(
            number("1.5s"),
            Ok(LiteralKind::Duration(Duration(1_500_000)))
        );
        assert_eq!(number("30m1h"), Err(NumberError::Compound));
    }

    #[test]
    fn integers_never_pass_a_float() {
        assert_eq!(
            number("9_223_372_036_854_775_807"),
            Ok(LiteralKind::Int(i64::MAX))
        );
        assert_eq!(number("9223372036854775808"), Err(NumberError::TooLarge));
        assert_eq!(number("1__0"), Err(NumberError::Malformed));
    }

    #[test]
    fn an_unknown_unit_has_a_near_one() {
        let error = NumberError::UnknownUnit {
            unit: "min".into(),
            suggestion: Some("15m".into()),
        };
        assert_eq!(number("15min"), Err(error));
    }

    #[test]
    fn times_are_read_to_the_microsecond() {
        assert_eq!(clock("23:59:30.250"), Some(86_370_250_000));
        assert_eq!(clock("24:00"), Some(DAY));
        assert_eq!(clock("24:01"), None);
        assert_eq!(instant("1970-01-01T00:00:01.5Z"), Some(1_500_000));
        assert_eq!(instant("1970-01-01"), None);
    }
}
