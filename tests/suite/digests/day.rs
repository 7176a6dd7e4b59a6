//! A working day with attacks in it: a tenth of its volume is passed on, and no alert is lost.
//!
//! Apart from the small random streams because the proportion of everyday events is what matters.

use std::fmt::Write as _;

use muster_runtime::decode::frame::{Frame, Framer};
use muster_runtime::encode::forward;
use muster_runtime::engine::{Outputs, RawRecord};
use muster_runtime::options::{EndOfInput, Forwards, Options};
use muster_runtime::verify::{Difference, Verification};
use muster_tests::generate::{Random, Record};
use muster_tests::harness::{load, new_engine};
use serde_json::json;

use super::START;

/// Four rules, among them one with a memory, one with an absence and one over alerts.
const RULES: &str = r#"
memory places = seen geo.country in login per identity for 30d
rule travel "Impossible travel" {
  when login as a then login as b within 1h where identity same and geo.country differs
  alert high "{identity}"
}
rule guessing "Guessing" {
  when 5+ login_failed as f within 10m where identity same
  alert medium "{identity} {count(f)}"
}
rule broken_in "Guessed" {
  when guessing as g then login as l within 10m where identity same
  alert critical "{identity}"
}
rule stays_broken "A device stays broken" {
  when device_noncompliant as d where device.id same
  without device_compliant within 30m after d
  alert low "{d.device.id}"
}
rule new_place "A new place" {
  when login as l where geo.country not in places
  alert low "{l.geo.country}"
}
"#;

/// What everyday events come to, and what is rare whole.
const DIGESTS: &str = r#"
digest renewals = token_refresh drop
digest checks = device_state keep changes of device.compliant per device.id
digest usage = access summarize per identity, app.name every 1h { n = count(), down = sum(bytes.down), ips = distinct(ip) }
"#;

/// Returns what one person does in a day, with an attack now and then.
fn person(number: usize, random: &mut Random, records: &mut Vec<Record>) {
    let mut put = |second: usize, class: &str, fields: &[(&str, serde_json::Value)]| {
        let mut all = vec![
            (String::from("class"), json!(class)),
            (String::from("identity"), json!(format!("person{number}"))),
            (String::from("device.id"), json!(format!("dev{number}"))),
        ];
        all.extend(
            fields
                .iter()
                .map(|(name, value)| ((*name).to_owned(), value.clone())),
        );
        records.push(Record {
            feed: None,
            clock: None,
            millis: START + 1_000 * i64::try_from(second).unwrap() + i64::try_from(number).unwrap(),
            id: String::new(),
            fields: all,
        });
    };
    let morning = 8 * 3_600 + random.below(3_600);
    let home = [("geo.country", json!("ES"))];
    for second in [morning, morning + 4 * 3_600] {
        put(second, "auth.login", &home);
    }
    for tick in 0..96 {
        put(tick * 900 + 7, "auth.refresh", &[]);
        put(
            tick * 900 + 11,
            "device.state",
            &[("device.compliant", json!(true))],
        );
    }
    for turn in 0..120 {
        let down = json!(random.below(100_000));
        put(
            morning + turn * 240,
            "access.open",
            &[("app.name", json!("mail")), ("bytes.down", down)],
        );
    }
    match number % 5 {
        0 => put(morning + 600, "auth.login", &[("geo.country", json!("JP"))]),
        1 => {
            for attempt in 0..6 {
                put(
                    morning + 1_000 + attempt,
                    "auth.login",
                    &[("outcome", json!("failure"))],
                );
            }
            put(morning + 1_100, "auth.login", &home);
        }
        2 => put(
            40_000,
            "device.state",
            &[("device.compliant", json!(false))],
        ),
        _ => {}
    }
}

/// Runs rules and digests over a day; returns the difference and the bytes read and passed on.
fn verify(digests: &str) -> (Difference, u64, u64) {
    let mut random = Random::new(7);
    let mut records = Vec::new();
    for number in 0..25 {
        person(number, &mut random, &mut records);
    }
    records.sort_by_key(|record| record.millis);
    let mut text = String::new();
    for (number, record) in records.iter_mut().enumerate() {
        record.id = format!("e{number}");
        let _ = writeln!(text, "{}", record.print());
    }
    let loaded = load(&format!("{RULES}{digests}")).unwrap();
    let told = Options {
        forwards: Forwards::Told,
        ..Options::default()
    };
    let mut engine = new_engine(&loaded, told).unwrap();
    let second = new_engine(&loaded, Options::default()).unwrap();
    let mut verification = Verification::new(second, true);
    let mut passed = 0;
    let mut framer = Framer::new();
    framer.push(text.as_bytes());
    framer.finish();
    let mut out = Outputs::default();
    let mut settle = |out: Outputs, verification: &mut Verification| {
        let lines = out.forwarded.iter().map(forward::forwarded);
        passed += lines.map(|line| line.len() as u64 + 1).sum::<u64>();
        verification.take(&out);
    };
    while let Some(Frame::Record { offset, bytes, .. }) = framer.next_frame() {
        engine.push(
            RawRecord {
                input: 0,
                offset,
                bytes,
            },
            &mut out,
        );
        settle(std::mem::take(&mut out), &mut verification);
    }
    engine.end_input(0, &mut out);
    engine.finish(EndOfInput::Pending, &mut out);
    settle(out, &mut verification);
    let difference = verification.finish(EndOfInput::Pending);
    (difference, text.len() as u64, passed)
}

#[test]
fn a_tenth_of_a_day_is_passed_on_and_no_alert_is_lost() {
    let (difference, read, passed) = verify(DIGESTS);
    assert!(difference.is_none(), "{difference:#?}");
    assert_eq!(
        (difference.other_evidence, difference.late, difference.dead),
        (0, 0, 0)
    );
    assert!(difference.same > 30, "{} alerts", difference.same);
    assert!(
        passed * 10 <= read,
        "{passed} of {read} bytes are passed on"
    );
}

#[test]
fn a_digest_that_loses_a_signal_is_told_by_name() {
    let (difference, ..) = verify("digest first_login = login keep first per identity each 1d");
    let lost = |rule: &str| difference.lost.iter().find(|told| &*told.rule == rule);
    let travel = lost("travel").unwrap();
    assert!(
        travel.why.ends_with("is taken by `first_login`"),
        "{}",
        travel.why
    );
    assert!(lost("guessing").is_none());
    let (difference, ..) = verify("digest repaired = device_compliant drop");
    let gained = difference
        .gained
        .iter()
        .find(|told| &*told.rule == "stays_broken");
    let gained = gained.unwrap();
    assert_eq!(
        gained.why,
        "an event that would have kept it away is not passed on"
    );
}
