//! `muster explain`, and what the command line says of itself.

use crate::support::Folder;

#[test]
fn muster_alone_shows_a_short_help_with_two_examples() {
    let outcome = Folder::new().run(&[]).ends(2);
    assert_eq!(outcome.stdout, "");
    for word in [
        "run ",
        "check ",
        "test ",
        "fmt ",
        "map ",
        "explain ",
        "Examples:\n  muster run",
    ] {
        assert!(
            outcome.stderr.contains(word),
            "no `{word}` in:\n{}",
            outcome.stderr
        );
    }
    assert!(outcome.stderr.lines().count() < 30);
}

#[test]
fn help_goes_to_standard_output_and_is_fine() {
    for arguments in [
        &["--help"][..],
        &["run", "--help"],
        &["fmt", "-h"],
        &["--version"],
    ] {
        let outcome = Folder::new().run(arguments).ends(0);
        assert!(!outcome.stdout.is_empty() && outcome.stderr.is_empty());
    }
}

#[test]
fn what_a_later_version_will_do_is_refused_not_ignored() {
    let folder = Folder::with_travel();
    for option in [
        &["--state", "x"][..],
        &["--live"],
        &["--threads", "2"],
        &["--format", "ocsf"],
        &["--format", "ecs"],
    ] {
        let arguments = [&["run", "travel.muster"], option].concat();
        folder.run(&arguments).ends(2);
    }
    folder.run(&["repl"]).ends(2);
    folder.run(&["doc"]).ends(2);
}

#[test]
fn a_wrong_option_value_says_what_is_expected() {
    let folder = Folder::with_travel();
    folder
        .run(&["run", "travel.muster", "--lateness", "5"])
        .ends(2)
        .says("such as `30s`");
    folder
        .run(&["run", "travel.muster", "--fail-on", "awful"])
        .ends(2)
        .says("`critical`");
    folder
        .run(&["run", "travel.muster", "--set", "x"])
        .ends(2)
        .says("NAME=VALUE");
}

#[test]
fn the_page_of_a_code_is_plain_text() {
    let outcome = Folder::new().run(&["explain", "m0101"]).ends(0);
    assert!(outcome.stdout.starts_with("M0101: "));
    assert!(outcome.stdout.contains("    rule "));
    assert!(!outcome.stdout.contains("```") && !outcome.stdout.contains('\u{1b}'));
}

#[test]
fn without_a_code_all_are_listed() {
    let outcome = Folder::new().run(&["explain"]).ends(0);
    assert!(
        outcome
            .stdout
            .lines()
            .any(|line| line.starts_with("M0101  "))
    );
}

#[test]
fn an_unknown_code_is_a_usage_error_with_the_nearest_one() {
    Folder::new()
        .run(&["explain", "M01O1"])
        .ends(2)
        .says("did you mean `M0101`?");
}
