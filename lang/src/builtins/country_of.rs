//! `country_of`: where an address is registered.
//!
//! A file of its own, as every builtin has.

use super::{Builtin, Gives, Kind, Parameter, Signature, Takes};
use crate::value::Value;

pub(super) const BUILTIN: Builtin = Builtin {
    name: "country_of",
    kind: Kind::Function,
    signature: Signature {
        parameters: &[Parameter::new("address", Takes::Address)],
        options: &[],
        gives: Gives::Text,
    },
    doc: "Returns the country of an address. Muster ships no database of addresses, so this is always \
          missing. With a table of your own, `table countries from \"countries.csv\" key cidr net`, write \
          `countries[ip].country`.",
    missing: "Always missing.",
    examples: &[
        (r#"country_of(ip("192.0.2.1"))"#, "missing"),
        (
            r#"country_of(ip("192.0.2.1")) or "unknown""#,
            r#""unknown""#,
        ),
    ],
    call,
};

fn call(_arguments: &[Value]) -> Value {
    Value::Missing
}
