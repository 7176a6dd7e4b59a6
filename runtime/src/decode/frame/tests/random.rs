//! Random streams.
//!
//! Apart from the named cases because nobody reads them one by one.

use super::*;
use crate::decode::dice::Dice;
use crate::decode::json;

const PIECES: [&[u8]; 30] = [
    b"{\"a\":1}",
    b"{\"a\":{\"b\":[1,2]}}",
    b"\n",
    b"\n",
    b"\r\n",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"\"",
    b"\\",
    b"{\"Records\":[",
    b"{\"value\" : [ ",
    b"]}",
    b"\"@odata.x\":1",
    b"{\"@odata.x\":1,\"records\":[{",
    b"[{\"a\":1},",
    b" ",
    b"\0",
    b"\x1e",
    b"\xef\xbb\xbf",
    b"\xef\xbb",
    b"x",
    b"12",
    b"\"k\":",
    b"true",
    b"}{",
    b"{\n \"a\": 1,\n \"b\": [\n {}\n ]\n}",
];

#[test]
fn random_streams_give_the_same_frames_in_every_chunking() {
    let mut dice = Dice(0x1234_5678_9abc_def1);
    for _ in 0..2_000 {
        let length = dice.roll(24);
        let stream: Vec<u8> = (0..length)
            .flat_map(|_| PIECES[dice.roll(PIECES.len())].iter().copied())
            .collect();
        let whole = frames(&stream);
        let mut rest = &stream[..];
        let mut chunks = Vec::new();
        while !rest.is_empty() {
            let (chunk, behind) = rest.split_at(1 + dice.roll(rest.len().min(9)));
            chunks.push(chunk);
            rest = behind;
        }
        assert_eq!(whole, frames_of_chunks(chunks.into_iter()));
    }
}

#[test]
fn random_bytes_never_panic() {
    let mut dice = Dice(99);
    for _ in 0..3_000 {
        let length = dice.roll(60);
        let stream: Vec<u8> = (0..length).map(|_| dice.roll(256) as u8).collect();
        frames(&stream);
    }
}

/// Returns a value that is an object, on one line or several.
fn random_object(dice: &mut Dice, depth: usize) -> String {
    let (line, space) = [("", ""), ("\n", " "), (" ", "\t"), ("\r\n ", "")][dice.roll(4)];
    let count = if depth == 0 { 0 } else { dice.roll(4) };
    let fields: Vec<String> = (0..count)
        .map(|n| {
            let value = match dice.roll(6) {
                0 => "\"}{\\\"[\\\\\"".to_owned(),
                1 => "-1.5e3".to_owned(),
                2 => "null".to_owned(),
                3 => format!("[{}]", random_object(dice, depth - 1)),
                4 => "[]".to_owned(),
                _ => random_object(dice, depth - 1),
            };
            format!("{line}\"k{n}\"{space}:{space}{value}")
        })
        .collect();
    format!("{{{}{line}}}", fields.join(","))
}

#[test]
fn valid_objects_come_out_whole_however_they_are_put_together() {
    let mut dice = Dice(31);
    for round in 0..600 {
        let objects: Vec<String> = (0..1 + dice.roll(4))
            .map(|_| random_object(&mut dice, 3))
            .collect();
        let stream = match round % 4 {
            0 => objects.join("\n"),
            1 => objects.join(""),
            2 => format!("[{}]", objects.join(" , ")),
            _ => format!("{{\"Records\":[\n{}\n]}}\n", objects.join(",\n")),
        };
        assert_eq!(records(&stream), objects, "{stream}");
        assert!(
            objects
                .iter()
                .all(|object| json::parse(object.as_bytes()).is_ok())
        );
    }
}
