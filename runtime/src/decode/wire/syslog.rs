//! The header of a syslog message: RFC 5424, RFC 3164, and what stands between them.
//!
//! Apart from what a message carries because every sender writes this part in another way.

use muster_lang::value::{RecordBuilder, Value};

use super::put_text;

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// The longest tag of a message.
const TAG_BYTES_MAX: usize = 128;

/// What stands before the message, and the message.
#[derive(Debug, Default)]
pub(super) struct Header<'t> {
    priority: Option<u16>,
    timestamp: Option<&'t str>,
    host: Option<&'t str>,
    app: Option<&'t str>,
    process: Option<&'t str>,
    kind: Option<&'t str>,
    data: Option<Value>,
    pub(super) message: &'t str,
}

/// Reads the header of a line that has one: a priority, or at least a time.
pub(super) fn header(text: &str) -> Option<Header<'_>> {
    let text = without_count(text);
    let Some((priority, rest)) = priority(text) else {
        let (timestamp, rest) = timestamp(text)?;
        let header = Header {
            timestamp: Some(timestamp),
            ..Header::default()
        };
        return Some(old(header, rest));
    };
    if let Some(header) = new(priority, rest) {
        return Some(header);
    }
    let mut header = Header {
        priority: Some(priority),
        ..Header::default()
    };
    let mut rest = rest.trim_start();
    if let Some((found, behind)) = timestamp(rest) {
        header.timestamp = Some(found);
        rest = behind;
    }
    Some(old(header, rest))
}

/// Passes over the length that stands before a message with octet counting (RFC 6587).
fn without_count(text: &str) -> &str {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    match rest.strip_prefix(' ') {
        Some(message) if rest.len() < text.len() && message.starts_with('<') => message,
        Some(_) | None => text,
    }
}

/// Splits `<110>` off; leading zeros are let pass.
fn priority(text: &str) -> Option<(u16, &str)> {
    let (number, rest) = text.strip_prefix('<')?.split_once('>')?;
    let digits = (1..=4).contains(&number.len()) && number.bytes().all(|b| b.is_ascii_digit());
    let number: u16 = number.parse().ok().filter(|_| digits)?;
    (number <= 191).then_some((number, rest))
}

/// Reads the rest of a header of RFC 5424.
fn new(priority: u16, rest: &str) -> Option<Header<'_>> {
    let (version, rest) = rest.split_once(' ')?;
    if version.is_empty() || version.len() > 3 || !version.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut fields = rest.splitn(6, ' ');
    let timestamp = fields.next().filter(|text| *text == "-" || is_iso(text))?;
    let (host, app, process, kind) = (
        fields.next()?,
        fields.next()?,
        fields.next()?,
        fields.next()?,
    );
    let behind = fields.next().unwrap_or("-");
    let (data, message) = structured(behind);
    Some(Header {
        priority: Some(priority),
        timestamp: Some(timestamp),
        host: Some(host),
        app: Some(app),
        process: Some(process),
        kind: Some(kind),
        data,
        message,
    })
}

/// Splits structured data off; what is none is the message.
fn structured(text: &str) -> (Option<Value>, &str) {
    if let Some(message) = text.strip_prefix('-') {
        return (None, message.strip_prefix(' ').unwrap_or(message));
    }
    let mut elements = RecordBuilder::default();
    let mut rest = text;
    while let Some((id, params, behind)) = element(rest) {
        elements.put(id.into(), params);
        rest = behind;
    }
    let data = (!elements.is_empty()).then(|| elements.build());
    (data, rest.strip_prefix(' ').unwrap_or(rest))
}

/// Reads `[id name="value" …]`.
fn element(text: &str) -> Option<(&str, Value, &str)> {
    let inner = text.strip_prefix('[')?;
    let end = inner.find([' ', ']'])?;
    let (id, mut rest) = inner.split_at_checked(end)?;
    let mut params = RecordBuilder::default();
    loop {
        rest = rest.trim_start_matches(' ');
        if let Some(behind) = rest.strip_prefix(']') {
            return (!id.is_empty()).then(|| (id, params.build(), behind));
        }
        let (name, behind) = rest.split_once("=\"")?;
        let (value, behind) = param_value(behind)?;
        params.put(name.into(), Value::text(value));
        rest = behind;
    }
}

/// Reads a value up to its quote; a backslash before another character than `"`, `\`, `]` stays.
fn param_value(text: &str) -> Option<(String, &str)> {
    let mut value = String::new();
    let mut chars = text.chars();
    loop {
        match chars.next()? {
            '"' => return Some((value, chars.as_str())),
            '\\' => match chars.next()? {
                c @ ('"' | '\\' | ']') => value.push(c),
                c => value.extend(['\\', c]),
            },
            c => value.push(c),
        }
    }
}

/// Reads host, tag and message behind the time of RFC 3164.
fn old<'t>(mut header: Header<'t>, rest: &'t str) -> Header<'t> {
    let rest = rest.trim_start();
    let (before, message) = carried(rest);
    if let Some(message) = message {
        header.host = before
            .split_whitespace()
            .next()
            .map(|host| host.trim_end_matches(':'));
        header.message = message;
        return header;
    }
    let rest = if header.timestamp.is_some() {
        let (host, behind) = host(rest);
        header.host = host;
        behind
    } else {
        rest
    };
    let rest = rest.strip_prefix(": ").unwrap_or(rest).trim_start();
    match tag(rest) {
        Some((app, process, message)) => {
            (header.app, header.process, header.message) = (Some(app), process, message);
        }
        None => header.message = rest,
    }
    header
}

/// Splits where a payload begins that says itself what it is, behind a host and a tag at most.
fn carried(text: &str) -> (&str, Option<&str>) {
    const SIGNS: [&str; 5] = ["CEF:0", "CEF:1", "LEEF:1", "LEEF:2", "{\""];
    let audit = text.find("type=").filter(|_| text.contains("msg=audit("));
    let signs = SIGNS.iter().filter_map(|sign| text.find(sign));
    let fits = |at: &usize| {
        let before = text.get(..*at).unwrap_or_default();
        before.split_whitespace().count() <= 2
            && (before.is_empty() || before.ends_with(' '))
            && !before.contains('=')
    };
    match signs.chain(audit).min().filter(fits) {
        Some(at) => text
            .split_at_checked(at)
            .map_or((text, None), |(before, message)| (before, Some(message))),
        None => (text, None),
    }
}

/// Splits the host off, unless the first word is a tag.
fn host(text: &str) -> (Option<&str>, &str) {
    let Some((first, rest)) = text.split_once(' ') else {
        return (None, text);
    };
    if first.contains(['[', '=', '%']) || first.ends_with(':') {
        return (None, text);
    }
    (Some(first), rest)
}

/// Splits `tag[process]:` off.
fn tag(text: &str) -> Option<(&str, Option<&str>, &str)> {
    let end = text.find([':', '[', ' ', '='])?;
    let (app, rest) = text.split_at_checked(end)?;
    if app.is_empty() || app.len() > TAG_BYTES_MAX {
        return None;
    }
    if let Some(message) = rest.strip_prefix(':') {
        return Some((app, None, message.strip_prefix(' ').unwrap_or(message)));
    }
    let (process, behind) = rest.strip_prefix('[')?.split_once(']')?;
    let message = behind.strip_prefix(':').unwrap_or(behind);
    Some((
        app,
        Some(process),
        message.strip_prefix(' ').unwrap_or(message),
    ))
}

/// Splits a time off: `Oct 11 22:14:15`, with a year before or behind the clock, or ISO 8601.
fn timestamp(text: &str) -> Option<(&str, &str)> {
    let first = text.split(' ').next()?;
    if is_iso(first) {
        return text.split_at_checked(first.len());
    }
    let is_month = text
        .get(..3)
        .is_some_and(|month| MONTHS.contains(&month.to_ascii_lowercase().as_str()));
    if !is_month {
        return None;
    }
    let mut length = 0;
    let mut has_clock = false;
    for (count, word) in words(text).enumerate().take(4) {
        let end = word.0 + word.1.len();
        let bare = word.1.trim_end_matches([':', ',']);
        match count {
            0 => {}
            1 if is_number(bare, 2) => {}
            2 if is_clock(bare) => (length, has_clock) = (end, true),
            2 if is_number(bare, 4) => {}
            3 if !has_clock && is_clock(bare) => (length, has_clock) = (end, true),
            // Behind the clock, where some put the year.
            3 if has_clock && is_number(bare, 4) => length = end,
            _ => break,
        }
    }
    if !has_clock {
        return None;
    }
    let (found, rest) = text.split_at_checked(length)?;
    Some((found.trim_end_matches([':', ',']), rest))
}

/// Returns the words of a text with their places.
fn words(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let mut at = 0;
    text.split(' ').filter_map(move |word| {
        let place = at;
        at += word.len() + 1;
        (!word.is_empty()).then_some((place, word))
    })
}

fn is_number(text: &str, length: usize) -> bool {
    let fits = text.len() == length || length == 2 && text.len() == 1;
    fits && text.bytes().all(|byte| byte.is_ascii_digit())
}

fn is_clock(text: &str) -> bool {
    let digits = text.bytes().filter(|byte| *byte == b':').count() == 2;
    digits
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || matches!(b, b':' | b'.'))
}

/// Tells whether a word is a date and a time with a `T` between them.
fn is_iso(text: &str) -> bool {
    let mut bytes = text.bytes();
    let shape = b"dddd-dd-dd";
    shape.iter().all(|want| {
        bytes.next().is_some_and(|byte| match want {
            b'd' => byte.is_ascii_digit(),
            _ => byte == *want,
        })
    }) && matches!(bytes.next(), Some(b'T' | b't'))
        && bytes.next().is_some_and(|byte| byte.is_ascii_digit())
}

impl Header<'_> {
    /// Returns the header as a record, the message in it.
    pub(super) fn into_value(self) -> Value {
        let mut record = RecordBuilder::default();
        if let Some(priority) = self.priority {
            record.put("priority".into(), Value::Int(i64::from(priority)));
            record.put("facility".into(), Value::Int(i64::from(priority / 8)));
            record.put("severity".into(), Value::Int(i64::from(priority % 8)));
        }
        put_text(&mut record, "timestamp", self.timestamp);
        put_text(&mut record, "host", self.host);
        put_text(&mut record, "app", self.app);
        put_text(&mut record, "process", self.process);
        put_text(&mut record, "kind", self.kind);
        if let Some(data) = self.data {
            record.put("data".into(), data);
        }
        put_text(&mut record, "message", Some(self.message));
        record.build()
    }
}
