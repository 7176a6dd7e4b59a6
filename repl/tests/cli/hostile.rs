//! Bytes that would take over a terminal: in logs, in rules, in names of files.

use crate::support::{Folder, Outcome, TRAVEL};

/// Blinking, a new title for the window, a right-to-left override, and a C1 control.
const ATTACK: &str = "\u{1b}[5m\u{1b}]0;owned\u{7}\u{202e}\u{9b}x\u{200b}";

/// Asserts that nothing on either stream is obeyed by a terminal, but for our own colors.
#[track_caller]
fn assert_harmless(outcome: &Outcome) {
    for text in [&outcome.stdout, &outcome.stderr] {
        let text = without_our_colors(text);
        let bad = |c: char| {
            (c.is_control() && c != '\n')
                || matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(!text.contains(bad), "{text:?}");
    }
}

fn without_our_colors(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("\u{1b}[") {
        out.push_str(before);
        let end = after
            .find(|c: char| !c.is_ascii_digit() && c != ';')
            .unwrap_or(after.len());
        let (codes, tail) = after.split_at(end);
        // What a log brought blinks: nothing of ours does.
        if !tail.starts_with('m') || codes == "5" {
            out.push('\u{1b}');
        }
        rest = tail.strip_prefix('m').unwrap_or(tail);
    }
    out + rest
}

fn hostile_events() -> String {
    let event = |time: &str, lat: f64, lon: f64| {
        serde_json::json!({
            "class": "auth.login", "outcome": "success", "time": time, "id": format!("{time}{ATTACK}"),
            "identity": ATTACK, "geo": {"lat": lat, "lon": lon, "city": ATTACK},
        })
    };
    format!(
        "{}\n{ATTACK} is not JSON\n{}\n",
        event("2026-03-15T09:00:00Z", 40.42, -3.7),
        event("2026-03-15T09:15:00Z", 35.68, 139.69)
    )
}

#[test]
fn events_never_reach_a_terminal_raw() {
    let folder = Folder::with_travel();
    let events = hostile_events();
    for format in ["json", "text"] {
        for color in ["never", "always"] {
            let arguments = ["run", "travel.muster", "--format", format, "--color", color];
            let outcome = folder.run_with(&arguments, events.as_bytes()).ends(0);
            assert!(outcome.stdout.contains("mpossible"), "there is an alert");
            assert_harmless(&outcome);
        }
    }
    let arguments = [
        "run",
        "travel.muster",
        "--dead-letter",
        "dead.jsonl",
        "--late",
        "late.jsonl",
    ];
    folder.run_with(&arguments, events.as_bytes()).ends(0);
    assert!(!folder.read("dead.jsonl").contains('\u{1b}'));
}

#[test]
fn mapped_events_never_reach_a_terminal_raw() {
    let folder = Folder::new();
    let events = hostile_events();
    assert_harmless(&folder.run_with(&["map"], events.as_bytes()).ends(0));
    for color in ["never", "always"] {
        let arguments = ["map", "--explain", "--color", color];
        assert_harmless(&folder.run_with(&arguments, events.as_bytes()).ends(0));
    }
}

#[test]
fn rules_never_reach_a_terminal_raw() {
    let folder = Folder::new();
    let rules = [
        format!("rule one {ATTACK} {{"),
        format!(
            "# {ATTACK}\nrule one \"{ATTACK}\" {{ when logn where outcome is \"{ATTACK}\" alert low \"{ATTACK}\" }}"
        ),
        format!("list l = [\"{ATTACK}\"] {ATTACK}"),
        format!("table t from \"{ATTACK}.csv\" key id\n"),
        format!("use std.zero_trust\n`{ATTACK}`"),
        TRAVEL
            .replace("two people", ATTACK)
            .replace("\"bo\"", &format!("\"{ATTACK}\""))
            .replace("no alert", "2 alerts"),
    ];
    for text in rules {
        folder.write("rules.muster", &text);
        for command in [
            &["check", "rules.muster"][..],
            &["check", "--json", "rules.muster"],
            &["test", "rules.muster"],
            &["run", "rules.muster"],
            &["fmt", "--check", "rules.muster"],
            &["fmt", "--diff", "rules.muster"],
        ] {
            for color in ["never", "always"] {
                let outcome = folder.run(&[command, &["--color", color]].concat());
                assert_harmless(&outcome);
            }
        }
    }
}

#[cfg(unix)]
#[test]
fn names_of_files_never_reach_a_terminal_raw() {
    let folder = Folder::with_travel();
    let name = format!("a{ATTACK}.muster");
    folder.write(&name, "rule one {");
    folder.write(&format!("d{ATTACK}/x.txt"), "");
    folder.write(&format!("e{ATTACK}.gz"), b"\x1f\x8b\x08\0broken");
    let directory = format!("d{ATTACK}");
    let packed = format!("e{ATTACK}.gz");
    let missing = format!("m{ATTACK}");
    let pack = format!("std:{ATTACK}");
    for arguments in [
        &["check", &name][..],
        &["check", &missing],
        &["check", &directory],
        &["check", &pack],
        &["check", &packed],
        &["check", "--json", &name],
        &["test", &name],
        &["fmt", &name],
        &["fmt", "--check", &name],
        &["run", "travel.muster", "--input", &missing],
        &["run", "travel.muster", "--input", &directory],
        &["run", "travel.muster", "--input", &packed],
        &["run", "travel.muster", "--output", &format!("{missing}/x")],
        &["run", "travel.muster", "--source", &missing],
        &["map", "--explain", "--input", &packed],
        &["explain", &missing],
        &["run", "travel.muster", "--fail-on", &missing],
        &[&missing],
    ] {
        assert_harmless(&folder.run(arguments));
    }
}

#[test]
fn of_thousands_of_mistakes_on_one_line_some_are_drawn_and_all_are_counted() {
    let folder = Folder::new();
    let tests: Vec<String> = (0..5_000).map(|at| format!("x{at}.y is \"z\"")).collect();
    folder.write(
        "wide.muster",
        format!("event e = any where {}\n", tests.join(" and ")),
    );
    let outcome = folder.run(&["check", "wide.muster"]).ends(78);
    assert!(
        outcome.stderr.len() < 100_000,
        "{} bytes",
        outcome.stderr.len()
    );
    outcome.says("and 4900 more, which are not shown");
    let outcome = folder.run(&["check", "--json", "wide.muster"]).ends(78);
    assert_eq!(outcome.stdout.lines().count(), 5_000);
}
