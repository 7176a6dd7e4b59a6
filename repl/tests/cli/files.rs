//! Files that are not there, not readable, or not what they are taken for.

use crate::support::{Folder, TRAVEL};

#[test]
fn rules_that_are_not_there_are_an_input_error_that_says_what_rules_are() {
    let folder = Folder::new();
    for command in ["run", "check", "test", "fmt"] {
        let outcome = folder.run(&[command, "nowhere"]).ends(74);
        assert!(
            outcome
                .stderr
                .contains("cannot read `nowhere`: there is no such file")
        );
        assert!(
            outcome
                .stderr
                .contains("help: RULES are files, directories")
        );
    }
}

#[test]
fn an_empty_directory_holds_no_rules() {
    let folder = Folder::new();
    folder.write("rules/readme.txt", "nothing");
    folder
        .run(&["check", "rules"])
        .ends(78)
        .says("there are no rules in `rules`");
}

#[test]
fn a_directory_is_searched_and_a_file_named_twice_is_one() {
    let folder = Folder::new();
    folder.write("rules/deep/travel.muster", TRAVEL);
    folder.write("rules/.hidden/wrong.muster", "rule {");
    folder.write("rules/notes.txt", "rule {");
    folder
        .run(&["check", "rules", "rules/deep/travel.muster"])
        .ends(0)
        .says("1 rule and 2 tests in 1 file");
}

#[test]
fn an_unknown_pack_lists_the_packs() {
    let folder = Folder::new();
    folder
        .run(&["check", "std:zero_trst"])
        .ends(2)
        .says("did you mean `std:zero_trust`?");
    folder
        .run(&["check", "std:"])
        .ends(2)
        .says("the packs are `std:");
    folder
        .run(&["check", "zero_trust"])
        .ends(74)
        .says("`std:zero_trust`");
}

#[test]
fn a_used_pack_that_is_not_there_is_an_error_at_its_place() {
    let folder = Folder::new();
    folder.write("rules.muster", "use std.zero_trst\n");
    let outcome = folder.run(&["check", "rules.muster"]).ends(78);
    assert!(
        outcome.stderr.contains("there is no pack `std.zero_trst`"),
        "{}",
        outcome.stderr
    );
    assert!(outcome.stderr.contains("did you mean `std.zero_trust`?"));
    assert!(outcome.stderr.contains("rules.muster:1:"));
}

#[test]
fn what_is_no_rule_text_is_told_apart() {
    let folder = Folder::new();
    folder.write("binary.muster", b"rule\0\x01");
    folder.write("latin.muster", b"# one\n# \xe9\n");
    folder.write("packed.muster", b"\x1f\x8b\x08\0");
    folder.write("events.jsonl", "{\"a\": 1}\n");
    for (name, words) in [
        ("binary.muster", "is a binary file"),
        ("latin.muster", "is not UTF-8: see line 2"),
        ("packed.muster", "is compressed"),
        ("events.jsonl", "holds JSON, not rules"),
    ] {
        folder.run(&["check", name]).ends(78).says(words);
    }
    folder
        .run(&["run", "events.jsonl"])
        .ends(78)
        .says("`--input events.jsonl`");
}

#[test]
fn all_mistakes_in_names_are_told_at_once() {
    let folder = Folder::new();
    folder
        .run(&["check", "one", "two"])
        .ends(74)
        .says("`one`")
        .says("`two`");
}

#[test]
fn inputs_that_cannot_be_read_are_told_before_anything_runs() {
    let folder = Folder::with_travel();
    folder.write("logs/a.jsonl", "");
    let outcome = folder
        .run(&["run", "travel.muster", "--input", "logs", "none.jsonl"])
        .ends(74);
    assert!(
        outcome
            .stderr
            .contains("cannot read `logs`: it is a directory")
    );
    assert!(outcome.stderr.contains("`--input logs/*`"));
    assert!(
        outcome
            .stderr
            .contains("cannot read `none.jsonl`: there is no such file")
    );
    assert!(!outcome.stderr.contains("evaluated"));
}

#[test]
fn standard_input_is_read_only_once() {
    let folder = Folder::with_travel();
    folder.run(&["run", "-"]).ends(2).says("only once");
    folder
        .run(&["run", "travel.muster", "--input", "-", "-"])
        .ends(2)
        .says("only once");
}

#[test]
fn an_output_is_not_one_of_the_inputs() {
    let folder = Folder::with_travel();
    let before = folder.read("events.jsonl");
    folder
        .run(&[
            "run",
            "travel.muster",
            "--input",
            "events.jsonl",
            "--output",
            "./events.jsonl",
        ])
        .ends(2)
        .says("cannot be written too");
    assert_eq!(folder.read("events.jsonl"), before);
}

#[test]
fn outputs_do_not_mix() {
    let folder = Folder::with_travel();
    let arguments = ["run", "travel.muster", "--input", "events.jsonl"];
    let run = |more: &[&str]| folder.run(&[&arguments[..], more].concat());
    run(&["--dead-letter", "-"])
        .ends(2)
        .says("cannot go to standard output");
    run(&["--late", "x", "--dead-letter", "x"])
        .ends(2)
        .says("name the same file");
    run(&["--output", "travel.muster"])
        .ends(2)
        .says("cannot be written too");
    let outcome = run(&["--output", "-", "--dead-letter", "/dev/stderr"]).ends(0);
    assert_eq!(outcome.alerts().len(), 1);
    assert!(outcome.stderr.contains("\"record\":\"this is not JSON\""));
}

#[test]
fn an_output_that_cannot_be_written_is_an_io_error() {
    let folder = Folder::with_travel();
    folder
        .run(&[
            "run",
            "travel.muster",
            "--input",
            "events.jsonl",
            "--output",
            "no/such/place",
        ])
        .ends(74)
        .says("cannot write to `no/such/place`");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_an_io_error() {
    let folder = Folder::with_travel();
    for option in ["--output", "--dead-letter"] {
        folder
            .run(&[
                "run",
                "travel.muster",
                "--input",
                "events.jsonl",
                option,
                "/dev/full",
            ])
            .ends(74)
            .says("no space left");
    }
}

#[test]
fn a_table_that_is_not_there_names_its_path() {
    let folder = Folder::new();
    folder.write(
        "rules/t.muster",
        "table owners from \"owners.csv\" key id\n",
    );
    folder
        .run(&["check", "rules"])
        .ends(78)
        .says("rules/owners.csv");
}
