//! `weekday`: the day of the week.
//!
//! A file of its own, as every builtin has.

use super::signature::{WEEKDAYS, ZONE};
use super::{Builtin, Gives, Kind, Parameter, Signature, Takes, argument};
use crate::value::Value;

pub(super) const BUILTIN: Builtin = Builtin {
    name: "weekday",
    kind: Kind::Function,
    signature: Signature {
        parameters: &[Parameter::new("time", Takes::Time)],
        options: &[ZONE],
        gives: Gives::Weekday,
    },
    doc: "Returns the day of the week, one of `mon` to `sun`, in UTC or in a zone; `mon` is the \
          least.",
    missing: "Missing for what is no time.",
    examples: &[
        ("weekday(2026-03-15T22:42:17Z)", r#""sun""#),
        (
            r#"weekday(2026-03-15T22:42:17Z, zone "Asia/Tokyo")"#,
            r#""mon""#,
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
    let day = local.and_then(|local| WEEKDAYS.get(local.weekday()));
    day.map_or(Value::Missing, |day| Value::text(*day))
}
