//! Records of the Linux audit system: `type=USER_LOGIN msg=audit(1610903553.730:591): pid=…`.
//!
//! Apart because of the pairs within a pair, and of those glued behind it.

use muster_lang::value::{RecordBuilder, Value};

use super::{entries, pairs, put_text};

/// Reads a record; pairs inside of `msg='…'` count as the record's own.
pub(super) fn read(text: &str) -> Option<Value> {
    let (node, text) = match text.strip_prefix("node=") {
        Some(behind) => behind
            .split_once(' ')
            .map(|(node, text)| (Some(node), text))?,
        None => (None, text),
    };
    let (kind, behind) = text.strip_prefix("type=")?.split_once(' ')?;
    let stamp = behind.trim_start().strip_prefix("msg=audit(")?;
    let (stamp, behind) = stamp.split_once(')')?;
    let (time, serial) = stamp.split_once(':')?;
    let mut record = RecordBuilder::default();
    put_text(&mut record, "type", Some(kind));
    put_text(&mut record, "time", Some(time));
    put_text(&mut record, "serial", Some(serial));
    put_text(&mut record, "node", node);
    add(&mut record, behind.trim_start_matches([':', ' ']));
    Some(record.build())
}

fn add(record: &mut RecordBuilder, text: &str) {
    let (before, inner, behind) = nested(text);
    for part in [before, inner, behind] {
        if let Value::Record(found) = pairs::spaced(part, pairs::verbatim).build() {
            for (key, value) in entries(&found) {
                let open = value.as_text().unwrap_or_default();
                // A quote that is never closed is none.
                put_text(record, key, Some(open.trim_matches(['"', '\'', '\u{1d}'])));
            }
        }
    }
}

/// Splits a record into what stands before `msg='`, inside of it, and behind its quote.
fn nested(text: &str) -> (&str, &str, &str) {
    let Some((before, inner)) = text.split_once("msg='") else {
        return (text, "", "");
    };
    let (inner, behind) = inner.split_once('\'').unwrap_or((inner, ""));
    (before, inner, behind)
}
