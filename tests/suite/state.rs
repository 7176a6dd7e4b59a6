//! State that is saved and restored: exactly, by the construct, and never from broken bytes.
//!
//! Apart from the conformance cases, which are restored too, because here the bytes are the subject.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a step that fails fails the test"
)]

use muster_runtime::encode::json;
use muster_runtime::engine::{Engine, Outputs, RawRecord, Restored};
use muster_runtime::options::{EndOfInput, Options};
use muster_runtime::store::{Kind, StateError, contents};
use muster_tests::conformance::event;
use muster_tests::generate::{Case, Level};
use muster_tests::harness::{Loaded, Outcome, load, new_engine, run, run_restored};

/// How many random cases of each level every test run restores.
const CASES: u64 = 60;

/// Three rules and a memory that all hold something after [`EVENTS`].
const RULES: &str = r#"
field resource.kind: text
event login = any where class is auth.login
event read = any where class is access.read
memory places = seen ip in login per identity for 30d
memory reads = count in read per identity for 1h
rule pair "A pair" {
  when login as a then read as b within 1h where identity same
  alert low "{identity}" suppress 10m
}
rule absent "Nothing follows" {
  when read as a within 1h where identity same
  without login within 20m after a
  alert medium "{identity}"
}
rule many "Many" {
  when 3+ read as r within 1h where identity same
  alert high "{identity} {count(r)}"
}
"#;

const EVENTS: &str = "
0s auth.login identity=ana ip=10.0.0.1
1m access.read identity=ana
2m access.read identity=bo
3m auth.login identity=bo ip=10.0.0.2
4m access.read identity=bo
4m access.read identity=ana
5m access.read identity=ana
6m auth.login identity=cy
7m auth.login identity=cy
";

fn records(events: &str) -> Vec<String> {
    let lines = events.lines().filter(|line| !line.trim().is_empty());
    let records = lines.enumerate();
    records
        .map(|(index, line)| event(line, index + 1).unwrap().to_string())
        .collect()
}

fn push(engine: &mut Engine, records: &[String], out: &mut Outputs) {
    for record in records {
        let record = RawRecord {
            input: 0,
            offset: 0,
            bytes: record.as_bytes(),
        };
        engine.push(record, out);
    }
}

fn filled(loaded: &Loaded) -> Engine {
    let mut engine = new_engine(loaded, Options::default()).unwrap();
    push(&mut engine, &records(EVENTS), &mut Outputs::default());
    engine
}

fn lines(outcome: &Outcome) -> Vec<String> {
    outcome.alerts.iter().map(json::alert).collect()
}

fn random_cases(level: Level) {
    let mut alerting = 0;
    for seed in 0..CASES {
        let case = Case::new(seed, level);
        let loaded = load(&case.program()).unwrap();
        let end = EndOfInput::Pending;
        let Ok(straight) = run(&loaded, &case.lines(), Options::default(), end, 1) else {
            continue;
        };
        let restored = run_restored(&loaded, &case.lines(), Options::default(), end).unwrap();
        assert_eq!(lines(&straight), lines(&restored), "seed {seed}");
        assert_eq!(straight.pending, restored.pending, "seed {seed}");
        assert_eq!(straight.summary, restored.summary, "seed {seed}");
        assert_eq!(straight.sizes, restored.sizes, "seed {seed}");
        alerting += u64::from(!straight.alerts.is_empty());
    }
    assert!(alerting * 5 > CASES, "only {alerting} of {CASES} alerted");
}

#[test]
fn sequences_are_restored() {
    random_cases(Level::Sequences);
}

#[test]
fn groups_are_restored() {
    random_cases(Level::Groups);
}

#[test]
fn absences_are_restored() {
    random_cases(Level::Absence);
}

#[test]
fn everything_is_restored() {
    random_cases(Level::Everything);
}

#[test]
fn every_changed_byte_is_an_error() {
    let engine = filled(&load(RULES).unwrap());
    let bytes = engine.save();
    for at in 0..bytes.len() {
        let mut changed = bytes.clone();
        changed[at] ^= 1 << (at % 8);
        assert!(
            engine.anew().unwrap().resume(&changed).is_err(),
            "byte {at}"
        );
        assert!(contents(&changed).is_err(), "byte {at}");
    }
}

#[test]
fn every_shorter_state_is_an_error() {
    let engine = filled(&load(RULES).unwrap());
    let bytes = engine.save();
    for length in 0..bytes.len() {
        let anew = engine.anew().unwrap();
        assert!(anew.resume(&bytes[..length]).is_err(), "length {length}");
    }
}

/// Gives bytes the checksum that fits them.
fn sealed(mut bytes: Vec<u8>) -> Vec<u8> {
    let body = bytes.len() - 32;
    let checksum = blake3::hash(&bytes[..body]);
    bytes[body..].copy_from_slice(checksum.as_bytes());
    bytes
}

#[test]
fn no_bytes_with_a_right_checksum_stop_the_program() {
    let engine = filled(&load(RULES).unwrap());
    let bytes = engine.save();
    let mut refused = 0;
    for at in 12..bytes.len() - 32 {
        let mut changed = bytes.clone();
        changed[at] ^= [0x01, 0x80, 0xff][at % 3];
        match engine.anew().unwrap().resume(&sealed(changed)) {
            Ok((mut engine, _)) => {
                // What was read is used: a value that is wrong must not stop the program either.
                let mut out = Outputs::default();
                push(&mut engine, &records(EVENTS), &mut out);
                engine.finish(EndOfInput::Final, &mut out);
                let _ = engine.save();
            }
            Err(_) => refused += 1,
        }
    }
    assert!(
        refused * 3 > bytes.len(),
        "only {refused} changes were refused"
    );
}

#[test]
fn a_state_of_another_format_is_told() {
    let loaded = load(RULES).unwrap();
    let mut bytes = filled(&loaded).save();
    bytes[8] = 77;
    let anew = new_engine(&loaded, Options::default()).unwrap();
    let expected = StateError::Version {
        found: 77,
        expected: 1,
    };
    assert_eq!(anew.resume(&sealed(bytes)).unwrap_err(), expected);
}

fn resumed(rules: &str, bytes: &[u8]) -> (Engine, Restored) {
    let anew = new_engine(&load(rules).unwrap(), Options::default()).unwrap();
    anew.resume(bytes).unwrap()
}

fn names(constructs: &[muster_runtime::store::Construct]) -> Vec<String> {
    let names = constructs
        .iter()
        .map(|one| format!("{} {}", one.kind.word(), one.name));
    names.collect()
}

fn keys_of(engine: &Engine, name: &str) -> usize {
    let sizes = engine.state_sizes();
    sizes.iter().find(|size| *size.name == *name).unwrap().keys
}

#[test]
fn a_title_and_a_text_reset_nothing() {
    let bytes = filled(&load(RULES).unwrap()).save();
    let edited = RULES
        .replace("\"Nothing follows\"", "\"Silence\"")
        .replace("alert medium \"{identity}\"", "alert high \"{identity}!\"");
    let (_, restored) = resumed(&edited, &bytes);
    assert!(restored.is_whole(), "{restored:?}");
}

#[test]
fn a_changed_rule_starts_anew_alone() {
    let before = filled(&load(RULES).unwrap());
    assert!(keys_of(&before, "absent") > 0 && keys_of(&before, "pair") > 0);
    let edited = RULES.replace("without login within 20m", "without login within 25m");
    let (after, restored) = resumed(&edited, &before.save());
    assert_eq!(names(&restored.changed), ["rule absent"]);
    assert!(restored.added.is_empty() && restored.gone.is_empty());
    assert_eq!(keys_of(&after, "absent"), 0);
    for kept in ["pair", "many", "places", "reads"] {
        assert_eq!(keys_of(&after, kept), keys_of(&before, kept), "{kept}");
    }
}

#[test]
fn a_changed_memory_starts_anew_and_those_who_do_not_read_it_stay() {
    let before = filled(&load(RULES).unwrap());
    let edited = RULES.replace("per identity for 30d", "per identity for 31d");
    let (after, restored) = resumed(&edited, &before.save());
    assert_eq!(names(&restored.changed), ["memory places"]);
    assert_eq!(keys_of(&after, "places"), 0);
    assert_eq!(keys_of(&after, "reads"), keys_of(&before, "reads"));
}

#[test]
fn a_rule_more_and_a_rule_less_are_told() {
    let bytes = filled(&load(RULES).unwrap()).save();
    let edited = RULES.replace("rule many", "rule several");
    let (_, restored) = resumed(&edited, &bytes);
    assert_eq!(names(&restored.added), ["rule several"]);
    assert_eq!(names(&restored.gone), ["rule many"]);
    assert!(restored.changed.is_empty());
}

#[test]
fn fields_that_move_keep_their_values() {
    // A rule that reads more fields gives the fields of kept events other slots.
    let more = "rule more \"More\" { when login as l where actor.email exists and ip exists \
                and resource.kind is missing alert info \"{l.ip} {l.resource.kind}\" }";
    let edited = format!("{more}\n{RULES}");
    let (mut after, _) = resumed(&edited, &filled(&load(RULES).unwrap()).save());
    let mut straight = filled(&load(RULES).unwrap());
    let rest = records("9m access.read identity=ana\n10m access.read identity=ana\n2h - ");
    let (mut one, mut other) = (Outputs::default(), Outputs::default());
    push(&mut straight, &rest, &mut one);
    push(&mut after, &rest, &mut other);
    straight.finish(EndOfInput::Final, &mut one);
    after.finish(EndOfInput::Final, &mut other);
    let lines = |out: &Outputs| -> Vec<String> {
        let old = out.alerts.iter().filter(|alert| &*alert.name != "more");
        old.map(json::alert).collect()
    };
    assert!(lines(&one).len() >= 2, "{:?}", lines(&one));
    assert_eq!(lines(&one), lines(&other));
}

#[test]
fn contents_are_told_without_the_program() {
    let found = contents(&filled(&load(RULES).unwrap()).save()).unwrap();
    let told: Vec<(Kind, &str, u64)> = found
        .constructs
        .iter()
        .map(|one| (one.construct.kind, &*one.construct.name, one.keys))
        .filter(|(kind, ..)| *kind != Kind::Stream)
        .collect();
    assert_eq!(
        told,
        [
            (Kind::Rule, "pair", 1),
            (Kind::Rule, "absent", 2),
            (Kind::Rule, "many", 2),
            (Kind::Memory, "places", 2),
            (Kind::Memory, "reads", 2),
        ]
    );
    assert!(found.events > 0 && found.event_bytes > 0);
}
