//! `hash`: one id of many parts.
//!
//! A file of its own, as every builtin has.

use super::{Builtin, Gives, Kind, Parameter, Signature, Takes, argument};
use crate::value::{self, Value, json};

pub(super) const BUILTIN: Builtin = Builtin {
    name: "hash",
    kind: Kind::Function,
    signature: Signature {
        parameters: &[Parameter::new("parts", Takes::Any).many()],
        options: &[],
        gives: Gives::Text,
    },
    doc: "Returns a hash of its arguments, 32 hexadecimal digits of BLAKE3. Each part is hashed \
          with its length, so that no two lists of parts run together; a number counts as its \
          digits, so that `5` and `\"5\"` are one; a missing part counts as missing. Case \
          counts.",
    missing: "Missing where every part is missing.",
    examples: &[
        (r#"hash("a", "b") is hash("a", "b")"#, "true"),
        (r#"hash("ab", "") is hash("a", "b")"#, "false"),
        (r#"hash(5) is hash("5")"#, "true"),
        (r#"len(hash("a"))"#, "32"),
    ],
    call,
};

fn call(arguments: &[Value]) -> Value {
    if arguments.iter().all(Value::is_missing) {
        return Value::Missing;
    }
    let mut hasher = blake3::Hasher::new();
    for part in arguments {
        match part {
            Value::Missing => hash_part(&mut hasher, 0, ""),
            other => match value::to_text(other) {
                Some(text) => hash_part(&mut hasher, 1, &text),
                None => hash_part(&mut hasher, 2, &json::write(other)),
            },
        };
    }
    let digits = hasher.finalize().to_hex();
    argument::give(digits.get(..32).map(Value::text))
}

/// Adds a tag, the length and the bytes of a part.
fn hash_part(hasher: &mut blake3::Hasher, tag: u8, text: &str) {
    hasher.update(&[tag]);
    hasher.update(&(text.len() as u64).to_le_bytes());
    hasher.update(text.as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_part_is_neither_an_empty_one_nor_none() {
        let empty = call(&[Value::text("a"), Value::text("")]);
        let missing = call(&[Value::text("a"), Value::Missing]);
        let none = call(&[Value::text("a")]);
        assert!(empty != missing && missing != none && empty != none);
        assert_eq!(call(&[Value::Missing, Value::Missing]), Value::Missing);
    }

    #[test]
    fn a_hash_never_changes() {
        let id = call(&[Value::text("a"), Value::Int(5), Value::Missing]);
        assert_eq!(id, Value::text("32eb395f4c1a2440a14626bbdbf59d7c"));
    }
}
