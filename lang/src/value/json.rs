//! JSON: text to a value and back.
//!
//! Apart from the decoding of records because rule texts and the `json` builtin need it where no
//! event stream is known; strict, bounded and exact in integers.

use super::{RecordBuilder, Value, display, number};

/// The longest text that is read, in bytes.
pub const JSON_BYTES_MAX: usize = 1 << 20;
/// How deep lists and records may nest.
pub const JSON_DEPTH_MAX: usize = 64;

/// Reads a JSON text; `None` for what is not JSON, is longer than 1 MiB or deeper than 64.
///
/// `null` is missing. Integers are exact; one beyond 64 bits, and a number beyond a float, becomes
/// the text of its digits. Of equal keys the last one counts, at the place of the first. Half a
/// surrogate pair becomes the replacement character.
#[must_use]
pub fn parse(text: &str) -> Option<Value> {
    if text.len() > JSON_BYTES_MAX {
        return None;
    }
    let mut reader = Reader { rest: text };
    let value = reader.value(0)?;
    reader.skip_space();
    reader.rest.is_empty().then_some(value)
}

/// What is still to be read.
struct Reader<'a> {
    rest: &'a str,
}

impl<'a> Reader<'a> {
    fn skip_space(&mut self) {
        self.rest = self.rest.trim_start_matches([' ', '\t', '\n', '\r']);
    }

    /// Takes a word if it comes next.
    fn take(&mut self, word: &str) -> Option<()> {
        self.rest = self.rest.strip_prefix(word)?;
        Some(())
    }

    /// Takes what comes before the first character that does not fit.
    fn take_while(&mut self, fits: fn(char) -> bool) -> &'a str {
        let end = self.rest.find(|c| !fits(c)).unwrap_or(self.rest.len());
        let (taken, rest) = self.rest.split_at_checked(end).unwrap_or((self.rest, ""));
        self.rest = rest;
        taken
    }

    fn value(&mut self, depth: usize) -> Option<Value> {
        self.skip_space();
        match self.rest.bytes().next()? {
            b'{' => self.record(depth + 1),
            b'[' => self.list(depth + 1),
            b'"' => self.string().map(Value::text),
            b't' => self.take("true").map(|()| Value::Bool(true)),
            b'f' => self.take("false").map(|()| Value::Bool(false)),
            b'n' => self.take("null").map(|()| Value::Missing),
            _ => self.number(),
        }
    }

    fn list(&mut self, depth: usize) -> Option<Value> {
        let mut items = Vec::new();
        self.sequence("[", "]", depth, |reader| {
            items.push(reader.value(depth)?);
            Some(())
        })?;
        Some(Value::List(items.into()))
    }

    fn record(&mut self, depth: usize) -> Option<Value> {
        let mut record = RecordBuilder::default();
        self.sequence("{", "}", depth, |reader| {
            let key = reader.string()?;
            reader.skip_space();
            reader.take(":")?;
            record.put(key.into(), reader.value(depth)?);
            Some(())
        })?;
        Some(record.build())
    }

    /// Reads items with commas between brackets.
    fn sequence(
        &mut self,
        open: &str,
        close: &str,
        depth: usize,
        mut item: impl FnMut(&mut Self) -> Option<()>,
    ) -> Option<()> {
        if depth > JSON_DEPTH_MAX {
            return None;
        }
        self.take(open)?;
        self.skip_space();
        if self.take(close).is_some() {
            return Some(());
        }
        loop {
            self.skip_space();
            item(self)?;
            self.skip_space();
            if self.take(close).is_some() {
                return Some(());
            }
            self.take(",")?;
        }
    }

    fn number(&mut self) -> Option<Value> {
        let text = self.take_while(|c| matches!(c, '0'..='9' | '+' | '-' | '.' | 'e' | 'E'));
        if !is_number(text) {
            return None;
        }
        if text.contains(['.', 'e', 'E']) {
            return Some(number::parse_float(text).map_or_else(|| Value::text(text), Value::Float));
        }
        Some(number::parse_int(text).map_or_else(|| Value::text(text), Value::Int))
    }

    fn string(&mut self) -> Option<String> {
        self.take("\"")?;
        let mut text = self.take_while(is_plain).to_owned();
        while self.take("\"").is_none() {
            self.take("\\")?;
            text.push(self.escape()?);
            text.push_str(self.take_while(is_plain));
        }
        Some(text)
    }

    fn escape(&mut self) -> Option<char> {
        let mut chars = self.rest.chars();
        let letter = chars.next()?;
        self.rest = chars.as_str();
        Some(match letter {
            '"' | '\\' | '/' => letter,
            'b' => '\u{8}',
            'f' => '\u{c}',
            'n' => '\n',
            'r' => '\r',
            't' => '\t',
            'u' => self.code_point()?,
            _ => return None,
        })
    }

    fn code_point(&mut self) -> Option<char> {
        let first = self.hex()?;
        if let 0xd800..=0xdbff = first {
            let before = self.rest;
            if self.take("\\u").is_some()
                && let Some(second @ 0xdc00..=0xdfff) = self.hex()
            {
                return char::from_u32(0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00));
            }
            // The other half is missing: what follows is read by itself.
            self.rest = before;
        }
        Some(char::from_u32(first).unwrap_or(char::REPLACEMENT_CHARACTER))
    }

    fn hex(&mut self) -> Option<u32> {
        let (digits, rest) = self.rest.split_at_checked(4)?;
        if !digits.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            return None;
        }
        self.rest = rest;
        u32::from_str_radix(digits, 16).ok()
    }
}

fn is_plain(c: char) -> bool {
    c >= ' ' && c != '"' && c != '\\'
}

/// Tells whether a text is a number as JSON writes it.
fn is_number(text: &str) -> bool {
    let text = text.strip_prefix('-').unwrap_or(text);
    let (mantissa, exponent) = match text.split_once(['e', 'E']) {
        Some((mantissa, exponent)) => (
            mantissa,
            Some(exponent.strip_prefix(['+', '-']).unwrap_or(exponent)),
        ),
        None => (text, None),
    };
    let (whole, fraction) = match mantissa.split_once('.') {
        Some((whole, fraction)) => (whole, Some(fraction)),
        None => (mantissa, None),
    };
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(digits)
}

/// Returns the value as compact JSON.
///
/// Missing is `null`; sizes are bytes; coordinates a record of `lat` and `lon`; other quantities,
/// times and addresses the text that alerts show. Control characters are escaped.
#[must_use]
pub fn write(value: &Value) -> String {
    let mut text = String::new();
    write_value(value, &mut text);
    text
}

fn write_value(value: &Value, text: &mut String) {
    match value {
        Value::Missing => text.push_str("null"),
        Value::Bool(truth) => text.push_str(if *truth { "true" } else { "false" }),
        Value::Int(int) | Value::Size(int) => text.push_str(&int.to_string()),
        Value::Float(float) => text.push_str(&number::shortest(*float)),
        Value::Text(content) => write_text(content, text),
        Value::Geo(place) => {
            let (lat, lon) = (number::shortest(place.lat), number::shortest(place.lon));
            text.push_str(&format!("{{\"lat\":{lat},\"lon\":{lon}}}"));
        }
        Value::List(items) => {
            write_sequence(['[', ']'], items.iter(), text, write_value);
        }
        Value::Record(record) => {
            write_sequence(
                ['{', '}'],
                record.entries.iter(),
                text,
                |(key, value), text| {
                    write_text(key, text);
                    text.push(':');
                    write_value(value, text);
                },
            );
        }
        Value::Time(_)
        | Value::Duration(_)
        | Value::Distance(_)
        | Value::Speed(_)
        | Value::Ip(_) => write_text(&display(value), text),
    }
}

fn write_sequence<T>(
    [open, close]: [char; 2],
    items: impl Iterator<Item = T>,
    text: &mut String,
    write_item: impl Fn(T, &mut String),
) {
    text.push(open);
    for (at, item) in items.enumerate() {
        if at > 0 {
            text.push(',');
        }
        write_item(item, text);
    }
    text.push(close);
}

/// Appends a text in quotes with what JSON demands escaped.
pub fn write_text(content: &str, text: &mut String) {
    text.push('"');
    for c in content.chars() {
        match c {
            '"' => text.push_str("\\\""),
            '\\' => text.push_str("\\\\"),
            '\n' => text.push_str("\\n"),
            '\r' => text.push_str("\\r"),
            '\t' => text.push_str("\\t"),
            '\0'..' ' | '\u{7f}' => text.push_str(&format!("\\u{:04x}", u32::from(c))),
            _ => text.push(c),
        }
    }
    text.push('"');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn json_texts_read_back_as_they_were_written() {
        for text in [
            "null",
            "true",
            "[]",
            "{}",
            "-12",
            "72058340288495701",
            "0.5",
            "1e300",
            r#""a\"b\\c\nd\u0001""#,
            r#"{"a":[1,{"b":null}],"c":"é😀"}"#,
            r#"[["x"],[[]]]"#,
        ] {
            assert_eq!(
                parse(text).map(|value| write(&value)).as_deref(),
                Some(text)
            );
        }
    }

    #[test]
    fn integers_are_exact_and_beyond_64_bits_they_keep_their_digits() {
        assert_eq!(parse("9223372036854775807"), Some(Value::Int(i64::MAX)));
        assert_eq!(
            parse("9223372036854775808"),
            Some(Value::text("9223372036854775808"))
        );
        assert_eq!(
            parse("-9223372036854775809"),
            Some(Value::text("-9223372036854775809"))
        );
        assert_eq!(parse("1e999"), Some(Value::text("1e999")));
        assert_eq!(parse("1.0"), Some(Value::Float(1.0)));
    }

    #[test]
    fn escapes_are_decoded_and_half_a_pair_is_replaced() {
        for (text, decoded) in [
            (r#""\u00e9\/\b\f""#, "é/\u{8}\u{c}"),
            (r#""\ud83d\ude00""#, "😀"),
            (r#""\ud83d""#, "\u{fffd}"),
            (r#""\ud83dx""#, "\u{fffd}x"),
            (r#""\ud83d\u0041""#, "\u{fffd}A"),
            (r#""\ude00\ud83d""#, "\u{fffd}\u{fffd}"),
        ] {
            assert_eq!(parse(text), Some(Value::text(decoded)), "{text}");
        }
    }

    #[test]
    fn of_equal_keys_the_last_counts_at_the_place_of_the_first() {
        let value = parse(r#"{"a":1,"b":2,"a":3}"#).unwrap();
        assert_eq!(write(&value), r#"{"a":3,"b":2}"#);
        let many: Vec<String> = (0..40).map(|at| format!("\"k{}\":{at}", at % 20)).collect();
        let Some(Value::Record(record)) = parse(&format!("{{{}}}", many.join(","))) else {
            panic!("a record");
        };
        assert_eq!(record.entries.len(), 20);
        assert_eq!(record.get("k19"), Some(&Value::Int(39)));
        assert_eq!(record.get("k0"), Some(&Value::Int(20)));
    }

    #[test]
    fn what_is_not_json_is_none() {
        for text in [
            "",
            " ",
            "nul",
            "tru",
            "01",
            "1.",
            ".5",
            "+1",
            "-",
            "1e",
            "[1,]",
            "[,]",
            "{\"a\"}",
            "{a:1}",
            "{\"a\":1,}",
            "\"a",
            "\"\\x\"",
            "\"\\u12\"",
            "\"\\u+123\"",
            "\"\n\"",
            "1 2",
            "[1",
            "{",
            "NaN",
            "'a'",
            "\u{feff}1",
            "é",
            "\"\\",
            "--1",
            "1-2",
            "\"\\u12é\"",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }

    #[test]
    fn depth_and_size_are_bounded() {
        let nested = |depth: usize| format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        assert!(parse(&nested(JSON_DEPTH_MAX)).is_some());
        assert_eq!(parse(&nested(JSON_DEPTH_MAX + 1)), None);
        assert_eq!(parse(&"[".repeat(100_000)), None);
        assert_eq!(parse(&format!("{}1", " ".repeat(JSON_BYTES_MAX))), None);
    }
}
