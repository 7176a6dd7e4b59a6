//! Lines of Zscaler's log stream with values by place: `Wed Jul 3 05:12:25 2019 User Activity zpa-lss: ,…`.
//!
//! Apart because nothing names the values: a source does, by their place.

use std::sync::Arc;

use muster_lang::value::{RecordBuilder, Value};

use super::put_text;

const KINDS: [&str; 14] = [
    "User Activity",
    "User Status",
    "Connector Status",
    "Connector Metric",
    "Private Cloud Controller Status",
    "Private Cloud Controller Metric",
    "Service Edge Status",
    "Service Edge Metric",
    "Browser Access",
    "Web Inspection Logs",
    "SMB Inspection Logs",
    "LDAP Inspection Logs",
    "KRB Inspection Logs",
    "Audit",
];

/// Reads a line whose columns stand behind `zpa-lss: ,`.
pub(super) fn read(text: &str) -> Option<Value> {
    let (head, behind) = text.split_once(" zpa-lss: ")?;
    let kind = KINDS.iter().find(|kind| head.ends_with(**kind))?;
    let columns = behind.strip_prefix(',').unwrap_or(behind);
    let separator = if columns.contains('\t') { '\t' } else { ',' };
    let mut record = RecordBuilder::default();
    record.put("kind".into(), Value::text(*kind));
    put_text(&mut record, "time", head.strip_suffix(*kind).map(str::trim));
    record.put(
        "separator".into(),
        Value::text(if separator == '\t' { "tab" } else { "comma" }),
    );
    let columns: Vec<Value> = columns
        .trim_start_matches('\t')
        .split(separator)
        .map(|column| Value::text(column.trim()))
        .collect();
    record.put("columns".into(), Value::List(Arc::from(columns)));
    Some(record.build())
}
