//! Digests over made-up streams: order and chunks change nothing, the reference agrees, no alert is lost.
//!
//! Apart from the conformance cases because nobody wrote down what must come out.

#![expect(clippy::unwrap_used, reason = "a step that fails fails the test")]

#[path = "../bridge.rs"]
mod bridge;
mod day;

use std::collections::BTreeMap;

use muster_runtime::encode::forward;
use muster_runtime::options::{EndOfInput, Forwards, Options};
use muster_tests::compare::{Reference, Verdict, compare_stream};
use muster_tests::generate::{Random, Record};
use muster_tests::harness::{Outcome, load, run, run_restored};
use muster_tests::reference::EndOfInput as ReferenceEnd;
use serde_json::json;

/// How many random programs and streams every test run makes.
const CASES: u64 = 150;
/// 2026-01-05T00:00:00Z in milliseconds.
const START: i64 = 1_767_571_200_000;

/// Classes that need no prelude, and a rule, without which the reference orders no events.
const CLASSES: &str = "
rule signed_in { when signs_in as s alert low \"in\" }
event signs_in = any where class is auth.login
event opens = any where class is access.open and outcome is success
event device = any where class is device.state
";

/// Returns a program of one to three digests.
fn program(random: &mut Random) -> String {
    let count = random.range(1, 3);
    let digests = (0..count).map(|number| digest(number, random));
    let digests: Vec<String> = digests.collect();
    format!("{CLASSES}{}", digests.join("\n"))
}

fn digest(number: usize, random: &mut Random) -> String {
    let class = random.pick(&["signs_in", "opens", "any", "device"]);
    let filter = random.pick(&[
        "",
        "",
        " where port > 3",
        " unless port > 5",
        " where user_agent is \"user\"",
        " unless device.compliant is true",
    ]);
    let per = random.pick(&[
        "",
        " per identity",
        " per identity, device.id",
        " per actor.groups",
    ]);
    let every = random.pick(&["10s", "1m", "1h", "1d", r#"1d zone "Europe/Madrid""#]);
    let action = match random.below(4) {
        0 => String::from("drop"),
        1 => {
            let each = random.pick(&[String::new(), format!(" each {every}")]);
            format!("keep first{per}{each}")
        }
        2 => {
            let of = random.pick(&["device.compliant", "port", "actor.name"]);
            format!("keep changes of {of}{per}")
        }
        _ => format!(
            "summarize{per} every {every} {{ n = count(), ports = distinct(port), most = max(port), \
             down = sum(bytes.down), few = count(port where port < 4), last = last(actor.name) }}"
        ),
    };
    format!("digest d{number} = {class}{filter} {action}")
}

/// Returns records in the order of their times.
fn stream(random: &mut Random) -> Vec<Record> {
    let mut millis = START + i64::try_from(random.below(86_400_000)).unwrap();
    let count = random.range(1, 14);
    (0..count)
        .map(|number| {
            let step = random.pick(&[0, 1, 1_000, 9_999, 10_000, 60_000, 1_800_000, 3_000_000]);
            millis += step;
            record(number, millis, random)
        })
        .collect()
}

fn record(number: usize, millis: i64, random: &mut Random) -> Record {
    let mut fields = Vec::new();
    let mut put = |chance: usize, name: &str, values: &[serde_json::Value], random: &mut Random| {
        if random.chance(chance) {
            fields.push((name.to_owned(), random.pick(values)));
        }
    };
    let classes =
        ["auth.login", "access.open", "device.state", "auth.refresh"].map(|class| json!(class));
    put(100, "class", &classes, random);
    put(60, "outcome", &[json!("success"), json!("failure")], random);
    put(
        85,
        "identity",
        &[json!("ana"), json!("Ana"), json!("bo"), json!("")],
        random,
    );
    put(70, "device.id", &[json!("d1"), json!("d2")], random);
    put(70, "device.compliant", &[json!(true), json!(false)], random);
    put(
        70,
        "port",
        &[json!(1), json!(3), json!(4), json!(9)],
        random,
    );
    put(
        50,
        "bytes.down",
        &[json!(1_000), json!(7), json!(0)],
        random,
    );
    put(
        50,
        "actor.name",
        &[json!("x"), json!("X"), json!("y")],
        random,
    );
    put(50, "user_agent", &[json!("user"), json!("service")], random);
    put(15, "tenant", &[json!("t1"), json!("t2")], random);
    put(
        40,
        "actor.groups",
        &[
            json!(["it"]),
            json!(["it", "hr"]),
            json!(["IT", "it"]),
            json!([]),
        ],
        random,
    );
    Record {
        feed: None,
        clock: None,
        millis,
        id: format!("e{number}"),
        fields,
    }
}

fn lines(records: &[Record]) -> Vec<String> {
    records.iter().map(Record::print).collect()
}

/// Delays each record by less than the lateness of 30 s; equal instants keep their order.
fn shuffled(records: &[Record], random: &mut Random) -> Vec<Record> {
    let mut delays: BTreeMap<i64, i64> = BTreeMap::new();
    let mut keyed: Vec<(i64, usize, &Record)> = Vec::new();
    for (place, record) in records.iter().enumerate() {
        let delay = i64::try_from(random.below(29_999)).unwrap();
        let delay = *delays.entry(record.millis).or_insert(delay);
        keyed.push((record.millis + delay, place, record));
    }
    keyed.sort_by_key(|(due, place, _)| (*due, *place));
    keyed
        .into_iter()
        .map(|(_, _, record)| record.clone())
        .collect()
}

fn options() -> Options {
    Options {
        forwards: Forwards::Digested,
        ..Options::default()
    }
}

fn told(outcome: &Outcome) -> Vec<String> {
    outcome.forwarded.iter().map(forward::forwarded).collect()
}

#[test]
fn order_chunks_and_restarts_change_nothing() {
    let (mut reduced, mut summaries) = (0, 0);
    for seed in 0..CASES {
        let mut random = Random::new(seed);
        let (rules, records) = (program(&mut random), stream(&mut random));
        let loaded = load(&rules).unwrap();
        let end = EndOfInput::Pending;
        let straight = run(&loaded, &lines(&records), options(), end, 1).unwrap();
        for batch in [3, 1_000] {
            let other = run(&loaded, &lines(&records), options(), end, batch).unwrap();
            assert_eq!(told(&straight), told(&other), "seed {seed}\n{rules}");
        }
        let restored = run_restored(&loaded, &lines(&records), options(), end).unwrap();
        assert_eq!(told(&straight), told(&restored), "seed {seed}\n{rules}");
        assert_eq!(straight.summary, restored.summary, "seed {seed}\n{rules}");
        for _ in 0..3 {
            let records = shuffled(&records, &mut random);
            let other = run(&loaded, &lines(&records), options(), end, 1).unwrap();
            let context = format!("seed {seed}\n{rules}\n{}", lines(&records).join("\n"));
            assert_eq!(told(&straight), told(&other), "{context}");
        }
        let volume = straight.summary.volume;
        reduced += volume.events - volume.passed;
        summaries += volume.summaries;
    }
    assert!(
        reduced > CASES && summaries * 4 > CASES,
        "{reduced} reduced, {summaries} summaries"
    );
}

#[test]
fn the_reference_agrees() {
    for seed in 1_000..1_000 + CASES {
        let mut random = Random::new(seed);
        let mut rules = program(&mut random);
        // The reference takes the first value of a list for the key.
        rules = rules.replace("per actor.groups", "per actor.name");
        let records = stream(&mut random);
        let eof = if random.chance(50) {
            ReferenceEnd::Pending
        } else {
            ReferenceEnd::Final
        };
        let reference = Reference::new(&rules).unwrap();
        let engine = bridge::compile(&rules).unwrap();
        let records = lines(&shuffled(&records, &mut random));
        let title = format!("seed {seed}, {eof:?}\n{rules}");
        match compare_stream(&|| title.clone(), &records, eof, &reference, &engine) {
            Verdict::Same(_) => {}
            Verdict::Differs(report) => panic!("{report}"),
            other => panic!("{title}: {other:?}"),
        }
    }
}

#[test]
fn every_event_passes_or_is_taken_and_what_passes_is_a_line_of_the_input() {
    for seed in 0..CASES {
        let mut random = Random::new(seed);
        let (rules, records) = (program(&mut random), stream(&mut random));
        let loaded = load(&rules).unwrap();
        let lines = lines(&records);
        let outcome = run(&loaded, &lines, options(), EndOfInput::Final, 1).unwrap();
        let volume = outcome.summary.volume;
        assert_eq!(volume.events, records.len() as u64, "seed {seed}");
        let passed: Vec<String> = told(&outcome)
            .into_iter()
            .filter(|line| !line.starts_with(r#"{"class":"digest""#))
            .collect();
        assert_eq!(passed.len() as u64, volume.passed, "seed {seed}");
        let mut rest = lines.iter();
        for line in &passed {
            assert!(rest.any(|other| other == line), "seed {seed}: {line}");
        }
    }
}

#[test]
fn beyond_the_limits_nothing_is_lost_and_it_is_counted() {
    let rules =
        "digest d = any summarize per identity every 1h { n = count(), ids = distinct(actor.id) }
        digest e = device_state keep changes of device.compliant per device.id";
    let loaded = load(rules).unwrap();
    let records: Vec<Record> = (0..40)
        .map(|number| Record {
            feed: None,
            clock: None,
            millis: START + number,
            id: format!("e{number}"),
            fields: vec![
                (String::from("class"), json!("auth.login")),
                (String::from("identity"), json!(format!("p{}", number % 10))),
                (String::from("actor.id"), json!(format!("a{number}"))),
            ],
        })
        .collect();
    let options = Options {
        digest_keys_max: 4,
        digest_values_max: 3,
        ..options()
    };
    let outcome = run(&loaded, &lines(&records), options, EndOfInput::Final, 1).unwrap();
    let volume = outcome.summary.volume;
    // 4 of 10 people have a summary, each with 4 ids of which 3 are held; the rest passes whole.
    assert_eq!(
        (
            volume.over_limit,
            volume.passed,
            volume.summaries,
            volume.incomplete
        ),
        (24, 24, 4, 4)
    );
}
