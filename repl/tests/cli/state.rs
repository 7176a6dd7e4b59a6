//! `--state`: a run that was stopped, killed or damaged, and what the next one makes of it.

#![expect(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::disallowed_methods,
    reason = "tests damage files on purpose, and a step that fails fails the test"
)]

use std::io::Write;
use std::time::Duration;

use crate::support::{Folder, wait};

/// A sequence, an absence, a memory and a suppression, so that there is much to remember.
const RULES: &str = r#"
event login = any where class is auth.login and outcome is success
event read = any where class is access.read
memory reads = count in read per identity for 1h
rule fast "Fast" {
  when login as a then read as b within 10m where identity same
  alert low "{identity} {b.reads}" suppress 2m
}
rule quiet "Quiet" {
  when read as a within 10m where identity same
  without login within 5m after a
  alert medium "{identity}"
}
"#;

/// How often a run is killed; `MUSTER_KILLS` sets another number.
fn kills() -> u64 {
    let number = std::env::var("MUSTER_KILLS").ok();
    number.and_then(|text| text.parse().ok()).unwrap_or(6)
}

/// A small source of numbers that are the same every time.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % limit
    }
}

/// Returns events of many people, a few out of order, a few twice, a few that are none.
fn events(count: u64) -> String {
    let mut random = Random(7);
    let mut text = String::new();
    let mut second = 0;
    for number in 0..count {
        second += random.below(5);
        let at = second + 60 - random.below(20);
        let (hour, minute) = (at / 3_600, at / 60 % 60);
        let class = ["auth.login", "access.read"][usize::from(random.below(2) == 1)];
        let id = if number % 40 == 0 { number / 2 } else { number };
        let who = random.below(60);
        text.push_str(&format!(
            "{{\"time\":\"2026-01-{:02}T{:02}:{minute:02}:{:02}Z\",\"class\":\"{class}\",\
             \"outcome\":\"success\",\"id\":\"e{id}\",\"identity\":\"u{who}\"}}\n",
            5 + hour / 24,
            hour % 24,
            at % 60,
        ));
        if number % 500 == 0 {
            text.push_str("this is no event\n");
        }
    }
    text
}

const FILES: [&str; 2] = ["alerts.jsonl", "dead.jsonl"];

/// The arguments of a run that keeps its state every few milliseconds.
const KEPT: [&str; 12] = [
    "run",
    "rules.muster",
    "--input",
    "events.jsonl",
    "--output",
    "alerts.jsonl",
    "--dead-letter",
    "dead.jsonl",
    "--state",
    "state",
    "--state-every",
    "5ms",
];

fn folder(count: u64) -> Folder {
    let folder = Folder::new();
    folder.write("rules.muster", RULES);
    folder.write("events.jsonl", events(count));
    folder
}

/// Returns what a run that is never stopped writes.
fn straight(folder: &Folder) -> [String; 2] {
    let mut arguments = KEPT[..8].to_vec();
    arguments[5] = "straight.jsonl";
    arguments[7] = "straight_dead.jsonl";
    folder.run(&arguments).ends(0);
    ["straight.jsonl", "straight_dead.jsonl"].map(|name| folder.read(name))
}

#[track_caller]
fn same(folder: &Folder, straight: &[String; 2]) {
    for (name, expected) in FILES.into_iter().zip(straight) {
        assert!(folder.read(name) == *expected, "{name} differs");
    }
}

fn snapshots(folder: &Folder) -> Vec<std::path::PathBuf> {
    let mut found: Vec<_> = std::fs::read_dir(folder.path("state"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|end| end == "state"))
        .collect();
    found.sort();
    found
}

#[test]
fn a_run_that_is_killed_again_and_again_writes_what_one_that_never_stopped_does() {
    let folder = folder(30_000);
    let straight = straight(&folder);
    assert!(straight[0].lines().count() > 1_000);
    let mut random = Random(u64::from(std::process::id()));
    let mut restarts = 0;
    for _ in 0..kills() {
        let mut child = folder.start(&KEPT);
        // A start takes most of this where the machine is busy: some rounds keep nothing new.
        std::thread::sleep(Duration::from_millis(100 + random.below(1_500)));
        if child.try_wait().unwrap().is_some() {
            break;
        }
        child.kill().unwrap();
        child.wait().unwrap();
        restarts += 1;
    }
    assert!(restarts > 0, "it was never killed");
    folder.run(&KEPT).ends(0);
    same(&folder, &straight);
}

#[cfg(unix)]
fn terminate(child: &std::process::Child) {
    let killed = std::process::Command::new("kill")
        .args(["-TERM", &child.id().to_string()])
        .status()
        .unwrap();
    assert!(killed.success());
}

#[cfg(unix)]
#[test]
fn a_run_that_is_asked_to_stop_goes_on_where_it_was() {
    let folder = folder(30_000);
    let straight = straight(&folder);
    let mut child = folder.start(&KEPT);
    for _ in 0..1_000 {
        if folder.path("state").exists() && !snapshots(&folder).is_empty() {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    terminate(&child);
    assert_eq!(wait(&mut child).code(), Some(0));
    folder.run(&KEPT).ends(0);
    same(&folder, &straight);
}

#[test]
fn a_run_that_is_done_has_nothing_more_to_do() {
    let folder = folder(2_000);
    let straight = straight(&folder);
    for _ in 0..3 {
        folder.run(&KEPT).ends(0);
        same(&folder, &straight);
    }
    assert_eq!(snapshots(&folder).len(), 3);
}

#[test]
fn two_files_side_by_side_are_gone_on_with() {
    let folder = folder(20_000);
    let all = events(20_000);
    let lines: Vec<&str> = all.lines().collect();
    for (name, of) in [("one.jsonl", 0), ("two.jsonl", 1)] {
        let half = lines.iter().enumerate().filter(|(at, _)| at % 2 == of);
        let half: Vec<&str> = half.map(|(_, line)| *line).collect();
        folder.write(name, half.join("\n"));
    }
    let arguments = |output: &'static str| {
        let inputs = ["run", "rules.muster", "--input", "one.jsonl", "two.jsonl"];
        [&inputs[..], &["--output", output]].concat()
    };
    folder.run(&arguments("straight.jsonl")).ends(0);
    let kept = [
        &arguments("alerts.jsonl")[..],
        &["--state", "state", "--state-every", "5ms"],
    ]
    .concat();
    for wait in [500, 900] {
        let mut child = folder.start(&kept);
        std::thread::sleep(Duration::from_millis(wait));
        child.kill().unwrap();
        child.wait().unwrap();
    }
    folder.run(&kept).ends(0);
    assert!(folder.read("alerts.jsonl") == folder.read("straight.jsonl"));
}

#[test]
fn a_file_that_grew_is_read_on() {
    let folder = folder(1_000);
    folder.run(&KEPT).ends(0);
    let before = folder.read("alerts.jsonl").lines().count();
    folder.write("events.jsonl", events(4_000));
    folder.run(&KEPT).ends(0);
    let alerts = folder.read("alerts.jsonl");
    assert!(alerts.lines().count() > before * 3, "{before}");
    let mut ids: Vec<String> = alerts
        .lines()
        .map(|line| {
            let alert: serde_json::Value = serde_json::from_str(line).unwrap();
            alert["alert_id"].to_string()
        })
        .collect();
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all, "an alert was told twice");
}

#[test]
fn another_file_of_the_same_name_is_read_from_its_beginning_and_that_is_said() {
    let folder = folder(1_000);
    folder.run(&KEPT).ends(0);
    let later = events(1_000).replace("2026-01-05", "2026-02-05");
    folder.write("events.jsonl", later);
    folder
        .run(&KEPT)
        .ends(0)
        .says("is not the file that was read before");
    assert!(folder.read("alerts.jsonl").contains("2026-02-05"));
}

#[test]
fn a_broken_snapshot_gives_way_to_the_one_before_and_that_is_said() {
    let folder = folder(3_000);
    let straight = straight(&folder);
    folder.run(&KEPT).ends(0);
    folder.run(&KEPT).ends(0);
    let newest = snapshots(&folder).pop().unwrap();
    damage(&newest);
    folder
        .run(&KEPT)
        .ends(0)
        .says("cannot be used: bytes are missing or changed");
    same(&folder, &straight);
}

fn damage(path: &std::path::Path) {
    let mut bytes = std::fs::read(path).unwrap();
    let middle = bytes.len() / 2;
    bytes[middle] ^= 4;
    std::fs::write(path, bytes).unwrap();
}

#[test]
fn state_that_is_all_broken_is_never_taken_for_none() {
    let folder = folder(500);
    folder.run(&KEPT).ends(0);
    let alerts = folder.read("alerts.jsonl");
    for snapshot in snapshots(&folder) {
        damage(&snapshot);
    }
    folder
        .run(&KEPT)
        .ends(74)
        .says("none of its snapshots can be read")
        .says("name another one to begin anew");
    assert_eq!(folder.read("alerts.jsonl"), alerts, "nothing is emptied");
}

#[test]
fn state_of_another_version_is_told() {
    let folder = folder(500);
    folder.run(&KEPT).ends(0);
    let newest = snapshots(&folder).pop().unwrap();
    let mut bytes = std::fs::read(&newest).unwrap();
    bytes[8] = 99;
    std::fs::write(&newest, bytes).unwrap();
    folder
        .run(&KEPT)
        .ends(74)
        .says("expected a state of format 1, found format 99")
        .says("run the version that wrote it");
}

#[test]
fn two_processes_do_not_share_a_directory() {
    let folder = folder(100);
    let mut child = folder.start(&["run", "rules.muster", "--state", "state"]);
    let lock = folder.path("state/lock");
    for _ in 0..500 {
        if lock.exists() && std::fs::metadata(&lock).unwrap().len() > 0 {
            break;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
    let process = child.id().to_string();
    folder
        .run(&KEPT)
        .ends(74)
        .says(&format!("process {process} is using it"));
    drop(child.stdin.take());
    assert_eq!(wait(&mut child).code(), Some(0));
    folder.run(&KEPT).ends(0);
}

#[test]
fn a_directory_that_cannot_be_had_is_told_before_anything_is_emptied() {
    let folder = folder(100);
    folder.write("alerts.jsonl", "precious\n");
    let mut arguments = KEPT;
    arguments[9] = "rules.muster/state";
    folder
        .run(&arguments)
        .ends(74)
        .says("cannot use the state in `rules.muster/state`");
    assert_eq!(folder.read("alerts.jsonl"), "precious\n");
}

#[test]
fn an_output_that_was_changed_is_not_gone_on_with() {
    let folder = folder(1_000);
    folder.run(&KEPT).ends(0);
    let alerts = folder.read("alerts.jsonl");
    folder.write("alerts.jsonl", &alerts[..alerts.len() / 2]);
    folder.run(&KEPT).ends(74).says("expected at least");
    folder.write("alerts.jsonl", alerts.replace('u', "v"));
    folder.run(&KEPT).ends(74).says("does not end as it did");
    folder.write("alerts.jsonl", &alerts);
    folder.run(&KEPT).ends(0);
}

#[test]
fn a_changed_rule_begins_anew_and_says_so_and_the_others_go_on() {
    let folder = folder(2_000);
    folder.run(&KEPT).ends(0);
    let edited = RULES
        .replace("within 5m after a", "within 6m after a")
        .replace("\"Fast\"", "\"Very fast\"");
    folder.write("rules.muster", edited);
    let outcome = folder.run(&KEPT).ends(0);
    let outcome = outcome.says("changed, and begins anew: rule `quiet`\n");
    assert!(!outcome.stderr.contains("`fast`, "), "{}", outcome.stderr);
}

#[cfg(unix)]
#[test]
fn a_pipe_is_gone_on_with_after_an_orderly_stop() {
    let folder = folder(0);
    let all = events(6_000);
    let cut = all[..all.len() / 2].rfind('\n').unwrap() + 1;
    let (first, second) = all.split_at(cut);
    let straight = folder.run_with(&["run", "rules.muster"], all.as_bytes());
    let arguments = ["run", "rules.muster", "--state", "state"];
    let mut child = folder.start(&arguments);
    let mut stdin = child.stdin.take().unwrap();
    let mut stdout = child.stdout.take().unwrap();
    let reader = std::thread::Builder::new().spawn(move || {
        let mut text = String::new();
        std::io::Read::read_to_string(&mut stdout, &mut text).unwrap();
        text
    });
    stdin.write_all(first.as_bytes()).unwrap();
    stdin.flush().unwrap();
    // It has read all of it once it has nothing to do.
    std::thread::sleep(Duration::from_millis(3_000));
    terminate(&child);
    assert_eq!(wait(&mut child).code(), Some(0));
    let one = reader.unwrap().join().unwrap();
    let other = folder.run_with(&arguments, second.as_bytes()).ends(0);
    assert!(!one.is_empty() && !other.stdout.is_empty());
    assert!(one + &other.stdout == straight.stdout, "the alerts differ");
}
