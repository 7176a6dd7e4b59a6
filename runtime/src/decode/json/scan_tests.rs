//! The scanner against the reader: what it reads is what the reader reads, less what is not wanted.
//!
//! Apart from the tests of the reader, which is the truth here.

use std::sync::Arc;

use super::scan::{Memory, scan, text_end};
use super::*;
use crate::decode::dice::Dice;

const KEYS: [&str; 6] = ["a", "bc", "a longer key than eight", "é", "", "a.b"];
const TEXTS: [&str; 8] = [
    "",
    "plain",
    "a text that is longer than what is shared between records",
    r#"tab\t and \"quotes\""#,
    r"\u00e9\u0000",
    r"half \ud83d",
    r"pair \ud83d\ude00",
    "日本",
];
const NUMBERS: [&str; 14] = [
    "0",
    "-0",
    "-1",
    "12",
    "00",
    "1.5",
    "-0.25",
    "0.0",
    "1e3",
    "1e999",
    "123456789012345678",
    "12345678901234567890",
    "1.",
    "-",
];

fn pick<'a>(dice: &mut Dice, of: &[&'a str]) -> &'a str {
    of[dice.roll(of.len())]
}

fn text(dice: &mut Dice, depth: usize, out: &mut String) {
    match dice.roll(if depth > 3 { 6 } else { 10 }) {
        0 => out.push_str(pick(dice, &["true", "false", "null"])),
        1..3 => out.push_str(pick(dice, &NUMBERS)),
        3..6 => {
            out.push('"');
            out.push_str(pick(dice, &TEXTS));
            out.push('"');
        }
        6..9 => {
            out.push('{');
            for at in 0..dice.roll(4) {
                out.push_str(if at == 0 { "" } else { ", " });
                out.push('"');
                out.push_str(pick(dice, &KEYS));
                out.push_str(pick(dice, &["\":", "\" : "]));
                text(dice, depth + 1, out);
            }
            out.push('}');
        }
        _ => {
            out.push('[');
            for at in 0..dice.roll(4) {
                out.push_str(if at == 0 { "" } else { "," });
                text(dice, depth + 1, out);
            }
            out.push_str(pick(dice, &["]", " ]"]));
        }
    }
}

/// Returns paths of keys, each a wanted place.
fn paths(dice: &mut Dice) -> Vec<Vec<&'static str>> {
    let count = dice.roll(4);
    let path = |dice: &mut Dice| {
        let length = dice.roll(3);
        (0..length).map(|_| pick(dice, &KEYS)).collect()
    };
    (0..count).map(|_| path(dice)).collect()
}

/// Returns what is wanted of some records, twice, and their shapes.
fn kind(dice: &mut Dice) -> (Vec<Vec<&'static str>>, Wanted, Shapes) {
    let paths = paths(dice);
    let mut wanted = Wanted::default();
    for path in &paths {
        wanted.add(path.iter().copied());
    }
    (paths, wanted, Shapes::default())
}

/// Leaves of a value what stands at the paths, the naive way.
fn project(value: &Value, paths: &[&[&str]]) -> Value {
    let Value::Record(record) = value else {
        return value.clone();
    };
    if paths.iter().any(|path| path.is_empty()) {
        return value.clone();
    }
    let below = |key: &str| -> Vec<&[&str]> {
        let paths = paths.iter().filter(|path| path[0] == key);
        paths.map(|path| &path[1..]).collect()
    };
    let entries = record.entries.iter();
    let entries = entries
        .filter(|(key, _)| !below(key).is_empty())
        .map(|(key, value)| (key.clone(), project(value, &below(key))));
    Value::Record(Arc::new(muster_lang::value::Record {
        entries: entries.collect(),
    }))
}

#[test]
fn the_scanner_reads_what_the_reader_reads() {
    let mut memory = Memory::default();
    // What was read for the same wants before must not matter.
    let mut kinds: Vec<_> = (1..30).map(|seed| kind(&mut Dice(seed))).collect();
    let mut read = 0;
    for seed in 1..90_000 {
        let mut dice = Dice(seed);
        let mut record = String::new();
        text(&mut dice, 0, &mut record);
        if dice.roll(8) == 0 && record.is_ascii() {
            record.remove(dice.roll(record.len()));
        }
        let at = dice.roll(kinds.len());
        let (paths, wanted, shapes) = &mut kinds[at];
        let Some(found) = scan(record.as_bytes(), wanted, shapes, &mut memory) else {
            continue;
        };
        read += 1;
        let decoded = parse(record.as_bytes());
        let decoded = decoded.unwrap_or_else(|error| panic!("{record} was read, but: {error}"));
        assert_eq!(decoded.duplicate_keys, 0, "{record}");
        let paths: Vec<&[&str]> = paths.iter().map(Vec::as_slice).collect();
        assert_eq!(found, project(&decoded.value, &paths), "{record} {paths:?}");
    }
    assert!(
        read > 30_000,
        "only {read} records were not left to the reader"
    );
}

#[test]
fn what_is_nested_too_deep_is_left_to_the_reader() {
    let mut memory = Memory::default();
    let mut wanted = Wanted::default();
    wanted.add([]);
    for depth in 60..70 {
        for inside in ["", "1"] {
            let record = format!("{}{inside}{}", "[".repeat(depth), "]".repeat(depth));
            let found = scan(
                record.as_bytes(),
                &wanted,
                &mut Shapes::default(),
                &mut memory,
            );
            assert_eq!(
                found,
                parse(record.as_bytes()).ok().map(|decoded| decoded.value)
            );
        }
    }
}

#[test]
fn a_repeated_key_is_left_to_the_reader_among_many_keys() {
    let mut memory = Memory::default();
    let wanted = Wanted::default();
    let keys: Vec<String> = (0..300).map(|key| format!("\"key{key}\":{key}")).collect();
    let once = format!("{{{}}}", keys.join(","));
    assert!(
        scan(
            once.as_bytes(),
            &wanted,
            &mut Shapes::default(),
            &mut memory
        )
        .is_some()
    );
    for again in [0, 150, 299] {
        let twice = format!("{{{},\"key{again}\":1}}", keys.join(","));
        assert_eq!(
            scan(
                twice.as_bytes(),
                &wanted,
                &mut Shapes::default(),
                &mut memory
            ),
            None
        );
        assert_eq!(parse(twice.as_bytes()).unwrap().duplicate_keys, 1);
    }
}

#[test]
fn the_end_of_a_text_is_found_wherever_it_is() {
    for length in 0..40 {
        for at in 0..length {
            for end in [b'"', b'\\'] {
                let mut bytes = vec![b'#'; length];
                // Neighbours of the signs, and bytes beyond ASCII, are none.
                bytes.iter_mut().step_by(3).for_each(|byte| *byte = 0xa2);
                bytes.iter_mut().step_by(5).for_each(|byte| *byte = b'!');
                bytes[at] = end;
                assert_eq!(text_end(&bytes), Some(at), "{bytes:?}");
            }
        }
        assert_eq!(text_end(&vec![b'['; length]), None);
    }
}
