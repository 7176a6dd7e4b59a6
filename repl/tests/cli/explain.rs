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
    folder.run(&["run", "travel.muster", "--live"]).ends(2);
}

#[test]
fn reference_pages_tell_what_a_rule_is_fed_by() {
    let folder = Folder::with_travel();
    let pages = folder.run(&["doc", "travel.muster"]);
    for part in [
        "# Rules",
        "| fed by |",
        "# Sources",
        "# Fields",
        "# Functions",
    ] {
        assert!(pages.stdout.contains(part), "{part}");
    }
    let sources = folder.run(&["doc", "--only", "sources"]);
    assert!(sources.stdout.contains("## okta") && !sources.stdout.contains("# Rules"));
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

#[test]
fn a_rule_is_explained_from_its_files() {
    let folder = Folder::with_travel();
    let outcome = folder
        .run(&["explain", "impossible_travel", "travel.muster"])
        .ends(0);
    for part in [
        "rule impossible_travel ",
        "Alerts when",
        "( start )",
        "\nkey  ",
        "\ncost  ",
    ] {
        assert!(
            outcome.stdout.contains(part),
            "no `{part}` in:\n{}",
            outcome.stdout
        );
    }
    assert_eq!(outcome.stderr, "");
    let all = folder.run(&["explain", "travel.muster"]).ends(0);
    assert_eq!(all.stdout, outcome.stdout);
}

#[test]
fn a_rule_of_a_pack_needs_no_file() {
    let outcome = Folder::new().run(&["explain", "impossible_travel"]).ends(0);
    assert!(outcome.stdout.starts_with("rule impossible_travel "));
}

#[test]
fn an_unknown_rule_is_a_usage_error_with_the_nearest_one() {
    let folder = Folder::with_travel();
    folder
        .run(&["explain", "impossible_travl", "travel.muster"])
        .ends(2)
        .says("did you mean `impossible_travel`?");
    folder
        .run(&["explain", "impossible_trvel"])
        .ends(2)
        .says("did you mean `impossible_travel`?");
}

#[test]
fn a_rule_that_does_not_compile_is_not_explained() {
    let folder = Folder::new();
    folder.write(
        "torn.muster",
        "rule torn \"x\" { when login as alert low \"x\" }",
    );
    let outcome = folder.run(&["explain", "torn", "torn.muster"]).ends(78);
    assert_eq!(outcome.stdout, "");
}

#[test]
fn what_a_rule_says_reaches_no_terminal_unescaped() {
    let folder = Folder::new();
    let rule = "rule odd \"t\u{1b}[31m\u{202e}\" { when login where id is \"\u{1b}]0;x\u{7}\" alert low \"x\" }";
    folder.write("odd.muster", rule);
    let outcome = folder.run(&["explain", "odd.muster"]);
    assert!(
        !outcome.stdout.contains(['\u{1b}', '\u{202e}', '\u{7}']),
        "{}",
        outcome.stdout
    );
    assert!(
        !outcome.stderr.contains(['\u{1b}', '\u{202e}', '\u{7}']),
        "{}",
        outcome.stderr
    );
}
