//! CEF: seven fields between bars, then pairs.
//!
//! Apart because its header escapes what its extension does not, and the other way round.

use muster_lang::value::{RecordBuilder, Value};

use super::{entries, pairs};

const HEADER: [&str; 7] = [
    "version",
    "vendor",
    "product",
    "product_version",
    "signature",
    "name",
    "severity",
];

/// Reads a text that begins with `CEF:` and has the seven fields; the extension may be missing.
pub(super) fn read(text: &str) -> Option<Value> {
    let mut rest = text.strip_prefix("CEF:")?;
    let mut record = RecordBuilder::default();
    for (at, key) in HEADER.iter().enumerate() {
        let (field, behind) = match next_bar(rest) {
            Some(split) => split,
            // The last bar may be missing where there is no extension.
            None if at + 1 == HEADER.len() => (rest, ""),
            None => return None,
        };
        record.put((*key).into(), Value::text(pairs::unescaped(field.trim())));
        rest = behind;
    }
    let extension = pairs::spaced(rest, pairs::unescaped).build();
    record.put("labels".into(), labeled(&extension));
    record.put("extension".into(), extension);
    Some(record.build())
}

/// Splits at the next bar that no backslash stands before.
fn next_bar(text: &str) -> Option<(&str, &str)> {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate() {
        match byte {
            b'|' if !escaped => return Some((text.get(..at)?, text.get(at + 1..)?)),
            b'\\' => escaped = !escaped,
            _ => escaped = false,
        }
    }
    None
}

/// Returns the values of custom fields by what their label says: `cs1Label=Rule cs1=x` is `Rule`, `x`.
fn labeled(extension: &Value) -> Value {
    let mut record = RecordBuilder::default();
    if let Value::Record(extension) = extension {
        for (key, label) in entries(extension) {
            let value = key.strip_suffix("Label").and_then(|key| extension.get(key));
            if let (Some(label), Some(value)) = (label.as_text(), value) {
                record.put(label.into(), value.clone());
            }
        }
    }
    record.build()
}
