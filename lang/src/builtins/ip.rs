//! `ip`: an address in a text.
//!
//! A file of its own, as every builtin has.

use super::{Builtin, Gives, Kind, Parameter, Signature, Takes, argument};
use crate::value::{Value, address};

pub(super) const BUILTIN: Builtin = Builtin {
    name: "ip",
    kind: Kind::Function,
    signature: Signature {
        parameters: &[Parameter::new("text", Takes::Address)],
        options: &[],
        gives: Gives::Ip,
    },
    doc: "Returns the address in a text, without brackets, zone and port. A port may stand behind `:`, \
          `#`, `p`, ` port ` or a blank, and behind a dot or a ninth group of an IPv6 address. An \
          IPv4-mapped IPv6 address is the IPv4 address.",
    missing: "Missing for what is no address, several addresses among it.",
    examples: &[
        (r#"ip("89.160.20.112:1234")"#, r#""89.160.20.112""#),
        (r#"ip("[2a02:cf40::6fc6]:1234")"#, r#""2a02:cf40::6fc6""#),
        (
            r#"ip("2a02:cf40:1:2:3:4:5:6fc6 port 1234")"#,
            r#""2a02:cf40:1:2:3:4:5:6fc6""#,
        ),
        (r#"ip("::ffff:10.0.0.1")"#, r#""10.0.0.1""#),
        (r#"ip("cloudtrail.amazonaws.com")"#, "missing"),
        (r#"ip("81.2.69.142, 81.2.69.144")"#, "missing"),
    ],
    call,
};

fn call(arguments: &[Value]) -> Value {
    match argument::any(arguments, 0) {
        Value::Ip(ip) => Value::Ip(*ip),
        other => argument::give(other.as_text().and_then(address::parse).map(Value::Ip)),
    }
}
