//! Reading digits, clock times and offsets byte by byte.
//!
//! Apart because ISO and syslog times share them; no byte is ever indexed, so no text can panic.

use crate::units::SECOND;

/// Returns the number that ASCII digits are, all of them; `None` for none or too many.
pub(super) fn number(digits: &[u8]) -> Option<i64> {
    if digits.is_empty() {
        return None;
    }
    digits.iter().try_fold(0_i64, |number, byte| {
        let digit = byte.is_ascii_digit().then(|| i64::from(byte - b'0'))?;
        number.checked_mul(10)?.checked_add(digit)
    })
}

/// Splits leading ASCII digits off.
pub(super) fn digits(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes
        .iter()
        .position(|byte| !byte.is_ascii_digit())
        .unwrap_or(bytes.len());
    bytes.split_at_checked(end).unwrap_or((bytes, &[]))
}

/// Returns the microseconds since midnight of hours, minutes and seconds.
///
/// A leap second, second 60, is the first instant of the next minute, as POSIX time has it.
pub(super) fn clock(hour: &[u8], minute: &[u8], second: &[u8]) -> Option<i64> {
    let (hour, minute, second) = (number(hour)?, number(minute)?, number(second)?);
    let valid = hour <= 23 && minute <= 59 && second <= 60;
    valid.then_some((hour * 3_600 + minute * 60 + second) * SECOND)
}

/// Returns the microseconds of a fraction's digits and cuts off what is finer.
pub(super) fn fraction(digits: &[u8]) -> Option<i64> {
    let kept = digits.get(..6).unwrap_or(digits);
    let missing = u32::try_from(6 - kept.len()).ok()?;
    Some(number(kept)? * 10_i64.pow(missing))
}

/// Splits `.123` off, if a fraction comes next.
pub(super) fn take_fraction<'a>(bytes: &'a [u8], marks: &[u8]) -> Option<(i64, &'a [u8])> {
    match bytes.split_first() {
        Some((mark, rest)) if marks.contains(mark) => {
            let (digits, rest) = digits(rest);
            Some((fraction(digits)?, rest))
        }
        Some(_) | None => Some((0, bytes)),
    }
}

/// Returns the microseconds east of Greenwich of hours and minutes behind a sign.
pub(super) fn offset(sign: u8, hour: &[u8], minute: &[u8]) -> Option<i64> {
    let (hour, minute) = (number(hour)?, number(minute)?);
    let east = (hour * 3_600 + minute * 60) * SECOND;
    if hour > 23 || minute > 59 {
        return None;
    }
    match sign {
        b'+' => Some(east),
        b'-' => Some(-east),
        _ => None,
    }
}
