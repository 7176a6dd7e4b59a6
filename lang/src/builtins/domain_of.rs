//! `domain_of`: the domain in an e-mail address, a URL, an account or a host name.
//!
//! A file of its own, as every builtin has.

use super::{Builtin, Gives, Kind, Parameter, Signature, Takes, argument};
use crate::value::{Value, address};

/// The longest name a domain may have, with room for a final dot.
const DOMAIN_BYTES_MAX: usize = 254;

pub(super) const BUILTIN: Builtin = Builtin {
    name: "domain_of",
    kind: Kind::Function,
    signature: Signature {
        parameters: &[Parameter::new("text", Takes::Text)],
        options: &[],
        gives: Gives::Text,
    },
    doc: "Returns the domain of an e-mail address, the host of a URL, the domain before a backslash, or \
          a host name with a dot in it, in lower case and without port and final dot. It is the whole \
          name: nothing is known of public suffixes.",
    missing: "Missing for an address of numbers, and for a bare word.",
    examples: &[
        (r#"domain_of("Ana@Corp.Example")"#, r#""corp.example""#),
        (
            r#"domain_of("https://user@files.corp.example:8443/a?b=c@d")"#,
            r#""files.corp.example""#,
        ),
        (r#"domain_of("CORP\\ana")"#, r#""corp""#),
        (
            r#"domain_of("mail.corp.example.")"#,
            r#""mail.corp.example""#,
        ),
        (r#"domain_of("https://10.0.0.1/")"#, "missing"),
        (r#"domain_of("ana")"#, "missing"),
    ],
    call,
};

fn call(arguments: &[Value]) -> Value {
    argument::give(domain(arguments))
}

fn domain(arguments: &[Value]) -> Option<Value> {
    let text = argument::text(arguments, 0)?;
    let text = text.trim();
    let (name, bare) = if let Some((_, rest)) = text.split_once("://") {
        let authority = rest.split(['/', '?', '#']).next().unwrap_or(rest);
        (authority.rsplit('@').next().unwrap_or(authority), false)
    } else if let Some((_, domain)) = text.rsplit_once('@') {
        (domain, false)
    } else if let Some((domain, _)) = text.split_once('\\') {
        (domain, false)
    } else {
        (text, true)
    };
    let name = without_port(name);
    let name = name.strip_suffix('.').unwrap_or(name);
    let fits = is_domain(name) && (!bare || name.contains('.'));
    fits.then(|| Value::text(name.to_lowercase()))
}

fn without_port(name: &str) -> &str {
    match name.rsplit_once(':') {
        Some((host, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => host,
        Some(_) | None => name,
    }
}

fn is_domain(name: &str) -> bool {
    let labels = |name: &str| {
        name.split('.').all(|label| {
            !label.is_empty()
                && label
                    .chars()
                    .all(|c| c.is_alphanumeric() || c == '-' || c == '_')
        })
    };
    name.len() <= DOMAIN_BYTES_MAX && labels(name) && address::parse(name).is_none()
}
