//! Numbers: exact comparison of integers with floats, and reading numbers from text.
//!
//! Apart because an id above 2^53 must survive every way a value is compared, read or printed.

use std::cmp::Ordering;

/// 2^63, the first float above every 64-bit integer.
const BEYOND_I64: f64 = 9_223_372_036_854_775_808.0;

/// Compares an integer with a float by their exact values; `None` for NaN.
#[must_use]
pub fn compare(int: i64, float: f64) -> Option<Ordering> {
    if float.is_nan() {
        return None;
    }
    if float >= BEYOND_I64 {
        return Some(Ordering::Less);
    }
    if float < -BEYOND_I64 {
        return Some(Ordering::Greater);
    }
    let whole = float.trunc();
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole and inside the range of i64"
    )]
    let order = int.cmp(&(whole as i64));
    // Only a float with a fraction can differ from its own whole part.
    Some(order.then(0.0_f64.total_cmp(&(float - whole + 0.0))))
}

/// Returns the integer a float is, if it is one.
#[must_use]
pub fn exact_int(float: f64) -> Option<i64> {
    let fits = float.fract() == 0.0 && (-BEYOND_I64..BEYOND_I64).contains(&float);
    #[expect(
        clippy::cast_possible_truncation,
        reason = "whole and inside the range of i64"
    )]
    fits.then_some(float as i64)
}

/// Returns the float nearest to an integer.
#[must_use]
#[expect(
    clippy::cast_precision_loss,
    reason = "the caller asked for the nearest float"
)]
pub fn nearest_float(int: i64) -> f64 {
    int as f64
}

/// Reads an integer: an optional sign and digits, nothing else.
#[must_use]
pub fn parse_int(text: &str) -> Option<i64> {
    text.parse().ok()
}

/// Reads a decimal number, `-12`, `3.5` or `1e-3`; `None` for `inf`, `nan` and what overflows.
#[must_use]
pub fn parse_float(text: &str) -> Option<f64> {
    let decimal = text
        .bytes()
        .all(|byte| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E'));
    text.parse()
        .ok()
        .filter(|float: &f64| decimal && float.is_finite())
}

/// Returns the shortest text that reads back as the same float, `3` for `3.0`.
#[must_use]
pub fn shortest(float: f64) -> String {
    let size = float.abs();
    if float == 0.0 {
        "0".to_owned()
    } else if (1e-5..1e17).contains(&size) {
        float.to_string()
    } else {
        format!("{float:e}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn integers_and_floats_compare_by_their_exact_values() {
        let big = (1_i64 << 53) + 1;
        for (int, float, order) in [
            (1, 1.0, Ordering::Equal),
            (0, -0.0, Ordering::Equal),
            (1, 1.5, Ordering::Less),
            (-1, -1.5, Ordering::Greater),
            (-1, -0.5, Ordering::Less),
            (0, -0.5, Ordering::Greater),
            (big, 9_007_199_254_740_992.0, Ordering::Greater),
            (big, 9_007_199_254_740_994.0, Ordering::Less),
            (i64::MAX, 9_223_372_036_854_775_808.0, Ordering::Less),
            (i64::MIN, -9_223_372_036_854_775_808.0, Ordering::Equal),
            (i64::MIN, -1e19, Ordering::Greater),
            (i64::MAX, f64::INFINITY, Ordering::Less),
            (i64::MIN, f64::NEG_INFINITY, Ordering::Greater),
        ] {
            assert_eq!(compare(int, float), Some(order), "{int} {float}");
        }
        assert_eq!(compare(1, f64::NAN), None);
    }

    #[test]
    fn only_whole_floats_in_range_are_integers() {
        assert_eq!(exact_int(3.0), Some(3));
        assert_eq!(exact_int(-0.0), Some(0));
        assert_eq!(exact_int(-9_223_372_036_854_775_808.0), Some(i64::MIN));
        for float in [3.5, BEYOND_I64, f64::NAN, f64::INFINITY, -1e300] {
            assert_eq!(exact_int(float), None, "{float}");
        }
    }

    #[test]
    fn words_that_rust_reads_as_floats_are_no_numbers() {
        for text in [
            "inf",
            "NaN",
            "-infinity",
            "1e999",
            "",
            " 1",
            "0x10",
            "1_000",
            "e",
            ".",
        ] {
            assert_eq!(parse_float(text), None, "{text}");
        }
        assert_eq!(parse_float("-12.50"), Some(-12.5));
        assert_eq!(parse_float("1e-3"), Some(0.001));
    }

    #[test]
    fn floats_print_as_short_as_they_can() {
        for (float, text) in [
            (3.0, "3"),
            (-0.0, "0"),
            (0.1, "0.1"),
            (34.0544, "34.0544"),
            (1e300, "1e300"),
            (1.5e-9, "1.5e-9"),
            (1e16, "10000000000000000"),
        ] {
            assert_eq!(shortest(float), text);
        }
    }
}
