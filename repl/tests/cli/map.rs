//! `muster map`.

use crate::support::{EVENTS, Folder, TRAVEL};

#[test]
fn records_become_events_one_a_line() {
    let folder = Folder::with_travel();
    let outcome = folder.run_with(&["map"], EVENTS.as_bytes()).ends(0);
    let events = outcome.alerts();
    assert_eq!(events.len(), 2);
    assert_eq!(events[0]["time"], "2026-03-15T09:00:00Z");
    assert_eq!(events[0]["source"], "muster");
    assert_eq!(events[0]["id"], "evt_1");
    assert_eq!(events[0]["class"], "auth.login");
    assert_eq!(events[0]["geo.city"], "Madrid");
    assert!(
        outcome.stderr.contains("dead: 1 × no source accepts it"),
        "{}",
        outcome.stderr
    );
}

#[test]
fn what_map_writes_run_reads() {
    let folder = Folder::with_travel();
    let events = folder.run_with(&["map"], EVENTS.as_bytes()).ends(0).stdout;
    let raw = folder
        .run_with(&["run", "travel.muster"], EVENTS.as_bytes())
        .ends(0);
    let mapped = folder
        .run_with(&["run", "travel.muster"], events.as_bytes())
        .ends(0);
    assert_eq!(mapped.stdout, raw.stdout);
}

#[test]
fn explained_a_record_says_who_took_it_and_what_became_of_it() {
    let folder = Folder::with_travel();
    let outcome = folder
        .run(&["map", "--input", "events.jsonl", "--explain"])
        .ends(0);
    let shown = &outcome.stdout;
    assert!(
        shown.contains("events.jsonl at byte 0  an event of muster\n"),
        "{shown}"
    );
    assert!(shown.contains("dead: no source accepts it"), "{shown}");
    assert!(
        shown
            .lines()
            .any(|line| line.trim_start().starts_with("geo.city ")),
        "{shown}"
    );
}

#[test]
fn a_source_of_the_user_takes_its_records() {
    let folder = Folder::new();
    folder.write(
        "own.muster",
        "source door \"Door\" {\n  when .badge exists\n  time = parse_time(.at, \"iso\")\n  class = access.open\n  identity = .badge\n}\n",
    );
    let record = r#"{"badge":"B17","at":"2026-03-15T09:00:00Z"}"#;
    let outcome = folder
        .run_with(&["map", "own.muster"], record.as_bytes())
        .ends(0);
    let events = outcome.alerts();
    assert_eq!(events[0]["source"], "door");
    assert_eq!(events[0]["identity"], "B17");
}

#[test]
fn bad_data_is_an_error_only_if_strict() {
    let folder = Folder::with_travel();
    folder
        .run_with(&["map", "--strict"], EVENTS.as_bytes())
        .ends(65);
    folder
        .run_with(&["map", "--strict"], TRAVEL.as_bytes())
        .ends(65);
    folder.run(&["map", "--strict"]).ends(0);
}
