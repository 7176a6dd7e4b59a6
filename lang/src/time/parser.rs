//! Reading a time by several formats, the first that fits.
//!
//! Apart because the formats are compiled once and then read millions of records.

use std::fmt;

use super::strftime::Layout;
use super::{EpochUnit, Zone, from_epoch, iso, rfc3164};
use crate::units::Timestamp;
use crate::value::Value;

/// Formats in the order they are tried, and the zone of times that name none.
#[derive(Clone, Debug)]
pub struct TimeParser {
    formats: Vec<Format>,
    zone: Zone,
}

#[derive(Clone, Debug)]
enum Format {
    Iso,
    Epoch(EpochUnit),
    Rfc3164,
    Layout(Layout),
}

/// Why formats cannot be compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TimeFormatError {
    /// A format is neither a known name nor a `strftime` layout.
    Format(String),
    /// A zone is not in the IANA database.
    Zone(String),
}

impl fmt::Display for TimeFormatError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            TimeFormatError::Format(format) => write!(
                f,
                "expected a time format, `iso`, `epoch`, `epoch_ms`, `epoch_us`, `epoch_ns`, `rfc3164` \
                 or one with `%`, found `{format}`"
            ),
            TimeFormatError::Zone(zone) => {
                write!(
                    f,
                    "expected a time zone like `Europe/Madrid`, found `{zone}`"
                )
            }
        }
    }
}

impl std::error::Error for TimeFormatError {}

impl TimeParser {
    /// Compiles formats; the zone is UTC where none is given.
    ///
    /// # Errors
    ///
    /// The first format or the zone that does not exist.
    pub fn new<'a>(
        formats: impl IntoIterator<Item = &'a str>,
        zone: Option<&str>,
    ) -> Result<Self, TimeFormatError> {
        let zone = match zone {
            Some(name) => Zone::find(name).ok_or_else(|| TimeFormatError::Zone(name.to_owned()))?,
            None => Zone::UTC,
        };
        let formats: Result<_, _> = formats.into_iter().map(Format::new).collect();
        Ok(Self {
            formats: formats?,
            zone,
        })
    }

    /// Returns the time a value holds by the first format that fits; numbers fit only the epochs.
    #[must_use]
    pub fn parse(&self, value: &Value) -> Option<Timestamp> {
        if let Value::Time(time) = value {
            return Some(*time);
        }
        self.formats
            .iter()
            .find_map(|format| format.parse(value, self.zone))
    }
}

impl Format {
    fn new(name: &str) -> Result<Self, TimeFormatError> {
        Ok(match name {
            "iso" => Format::Iso,
            "epoch" => Format::Epoch(EpochUnit::Seconds),
            "epoch_ms" => Format::Epoch(EpochUnit::Milliseconds),
            "epoch_us" => Format::Epoch(EpochUnit::Microseconds),
            "epoch_ns" => Format::Epoch(EpochUnit::Nanoseconds),
            "rfc3164" => Format::Rfc3164,
            layout if layout.contains('%') => Layout::new(layout)
                .map(Format::Layout)
                .ok_or_else(|| TimeFormatError::Format(layout.to_owned()))?,
            other => return Err(TimeFormatError::Format(other.to_owned())),
        })
    }

    fn parse(&self, value: &Value, zone: Zone) -> Option<Timestamp> {
        match self {
            Format::Epoch(unit) => from_epoch(value, *unit),
            Format::Iso => iso::parse_iso(value.as_text()?.trim(), zone),
            Format::Rfc3164 => rfc3164::parse(value.as_text()?, zone),
            Format::Layout(layout) => layout.parse(value.as_text()?.trim(), zone),
        }
    }
}

/// Reads a text by the first of several formats that fits; one that does not exist fits nothing.
#[must_use]
pub fn parse_with(text: &str, formats: &[&str], zone: Option<&str>) -> Option<Timestamp> {
    let parser = TimeParser::new(formats.iter().copied(), zone).ok()?;
    parser.parse(&Value::text(text))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::format_rfc3339;

    #[test]
    fn the_first_format_that_fits_is_taken() {
        let formats = [
            "%a %b %e %H:%M:%S %Y",
            "iso",
            "epoch",
            "epoch_ms",
            "epoch_ns",
        ];
        let read = |text| parse_with(text, &formats, None).map(format_rfc3339);
        for text in [
            "Fri May 31 17:35:42 2019",
            "2019-05-31 17:35:42",
            "1559324142",
            "1559324142000",
            "1559324142000000000",
        ] {
            assert_eq!(
                read(text).as_deref(),
                Some("2019-05-31T17:35:42Z"),
                "{text}"
            );
        }
        assert_eq!(read("yesterday"), None);
    }

    #[test]
    fn numbers_are_read_by_the_epochs_only() {
        let parser = TimeParser::new(["iso", "%Y", "epoch_ms"], None).unwrap();
        let time = parser.parse(&Value::Int(2_026)).map(format_rfc3339);
        assert_eq!(time.as_deref(), Some("1970-01-01T00:00:02.026Z"));
        assert_eq!(parser.parse(&Value::Missing), None);
        assert_eq!(parser.parse(&Value::Time(Timestamp(7))), Some(Timestamp(7)));
    }

    #[test]
    fn a_zone_holds_for_every_format_that_names_none() {
        let formats = ["iso", "rfc3164", "%d.%m.%Y %H:%M"];
        for text in [
            "2026-07-15 09:00",
            "Jul 15 2026 09:00:00",
            "15.07.2026 09:00",
        ] {
            let time = parse_with(text, &formats, Some("Europe/Madrid")).map(format_rfc3339);
            assert_eq!(time.as_deref(), Some("2026-07-15T07:00:00Z"), "{text}");
        }
    }

    #[test]
    fn formats_and_zones_that_do_not_exist_are_named() {
        let error = TimeParser::new(["iso8601"], None).unwrap_err();
        assert_eq!(error, TimeFormatError::Format("iso8601".to_owned()));
        let error = TimeParser::new(["%"], None).unwrap_err();
        assert_eq!(error, TimeFormatError::Format("%".to_owned()));
        let error = TimeParser::new(["iso"], Some("Madrid")).unwrap_err();
        assert_eq!(
            error.to_string(),
            "expected a time zone like `Europe/Madrid`, found `Madrid`"
        );
    }

    #[test]
    fn no_text_makes_any_format_panic() {
        let formats = [
            "iso",
            "epoch",
            "epoch_ms",
            "epoch_us",
            "epoch_ns",
            "rfc3164",
            "%c",
            "%+",
            "%G-W%V-%u",
            "%j %Y",
            "%y %C",
            "%s%.f",
            "%Y-%m-%dT%H:%M:%S%.fZ",
            "%D %r",
            "%Z %z",
            "%U %W %a %Y",
        ];
        let pieces = [
            "",
            " ",
            "-",
            "+",
            ":",
            "é",
            "\u{0}",
            "9",
            "0",
            "60",
            "9999999999999999999999",
            "Jan",
            "Mon",
            "2026-03-15",
            "T23:59:60",
            "Z",
            "+99:99",
            ".999999999999",
            "2147483648",
            "-2147483649",
            "\u{a0}",
        ];
        for first in pieces {
            for second in pieces {
                for third in pieces {
                    let text = format!("{first}{second}{third}");
                    let _ = parse_with(&text, &formats, Some("Europe/Madrid"));
                }
            }
        }
    }
}
