//! `muster check`: what is wrong with rules, and what they became.

use crate::support::{Folder, TRAVEL};

const WRONG: &str =
    "rule one \"One\" {\n  when login where outcom is success\n  alert low \"x\"\n}\nrule two {\n";

#[test]
fn every_mistake_is_shown_with_its_code_and_one_closing_line() {
    let folder = Folder::new();
    folder.write("wrong.muster", WRONG);
    folder.write("travel.muster", TRAVEL);
    let outcome = folder
        .run(&["check", "wrong.muster", "travel.muster"])
        .ends(78);
    assert_eq!(outcome.stdout, "");
    assert!(outcome.stderr.contains("`outcom`"), "{}", outcome.stderr);
    assert!(outcome.stderr.contains("wrong.muster:2:"));
    assert!(
        outcome.stderr.contains("error: 2 errors in 2 files\n"),
        "{}",
        outcome.stderr
    );
    assert_eq!(outcome.stderr.matches("help: `muster explain").count(), 1);
}

#[test]
fn as_json_a_diagnostic_is_a_line() {
    let folder = Folder::new();
    folder.write("wrong.muster", WRONG);
    let outcome = folder.run(&["check", "--json", "wrong.muster"]).ends(78);
    assert_eq!(outcome.stderr, "");
    let lines: Vec<serde_json::Value> = outcome
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(lines.len(), 2);
    for line in &lines {
        let keys: Vec<&str> = line
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect();
        let expected = [
            "code",
            "level",
            "message",
            "file",
            "line",
            "column",
            "end_line",
            "end_column",
            "help",
        ];
        assert_eq!(keys, expected);
        assert_eq!(line["file"], "wrong.muster");
    }
}

#[test]
fn rules_that_compile_are_counted_with_what_they_keep() {
    let folder = Folder::with_travel();
    let outcome = folder.run(&["check", "travel.muster"]).ends(0);
    assert_eq!(outcome.stdout, "");
    let lines: Vec<&str> = outcome.stderr.lines().collect();
    let [rule, note] = *lines else {
        panic!("{}", outcome.stderr);
    };
    // How many bytes depends on the layout of the day.
    assert!(
        rule.starts_with("rule impossible_travel  per identity  keeps a for 15m; ")
            && rule.ends_with("B an event"),
        "{rule}"
    );
    assert_eq!(note, "note: 1 rule and 2 tests in 1 file compile");
    let verbose = folder.run(&["check", "-v", "travel.muster"]).ends(0);
    verbose.says("\n  of a only the newest for each geo, in 15m\n");
    assert_eq!(
        folder.run(&["check", "-q", "travel.muster"]).ends(0).stderr,
        ""
    );
}

#[test]
fn every_stage_prints() {
    let folder = Folder::with_travel();
    for stage in ["ast", "ir", "machine"] {
        let outcome = folder
            .run(&["check", "travel.muster", "--emit", stage])
            .ends(0);
        assert!(
            outcome.stdout.contains("impossible_travel"),
            "{stage}:\n{}",
            outcome.stdout
        );
        assert_eq!(outcome.stderr, "");
    }
}

#[test]
fn rules_come_from_standard_input_too() {
    let folder = Folder::new();
    folder
        .run_with(&["check", "-"], TRAVEL.as_bytes())
        .ends(0)
        .says("1 rule");
    folder
        .run_with(&["check", "-"], WRONG.as_bytes())
        .ends(78)
        .says("<stdin>:2:");
}

#[test]
fn a_user_who_replaces_a_name_of_the_prelude_is_told_only_if_asked() {
    let folder = Folder::new();
    folder.write(
        "own.muster",
        "event login = any where class is auth.login\n",
    );
    let quiet = folder.run(&["check", "own.muster"]).ends(0);
    assert!(!quiet.stderr.contains("prelude"), "{}", quiet.stderr);
    folder
        .run(&["check", "--verbose", "own.muster"])
        .ends(0)
        .says("prelude");
}

#[test]
fn a_param_is_set_by_name() {
    let folder = Folder::new();
    folder.write(
        "fails.muster",
        "param limit = 5 \"how many\"\nrule fails \"Failures\" {\n  when limit+ login_failed as f\n  within 5m\n  where identity same\n  alert low \"{identity}\"\n}\n",
    );
    folder
        .run(&["check", "fails.muster", "--set", "limit=9"])
        .ends(0);
    folder
        .run(&["check", "fails.muster", "--set", "limt=9"])
        .ends(78)
        .says("limt");
}

#[test]
fn every_pack_compiles_and_its_tests_hold() {
    let folder = Folder::new();
    folder.run(&["check", "std:zero_trust"]).ends(0);
    folder.run(&["test", "std:zero_trust"]).ends(0);
}
