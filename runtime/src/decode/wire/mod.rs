//! Lines that are no JSON: syslog with what it carries, CEF, LEEF, audit records, pairs, XML.
//!
//! Apart from JSON because these are texts for people and old collectors: nothing in them is typed,
//! and each is read as far as it can be.
//!
//! A line becomes a record with one key for each layer that was found. `syslog` holds the header and
//! the `message`; `cef`, `leef`, `auditd`, `lss` and `Event` hold what the message is. A message that
//! is a JSON object gives its own keys, beside `syslog`. What an event means is said by sources.

mod audit;
mod cef;
mod leef;
mod lss;
mod pairs;
mod syslog;
#[cfg(test)]
mod tests;
mod xml;

use std::borrow::Cow;
use std::sync::Arc;

use muster_lang::value::{Record, RecordBuilder, Value};

use super::json::{DecodeError, Decoded, Decoder, Shapes, Wanted};

/// Reads a record: JSON, or a line of another format.
///
/// # Errors
///
/// What is wrong with the JSON; of a line in no known format, that it is none.
pub fn decode(bytes: &[u8], json: &mut Decoder) -> Result<Decoded, DecodeError> {
    if is_json(bytes) {
        return json.decode(bytes);
    }
    match line(&text_of(bytes), json) {
        Some(read) => read,
        None => json.decode(bytes),
    }
}

/// Reads of a record what is wanted, where it is JSON; a line of another format is read whole.
///
/// # Errors
///
/// As [`decode`].
pub fn decode_wanted(
    bytes: &[u8],
    json: &mut Decoder,
    wanted: &Wanted,
    shapes: &mut Shapes,
) -> Result<Decoded, DecodeError> {
    if is_json(bytes) {
        return json.decode_wanted(bytes, wanted, shapes);
    }
    decode(bytes, json)
}

fn is_json(bytes: &[u8]) -> bool {
    matches!(bytes.first(), Some(b'{' | b'[' | b'"'))
}

/// Returns the text of a line; what is not UTF-8 becomes replacement characters.
fn text_of(bytes: &[u8]) -> Cow<'_, str> {
    match String::from_utf8_lossy(bytes) {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_matches(is_padding)),
        Cow::Owned(text) => Cow::Owned(text.trim_matches(is_padding).to_owned()),
    }
}

fn is_padding(c: char) -> bool {
    matches!(c, '\0' | '\r' | '\n' | ' ' | '\t' | '\u{feff}')
}

/// Reads a line, if it is in a known format.
fn line(text: &str, json: &mut Decoder) -> Option<Result<Decoded, DecodeError>> {
    if text.starts_with("<Event") {
        return xml::read(text).map(whole);
    }
    if let Some(header) = syslog::header(text) {
        return Some(message(header, json));
    }
    payload(text)
        .or_else(|| pairs::looks_so(text).then(|| plain(text)))
        .map(whole)
}

/// Reads what a syslog message carries, and puts its header beside it.
fn message(header: syslog::Header<'_>, json: &mut Decoder) -> Result<Decoded, DecodeError> {
    let body = header.message.trim_start_matches(is_padding);
    let body = body.strip_prefix("@cee:").unwrap_or(body).trim_start();
    if body.starts_with('{') {
        let mut decoded = json.decode(body.as_bytes())?;
        decoded.value = beside(decoded.value, header.into_value());
        return Ok(decoded);
    }
    let carried = payload(body).unwrap_or_else(|| RecordBuilder::default().build());
    let value = beside(carried, header.into_value());
    Ok(Decoded {
        value,
        duplicate_keys: 0,
    })
}

/// Reads a text that is CEF, LEEF, an audit record, XML or a line of a log stream.
fn payload(text: &str) -> Option<Value> {
    if let Some(read) = cef::read(text) {
        return Some(single("cef", read));
    }
    if let Some(read) = leef::read(text) {
        return Some(single("leef", read));
    }
    if let Some(read) = audit::read(text) {
        return Some(single("auditd", read));
    }
    if let Some(read) = lss::read(text) {
        return Some(single("lss", read));
    }
    text.starts_with("<Event")
        .then(|| xml::read(text))
        .flatten()
}

/// Returns a line without a header as the message of one.
fn plain(text: &str) -> Value {
    let mut header = RecordBuilder::default();
    header.put("message".into(), Value::text(text));
    single("syslog", header.build())
}

fn whole(value: Value) -> Result<Decoded, DecodeError> {
    Ok(Decoded {
        value,
        duplicate_keys: 0,
    })
}

fn single(key: &str, value: Value) -> Value {
    let mut record = RecordBuilder::default();
    record.put(key.into(), value);
    record.build()
}

/// Puts a syslog header into a record that has none of its own.
fn beside(carried: Value, header: Value) -> Value {
    let Value::Record(carried) = carried else {
        return single("syslog", header);
    };
    let mut record = RecordBuilder::default();
    for (key, value) in entries(&carried) {
        record.put(Arc::clone(key), value.clone());
    }
    if carried.get("syslog").is_none() {
        record.put("syslog".into(), header);
    }
    record.build()
}

fn entries(record: &Record) -> impl Iterator<Item = (&Arc<str>, &Value)> {
    record.entries.iter().map(|(key, value)| (key, value))
}

/// Puts a text under a key, if there is one.
fn put_text(record: &mut RecordBuilder, key: &str, text: Option<&str>) {
    if let Some(text) = text.filter(|text| !text.is_empty() && *text != "-") {
        record.put(key.into(), Value::text(text));
    }
}
