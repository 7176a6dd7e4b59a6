//! `distance`: how far two places are apart.
//!
//! A file of its own, as every builtin has.

use super::{Builtin, Gives, Kind, Parameter, Signature, Takes};
use crate::value::{Value, geo};

pub(super) const BUILTIN: Builtin = Builtin {
    name: "distance",
    kind: Kind::Function,
    signature: Signature {
        parameters: &[
            Parameter::new("from", Takes::Geo),
            Parameter::new("to", Takes::Geo),
        ],
        options: &[],
        gives: Gives::Distance,
    },
    doc: "Returns the distance of two places along a great circle, on a sphere of 6371.0088 km.",
    missing: "Missing where one of the places is.",
    examples: &[
        (
            "round(distance((40.4168, -3.7038), (35.6762, 139.6503)) / 1km)",
            "10762",
        ),
        ("distance((0, 179.9), (0, -179.9)) < 23km", "true"),
        ("distance((48.1, 11.6), (48.1, 11.6))", "0km"),
    ],
    call,
};

fn call(arguments: &[Value]) -> Value {
    match arguments {
        [Value::Geo(from), Value::Geo(to)] => Value::Distance(geo::distance(*from, *to)),
        _ => Value::Missing,
    }
}
