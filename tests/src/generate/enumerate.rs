//! Every stream up to a length over three kinds of event, two keys and three distances.
//!
//! Apart from random streams because small ones need no luck.

use serde_json::json;

use super::record::Record;

/// The classes of the three kinds, as rule shapes declare them.
const KINDS: usize = 3;
const KEYS: usize = 2;
const DISTANCES: [i64; 3] = [0, 5_000, 10_001];
const CHOICES: usize = KINDS * KEYS * DISTANCES.len();
const START: i64 = 1_773_565_200_000;

/// All streams of one length.
#[derive(Clone, Debug)]
pub struct Streams {
    length: usize,
    next: usize,
    end: usize,
}

/// Returns all streams of a length. The first record stands at a fixed instant.
#[must_use]
pub fn streams(length: usize) -> Streams {
    let first = KINDS * KEYS;
    let exponent = u32::try_from(length.saturating_sub(1)).unwrap_or(u32::MAX);
    let end = if length == 0 {
        1
    } else {
        first * CHOICES.saturating_pow(exponent)
    };
    Streams {
        length,
        next: 0,
        end,
    }
}

impl Iterator for Streams {
    type Item = Vec<Record>;

    fn next(&mut self) -> Option<Vec<Record>> {
        if self.next >= self.end {
            return None;
        }
        let mut code = self.next;
        self.next += 1;
        let mut millis = START;
        let mut records = Vec::new();
        for number in 1..=self.length {
            let mut digit = |base: usize| {
                let digit = code % base;
                code /= base;
                digit
            };
            let kind = digit(KINDS);
            let key = digit(KEYS);
            if number > 1 {
                millis += DISTANCES
                    .get(digit(DISTANCES.len()))
                    .copied()
                    .unwrap_or_default();
            }
            records.push(record(number, millis, kind, key));
        }
        Some(records)
    }
}

fn record(number: usize, millis: i64, kind: usize, key: usize) -> Record {
    // Kinds are told by class; each has one trait more, so that shapes can ask for fields.
    let (class, bytes, ip) = match kind {
        0 => ("auth.login", 1_000, "10.0.0.1"),
        1 => ("file.download", 3_000, "10.0.0.2"),
        _ => ("access.open", 5_000, "10.0.0.1"),
    };
    let fields = vec![
        ("class".to_owned(), json!(class)),
        (
            "identity".to_owned(),
            json!(if key == 0 { "u1" } else { "u2" }),
        ),
        ("device.id".to_owned(), json!(format!("d{kind}"))),
        ("bytes.down".to_owned(), json!(bytes)),
        ("ip".to_owned(), json!(ip)),
    ];
    Record {
        feed: None,
        clock: None,
        millis,
        id: format!("e{number}"),
        fields,
    }
}
