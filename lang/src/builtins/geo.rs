//! `geo`: coordinates.
//!
//! A file of its own, as every builtin has.

use super::{Builtin, Gives, Kind, Parameter, Signature, Takes, argument};
use crate::value::{self, Value};

pub(super) const BUILTIN: Builtin = Builtin {
    name: "geo",
    kind: Kind::Function,
    signature: Signature {
        parameters: &[
            Parameter::new("latitude", Takes::Any),
            Parameter::new("longitude", Takes::Any).optional(),
        ],
        options: &[],
        gives: Gives::Geo,
    },
    doc: "Returns coordinates of a latitude and a longitude in degrees, numbers or their text. Alone, it \
          takes a record with `lat` and `lon`, or `latitude` and `longitude`, or a list of the two.",
    missing: "Missing outside −90…90 and −180…180, and where one of the two is missing or no \
          number.",
    examples: &[
        ("geo(40.42, -3.7)", "(40.42, -3.7)"),
        (r#"geo("45.000000", "-119")"#, "(45, -119)"),
        (r#"geo(json("{\"lat\": 0, \"lon\": 0}"))"#, "(0, 0)"),
        ("geo([48.1, 11.6])", "(48.1, 11.6)"),
        ("geo(91, 0)", "missing"),
        (r#"geo("", "")"#, "missing"),
    ],
    call,
};

fn call(arguments: &[Value]) -> Value {
    argument::give(match arguments {
        [one] => value::to_geo(one),
        [lat, lon] => value::place(lat, lon).map(Value::Geo),
        _ => None,
    })
}
