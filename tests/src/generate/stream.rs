//! Streams biased to the edges of a program: equal instants, window ends, lateness, duplicates.
//!
//! Apart from rules because a stream only knows their classes and spans.

use serde_json::{Value as Json, json};

use super::mapped;
use super::random::Random;
use super::record::Record;
use super::rule::Plan;
use super::words::{Class, key_value, list_value, place};

/// 2026-03-15T09:00:00Z.
const START: i64 = 1_773_565_200_000;
const LATENESS: i64 = 30_000;
const DEDUPE: i64 = 600_000;

/// Makes the records of a case in the order of arrival.
pub(crate) fn records(random: &mut Random, plan: &Plan) -> Vec<Record> {
    let count = random.range(2, 9) + random.below(7);
    let mut records = Vec::new();
    let mut millis = start(random, plan);
    for number in 1..=count {
        millis += step(random, plan);
        let mut record = record(random, plan, number);
        record.millis = millis;
        records.push(record);
    }
    if random.chance(40) {
        // Something later, so that deadlines pass.
        let after = random.pick(&plan.spans) * 2 + random.pick(&[0, 1]);
        let fields = vec![("class".to_owned(), json!("other"))];
        records.push(Record {
            feed: None,
            clock: None,
            millis: millis + after,
            id: "end".to_owned(),
            fields,
        });
    }
    if random.chance(20) {
        duplicate(random, plan, &mut records);
    }
    if random.chance(50) {
        records = out_of_order(random, plan, records);
    }
    if random.chance(5) {
        let place = random.below(records.len());
        if let Some(record) = records.get_mut(place) {
            record.millis += 2 * 3_600_000;
        }
    }
    records
}

fn start(random: &mut Random, plan: &Plan) -> i64 {
    if !plan.starts.is_empty() && random.chance(75) {
        return random.pick(&plan.starts) + random.pick(&[0, 0, -1, 1, -1_000]);
    }
    match plan.aligned {
        Some(every) => START - START.rem_euclid(every) + every - random.pick(&[0, 1, every / 3]),
        None => START,
    }
}

/// The distance to the record before.
fn step(random: &mut Random, plan: &Plan) -> i64 {
    let span = random.pick(&plan.spans).max(4);
    match random.below(14) {
        0 | 1 => 0,
        2 => 1,
        3 => span - 1,
        4 | 5 => span,
        6 => span + 1,
        7 => span / 2,
        8 => span * 2,
        9..12 => span / 4,
        _ => span / 3 + 1,
    }
}

fn record(random: &mut Random, plan: &Plan, number: usize) -> Record {
    let class = random.pick(&plan.classes);
    let feed = (!plan.feeds.is_empty() && random.chance(80))
        .then(|| random.pick(&plan.feeds).0)
        .filter(|name| !name.is_empty());
    if feed.as_deref() == Some(mapped::NAME) {
        return mapped::record(random, class, number);
    }
    let mut record = Record {
        feed,
        clock: None,
        millis: 0,
        id: format!("e{number}"),
        fields: Vec::new(),
    };
    let name = if random.chance(5) {
        "other"
    } else {
        class.class
    };
    record.fields.push(("class".to_owned(), json!(name)));
    outcome(random, class, &mut record);
    let mut add = |name: &str, value: Option<serde_json::Value>| {
        record
            .fields
            .extend(value.map(|value| (name.to_owned(), value)));
    };
    let identity = if random.chance(55) {
        Some(json!("u1"))
    } else {
        key_value(random, "u")
    };
    add(
        "identity",
        identity.filter(|_| !plan.people || number.is_multiple_of(4)),
    );
    let device = if random.chance(45) {
        Some(json!("d1"))
    } else {
        key_value(random, "d")
    };
    add("device.id", device);
    add("actor.groups", list_value(random));
    let addresses = ["10.0.0.1", "10.0.0.2", "192.168.1.5", "10.0.0.1"];
    add(
        "ip",
        random.chance(85).then(|| json!(random.pick(&addresses))),
    );
    add("geo", place(random));
    let sizes = [500, 1_000, 1_001, 2_000, 3_000, 5_000, 6_000];
    add(
        "bytes.down",
        random.chance(80).then(|| json!(random.pick(&sizes))),
    );
    let resources = ["doc1", "doc2", "Doc1", "sheet1", "d1", "u1"];
    add(
        "resource.id",
        random.chance(80).then(|| json!(random.pick(&resources))),
    );
    let admin = class.name == "admin_act" || random.chance(20);
    add(
        "actor.admin",
        (admin || random.chance(30)).then(|| json!(admin)),
    );
    if plan.people {
        let accounts = [
            "ana",
            "CORP\\ana",
            "corp\\Ana",
            "bo",
            "root",
            "ROOT",
            "zoe",
            "",
        ];
        let mails = ["ana@x", "Ana@X", "bo@x", "zoe@x", "root", "u1"];
        add(
            "actor.sam",
            random.chance(60).then(|| json!(random.pick(&accounts))),
        );
        add(
            "actor.email",
            random.chance(50).then(|| json!(random.pick(&mails))),
        );
    }
    if plan.raw {
        for (name, value) in unmapped(random) {
            add(name, Some(value));
        }
    }
    if plan.tenants {
        add(
            "tenant",
            random.pick(&[
                None,
                Some(json!("t1")),
                Some(json!("t2")),
                Some(json!("t1")),
            ]),
        );
    }
    record
}

/// What no field has.
fn unmapped(random: &mut Random) -> Vec<(&'static str, Json)> {
    let all = [
        (
            "Level",
            random.pick(&[
                json!(2),
                json!(1),
                json!("2"),
                json!(2.5),
                json!("x"),
                json!(""),
            ]),
        ),
        (
            "odd key",
            random.pick(&[
                json!({"x": "y"}),
                json!({"x": "Y"}),
                json!("y"),
                json!({"x": true}),
            ]),
        ),
        (
            "list",
            random.pick(&[
                json!(["a", "b"]),
                json!(["A"]),
                json!([]),
                json!("b"),
                json!(["b", ""]),
            ]),
        ),
        (
            "flag",
            random.pick(&[
                json!(true),
                json!("true"),
                json!(false),
                json!("y"),
                json!(null),
            ]),
        ),
        (
            "Address",
            random.pick(&[
                json!("10.0.0.1"),
                json!("10.0.0.1:80"),
                json!("192.168.1.5"),
                json!("host"),
            ]),
        ),
    ];
    all.into_iter().filter(|_| random.chance(55)).collect()
}

fn outcome(random: &mut Random, class: Class, record: &mut Record) {
    let outcome = match class.outcome {
        Some("failure") => Some(random.pick(&["failure", "failure", "denied"])),
        Some(_) if random.chance(10) => Some("failure"),
        Some(wanted) => random.chance(60).then_some(wanted),
        None => random.pick(&[None, Some("success"), Some("failure"), Some("denied")]),
    };
    record
        .fields
        .extend(outcome.map(|outcome| ("outcome".to_owned(), json!(outcome))));
}

/// Sends one record again, at the same time or at the edge of the span of duplicates.
fn duplicate(random: &mut Random, plan: &Plan, records: &mut Vec<Record>) {
    let Some(mut copy) = records.get(random.below(records.len())).cloned() else {
        return;
    };
    let span = spans(plan, &copy).1;
    copy.millis += random.pick(&[0, 0, 0, 1, span - 1, span, span + 1]);
    let place = records
        .iter()
        .position(|record| record.millis > copy.millis);
    records.insert(place.unwrap_or(records.len()), copy);
}

/// The lateness and dedupe of a record's source.
fn spans(plan: &Plan, record: &Record) -> (i64, i64) {
    let feed = plan
        .feeds
        .iter()
        .find(|(name, _, _)| Some(name) == record.feed.as_ref());
    feed.map_or((LATENESS, DEDUPE), |(_, lateness, dedupe)| {
        (*lateness, *dedupe)
    })
}

/// Delays some records, up to the lateness of their source and just beyond.
fn out_of_order(random: &mut Random, plan: &Plan, records: Vec<Record>) -> Vec<Record> {
    let mut arrivals: Vec<(i64, Record)> = Vec::new();
    for record in records {
        let lateness = spans(plan, &record).0;
        let delay = match random.below(12) {
            0..6 => 0,
            6 | 7 => lateness / 2,
            8 | 9 => lateness,
            10 => lateness + 1,
            _ => lateness * 2,
        };
        arrivals.push((record.millis + delay, record));
    }
    arrivals.sort_by_key(|(arrival, _)| *arrival);
    arrivals.into_iter().map(|(_, record)| record).collect()
}
