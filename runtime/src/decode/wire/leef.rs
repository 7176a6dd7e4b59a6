//! LEEF: five or six fields between bars, then pairs apart by a tab or what the header says.
//!
//! Apart because of the delimiter, which senders forget, misstate, or lose on the way.

use muster_lang::value::{RecordBuilder, Value};

use super::pairs;

/// Reads a text that begins with `LEEF:` and has the fields of its version.
pub(super) fn read(text: &str) -> Option<Value> {
    let rest = text.strip_prefix("LEEF:")?;
    let mut fields = rest.splitn(6, '|');
    let mut record = RecordBuilder::default();
    let mut version = "";
    for key in ["version", "vendor", "product", "product_version", "event"] {
        let field = fields.next()?.trim();
        if key == "version" {
            version = field;
        }
        record.put(key.into(), Value::text(field));
    }
    let behind = fields.next().unwrap_or_default();
    let (delimiter, attributes) = if version.starts_with('2') {
        delimited(behind)
    } else {
        ('\t', behind)
    };
    record.put("attributes".into(), pairs_of(attributes, delimiter));
    Some(record.build())
}

/// Splits the delimiter off; where there is none, a tab.
fn delimited(text: &str) -> (char, &str) {
    let Some((field, behind)) = text.split_once('|') else {
        return ('\t', text);
    };
    match delimiter(field) {
        Some(delimiter) => (delimiter, behind),
        // Not declared, and the attributes themselves stand between bars.
        None if field.contains('=') => ('|', text),
        None => ('\t', behind),
    }
}

fn delimiter(field: &str) -> Option<char> {
    let mut chars = field.chars();
    match (chars.next(), chars.next()) {
        (None, _) => Some('\t'),
        (Some(c), None) => Some(c),
        (Some(_), Some(_)) => {
            let hex = field
                .strip_prefix("0x")
                .or_else(|| field.strip_prefix('x'))?;
            u32::from_str_radix(hex, 16).ok().and_then(char::from_u32)
        }
    }
}

fn pairs_of(text: &str, delimiter: char) -> Value {
    // A relay may have made spaces of the tabs.
    if !text.contains(delimiter) {
        return pairs::spaced(text, pairs::verbatim).build();
    }
    let mut record = RecordBuilder::default();
    for pair in text.split(delimiter) {
        if let Some((key, value)) = pair.split_once('=') {
            record.put(key.trim().into(), Value::text(value.trim()));
        }
    }
    record.build()
}
