//! `muster test`.

use crate::support::{Folder, TRAVEL};

#[test]
fn tests_that_hold_are_listed_as_test_runners_list_them() {
    let folder = Folder::with_travel();
    let outcome = folder.run(&["test", "travel.muster"]).ends(0);
    assert_eq!(
        outcome.stdout,
        "running 2 tests\n\
         test impossible_travel::\"Madrid, then Tokyo\" ... ok\n\
         test impossible_travel::\"two people\" ... ok\n\
         \n\
         2 passed, 0 failed\n"
    );
    assert_eq!(outcome.stderr, "");
}

#[test]
fn the_folder_at_hand_is_tested_where_none_is_named() {
    let folder = Folder::with_travel();
    let outcome = folder.run(&["test"]).ends(0);
    assert!(outcome.stdout.ends_with("\n2 passed, 0 failed\n"));
}

#[test]
fn a_test_that_fails_shows_what_happened_when() {
    let folder = Folder::new();
    folder.write(
        "travel.muster",
        TRAVEL.replace("expect no alert", "expect 1 alert"),
    );
    let outcome = folder.run(&["test", "travel.muster"]).ends(1);
    insta::assert_snapshot!(outcome.stdout);
}

#[test]
fn no_tests_are_told() {
    let folder = Folder::new();
    folder.write("rules.muster", TRAVEL.split("test ").next().unwrap());
    let outcome = folder
        .run(&["test", "rules.muster"])
        .ends(0)
        .says("there are no tests");
    assert!(outcome.stdout.ends_with("\n0 passed, 0 failed\n"));
}

#[test]
fn tests_of_rules_that_do_not_compile_do_not_run() {
    let folder = Folder::new();
    folder.write("rules.muster", "rule one {");
    assert_eq!(folder.run(&["test", "rules.muster"]).ends(78).stdout, "");
}
