//! What must not change an alert: the same random programs and streams, told in another way.
//!
//! Apart from the oracle because nothing here knows what the right answer is: only that it is the
//! same one, to the byte.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a case that fails fails the test"
)]

use std::collections::{BTreeMap, BTreeSet};

use muster_lang::time::{format_rfc3339, parse_rfc3339};
use muster_lang::units::{DAY, Timestamp};
use muster_runtime::encode::json;
use muster_runtime::engine::Counts;
use muster_runtime::options::{EndOfInput, Options};
use muster_runtime::store::Kind;
use muster_tests::generate::{Case, Level, Random};
use muster_tests::harness::{Loaded, Outcome, load, run, run_bytes, run_restored};
use serde_json::{Value, json};

/// How many programs, and how many streams of each, every property is tried on.
const PROGRAMS: u64 = 60;
const STREAMS: u64 = 4;

/// A program with a stream in order and without repeated ids, and what comes of it.
struct Trial {
    case: Case,
    text: String,
    loaded: Loaded,
    lines: Vec<String>,
    end: EndOfInput,
    base: Outcome,
}

/// Tries a property on every case that `fits`; at least `least` of them must.
fn every(
    level: Level,
    least: usize,
    fits: fn(&Trial) -> bool,
    holds: impl Fn(&Trial, &mut Random),
) {
    let mut tried = 0;
    let mut alerts = 0;
    for seed in 0..PROGRAMS {
        for case in Case::streams(seed, level, STREAMS) {
            let trial = trial(case);
            if fits(&trial) {
                holds(&trial, &mut Random::new(seed));
                forgets_everything(&trial);
                tried += 1;
                alerts += trial.base.alerts.len();
            }
        }
    }
    assert!(tried >= least, "only {tried} cases were tried");
    assert!(alerts >= least / 4, "only {alerts} alerts were told");
}

fn trial(mut case: Case) -> Trial {
    case.records.sort_by_key(|record| record.millis);
    let mut ids = BTreeSet::new();
    case.records.retain(|record| ids.insert(record.id.clone()));
    let text = case.program();
    let loaded = load(&text).unwrap();
    let lines = case.lines();
    let end = match case.eof {
        muster_tests::reference::EndOfInput::Pending => EndOfInput::Pending,
        muster_tests::reference::EndOfInput::Final => EndOfInput::Final,
    };
    let base = run(&loaded, &lines, Options::default(), end, 1).unwrap();
    Trial {
        case,
        text,
        loaded,
        lines,
        end,
        base,
    }
}

/// After the last deadline no rule holds anything, and every record is accounted for.
fn forgets_everything(trial: &Trial) {
    let last = run(
        &trial.loaded,
        &trial.lines,
        Options::default(),
        EndOfInput::Final,
        1,
    )
    .unwrap();
    let held: Vec<_> = last
        .sizes
        .iter()
        .filter(|size| size.kind == Kind::Rule && size.keys > 0)
        .collect();
    assert!(held.is_empty() && last.is_idle, "{held:?}\n{}", trial.text);
    assert!(last.pending.is_empty(), "{:?}", last.pending);
    assert!(last.summary.adds_up(), "{:?}", last.summary);
}

fn told(outcome: &Outcome) -> Vec<String> {
    outcome.alerts.iter().map(json::alert).collect()
}

fn counts(outcome: &Outcome) -> Counts {
    let mut total = Counts::default();
    for counts in outcome.summary.sources.values() {
        total.received += counts.received;
        total.evaluated += counts.evaluated;
        total.duplicate += counts.duplicate;
        total.late += counts.late;
        total.dead += counts.dead;
        total.dropped += counts.dropped;
        total.buffered += counts.buffered;
    }
    total
}

impl Trial {
    fn again(&self, lines: &[String]) -> Outcome {
        run(&self.loaded, lines, Options::default(), self.end, 1).unwrap()
    }

    fn same(&self, how: &str, lines: &[String], other: &Outcome) {
        self.same_lines(how, lines, &told(&self.base), &told(other));
        assert_eq!(
            self.base.pending,
            other.pending,
            "{how}\n{}\n{}",
            self.text,
            lines.join("\n")
        );
        assert!(other.summary.adds_up(), "{how}: {:?}", other.summary);
    }

    fn same_lines(&self, how: &str, lines: &[String], wanted: &[String], found: &[String]) {
        assert!(
            wanted == found,
            "{how}\n{}\n{}\n\nwanted {wanted:#?}\n\nfound {found:#?}\n\nbase input\n{}",
            self.text,
            lines.join("\n"),
            self.lines.join("\n"),
        );
    }

    /// Whether every record has come in before the watermark passed it.
    fn is_punctual(&self) -> bool {
        counts(&self.base).late == 0
    }

    fn has(&self, words: &[&str]) -> bool {
        words.iter().any(|word| self.text.contains(word))
    }

    /// How far out of order a source may be, milliseconds.
    fn lateness(&self, feed: Option<&str>) -> i64 {
        let Some(feed) = feed else { return 30_000 };
        let declared = |text: &&String| text.starts_with(&format!("source {feed} "));
        let text = self.case.declarations.iter().find(declared).unwrap();
        let mut words = text.split_whitespace();
        words.find(|word| *word == "lateness").unwrap();
        let span = words.next().unwrap();
        let digits = span.trim_end_matches(char::is_alphabetic);
        let factor = match span.trim_start_matches(digits) {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            other => panic!("the unit {other}"),
        };
        digits.parse::<i64>().unwrap() * factor
    }
}

fn any(_: &Trial) -> bool {
    true
}

#[test]
fn the_order_of_arrival_within_the_lateness_changes_nothing() {
    every(
        Level::Everything,
        180,
        Trial::is_punctual,
        |trial, random| {
            for _ in 0..3 {
                let mut delays: BTreeMap<(Option<String>, i64), i64> = BTreeMap::new();
                let mut arrivals = Vec::new();
                for (record, line) in trial.case.records.iter().zip(&trial.lines) {
                    let lateness = trial.lateness(record.feed.as_deref());
                    let delay = random.pick(&[0, lateness / 3, lateness / 2, lateness]);
                    // Equal instants of a source stay in order.
                    let instant = (record.feed.clone(), record.millis);
                    // Nobody waits for a source that has not been heard of.
                    let known = delays.keys().any(|(feed, _)| *feed == record.feed);
                    let delay = if known { delay } else { 0 };
                    let delay = *delays.entry(instant).or_insert(delay);
                    arrivals.push((record.millis + delay, line.clone()));
                }
                arrivals.sort_by_key(|(arrival, _)| *arrival);
                let lines: Vec<String> = arrivals.into_iter().map(|(_, line)| line).collect();
                let other = trial.again(&lines);
                trial.same("shuffled", &lines, &other);
                let (wanted, found) = (counts(&trial.base), counts(&other));
                assert_eq!(wanted, found, "{}\n{}", trial.text, lines.join("\n"));
            }
        },
    );
}

#[test]
fn where_the_input_is_cut_changes_nothing() {
    every(Level::Everything, 240, any, |trial, random| {
        let bytes = (trial.lines.join("\n") + "\n").into_bytes();
        for most in [1, 7, 100, 5_000] {
            let mut rest = bytes.as_slice();
            let chunks = std::iter::from_fn(|| {
                let length = random.range(1, most).min(rest.len());
                let (chunk, behind) = rest.split_at_checked(length)?;
                rest = behind;
                (!chunk.is_empty()).then(|| chunk.to_vec())
            });
            let (options, end) = (Options::default(), trial.end);
            let other = run_bytes(&trial.loaded, chunks, options, end).unwrap();
            trial.same("cut", &trial.lines, &other);
            assert_eq!(trial.base.summary, other.summary);
        }
    });
}

#[test]
fn a_state_saved_and_restored_after_every_record_changes_nothing() {
    every(Level::Everything, 240, any, |trial, _| {
        let (options, end) = (Options::default(), trial.end);
        let other = run_restored(&trial.loaded, &trial.lines, options, end).unwrap();
        trial.same("saved and restored", &trial.lines, &other);
        assert_eq!(trial.base.summary, other.summary);
    });
}

#[test]
fn keys_may_be_kept_apart() {
    // A shard begins with its own first record, so nothing may ask how old the stream is.
    let by_identity = |trial: &Trial| {
        let keyed = |rule: &muster_tests::generate::RuleText| {
            rule.clauses
                .iter()
                .any(|line| line == "where identity same")
        };
        trial.case.rules.iter().all(keyed) && trial.is_punctual() && !trial.has(&[" before "])
    };
    every(Level::Absence, 20, by_identity, |trial, _| {
        let mut shards: BTreeMap<String, Vec<String>> = BTreeMap::new();
        for (record, line) in trial.case.records.iter().zip(&trial.lines) {
            let identity = record.fields.iter().find(|(name, _)| name == "identity");
            let identity = identity
                .and_then(|(_, value)| value.as_str())
                .unwrap_or_default();
            shards
                .entry(identity.to_lowercase())
                .or_default()
                .push(line.clone());
        }
        let finished = |lines: &[String]| {
            let (options, end) = (Options::default(), EndOfInput::Final);
            told(&run(&trial.loaded, lines, options, end, 1).unwrap())
        };
        let mut wanted = finished(&trial.lines);
        let mut found: Vec<String> = shards.values().flat_map(|lines| finished(lines)).collect();
        wanted.sort();
        found.sort();
        trial.same_lines("sharded", &trial.lines, &wanted, &found);
    });
}

#[test]
fn records_sent_again_are_dropped_and_counted() {
    every(
        Level::Everything,
        180,
        Trial::is_punctual,
        |trial, random| {
            let mut lines = Vec::new();
            let mut again = 0;
            for line in &trial.lines {
                lines.push(line.clone());
                if random.chance(30) {
                    lines.push(line.clone());
                    again += 1;
                }
            }
            let other = trial.again(&lines);
            trial.same("sent again", &lines, &other);
            let mut wanted = counts(&trial.base);
            wanted.received += again;
            wanted.duplicate += again;
            assert_eq!(wanted, counts(&other));
        },
    );
}

/// A record of a class that nothing names, beside another.
fn irrelevant(millis: i64, number: usize) -> String {
    let time = format_rfc3339(Timestamp(millis * 1_000));
    json!({"time": time, "id": format!("irrelevant{number}"), "class": "audit.heartbeat"})
        .to_string()
}

/// Whether a record of another class concerns nothing.
fn minds_its_own(trial: &Trial) -> bool {
    trial.is_punctual() && !trial.has(&["memory ", "alert as", " any", "digest ", "session gap"])
}

#[test]
fn events_that_no_rule_names_change_nothing() {
    every(Level::Everything, 40, minds_its_own, |trial, random| {
        let mut lines = Vec::new();
        let mut more = 0;
        for (record, line) in trial.case.records.iter().zip(&trial.lines) {
            lines.push(line.clone());
            for _ in 0..random.below(3) {
                lines.push(irrelevant(record.millis, lines.len()));
                more += 1;
            }
        }
        let other = trial.again(&lines);
        trial.same("with events that concern nobody", &lines, &other);
        let mut wanted = counts(&trial.base);
        wanted.received += more;
        wanted.evaluated += more;
        assert_eq!(wanted, counts(&other));
    });
}

#[test]
fn fields_that_no_rule_names_change_nothing() {
    every(Level::Everything, 240, any, |trial, random| {
        let lines: Vec<String> = trial
            .lines
            .iter()
            .map(|line| {
                let mut record: serde_json::Map<String, Value> =
                    serde_json::from_str(line).unwrap();
                for number in 0..random.below(4) {
                    let value = json!({"a": [1, 2.5, null, {"b": "\u{202e}"}], "n": number});
                    record.insert(format!("zz {number}"), value);
                }
                record.insert("user_agent".to_owned(), json!("curl/8.0"));
                Value::Object(record).to_string()
            })
            .collect();
        let other = trial.again(&lines);
        trial.same("with fields that concern nobody", &lines, &other);
        assert_eq!(trial.base.summary, other.summary);
    });
}

#[test]
fn malformed_and_late_lines_change_nothing_but_the_counts() {
    const BROKEN: [&str; 6] = [
        "{\"broken\": ",
        "not json",
        "{\"class\": \"auth.login\"}",
        "{\"class\": \"auth.login\", \"time\": \"yesterday\"}",
        "{\"time\": \"2026-03-15T09:00:00Z\"}",
        "\u{feff}{]",
    ];
    let fits = |trial: &Trial| minds_its_own(trial) && !trial.has(&[" before "]);
    every(Level::Everything, 30, fits, |trial, random| {
        let mut lines = Vec::new();
        let (mut dead, mut late) = (0, 0);
        for (record, line) in trial.case.records.iter().zip(&trial.lines) {
            if random.chance(30) {
                lines.push(random.pick(&BROKEN).to_owned());
                dead += 1;
            }
            if random.chance(20) {
                lines.push(irrelevant(record.millis - 7_200_000, lines.len()));
                late += 1;
            }
            lines.push(line.clone());
        }
        let other = trial.again(&lines);
        trial.same("with broken and late lines", &lines, &other);
        let (wanted, found) = (counts(&trial.base), counts(&other));
        assert_eq!(wanted.dead + dead, found.dead);
        assert_eq!(other.dead.len() as u64, found.dead);
        assert_eq!(other.late.len() as u64, found.late);
        // Before the watermark stands, what is old is merely early.
        assert!(found.late <= late, "{found:?}");
        assert_eq!(wanted.evaluated + late, found.evaluated + found.late);
        assert_eq!(wanted.received + dead + late, found.received);
    });
}

/// Moves every instant written in a line.
fn shifted(line: &str, by: i64) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some(start) = rest.find("20") {
        let (before, behind) = rest.split_at(start);
        text.push_str(before);
        let end = behind.find('Z').map_or(0, |end| end + 1);
        let instant = behind.get(..end).unwrap_or_default();
        match parse_rfc3339(instant).filter(|_| instant.contains('T')) {
            Some(time) => {
                text.push_str(&format_rfc3339(Timestamp(time.0 + by)));
                rest = behind.get(end..).unwrap_or_default();
            }
            None => {
                text.push_str("20");
                rest = behind.get(2..).unwrap_or_default();
            }
        }
    }
    text + rest
}

#[test]
fn all_of_it_some_weeks_earlier_is_told_some_weeks_earlier() {
    // Whole weeks of winter time: windows lie alike, and so do local midnights.
    every(Level::Everything, 240, any, |trial, random| {
        let by = -7 * DAY * i64::try_from(random.range(1, 6)).unwrap();
        let lines: Vec<String> = trial.lines.iter().map(|line| shifted(line, by)).collect();
        let other = trial.again(&lines);
        let wanted: Vec<String> = told(&trial.base)
            .iter()
            .map(|line| shifted(line, by))
            .collect();
        trial.same_lines("shifted", &lines, &wanted, &told(&other));
        assert_eq!(trial.base.summary, other.summary);
        let until = |outcome: &Outcome, by: i64| -> Vec<i64> {
            outcome.pending.iter().map(|one| one.until.0 + by).collect()
        };
        assert_eq!(until(&trial.base, by), until(&other, 0));
    });
}

/// Calls the people of a case by other names that stand in the same order.
fn renamed(line: &str) -> String {
    let names = [("u1", "w1"), ("U1", "W1"), ("u2", "w2"), ("U2", "W2")];
    names
        .iter()
        .fold(line.to_owned(), |line, (from, to)| line.replace(from, to))
}

/// Takes away ids of alerts, which are made of their keys.
fn nameless(line: &str) -> String {
    let is_hash =
        |word: &str| word.len() == 32 && word.bytes().all(|byte| byte.is_ascii_hexdigit());
    let words = line
        .split('"')
        .map(|word| if is_hash(word) { "#" } else { word });
    words.collect::<Vec<_>>().join("\"")
}

#[test]
fn other_names_of_people_are_only_other_names() {
    every(Level::Everything, 240, any, |trial, _| {
        let lines: Vec<String> = trial.lines.iter().map(|line| renamed(line)).collect();
        let other = trial.again(&lines);
        let names = |line: &String| nameless(&renamed(line));
        let wanted: Vec<String> = told(&trial.base).iter().map(names).collect();
        let found: Vec<String> = told(&other).iter().map(|line| nameless(line)).collect();
        trial.same_lines("renamed", &lines, &wanted, &found);
        assert_eq!(trial.base.summary, other.summary);
    });
}

#[test]
fn a_rule_that_has_nothing_to_do_with_it_changes_nothing() {
    const OTHER: &str = "rule aside \"Aside\" { when certificate_found as a then certificate_revoked as b \
         within 1h where identity same alert low \"never\" }\n";
    every(Level::Everything, 240, any, |trial, random| {
        let text = if random.chance(50) {
            format!("{OTHER}{}", trial.text)
        } else {
            format!("{}{OTHER}", trial.text)
        };
        let loaded = load(&text).unwrap();
        let other = run(&loaded, &trial.lines, Options::default(), trial.end, 1).unwrap();
        trial.same("with another rule", &trial.lines, &other);
        assert_eq!(trial.base.summary, other.summary);
    });
}
