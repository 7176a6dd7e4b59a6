//! Tests of framing: every stream is cut in many ways and must give the same frames.

use super::*;

mod random;

/// A frame that owns its bytes; of a record too long, its length.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Owned {
    Record(u64, Vec<u8>),
    Oversize(u64, u64),
}

fn drain(framer: &mut Framer, frames: &mut Vec<Owned>) {
    while let Some(frame) = framer.next_frame() {
        frames.push(match frame {
            Frame::Record { offset, bytes } => Owned::Record(offset, bytes.to_vec()),
            Frame::Oversize { offset, length } => Owned::Oversize(offset, length),
        });
    }
}

fn frames_of_chunks<'a>(chunks: impl Iterator<Item = &'a [u8]>) -> Vec<Owned> {
    let mut framer = Framer::new();
    let mut frames = Vec::new();
    for chunk in chunks {
        framer.push(chunk);
        drain(&mut framer, &mut frames);
    }
    framer.finish();
    drain(&mut framer, &mut frames);
    frames
}

/// Returns the frames of a stream after checking that no chunking changes them.
fn frames(stream: &[u8]) -> Vec<Owned> {
    let whole = frames_of_chunks(std::iter::once(stream));
    let shown = String::from_utf8_lossy(stream);
    for size in [1, 2, 3, 7, 64] {
        assert_eq!(
            whole,
            frames_of_chunks(stream.chunks(size)),
            "chunks of {size}: {shown}"
        );
    }
    if stream.len() <= 200 {
        for place in 0..stream.len() {
            let (left, right) = stream.split_at(place);
            let chunks = [left, b"", right].into_iter();
            assert_eq!(whole, frames_of_chunks(chunks), "cut at {place}: {shown}");
        }
    }
    for frame in &whole {
        if let Owned::Record(offset, bytes) = frame {
            let start = usize::try_from(*offset).unwrap();
            assert_eq!(&stream[start..start + bytes.len()], bytes, "{shown}");
            assert!(!bytes.is_empty());
        }
    }
    whole
}

/// Returns the records of a stream as text, and a length for one too long.
fn records(stream: impl AsRef<[u8]>) -> Vec<String> {
    let texts = frames(stream.as_ref())
        .into_iter()
        .map(|frame| match frame {
            Owned::Record(_, bytes) => String::from_utf8_lossy(&bytes).into_owned(),
            Owned::Oversize(offset, length) => format!("oversize {offset}+{length}"),
        });
    texts.collect()
}

#[test]
fn each_line_is_a_record() {
    assert_eq!(
        records("{\"a\":1}\n{\"a\":2}\n"),
        ["{\"a\":1}", "{\"a\":2}"]
    );
    assert_eq!(records("{\"a\":1}\n{\"a\":2}"), ["{\"a\":1}", "{\"a\":2}"]);
    assert_eq!(
        records("{\"a\":1}\r\n{\"a\":2}\r\n"),
        ["{\"a\":1}", "{\"a\":2}"]
    );
    assert_eq!(records("1\n\"x\"\nnull\n"), ["1", "\"x\"", "null"]);
}

#[test]
fn what_is_blank_gives_no_record() {
    assert!(records("").is_empty());
    assert!(records(" \n\r\n\t\n\0\0\n\x1e\n").is_empty());
    assert!(records("\u{feff}").is_empty());
    assert!(records("\u{feff}\r\n").is_empty());
    assert_eq!(
        records("\n\n  {\"a\":1}  \n\n\n{\"a\":2}\n\n"),
        ["{\"a\":1}", "{\"a\":2}"]
    );
}

#[test]
fn a_byte_order_mark_is_no_part_of_a_record() {
    assert_eq!(
        records("\u{feff}{\"a\":1}\n{\"a\":2}"),
        ["{\"a\":1}", "{\"a\":2}"]
    );
    assert_eq!(records("\u{feff}[{\"a\":1}]"), ["{\"a\":1}"]);
    assert_eq!(
        records("{\"a\":1}\n\u{feff}{\"a\":2}"),
        ["{\"a\":1}", "{\"a\":2}"]
    );
    assert_eq!(
        records("{\"a\":1}\u{feff}{\"a\":2}"),
        ["{\"a\":1}", "{\"a\":2}"]
    );
    assert_eq!(records(b"\xef\xbb"), ["\u{fffd}"]);
}

#[test]
fn nul_bytes_around_records_count_for_nothing() {
    assert_eq!(
        records("\0\0\0{\"a\":1}\0\n{\"a\":2}\0\r\n\0"),
        ["{\"a\":1}", "{\"a\":2}"]
    );
    assert_eq!(
        records("{\"a\":\"\0\"}\n{\"a\":2}"),
        ["{\"a\":\"\0\"}", "{\"a\":2}"]
    );
}

#[test]
fn records_know_their_place_in_the_stream() {
    let expected = [
        Owned::Record(3, b"{\"a\":1}".to_vec()),
        Owned::Record(13, b"[1]".to_vec()),
        Owned::Record(18, b"{}".to_vec()),
    ];
    assert_eq!(
        frames("\u{feff}{\"a\":1}\n\n [1]\n[{}]".as_bytes()),
        expected
    );
}

#[test]
fn the_elements_of_a_list_of_objects_are_records() {
    let expected = ["{\"a\":1}", "{\"a\":[2,{}]}", "{\"a\":\"]}\"}"];
    assert_eq!(
        records("[{\"a\":1},{\"a\":[2,{}]},{\"a\":\"]}\"}]"),
        expected
    );
    assert_eq!(
        records("[\n  {\"a\":1},\n  {\"a\":[2,{}]}\n,{\"a\":\"]}\"}\n]\n"),
        expected
    );
    assert_eq!(
        records("[{\"a\":1}]\n[{\"a\":[2,{}]},{\"a\":\"]}\"}]"),
        expected
    );
    assert_eq!(
        records("[{\"a\":1}][{\"a\":[2,{}]}]\n{\"a\":\"]}\"}"),
        expected
    );
    assert!(records("[]").is_empty());
    assert!(records("[]\n[ ]\n").is_empty());
    assert_eq!(
        records("[{\"a\":1},2,\"x,]\",[3],null]"),
        ["{\"a\":1}", "2", "\"x,]\"", "[3]", "null"]
    );
}

#[test]
fn a_list_of_anything_else_is_one_record() {
    assert_eq!(records("[1,2]\n[3]"), ["[1,2]", "[3]"]);
    assert_eq!(
        records("[error] no json\n{\"a\":1}"),
        ["[error] no json", "{\"a\":1}"]
    );
    assert_eq!(records("["), ["["]);
}

#[test]
fn the_records_of_an_envelope_are_records() {
    for stream in [
        "{\"Records\":[{\"a\":1},{\"a\":2}]}",
        "{ \"Records\" : [ {\"a\":1} , {\"a\":2} ] }\n",
        "{\n  \"records\": [\n    {\"a\":1},\n    {\"a\":2}\n  ]\n}\n",
        "{\"value\":[{\"a\":1},{\"a\":2}],\"@odata.nextLink\":\"x]}\",\"n\":[{}]}",
        "{\"@odata.context\":\"c\",\"@odata.count\":{\"value\":[{}]},\"value\":[{\"a\":1},{\"a\":2}]}",
        "{\"Records\":[{\"a\":1}]}{\"Records\":[{\"a\":2}]}",
        "{\"Records\":[{\"a\":1}]}\n{\"Records\":[]}\n{\"Records\":[{\"a\":2}]}\n",
        "[{\"Records\":[{\"a\":1}]},{\"a\":2}]",
        "{\"a\":1}\n{\"records\":[{\"a\":2}]}",
    ] {
        assert_eq!(records(stream), ["{\"a\":1}", "{\"a\":2}"], "{stream}");
    }
}

#[test]
fn an_event_that_only_resembles_an_envelope_is_a_record() {
    for stream in [
        "{\"Records\":1}",
        "{\"records\":{\"a\":[{}]}}",
        "{\"value\":[1,2]}",
        "{\"value\":[[{}]]}",
        "{\"value\":\"x\",\"records\":[{}]}",
        "{\"id\":1,\"value\":[{\"a\":1}]}",
        "{\"a\":{\"value\":[{\"a\":1}]}}",
        "{\"Record\":[{\"a\":1}]}",
    ] {
        assert_eq!(records(stream), [stream]);
        assert_eq!(
            records(format!("1\n{stream}\n{stream}\n")),
            ["1", stream, stream]
        );
    }
}

#[test]
fn an_object_over_several_lines_is_a_record() {
    let pretty = "{\n  \"a\": {\n    \"b\": \"}{\"\n  },\n  \"c\": [\n    1,\n    {}\n  ]\n}";
    assert_eq!(records(pretty), [pretty]);
    assert_eq!(records(format!("{pretty}\n{pretty}\n")), [pretty, pretty]);
    assert_eq!(records(format!("{pretty}{pretty}")), [pretty, pretty]);
    assert_eq!(
        records(format!("{{\"x\":1}}\n{pretty}\n{{\"x\":2}}\n")),
        ["{\"x\":1}", pretty, "{\"x\":2}"]
    );
    assert_eq!(
        records(format!("[\n{pretty},\n{pretty}\n]")),
        [pretty, pretty]
    );
    let windows = pretty.replace('\n', "\r\n");
    assert_eq!(records(&windows), [windows]);
}

#[test]
fn several_objects_on_a_line_are_records() {
    let expected = ["{\"a\":1}", "{\"a\":\"}{\"}", "{\"a\":3}"];
    assert_eq!(records("{\"a\":1}{\"a\":\"}{\"}{\"a\":3}"), expected);
    assert_eq!(records("{\"a\":1} {\"a\":\"}{\"}\t{\"a\":3}\n"), expected);
    assert_eq!(records("{\"a\":1}\n{\"a\":\"}{\"}{\"a\":3}\n"), expected);
    assert_eq!(
        records("\x1e{\"a\":1}\n\x1e{\"a\":\"}{\"}\n\x1e{\"a\":3}\n"),
        expected
    );
    assert_eq!(records("{\"a\":1}\r{\"a\":\"}{\"}\r{\"a\":3}"), expected);
}

#[test]
fn a_bad_line_does_not_take_the_next_one_with_it() {
    for bad in [
        "{\"a\":1",
        "{\"a\":",
        "{\"a\"",
        "{\"a\":1,",
        "{",
        "{\"a\":[",
        "{\"a\":[1,",
        "{\"a\":\"x",
        "{\"a\":\"x\\",
        "{\"a\":1}}",
        "{\"a\":1} x",
        "{\"a\":1},",
        "{\"a\":1]",
        "{\"a\":tru}",
        "{\"a\"}",
        "{a:1}",
        "}",
        "]",
        ",",
        "no json",
        "\"x",
        "[1,",
        "[x] {",
        "{{{{",
        "[[[[",
        "{\"Records\":1",
        "{\"Records\":",
        "{\"Records\"",
        "\u{fffd}",
    ] {
        let good = "{\"b\":{\"c\":2}}";
        let twice = format!("{good}\n{bad}\n{good}\n{good}");
        assert_eq!(records(&twice), [good, bad, good, good], "{bad}");
        let first = format!("{bad}\n{good}\n{good}\n{good}\n");
        assert_eq!(records(&first), [bad, good, good, good], "{bad}");
    }
}

#[test]
fn a_bad_line_of_a_list_does_not_take_the_others_with_it() {
    let good = ["{\"a\":1}", "{\"a\":3}"];
    let keeps = |stream: &str| {
        let all = records(stream);
        good.iter()
            .all(|good| all.iter().any(|record| record == good))
    };
    for bad in [
        "{\"a\":tru}",
        "{\"a\":1,,}",
        "{\"a\"}",
        "{\"a\":[}",
        "{,}",
        "nope",
        "{\"a\" 2}",
    ] {
        assert!(
            keeps(&format!("[{{\"a\":1}},{bad},{{\"a\":3}}]")) || bad.contains('['),
            "{bad}"
        );
        assert!(
            keeps(&format!(
                "{{\"Records\":[\n{{\"a\":1}},\n{bad},\n{{\"a\":3}}\n]}}"
            )),
            "{bad}"
        );
    }
    for cut in ["{\"a\":2", "{\"a\":", "{\"a\":\"x", "{"] {
        assert!(
            keeps(&format!("[\n{{\"a\":1}},\n{cut}\n{{\"a\":3}}\n]")),
            "{cut}"
        );
        assert!(
            keeps(&format!("[{{\"a\":1}},\n{cut}\n[{{\"a\":3}}]")),
            "{cut}"
        );
        assert!(
            keeps(&format!(
                "{{\"Records\":[{{\"a\":1}},{cut}\n{{\"Records\":[{{\"a\":3}}]}}"
            )),
            "{cut}"
        );
    }
    assert!(keeps("{\"Records\":[{\"a\":1}]\n{\"a\":3}"));
    assert!(keeps("{\"Records\":[{\"a\":1}],\"n\":\"x\n{\"a\":3}"));
    assert!(keeps("{\"Records\":[{\"a\":1}] {\"a\":3}"));
}

#[test]
fn an_object_without_end_is_read_line_by_line() {
    assert_eq!(
        records("{\n\"a\": 1,\n\"b\": 2"),
        ["{", "\"a\": 1,", "\"b\": 2"]
    );
    assert_eq!(records("{\"a\":[\n{\"b\":1}\n"), ["{\"a\":[", "{\"b\":1}"]);
}

#[test]
fn a_record_too_long_is_passed_over_and_told() {
    let long = |length: usize| format!("{{\"a\":\"{}\"}}", "x".repeat(length - 8));
    let fits = long(RECORD_BYTES_MAX);
    let too_long = long(RECORD_BYTES_MAX + 1);
    let oversize = format!("oversize 0+{}", too_long.len());
    let check = |stream: String, expected: &[&str]| {
        for size in [
            1000,
            65_536,
            RECORD_BYTES_MAX - 1,
            RECORD_BYTES_MAX + 2,
            stream.len(),
        ] {
            let frames = frames_of_chunks(stream.as_bytes().chunks(size));
            let shown: Vec<String> = frames
                .into_iter()
                .map(|frame| match frame {
                    Owned::Record(_, bytes) => String::from_utf8(bytes).unwrap(),
                    Owned::Oversize(offset, length) => format!("oversize {offset}+{length}"),
                })
                .collect();
            assert!(shown == expected, "{size}: {shown:.90?}");
        }
    };
    check(format!("{fits}\n{{}}\n"), &[&fits, "{}"]);
    check(format!("{too_long}\n{{}}\n"), &[&oversize, "{}"]);
    check(format!("{too_long}{{}}"), &[&oversize, "{}"]);
    check(too_long.clone(), &[&oversize]);
    check(
        format!("0\n{too_long}\n{{}}"),
        &["0", &oversize.replace("0+", "2+"), "{}"],
    );
    check(
        format!("[{too_long},{{}}]"),
        &[&oversize.replace("0+", "1+"), "{}"],
    );
    check(
        format!("{{\"Records\":[{{}},{too_long},{{}}]}}"),
        &["{}", &oversize.replace("0+", "15+"), "{}"],
    );
    let text = "x".repeat(RECORD_BYTES_MAX + 1);
    check(format!("{text}\n{{}}"), &[&oversize, "{}"]);
    check(format!("{text}xx"), &[&oversize.replace("577", "579")]);
    let open = format!("{{\"a\":\"{text}\n{{}}");
    check(open, &[&format!("oversize 0+{}", text.len() + 6), "{}"]);
    let pretty = format!("{{\n\"a\": 1,\n\"b\": \"{text}\",\n\"c\": [\n1]\n}}\n{{}}");
    check(
        pretty.clone(),
        &[&format!("oversize 0+{}", pretty.len() - 3), "{}"],
    );
}

#[test]
fn a_long_list_is_held_one_record_at_a_time() {
    let mut framer = Framer::new();
    framer.push(b"{\"Records\":[");
    let mut count = 0;
    for _ in 0..200_000 {
        framer.push(b"{\"a\":\"some text to fill the record with\"},");
        while framer.next_frame().is_some() {
            count += 1;
        }
        assert!(framer.buffer.rest().len() < 100);
    }
    assert_eq!(count, 200_000);
}

#[test]
fn memory_is_bounded_whatever_comes() {
    for piece in [
        "x",
        "{\"a\":[\n",
        "[",
        "{\"a\":\"",
        " ",
        "\\\"",
        "{\"Records\":[{",
        "1,\n",
        "}",
    ] {
        let mut framer = Framer::new();
        let chunk = piece.repeat((64 << 10) / piece.len());
        for _ in 0..20 {
            framer.push(chunk.as_bytes());
            while framer.next_frame().is_some() {}
            assert!(
                framer.buffer.rest().len() <= RECORD_BYTES_MAX + chunk.len(),
                "{piece}"
            );
            assert!(framer.lists.len() <= LISTS_MAX);
        }
    }
}

#[test]
fn a_record_is_given_as_soon_as_its_line_ends() {
    let mut framer = Framer::new();
    framer.push(b"{\"a\":1}\n");
    assert!(framer.next_frame().is_some());
    framer.push(b"{\"a\":2}");
    assert!(framer.next_frame().is_none());
    framer.push(b"\n");
    assert!(framer.next_frame().is_some());
    framer.push(b"[{\"a\":3}");
    assert!(framer.next_frame().is_some());
}
