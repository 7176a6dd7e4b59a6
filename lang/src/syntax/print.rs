//! Names and literals as they are written: the canonical spelling of a value.
//!
//! Apart from the formatter because listings and messages spell values too.

use std::fmt::Write as _;

use crate::syntax::ast::{Literal, LiteralKind, Path, RawPart, RawPath};
use crate::syntax::literal;
use crate::syntax::parse::is_plain_name;
use crate::units::{DAY, Dimension, Duration, SECOND, UNITS};

/// Returns a name, between back quotes where it needs them.
#[must_use]
pub fn name(text: &str) -> String {
    if is_plain_name(text) {
        text.to_owned()
    } else {
        format!("`{text}`")
    }
}

/// Returns a dotted name; parts behind `raw`, or in any case, need no back quotes.
#[must_use]
pub fn path(path: &Path) -> String {
    let parts: Vec<String> = path.parts.iter().map(|part| key_name(&part.text)).collect();
    parts.join(".")
}

/// Returns a part of a path, which may have capital letters behind an `explode` name or `raw`.
fn key_name(text: &str) -> String {
    let capital = text.chars().any(char::is_uppercase) && is_word(text);
    if capital { text.to_owned() } else { name(text) }
}

fn is_word(text: &str) -> bool {
    !text.is_empty() && text.chars().all(|c| c.is_alphanumeric() || c == '_')
}

/// Returns a key of a record: a word as it is, anything else as a text.
#[must_use]
pub fn key(text: &str) -> String {
    if is_word(text) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// Returns a path into a record with its leading dot.
#[must_use]
pub fn raw_path(path: &RawPath) -> String {
    let mut out = String::new();
    for part in &path.parts {
        match part {
            RawPart::Key(text) => {
                out.push('.');
                out.push_str(&key(text));
            }
            RawPart::Index(index) => {
                let _ = write!(out, "[{index}]");
            }
        }
    }
    if out.starts_with('.') {
        out
    } else {
        format!(".{out}")
    }
}

/// Returns a text between quotes, with escapes where it needs them.
#[must_use]
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if crate::escape::is_untrusted(c) => out.extend(c.escape_unicode()),
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// Returns a literal as it is written.
#[must_use]
pub fn literal(literal: &Literal) -> String {
    match &literal.kind {
        LiteralKind::Int(value) => value.to_string(),
        LiteralKind::Float(value) => float(*value),
        LiteralKind::Percent(value) => percent(*value),
        LiteralKind::Duration(span) => duration(*span),
        LiteralKind::Quantity { base, dimension } => quantity(*base, *dimension),
        LiteralKind::Text { value, raw: true } if !value.contains(['"', '\n']) => {
            format!("r\"{value}\"")
        }
        LiteralKind::Text { value, raw: _ } => quoted(value),
        LiteralKind::Bool(value) => value.to_string(),
        LiteralKind::Clock(micros) => clock(*micros),
        LiteralKind::Instant(micros) => instant(*micros),
    }
}

/// Returns a float with its point, never with an exponent.
fn float(value: f64) -> String {
    let text = value.to_string();
    if text.contains('.') {
        text
    } else {
        format!("{text}.0")
    }
}

/// The shortest amount that reads back as the same fraction.
fn percent(value: f64) -> String {
    let amount = value * 100.0;
    let rounded = (amount * 1e9).round() / 1e9;
    let amount = if (rounded / 100.0).to_bits() == value.to_bits() {
        rounded
    } else {
        amount
    };
    format!("{amount}%")
}

/// Returns a duration with its largest units first, `1h30m`.
#[must_use]
pub fn duration(span: Duration) -> String {
    let sign = if span.0 < 0 { "-" } else { "" };
    let micros = span.0.unsigned_abs();
    if !micros.is_multiple_of(1_000) {
        return format!("{sign}{}.{:03}ms", micros / 1_000, micros % 1_000);
    }
    let day = DAY.unsigned_abs();
    let second = SECOND.unsigned_abs();
    let units = [
        (day, "d"),
        (3_600 * second, "h"),
        (60 * second, "m"),
        (second, "s"),
        (1_000, "ms"),
    ];
    let mut out = sign.to_owned();
    let mut rest = micros;
    for (size, unit) in units {
        if rest >= size {
            let _ = write!(out, "{}{unit}", rest / size);
            rest %= size;
        }
    }
    if micros == 0 { "0s".to_owned() } else { out }
}

/// Returns an amount in the unit that writes it shortest and reads back the same.
fn quantity(base: f64, dimension: Dimension) -> String {
    let units = UNITS.iter().filter(|unit| unit.dimension == dimension);
    let spellings = units.map(|unit| format!("{}{}", base / unit.factor, unit.name));
    let same = |text: &String| {
        literal::number(text.trim_start_matches('-')).is_ok_and(|kind| match kind {
            LiteralKind::Quantity { base: read, .. } => read.to_bits() == base.abs().to_bits(),
            _ => false,
        })
    };
    let mut spellings: Vec<String> = spellings.collect();
    spellings.sort_by_key(|text| (!same(text), text.len()));
    spellings.into_iter().next().unwrap_or_default()
}

/// Returns a time of day, with seconds only where there are some.
#[must_use]
pub fn clock(micros: i64) -> String {
    let seconds = micros / SECOND;
    let (hour, minute, second) = (seconds / 3_600, seconds / 60 % 60, seconds % 60);
    let fraction = micros % SECOND;
    let mut out = format!("{hour:02}:{minute:02}");
    if second != 0 || fraction != 0 {
        let _ = write!(out, ":{second:02}");
    }
    if fraction != 0 {
        let digits = format!("{fraction:06}");
        let _ = write!(out, ".{}", digits.trim_end_matches('0'));
    }
    out
}

/// Returns an instant in UTC with the fewest digits of a fraction.
#[must_use]
pub fn instant(micros: i64) -> String {
    let Some(time) = chrono::DateTime::from_timestamp_micros(micros) else {
        return micros.to_string();
    };
    let day = time.format("%Y-%m-%dT%H:%M:%S").to_string();
    match micros.rem_euclid(SECOND) {
        0 => format!("{day}Z"),
        fraction => format!("{day}.{}Z", format!("{fraction:06}").trim_end_matches('0')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn print_kind(kind: LiteralKind) -> String {
        literal(&Literal {
            kind,
            span: crate::file::Span::default(),
        })
    }

    #[test]
    fn every_literal_reads_back_as_itself() {
        for text in [
            "42", "3.5", "20%", "0.1%", "1h30m", "15m", "1w", "500km", "3mi", "900km/h", "2GB",
            "7KiB", "0B", "1.5ms",
        ] {
            let kind = literal::number(text).unwrap();
            let printed = print_kind(kind.clone());
            assert_eq!(
                literal::number(&printed),
                Ok(kind),
                "{text} was printed as {printed}"
            );
        }
    }

    #[test]
    fn values_are_spelled_shortest() {
        assert_eq!(duration(Duration(5_400_000_000)), "1h30m");
        assert_eq!(quantity(500_000.0, Dimension::Distance), "500km");
        assert_eq!(quantity(2e9, Dimension::Size), "2GB");
        assert_eq!(clock(86_370_250_000), "23:59:30.25");
        assert_eq!(instant(1_500_000), "1970-01-01T00:00:01.5Z");
    }
}
