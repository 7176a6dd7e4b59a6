//! `date`: the day of the calendar.
//!
//! A file of its own, as every builtin has.

use super::signature::ZONE;
use super::{Builtin, Gives, Kind, Parameter, Signature, Takes, argument};
use crate::time::date_of_days;
use crate::value::Value;

pub(super) const BUILTIN: Builtin = Builtin {
    name: "date",
    kind: Kind::Function,
    signature: Signature {
        parameters: &[Parameter::new("time", Takes::Time)],
        options: &[ZONE],
        gives: Gives::Text,
    },
    doc: "Returns the date as text, `2026-03-15`, in UTC or in a zone. Dates as text are in \
          order.",
    missing: "Missing for what is no time.",
    examples: &[
        ("date(2026-03-15T22:42:17Z)", r#""2026-03-15""#),
        (
            r#"date(2026-03-15T22:42:17Z, zone "Asia/Tokyo")"#,
            r#""2026-03-16""#,
        ),
    ],
    call,
};

fn call(arguments: &[Value]) -> Value {
    let (arguments, options) = argument::split_options(arguments);
    let time = argument::time(arguments, 0);
    let local = time
        .zip(argument::zone(options))
        .map(|(time, zone)| zone.local(time));
    local.map_or(Value::Missing, |local| {
        let (year, month, day) = date_of_days(local.days);
        Value::text(format!("{year:04}-{month:02}-{day:02}"))
    })
}
