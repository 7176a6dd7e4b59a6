//! Any number of threads: the same bytes, whatever the input.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::support::{Folder, Outcome, TRAVEL, login};

const NUMBERS: [&str; 3] = ["1", "2", "5"];

/// Returns the login of a minute, somewhere.
fn travel(minute: usize, person: usize) -> String {
    let time = format!(
        "2026-03-{:02}T{:02}:{:02}:00Z",
        1 + minute / 1_440,
        minute / 60 % 24,
        minute % 60
    );
    let (lat, lon) = match (minute + person) % 3 {
        0 => (40.42, -3.7),
        1 => (35.68, 139.69),
        _ => (52.52, 13.4),
    };
    login(&format!("person{person}"), &time, lat, lon)
}

/// Returns some thousand logins, among them what is late, equal, of nobody, no JSON, twice a key, or too long.
fn stream(people: std::ops::Range<usize>) -> String {
    let mut lines = String::new();
    for minute in 0..800 {
        for person in people.clone().step_by(1 + minute % 3) {
            lines += &travel(minute, person);
        }
        lines += &match minute % 50 {
            3 => travel(minute.saturating_sub(200), 1),
            7 => travel(minute, 1),
            11 => String::from("this is no JSON\n"),
            19 => String::from("{\"nobody\":1}\n"),
            23 => String::from("{\"class\":\"auth.login\",\"class\":\"auth.logout\",\"time\":1}\n"),
            29 => String::from("\n\n"),
            _ => String::new(),
        };
        if minute == 400 {
            lines += &format!("{{\"class\":\"{}\"}}\n", "x".repeat(1_100_000));
        }
    }
    lines
}

/// Runs with outputs for everything; returns what was written, the summary included.
fn run(folder: &Folder, threads: &str, inputs: &[&str], stdin: &[u8]) -> (Outcome, Vec<String>) {
    let names = ["late", "dead", "forward"];
    let mut arguments = vec!["run", "travel.muster", "--threads", threads];
    arguments.extend([
        "--late",
        "late",
        "--dead-letter",
        "dead",
        "--forward",
        "forward",
    ]);
    if !inputs.is_empty() {
        arguments.push("--input");
        arguments.extend(inputs);
    }
    let outcome = folder.run_with(&arguments, stdin).ends(0);
    (outcome, names.map(|name| folder.read(name)).to_vec())
}

fn folder() -> Folder {
    let folder = Folder::new();
    folder.write("travel.muster", TRAVEL);
    folder
}

#[track_caller]
fn is_the_same_for_any_number(folder: &Folder, inputs: &[&str], stdin: &[u8]) {
    let (alone, files) = run(folder, NUMBERS[0], inputs, stdin);
    assert!(alone.stdout.lines().count() > 100 && files.iter().all(|file| !file.is_empty()));
    for threads in &NUMBERS[1..] {
        let (outcome, others) = run(folder, threads, inputs, stdin);
        assert!(
            outcome.stdout == alone.stdout,
            "alerts of {threads} threads"
        );
        assert_eq!(outcome.stderr, alone.stderr, "{threads} threads");
        assert!(others == files, "files of {threads} threads");
    }
}

#[test]
fn standard_input_gives_the_same_bytes_for_any_number_of_threads() {
    is_the_same_for_any_number(&folder(), &[], stream(0..4).as_bytes());
}

#[test]
fn several_files_give_the_same_bytes_for_any_number_of_threads() {
    let folder = folder();
    folder.write("one.jsonl", stream(0..2));
    let mut packed = GzEncoder::new(Vec::new(), Compression::fast());
    packed.write_all(stream(2..4).as_bytes()).unwrap();
    folder.write("two.jsonl.gz", packed.finish().unwrap());
    let inputs = ["one.jsonl", "two.jsonl.gz", "-"];
    is_the_same_for_any_number(&folder, &inputs, stream(4..5).as_bytes());
}

#[test]
fn no_threads_and_too_many_are_usage_errors() {
    let folder = Folder::with_travel();
    for number in ["0", "65", "-1", "many"] {
        let argument = format!("--threads={number}");
        folder
            .run(&["run", "travel.muster", &argument])
            .ends(2)
            .says("a number from 1 to 64 is expected");
    }
}

#[test]
fn stats_tell_where_the_time_went_and_what_is_remembered() {
    let folder = Folder::with_travel();
    for (threads, on) in [("1", "normalize; "), ("2", "normalize on 2 threads; ")] {
        let arguments = ["run", "travel.muster", "--input", "events.jsonl", "--stats"];
        let arguments = [&arguments[..], &["--threads", threads]].concat();
        folder
            .run(&arguments)
            .ends(0)
            .says(on)
            .says(" order and evaluate; ")
            .says("events/s")
            .says("state: rule impossible_travel holds 1 key");
    }
}
