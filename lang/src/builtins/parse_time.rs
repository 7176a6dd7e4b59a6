//! `parse_time`: an instant in a text.
//!
//! A file of its own, as every builtin has; public for the checker and the evaluator, which compile
//! the formats once.

use super::signature::ZONE;
use super::{Builtin, Gives, Kind, Parameter, Signature, Takes, argument};
use crate::time::{TimeFormatError, TimeParser};
use crate::value::Value;

pub(super) const BUILTIN: Builtin = Builtin {
    name: "parse_time",
    kind: Kind::Function,
    signature: Signature {
        parameters: &[
            Parameter::new("value", Takes::Any),
            Parameter::new("format", Takes::TimeFormat).many(),
        ],
        options: &[ZONE],
        gives: Gives::Time,
    },
    doc: "Returns the instant a text or number holds, by the first of the formats that fits: `iso`, the \
          counts `epoch`, `epoch_ms`, `epoch_us` and `epoch_ns` since 1970, `rfc3164`, or a layout of \
          `strftime`. A time without a zone is in the one given, else UTC; one that the clock shows \
          twice is the earlier, one that it skips is read as before the change. `rfc3164` needs a year, \
          `Oct 01 2026 09:17:31`: none is guessed.",
    missing: "Missing where no format fits, and outside 1970 to 9999.",
    examples: &[
        (
            r#"parse_time("2026-03-15T08:42:17.003Z", "iso")"#,
            "2026-03-15T08:42:17.003Z",
        ),
        (
            r#"parse_time("Fri May 31 17:35:42 2019", "%a %b %e %H:%M:%S %Y", "iso")"#,
            "2019-05-31T17:35:42Z",
        ),
        (
            r#"parse_time("2026-07-15 09:00:00", "iso", zone "Europe/Madrid")"#,
            "2026-07-15T07:00:00Z",
        ),
        (
            r#"parse_time(1663346058860810, "epoch", "epoch_us")"#,
            "2022-09-16T16:34:18.86081Z",
        ),
        (
            r#"parse_time("Oct 01 2026 09:17:31", "rfc3164")"#,
            "2026-10-01T09:17:31Z",
        ),
        (r#"parse_time("Oct 01 09:17:31", "rfc3164")"#, "missing"),
        (r#"parse_time("", "iso")"#, "missing"),
    ],
    call,
};

fn call(arguments: &[Value]) -> Value {
    let time = parser(arguments.get(1..).unwrap_or_default())
        .ok()
        .and_then(|parser| parser.parse(argument::any(arguments, 0)));
    time.map_or(Value::Missing, Value::Time)
}

/// Compiles the formats of a call and the options behind them; what is no text is skipped.
///
/// # Errors
///
/// The format or zone that does not exist.
pub fn parser(arguments: &[Value]) -> Result<TimeParser, TimeFormatError> {
    let (formats, options) = match arguments {
        [formats @ .., Value::Record(options)] => (formats, options.get("zone")),
        formats => (formats, None),
    };
    TimeParser::new(
        formats.iter().filter_map(Value::as_text),
        options.and_then(Value::as_text),
    )
}
