//! `hour`: what the clock shows.
//!
//! A file of its own, as every builtin has.

use super::signature::ZONE;
use super::{Builtin, Gives, Kind, Parameter, Signature, Takes, argument};
use crate::value::Value;

pub(super) const BUILTIN: Builtin = Builtin {
    name: "hour",
    kind: Kind::Function,
    signature: Signature {
        parameters: &[Parameter::new("time", Takes::Time)],
        options: &[ZONE],
        gives: Gives::Int,
    },
    doc: "Returns the hour of the day, 0 to 23, in UTC or in a zone.",
    missing: "Missing for what is no time.",
    examples: &[
        ("hour(2026-03-15T22:42:17Z)", "22"),
        (r#"hour(2026-03-15T22:42:17Z, zone "Asia/Tokyo")"#, "7"),
    ],
    call,
};

fn call(arguments: &[Value]) -> Value {
    let (arguments, options) = argument::split_options(arguments);
    let time = argument::time(arguments, 0);
    let zone = argument::zone(options);
    time.zip(zone).map_or(Value::Missing, |(time, zone)| {
        Value::Int(zone.local(time).hour())
    })
}
