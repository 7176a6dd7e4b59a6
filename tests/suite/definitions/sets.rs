//! `all of` and `N of`, and local windows of sequences.

use super::timeline::alerts;

const ALL: &str =
    "rule r { when all of (ev_a as a, ev_b as b) within 10s where identity same alert low \"t\" }";

#[test]
fn all_of_takes_any_order() {
    assert_eq!(alerts(ALL, "0s A 1s B"), ["1s a:A1 b:B1"]);
    assert_eq!(alerts(ALL, "0s B 1s A"), ["1s a:A1 b:B1"]);
}

#[test]
fn any_member_of_a_last_all_of_completes_it() {
    // t: 0s A   1s B   2s B   3s A: restart at 1s, then B1 B2 with A2
    assert_eq!(
        alerts(ALL, "0s A 1s B 2s B 3s A"),
        ["1s a:A1 b:B1", "3s a:A2 b:B2"]
    );
}

#[test]
fn the_events_of_all_of_are_distinct() {
    // t: 0s A   (A, and A or B)
    let rule = "rule r { when all of (ev_a as a, ev_ab as b) within 10s where identity same alert low \"t\" }";
    assert!(alerts(rule, "0s A").is_empty());
    assert_eq!(alerts(rule, "0s A 1s A"), ["1s a:A1 b:A2"]);
}

#[test]
fn all_of_counts_by_its_events_in_ascending_order() {
    // t: 0s A   1s B   2s A   3s C: A2 is later than A1, so B1 A2 C1
    let rule = "rule r { when all of (ev_a as a, ev_b as b, ev_c as c) within 10s where identity same alert low \"t\" }";
    assert_eq!(alerts(rule, "0s A 1s B 2s A 3s C"), ["3s a:A2 b:B1 c:C1"]);
}

#[test]
fn n_of_binds_exactly_n_steps() {
    // t: 0s A   1s C
    let rule = "rule r { when 2 of (ev_a as a, ev_b as b, ev_c as c) within 10s where identity same alert low \"t\" }";
    assert_eq!(alerts(rule, "0s A 1s C"), ["1s a:A1 c:C1"]);
    assert_eq!(
        alerts(rule, "0s A 1s B 2s C"),
        ["1s a:A1 b:B1", "2s b:B1 c:C1"]
    );
}

#[test]
fn all_of_before_a_step() {
    // t: 0s B   1s A   2s C
    let rule = "rule r { when all of (ev_a as a, ev_b as b) then ev_c as c within 10s where identity same alert low \"t\" }";
    assert_eq!(alerts(rule, "0s B 1s A 2s C"), ["2s a:A1 b:B1 c:C1"]);
    assert!(alerts(rule, "0s B 1s C 2s A").is_empty());
}

#[test]
fn all_of_after_a_step() {
    // t: 0s C   1s A   2s B   (C then all of A, B)
    let rule = "rule r { when ev_c as c then all of (ev_a as a, ev_b as b) within 10s where identity same alert low \"t\" }";
    assert_eq!(alerts(rule, "0s C 1s A 2s B"), ["2s c:C1 a:A1 b:B1"]);
    assert!(alerts(rule, "0s A 1s C 2s B").is_empty());
}

#[test]
fn a_group_in_all_of_holds_all_in_the_window() {
    // t: 0s A   1s A   2s B
    let rule = "rule r { when all of (2+ ev_a as f, ev_b as b) within 10s where identity same alert low \"t\" }";
    assert_eq!(alerts(rule, "0s A 1s A 2s B"), ["2s f:A1 f:A2 b:B1"]);
    assert_eq!(alerts(rule, "0s B 1s A 2s A"), ["2s f:A1 f:A2 b:B1"]);
}

#[test]
fn of_two_groups_the_first_written_takes_the_event() {
    // t: 0s A   1s A   2s B: f takes A1 A2, g is left with B1
    let rule = "rule r { when all of (1+ ev_a as f, 1+ ev_ab as g) within 10s where identity same on match keep alert low \"t\" }";
    assert_eq!(alerts(rule, "0s A 1s A 2s B"), ["2s f:A1 f:A2 g:B1"]);
}

#[test]
fn a_local_window_bounds_its_part() {
    // t: 0s A   8s B   9s C and 0s A   7s B   9s C   (B then C within 1s)
    let rule = "rule r { when ev_a as a then (ev_b as b then ev_c as c within 1s) within 10s where identity same alert low \"t\" }";
    assert_eq!(alerts(rule, "0s A 8s B 9s C"), ["9s a:A1 b:B1 c:C1"]);
    assert!(alerts(rule, "0s A 7s B 9s C").is_empty());
}

#[test]
fn a_local_window_of_a_group_inside_all_of() {
    // t: 0s A   2s A   9s B and 0s A   3s A   9s B   (two A within 2s)
    let rule = "rule r { when all of ((2+ ev_a as f within 2s), ev_b as b) within 10s where identity same alert low \"t\" }";
    assert_eq!(alerts(rule, "0s A 2s A 9s B"), ["9s f:A1 f:A2 b:B1"]);
    assert!(alerts(rule, "0s A 3s A 9s B").is_empty());
}
