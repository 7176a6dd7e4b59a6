//! Tests of the reader, the hostile ones of every list of them first.

use super::*;
use crate::decode::dice::Dice;

fn value(text: &str) -> Value {
    parse(text.as_bytes())
        .unwrap_or_else(|error| panic!("{text}: {error}"))
        .value
}

fn reason(bytes: &[u8]) -> String {
    match parse(bytes) {
        Ok(decoded) => panic!("{} was read as {decoded:?}", String::from_utf8_lossy(bytes)),
        Err(error) => error.to_string(),
    }
}

fn field(text: &str, key: &str) -> Value {
    match value(text) {
        Value::Record(record) => record.get(key).cloned().unwrap_or_default(),
        other => panic!("{other:?} is no record"),
    }
}

/// Tells whether our value is theirs, but for digits that theirs lost.
fn same(ours: &Value, theirs: &serde_json::Value) -> bool {
    match (ours, theirs) {
        (Value::Missing, serde_json::Value::Null) => true,
        (Value::Bool(ours), serde_json::Value::Bool(theirs)) => ours == theirs,
        (Value::Int(ours), serde_json::Value::Number(theirs)) => theirs.as_i64() == Some(*ours),
        (Value::Float(ours), serde_json::Value::Number(theirs)) => {
            theirs.is_f64() && theirs.as_f64() == Some(*ours)
        }
        (Value::Text(digits), serde_json::Value::Number(theirs)) => {
            theirs.as_i64().is_none() && digits.parse().ok() == theirs.as_f64()
        }
        (Value::Text(ours), serde_json::Value::String(theirs)) => **ours == **theirs,
        (Value::List(ours), serde_json::Value::Array(theirs)) => {
            ours.len() == theirs.len()
                && ours
                    .iter()
                    .zip(theirs)
                    .all(|(ours, theirs)| same(ours, theirs))
        }
        (Value::Record(ours), serde_json::Value::Object(theirs)) => {
            ours.entries.len() == theirs.len()
                && ours
                    .entries
                    .iter()
                    .zip(theirs)
                    .all(|((key, ours), (name, theirs))| **key == **name && same(ours, theirs))
        }
        _ => false,
    }
}

fn depth(value: &serde_json::Value) -> u32 {
    match value {
        serde_json::Value::Array(items) => 1 + items.iter().map(depth).max().unwrap_or(0),
        serde_json::Value::Object(fields) => 1 + fields.values().map(depth).max().unwrap_or(0),
        _ => 0,
    }
}

/// Asserts that bytes are read exactly if `serde_json` reads them, and as the same value.
fn agrees_with_serde(bytes: &[u8]) -> bool {
    let shown = String::from_utf8_lossy(bytes);
    match (
        parse(bytes),
        serde_json::from_slice::<serde_json::Value>(bytes),
    ) {
        (Ok(ours), Ok(theirs)) => {
            assert!(
                same(&ours.value, &theirs),
                "{shown}: {ours:?} but {theirs:?}"
            );
            true
        }
        (Err(DecodeError::TooDeep), theirs) => {
            assert!(
                theirs.map_or(true, |theirs| depth(&theirs) > DEPTH_MAX),
                "{shown}"
            );
            false
        }
        (Err(_), Err(_)) => false,
        (ours, theirs) => panic!("{shown}: {ours:?} but {theirs:?}"),
    }
}

#[test]
fn integers_are_exact_to_the_last_digit() {
    for (text, expected) in [
        ("0", Value::Int(0)),
        ("-0", Value::Float(0.0)),
        ("9007199254740993", Value::Int(9_007_199_254_740_993)),
        ("9223372036854775807", Value::Int(i64::MAX)),
        ("-9223372036854775808", Value::Int(i64::MIN)),
        ("9223372036854775808", Value::text("9223372036854775808")),
        ("18446744073709551615", Value::text("18446744073709551615")),
        ("18446744073709551616", Value::text("18446744073709551616")),
        ("-9223372036854775809", Value::text("-9223372036854775809")),
        (
            "123456789012345678901234567890",
            Value::text("123456789012345678901234567890"),
        ),
        ("1.5", Value::Float(1.5)),
        ("-0.0", Value::Float(0.0)),
        ("1e3", Value::Float(1000.0)),
        ("5.0E57", Value::Float(5.0e57)),
        (
            "12345678901234567890123456789.0",
            Value::Float(1.2345678901234568e28),
        ),
        ("5e-324", Value::Float(5e-324)),
    ] {
        assert_eq!(value(text), expected, "{text}");
    }
}

#[test]
fn a_long_id_keeps_its_digits_wherever_it_stands() {
    let text = r#"{"n":[1,-2,3.5e2,true,"1e5 \" 99999999999999999999 \\",{"7":8}],
        "99999999999999999999":111111111111111111111111111111,"f":1e30,"z":222222222222222222222}"#;
    assert_eq!(
        field(text, "99999999999999999999"),
        Value::text("111111111111111111111111111111")
    );
    assert_eq!(field(text, "z"), Value::text("222222222222222222222"));
    assert_eq!(field(text, "f"), Value::Float(1e30));
    let same_but_short = text
        .replace("111111111111111111111111111111", "7")
        .replace("222222222222222222222", "7");
    assert_eq!(field(text, "n"), field(&same_but_short, "n"));
}

#[test]
fn the_last_of_equal_keys_counts_at_the_place_of_the_first() {
    let decoded = parse(br#"{"a":1,"b":2,"\u0061":3,"c":{"x":1,"x":1}}"#).unwrap();
    assert_eq!(decoded.duplicate_keys, 2);
    let Value::Record(record) = decoded.value else {
        panic!()
    };
    let keys: Vec<&str> = record.entries.iter().map(|(key, _)| &**key).collect();
    assert_eq!(keys, ["a", "b", "c"]);
    assert_eq!(record.get("a"), Some(&Value::Int(3)));
}

#[test]
fn equal_keys_are_found_in_a_large_object_too() {
    let pairs: Vec<String> = (0..100).map(|n| format!(r#""k{}":{n}"#, n % 50)).collect();
    let decoded = parse(format!("{{{}}}", pairs.join(",")).as_bytes()).unwrap();
    assert_eq!(decoded.duplicate_keys, 50);
    let Value::Record(record) = decoded.value else {
        panic!()
    };
    assert_eq!(record.entries.len(), 50);
    assert_eq!(record.get("k7"), Some(&Value::Int(57)));
}

#[test]
fn many_keys_take_time_in_proportion() {
    let pairs: Vec<String> = (0..150_000).map(|n| format!(r#""{n}":1"#)).collect();
    let decoded = parse(format!("{{{}}}", pairs.join(",")).as_bytes()).unwrap();
    assert_eq!(decoded.duplicate_keys, 0);
}

#[test]
fn null_is_missing() {
    assert_eq!(value("null"), Value::Missing);
    assert_eq!(field(r#"{"a":null}"#, "a"), Value::Missing);
    assert_eq!(value("[null]"), Value::List([Value::Missing].into()));
}

#[test]
fn texts_are_decoded_and_may_hold_anything_escaped() {
    assert_eq!(
        field(r#"{"\u0061":"\ud83d\ude00\u0000\n\\\/\"é"}"#, "a"),
        Value::text("😀\0\n\\/\"é")
    );
}

#[test]
fn what_is_no_json_is_refused_with_a_reason() {
    for (bytes, part) in [
        (&b""[..], "ends in the middle"),
        (b"   ", "ends in the middle"),
        (br#"{"a":"#, "ends in the middle"),
        (br#"{"a":1"#, "ends in the middle"),
        (br#"{"a":"x"#, "ends in the middle"),
        (br#"{"a":1} x"#, "trailing characters"),
        (br#"{"a":1}{"a":2}"#, "trailing characters"),
        (br#"{"a":01}"#, "invalid number"),
        (br#"{"a":trux}"#, "expected ident"),
        (b"[1,]", "trailing comma"),
        (b"[1}", "expected `,` or `]`"),
        (br#"{"a":1,}"#, "trailing comma"),
        (b"{a:1}", "key must be a string"),
        (b"{'a':1}", "key must be a string"),
        (b"NaN", "expected value"),
        (br#"{"a":NaN}"#, "expected value"),
        (b"Infinity", "expected value"),
        (b"-Infinity", "invalid number"),
        (b"1e400", "number out of range"),
        (b"+1", "expected value"),
        (b".5", "expected value"),
        (br#""\ud800""#, "end of hex escape"),
        (br#""\udc00""#, "surrogate"),
        (br#""\ud800\ud800""#, "surrogate"),
        (br#"{"\ud800":1}"#, "end of hex escape"),
        (br#""\x""#, "invalid escape"),
        (b"\"\x00\"", "control character"),
        (b"\"a\nb\"", "control character"),
        (b"\"\x1f\"", "control character"),
        (b"\"\xff\"", "invalid UTF-8 at byte 1"),
        (b"\"\xed\xa0\x80\"", "invalid UTF-8 at byte 1"),
        (b"\"\xc0\x80\"", "invalid UTF-8 at byte 1"),
        (b"\xef\xbb\xbf{}", "expected value"),
        (b"{} \x00", "trailing characters"),
        (b"// c\n{}", "expected value"),
    ] {
        let reason = reason(bytes);
        assert!(
            reason.contains(part),
            "{}: {reason}",
            String::from_utf8_lossy(bytes)
        );
        assert!(!reason.contains("line"), "{reason}");
        agrees_with_serde(bytes);
    }
}

#[test]
fn a_fault_is_told_with_its_byte() {
    assert_eq!(
        reason(b"{\"a\":1,\n\"b\":trux}"),
        "not JSON: expected ident at byte 15"
    );
    assert_eq!(reason(b"{} x"), "not JSON: trailing characters at byte 3");
}

#[test]
fn sixty_four_levels_are_read_and_one_more_is_not() {
    for (open, close) in [("[", "]"), (r#"{"a":"#, "}")] {
        let nested = |depth: usize| {
            let inner = if open == "[" { "" } else { "1" };
            format!("{}{inner}{}", open.repeat(depth), close.repeat(depth))
        };
        assert!(parse(nested(64).as_bytes()).is_ok());
        assert_eq!(parse(nested(65).as_bytes()), Err(DecodeError::TooDeep));
    }
}

#[test]
fn a_hundred_thousand_levels_fit_a_small_stack() {
    let read = || {
        for open in ["[", r#"{"a":"#, r#"[{"a":"#] {
            let text = open.repeat(100_000);
            assert_eq!(parse(text.as_bytes()), Err(DecodeError::TooDeep));
        }
        let deep = format!("{}{}", "[".repeat(64), "]".repeat(64));
        assert!(parse(deep.as_bytes()).is_ok());
    };
    let thread = std::thread::Builder::new()
        .stack_size(512 << 10)
        .spawn(read)
        .unwrap();
    thread.join().unwrap();
}

#[test]
fn keys_are_shared_between_records() {
    let mut decoder = Decoder::new();
    let mut key = |text: &str| match decoder.decode(text.as_bytes()).unwrap().value {
        Value::Record(record) => record.entries[0].0.clone(),
        other => panic!("{other:?}"),
    };
    let (first, second) = (key(r#"{"actor":1}"#), key(r#"{"actor":2}"#));
    assert!(std::sync::Arc::ptr_eq(&first, &second));
    let long = format!(r#"{{"{}":1}}"#, "x".repeat(65));
    assert_eq!(key(&long), key(&long));
}

/// Pieces that texts near JSON are made of.
const PIECES: [&[u8]; 44] = [
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\"",
    b"\\",
    b"\"a\"",
    b"\"a\":",
    b"\"b\":",
    b"\"\\u0061\":",
    b"1",
    b"-",
    b"0",
    b"9223372036854775808",
    b"18446744073709551616",
    b"-9223372036854775809",
    b"123456789012345678901234567890",
    b"1.5",
    b"e",
    b"E+",
    b".",
    b"1e400",
    b"5.0E57",
    b"true",
    b"false",
    b"null",
    b"nul",
    b"NaN",
    b" ",
    b"\n",
    b"\t",
    b"\r",
    b"\0",
    b"\x1f",
    b"\xff",
    b"\xc3\xa9",
    b"\xed\xa0\x80",
    b"\\ud83d\\ude00",
    b"\\ud83d",
    b"\\u0000",
    b"[[[[[[[[[[",
    b"\xef\xbb\xbf",
];

#[test]
fn random_texts_are_read_exactly_as_serde_json_reads_them() {
    let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
    let mut accepted = 0;
    for _ in 0..60_000 {
        let length = dice.roll(12);
        let text: Vec<u8> = (0..length)
            .flat_map(|_| PIECES[dice.roll(PIECES.len())].iter().copied())
            .collect();
        accepted += u32::from(agrees_with_serde(&text));
    }
    assert!(accepted > 500, "{accepted}");
}

#[test]
fn random_bytes_never_panic() {
    let mut dice = Dice(42);
    for _ in 0..20_000 {
        let length = dice.roll(40);
        let text: Vec<u8> = (0..length).map(|_| dice.roll(256) as u8).collect();
        agrees_with_serde(&text);
    }
}

fn random_value(dice: &mut Dice, depth: usize, text: &mut String) {
    match dice.roll(if depth == 0 { 6 } else { 9 }) {
        0 => text.push_str("null"),
        1 => text.push_str(["true", "false"][dice.roll(2)]),
        2 => text.push_str(&dice.roll(usize::MAX).to_string()),
        3 => text.push_str(
            [
                "-1",
                "0.1",
                "1e9",
                "99999999999999999999",
                "-99999999999999999999",
            ][dice.roll(5)],
        ),
        4 | 5 => text.push_str(["\"\"", "\"x\"", "\"\\u00e9\\n\"", "\"\\\"99\\\\\""][dice.roll(4)]),
        6 => random_items(dice, depth, text, ('[', ']'), false),
        _ => random_items(dice, depth, text, ('{', '}'), true),
    }
}

fn random_items(
    dice: &mut Dice,
    depth: usize,
    text: &mut String,
    (open, close): (char, char),
    keys: bool,
) {
    text.push(open);
    for n in 0..dice.roll(5) {
        if n > 0 {
            text.push(',');
        }
        if keys {
            text.push_str(["\"a\":", "\"b\" :", "\"\\u0061\": ", "\"9\":"][dice.roll(4)]);
        }
        random_value(dice, depth - 1, text);
    }
    text.push(close);
}

#[test]
fn valid_texts_and_their_mutations_are_read_as_serde_json_reads_them() {
    let mut dice = Dice(7);
    for _ in 0..10_000 {
        let mut text = String::new();
        random_value(&mut dice, 5, &mut text);
        assert!(agrees_with_serde(text.as_bytes()), "{text}");
        let mut bytes = text.into_bytes();
        let place = dice.roll(bytes.len());
        match dice.roll(3) {
            0 => bytes.truncate(place),
            1 => bytes[place] = dice.roll(256) as u8,
            _ => bytes.insert(place, b"{}[],:\"\\0-e"[dice.roll(11)]),
        }
        agrees_with_serde(&bytes);
    }
}
