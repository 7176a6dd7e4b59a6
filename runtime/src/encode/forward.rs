//! What is passed on, a line each: records as they came, and summaries as events of their own.
//!
//! Apart from alerts because whatever reads these reads them as it would have read the input.

use muster_lang::escape::{escape_untrusted, is_untrusted};
use muster_lang::time::format_rfc3339;
use serde_json::{Map, Value as Json, json};

use crate::alert::Named;
use crate::digest::{Forwarded, Summary};
use crate::encode::{json, safe};

/// Returns what is passed on as one line, without a line break.
#[must_use]
pub fn forwarded(forwarded: &Forwarded) -> String {
    match forwarded {
        Forwarded::Record(passed) => passed.line.to_string(),
        Forwarded::Summary(summary) => self::summary(summary),
    }
}

/// Returns a record as one line that means the same and is safe to show.
///
/// In JSON, line breaks and tabs between the tokens become blanks, and what a terminal would obey is
/// escaped as JSON escapes it. In any other text it is escaped as `\u{..}`, tabs excepted.
#[must_use]
pub fn line(bytes: &[u8]) -> String {
    let text = String::from_utf8_lossy(bytes);
    let text = text.trim_matches(|c: char| c.is_ascii_whitespace() || c == '\u{feff}');
    if !text.starts_with(['{', '[']) {
        return escape_untrusted(text).replace('\n', "\\u{a}");
    }
    if !text.contains(is_untrusted) {
        return text.to_string();
    }
    let mut line = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' | '\r' | '\t' => line.push(' '),
            c if is_untrusted(c) => {
                for unit in c.encode_utf16(&mut [0; 2]) {
                    line.push_str(&format!("\\u{unit:04x}"));
                }
            }
            c => line.push(c),
        }
    }
    line
}

/// Returns a summary as an event that the source `muster` takes.
#[must_use]
pub fn summary(summary: &Summary) -> String {
    let mut object = Map::new();
    let mut put = |name: &str, value: Json| {
        object.insert(name.to_string(), value);
    };
    put("class", json!("digest"));
    put("digest", json!(&*summary.digest));
    put("id", json!(&*summary.id));
    put("time", json!(format_rfc3339(summary.to)));
    put("from", json!(format_rfc3339(summary.from)));
    put("to", json!(format_rfc3339(summary.to)));
    if summary.partial {
        put("partial", json!(true));
    }
    if !summary.complete {
        put("complete", json!(false));
    }
    if !summary.tenant.is_missing() {
        put("tenant", json::value(&summary.tenant));
    }
    let values: Vec<&Named> = summary.key.iter().chain(&summary.values).collect();
    for (name, value) in values {
        put(name, json::value(value));
    }
    safe::line(&Json::Object(object))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_of_several_lines_becomes_one() {
        let line = line(b"\xef\xbb\xbf{\n\t\"a\": \"x\\ny\",\r\n \"b\": [1,\n2]\n}\n");
        assert_eq!(line, "{  \"a\": \"x\\ny\",   \"b\": [1, 2] }");
    }

    #[test]
    fn what_a_terminal_would_obey_is_escaped_and_means_the_same() {
        let hostile = "{\"a\u{202e}\":\"\u{9b}x\u{7f}\u{e0041}é\"}";
        let line = line(hostile.as_bytes());
        assert_eq!(line, "{\"a\\u202e\":\"\\u009bx\\u007f\\udb40\\udc41é\"}");
        let read = |text: &str| serde_json::from_str::<Json>(text).unwrap();
        assert_eq!(read(&line), read(hostile));
    }

    #[test]
    fn a_line_that_is_no_json_keeps_its_tabs() {
        assert_eq!(line(b"LEEF:2.0|a\tb=\x1b[31m"), "LEEF:2.0|a\tb=\\u{1b}[31m");
    }
}
