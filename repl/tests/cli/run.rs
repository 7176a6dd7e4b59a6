//! `muster run`: alerts, the records that are none, and the summary.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::support::{EVENTS, Folder, finish, login};

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).unwrap();
    encoder.finish().unwrap()
}

#[test]
fn alerts_go_to_standard_output_and_nothing_else_does() {
    let folder = Folder::with_travel();
    let outcome = folder
        .run_with(&["run", "travel.muster"], EVENTS.as_bytes())
        .ends(0);
    let alerts = outcome.alerts();
    assert_eq!(alerts.len(), 1);
    assert_eq!(alerts[0]["rule"], "impossible_travel");
    assert_eq!(alerts[0]["text"], "ana: Madrid, then Tokyo 15m later");
    assert_eq!(alerts[0]["evidence"][0]["id"], "evt_1");
}

#[test]
fn the_summary_adds_up_on_standard_error() {
    let folder = Folder::with_travel();
    let outcome = folder
        .run(&["run", "travel.muster", "--input", "events.jsonl"])
        .ends(0);
    insta::assert_snapshot!(outcome.stderr);
    let quiet = folder
        .run(&["run", "-q", "travel.muster", "--input", "events.jsonl"])
        .ends(0);
    assert_eq!(quiet.stderr, "");
    assert_eq!(quiet.stdout, outcome.stdout);
}

#[test]
fn stats_add_speed() {
    let folder = Folder::with_travel();
    folder
        .run(&["run", "travel.muster", "--input", "events.jsonl", "--stats"])
        .ends(0)
        .says(" events/s, ");
}

#[test]
fn a_dead_letter_has_its_offset_and_its_reason() {
    let folder = Folder::with_travel();
    let arguments = [
        "run",
        "travel.muster",
        "--input",
        "events.jsonl",
        "--dead-letter",
        "dead.jsonl",
    ];
    folder.run(&arguments).ends(0);
    let dead = folder.read("dead.jsonl");
    let dead: Vec<serde_json::Value> = dead
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(dead.len(), 2);
    let offset = EVENTS.find("this is not").unwrap();
    assert_eq!(dead[0]["offset"], offset);
    assert_eq!(dead[0]["input"], "events.jsonl");
    assert_eq!(dead[0]["record"], "this is not JSON");
    assert!(
        dead[0]["reason"]
            .as_str()
            .is_some_and(|reason| !reason.is_empty())
    );
    assert_eq!(dead[1]["offset"], EVENTS.find("{\"nobody\"").unwrap());
    assert_eq!(dead[1]["reason"], "no source accepts it");
}

#[test]
fn bad_data_is_an_error_only_if_strict() {
    let folder = Folder::with_travel();
    let arguments = [
        "run",
        "travel.muster",
        "--input",
        "events.jsonl",
        "--strict",
    ];
    let outcome = folder.run(&arguments).ends(65);
    assert_eq!(
        outcome.alerts().len(),
        1,
        "the alerts are written all the same"
    );
    folder.write(
        "good.jsonl",
        login("ana", "2026-03-15T09:00:00Z", 40.42, -3.7),
    );
    folder
        .run(&["run", "travel.muster", "--input", "good.jsonl", "--strict"])
        .ends(0);
}

#[test]
fn fail_on_asks_for_alerts_of_a_level() {
    let folder = Folder::with_travel();
    let arguments = [
        "run",
        "travel.muster",
        "--input",
        "events.jsonl",
        "--fail-on",
    ];
    folder
        .run(&[&arguments[..], &["critical"]].concat())
        .ends(0);
    folder.run(&[&arguments[..], &["high"]].concat()).ends(1);
    folder.run(&[&arguments[..], &["low"]].concat()).ends(1);
}

#[test]
fn rules_that_do_not_compile_end_with_78_before_an_event_is_read() {
    let folder = Folder::with_travel();
    folder.write("wrong.muster", "rule one {");
    let arguments = [
        "run",
        "wrong.muster",
        "--input",
        "events.jsonl",
        "--output",
        "alerts.jsonl",
    ];
    let outcome = folder.run(&arguments).ends(78);
    assert!(!outcome.stderr.contains("evaluated"));
    assert!(
        !folder.path("alerts.jsonl").exists(),
        "an output is not touched in vain"
    );
}

#[test]
fn alerts_go_to_a_file_if_asked() {
    let folder = Folder::with_travel();
    folder.write("alerts.jsonl", "what was there before\n");
    let arguments = ["run", "travel.muster", "--input", "events.jsonl"];
    let to_stdout = folder.run(&arguments).ends(0).stdout;
    let outcome = folder
        .run(&[&arguments[..], &["--output", "alerts.jsonl"]].concat())
        .ends(0);
    assert_eq!(outcome.stdout, "");
    assert_eq!(folder.read("alerts.jsonl"), to_stdout);
}

#[test]
fn gzip_is_found_by_its_content_whatever_the_name() {
    let folder = Folder::with_travel();
    let expected = folder
        .run(&["run", "travel.muster", "--input", "events.jsonl"])
        .stdout;
    folder.write("packed.jsonl", gzip(EVENTS));
    folder.write("plain.gz", EVENTS);
    let half = EVENTS.find("this").unwrap();
    let (one, two) = EVENTS.split_at(half);
    folder.write("members.gz", [gzip(one), gzip(two)].concat());
    for name in ["packed.jsonl", "plain.gz", "members.gz"] {
        assert_eq!(
            folder
                .run(&["run", "travel.muster", "--input", name])
                .ends(0)
                .stdout,
            expected
        );
    }
    let outcome = folder
        .run_with(&["run", "travel.muster"], &gzip(EVENTS))
        .ends(0);
    assert_eq!(outcome.alerts().len(), 1);
}

#[test]
fn a_cut_gzip_is_bad_data_not_a_crash() {
    let folder = Folder::with_travel();
    let mut packed = gzip(EVENTS);
    packed.truncate(packed.len() - 5);
    folder.write("cut.gz", packed);
    let arguments = [
        "run",
        "travel.muster",
        "--input",
        "cut.gz",
        "--dead-letter",
        "dead.jsonl",
    ];
    let outcome = folder
        .run(&arguments)
        .ends(0)
        .says("`cut.gz`: gzip data ends early");
    assert_eq!(outcome.alerts().len(), 1);
    let dead = folder.read("dead.jsonl");
    let last: serde_json::Value = serde_json::from_str(dead.lines().last().unwrap()).unwrap();
    assert_eq!(last["reason"], "gzip data ends early");
    assert_eq!(last["offset"], EVENTS.len());
    folder
        .run(&[&arguments[..], &["--strict"]].concat())
        .ends(65);
}

#[test]
fn several_inputs_are_one_stream_in_the_order_of_their_events() {
    let folder = Folder::with_travel();
    let first = login("ana", "2026-03-15T09:00:00Z", 40.42, -3.7);
    let second = login("ana", "2026-03-15T09:15:00Z", 35.68, 139.69);
    let third = login("ana", "2026-03-16T12:00:00Z", 35.68, 139.69);
    folder.write("late.jsonl", [second.as_str(), &third].concat());
    folder.write("early.jsonl", &first);
    folder.write("all.jsonl", [first.as_str(), &second, &third].concat());
    let of = |names: &[&str]| {
        let outcome = folder.run(&[&["run", "travel.muster", "--input"][..], names].concat());
        outcome.ends(0).stdout
    };
    let expected = of(&["all.jsonl"]);
    assert_eq!(expected.lines().count(), 1);
    assert_eq!(of(&["late.jsonl", "early.jsonl"]), expected);
    assert_eq!(of(&["early.jsonl", "--input", "late.jsonl"]), expected);
    let arguments = ["run", "travel.muster", "--input", "late.jsonl", "-"];
    assert_eq!(
        folder.run_with(&arguments, first.as_bytes()).ends(0).stdout,
        expected
    );
}

#[test]
fn an_input_keeps_its_lateness_while_others_go_before_it() {
    let folder = Folder::new();
    folder.write(
        "rules.muster",
        "source quick { when .quick exists lateness 30s time = .at class = auth.login }\n\
         source slow { when .slow exists lateness 15m time = .at class = auth.login }\n\
         rule one \"One\" { when login alert low \"x\" }\n",
    );
    let line = |name: &str, minute: u32| {
        format!("{{\"{name}\":1,\"at\":\"2026-03-15T08:{minute:02}:00Z\"}}\n")
    };
    let quick: String = (0..20).map(|minute| line("quick", minute)).collect();
    let slow = [line("slow", 10), line("slow", 5), line("slow", 12)].concat();
    folder.write("quick.jsonl", quick);
    folder.write("slow.jsonl", slow);
    let arguments = [
        "run",
        "rules.muster",
        "--late",
        "late.jsonl",
        "--input",
        "quick.jsonl",
    ];
    let outcome = folder
        .run(&[&arguments[..], &["slow.jsonl"]].concat())
        .ends(0);
    assert_eq!(folder.read("late.jsonl"), "", "{}", outcome.stderr);
    assert_eq!(outcome.alerts().len(), 23);
}

#[test]
fn pretty_printed_events_are_read_too() {
    let folder = Folder::with_travel();
    let events: Vec<serde_json::Value> = EVENTS
        .lines()
        .filter_map(|line| serde_json::from_str(line).ok())
        .take(2)
        .collect();
    let expected = folder
        .run(&["run", "travel.muster", "--input", "events.jsonl"])
        .stdout;
    let objects: String = events
        .iter()
        .map(|event| serde_json::to_string_pretty(event).unwrap() + "\n")
        .collect();
    let array = serde_json::to_string_pretty(&events).unwrap();
    for text in [objects, array] {
        let outcome = folder
            .run_with(&["run", "travel.muster"], text.as_bytes())
            .ends(0);
        assert_eq!(outcome.stdout, expected);
    }
}

#[test]
fn an_event_that_is_too_late_goes_to_the_late_output() {
    let folder = Folder::with_travel();
    let events = [
        login("ana", "2026-03-15T09:00:00Z", 40.42, -3.7),
        login("bo", "2026-03-15T09:30:00Z", 40.42, -3.7),
        login("cy", "2026-03-15T09:10:00Z", 40.42, -3.7),
    ];
    let events = events.concat();
    let arguments = ["run", "travel.muster", "--late", "late.jsonl"];
    folder.run_with(&arguments, events.as_bytes()).ends(0);
    let late = folder.read("late.jsonl");
    assert_eq!(late.lines().count(), 1);
    assert!(late.contains("older than the watermark") && late.contains("2026-03-15T09:10:00Z"));
    let patient = [&arguments[..], &["--lateness", "1h"]].concat();
    folder.run_with(&patient, events.as_bytes()).ends(0);
    assert_eq!(folder.read("late.jsonl"), "");
}

const NO_LOGOUT: &str = r#"rule forgotten "No logout" {
  when login as a
  without logout within 1h after a
  where identity same
  alert low "{identity} did not log out"
}
"#;

#[test]
fn what_time_has_not_decided_is_pending_unless_the_end_is_final() {
    let folder = Folder::new();
    folder.write("rules.muster", NO_LOGOUT);
    folder.write(
        "events.jsonl",
        login("ana", "2026-03-15T09:00:00Z", 40.42, -3.7),
    );
    let arguments = ["run", "rules.muster", "--input", "events.jsonl"];
    let outcome = folder.run(&arguments).ends(0);
    assert_eq!(outcome.stdout, "");
    assert!(
        outcome
            .stderr
            .contains("pending: forgotten (identity ana) until 2026-03-15T10:00:00Z"),
        "{}",
        outcome.stderr
    );
    let outcome = folder
        .run(&[&arguments[..], &["--eof", "final"]].concat())
        .ends(0);
    assert_eq!(outcome.alerts().len(), 1);
    assert!(!outcome.stderr.contains("pending"));
}

#[test]
fn text_is_for_people_and_colored_only_if_wanted() {
    let folder = Folder::with_travel();
    let arguments = [
        "run",
        "travel.muster",
        "--input",
        "events.jsonl",
        "--format",
        "text",
    ];
    let outcome = folder.run(&arguments).ends(0);
    insta::assert_snapshot!(outcome.stdout);
    let colored = folder
        .run(&[&arguments[..], &["--color", "always"]].concat())
        .ends(0);
    assert!(colored.stdout.contains("\u{1b}["));
}

#[test]
fn color_never_reaches_a_pipe_by_itself() {
    let folder = Folder::new();
    folder.write("wrong.muster", "rule one {");
    assert!(
        !folder
            .run(&["check", "wrong.muster"])
            .stderr
            .contains('\u{1b}')
    );
    let colored = folder.run(&["check", "wrong.muster", "--color", "always"]);
    assert!(colored.stderr.contains('\u{1b}'));
    let mut command = folder.command(&["check", "wrong.muster"]);
    command.env("NO_COLOR", "1");
    assert!(!finish(command, b"").stderr.contains('\u{1b}'));
}

#[test]
fn a_source_may_be_forced_and_must_exist() {
    let folder = Folder::with_travel();
    let arguments = [
        "run",
        "travel.muster",
        "--input",
        "events.jsonl",
        "--source",
    ];
    folder.run(&[&arguments[..], &["muster"]].concat()).ends(0);
    folder
        .run(&[&arguments[..], &["mustr"]].concat())
        .ends(2)
        .says("did you mean `muster`?");
}

#[test]
fn an_empty_input_is_fine() {
    let folder = Folder::with_travel();
    let outcome = folder.run(&["run", "travel.muster"]).ends(0);
    assert_eq!(outcome.stdout, "");
    assert!(outcome.stderr.contains("0 alerts"));
}
