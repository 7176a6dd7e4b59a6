//! `cidr_host`: the address of a network.
//!
//! A file of its own, as every builtin has.

use super::{Builtin, Gives, Kind, Parameter, Signature, Takes, argument};
use crate::value::{Value, address};

pub(super) const BUILTIN: Builtin = Builtin {
    name: "cidr_host",
    kind: Kind::Function,
    signature: Signature {
        parameters: &[
            Parameter::new("address", Takes::Address),
            Parameter::new("bits", Takes::Int).optional(),
        ],
        options: &[],
        gives: Gives::Ip,
    },
    doc: "Returns the address of a text that has a prefix length behind it. With a number of bits it \
          returns the first address of the network of so many bits that an address lies in, which puts \
          neighbors under one value: `cidr_host(ip, 24)`.",
    missing: "Missing for what is no address, and for more bits than it has.",
    examples: &[
        (r#"cidr_host("10.1.2.3/24")"#, r#""10.1.2.3""#),
        (r#"cidr_host("10.1.2.3", 24)"#, r#""10.1.2.0""#),
        (r#"cidr_host("2001:db8:1:2::7", 64)"#, r#""2001:db8:1:2::""#),
        (r#"cidr_host("10.1.2.3", 33)"#, "missing"),
        (r#"cidr_host("10.1.2.3/40")"#, "missing"),
    ],
    call,
};

fn call(arguments: &[Value]) -> Value {
    argument::give(host(arguments))
}

fn host(arguments: &[Value]) -> Option<Value> {
    let address = match argument::any(arguments, 0) {
        Value::Ip(ip) => *ip,
        other => {
            let text = other.as_text()?;
            let alone = text.split_once('/').map_or(text, |(address, _)| address);
            if alone.len() < text.len() {
                address::parse_network(text)?;
            }
            address::parse(alone)?
        }
    };
    let bits = match argument::any(arguments, 1) {
        Value::Missing => return Some(Value::Ip(address)),
        Value::Int(bits) => u8::try_from(*bits).ok()?,
        _ => return None,
    };
    (bits <= address::width(address)).then(|| Value::Ip(address::mask(address, bits)))
}
