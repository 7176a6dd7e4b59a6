//! "Groups": maximal, last, followed, local windows, `different`, aggregates.

use super::timeline::alerts;

const FIVE: &str = "rule r { when 5+ ev_a as f within 10m where identity same alert low \"t\" }";
const THEN: &str =
    "rule r { when 2+ ev_a as f then ev_b as s within 10s where identity same alert low \"t\" }";

#[test]
fn five_alert_at_the_fifth_tenth_and_fifteenth() {
    // t: A each second, fifteen times
    let timeline: String = (0..15).map(|second| format!("{second}s A ")).collect();
    assert_eq!(
        alerts(FIVE, &timeline),
        [
            "4s f:A1 f:A2 f:A3 f:A4 f:A5",
            "9s f:A6 f:A7 f:A8 f:A9 f:A10",
            "14s f:A11 f:A12 f:A13 f:A14 f:A15",
        ]
    );
}

#[test]
fn a_last_group_is_tried_at_each_of_its_events() {
    // t: 0s A   1s A   2s A   (2+, keep)
    let rule =
        "rule r { when 2+ ev_a as f within 10s where identity same on match keep alert low \"t\" }";
    assert_eq!(
        alerts(rule, "0s A 1s A 2s A"),
        ["1s f:A1 f:A2", "2s f:A1 f:A2 f:A3"]
    );
}

#[test]
fn the_window_of_a_last_group_ends_at_its_event() {
    // t: 0s A   10s A   20.001s A   (2+ within 10s)
    let rule =
        "rule r { when 2+ ev_a as f within 10s where identity same on match keep alert low \"t\" }";
    assert_eq!(alerts(rule, "0s A 10s A 20001ms A"), ["10s f:A1 f:A2"]);
}

#[test]
fn a_group_before_a_step_holds_all_its_events() {
    // t: 0s A   1s A   2s A   3s B
    assert_eq!(
        alerts(THEN, "0s A 1s A 2s A 3s B"),
        ["3s f:A1 f:A2 f:A3 s:B1"]
    );
}

#[test]
fn a_group_before_a_step_is_cut_by_the_window() {
    // t: 0s A   1s A   5s A   11s B   (within 10s)
    assert_eq!(alerts(THEN, "0s A 1s A 5s A 11s B"), ["11s f:A2 f:A3 s:B1"]);
}

#[test]
fn a_group_after_a_step_lies_behind_it() {
    // t: 0s B   1s A   2s B   3s B   4s B
    let rule = "rule r { when ev_a as a then 2+ ev_b as f within 10s where identity same alert low \"t\" }";
    assert_eq!(
        alerts(rule, "0s B 1s A 2s B 3s B 4s B"),
        ["3s a:A1 f:B2 f:B3"]
    );
}

#[test]
fn a_group_after_a_step_prefers_the_latest_first_step_that_holds() {
    // t: 0s A   1s B   2s A   3s B   4s B
    let rule = "rule r { when ev_a as a then 2+ ev_b as f within 10s where identity same alert low \"t\" }";
    assert_eq!(
        alerts(rule, "0s A 1s B 2s A 3s B 4s B"),
        ["3s a:A1 f:B1 f:B2"]
    );
}

#[test]
fn the_gap_before_a_group_bounds_each_of_its_events() {
    // t: 0s A   4s B   5s B   6s B   (then within 5s)
    let rule = "rule r { when ev_a as a then within 5s 2+ ev_b as f where identity same on match keep alert low \"t\" }";
    assert_eq!(alerts(rule, "0s A 4s B 5s B 6s B"), ["5s a:A1 f:B1 f:B2"]);
}

#[test]
fn the_gap_behind_a_group_counts_from_its_last_event() {
    // t: 0s A   4s A   6s B and 0s A   4s A   6.001s B   (then within 2s)
    let rule = "rule r { when 2+ ev_a as f then within 2s ev_b as s within 10s where identity same alert low \"t\" }";
    assert_eq!(alerts(rule, "0s A 4s A 6s B"), ["6s f:A1 f:A2 s:B1"]);
    assert!(alerts(rule, "0s A 4s A 6001ms B").is_empty());
}

#[test]
fn a_local_window_ends_at_the_groups_last_event() {
    // t: 0s A   3s A   10s B   (3 s apart, B much later)
    let rule = "rule r { when (2+ ev_a as f within 5s) then within 10s ev_b as s where identity same alert low \"t\" }";
    assert_eq!(alerts(rule, "0s A 3s A 10s B"), ["10s f:A1 f:A2 s:B1"]);
    assert!(alerts(rule, "0s A 6s A 10s B").is_empty());
}

#[test]
fn a_group_holds_no_event_that_a_plain_step_binds() {
    // t: 0s A   1s A   (1+ any of A or B, then A)
    let rule = "rule r { when ev_a as a then 1+ ev_ab as f then ev_b as s within 10s where identity same alert low \"t\" }";
    assert!(alerts(rule, "0s A 1s B").is_empty());
    assert_eq!(alerts(rule, "0s A 1s A 2s B"), ["2s a:A1 f:A2 s:B1"]);
}

#[test]
fn different_counts_values_and_ignores_case() {
    // t: 0s A(d1)   1s A(D1)   2s A(d2)
    let rule = "rule r { when 2+ different device.id in ev_a as f within 10s where identity same alert low \"t\" }";
    let timeline = "0s A device.id=d1  1s A device.id=D1  2s A device.id=d2";
    assert_eq!(alerts(rule, timeline), ["2s f:A1 f:A2 f:A3"]);
}

#[test]
fn different_takes_no_event_without_the_value() {
    // t: 0s A   1s A(d1)   2s A(d2)
    let rule = "rule r { when 2+ different device.id in ev_a as f within 10s where identity same alert low \"t\" }";
    assert_eq!(
        alerts(rule, "0s A  1s A device.id=d1  2s A device.id=d2"),
        ["2s f:A2 f:A3"]
    );
}

#[test]
fn different_counts_each_value_of_a_list() {
    let rule = "rule r { when 3+ different actor.groups in ev_a as f within 10s where identity same alert low \"t\" }";
    let timeline = "0s A actor.groups=g1,g2  1s A actor.groups=G2,g3";
    assert_eq!(alerts(rule, timeline), ["1s f:A1 f:A2"]);
}

#[test]
fn an_aggregate_compares_its_value() {
    // t: 0s A(600)   1s A(500)   (sum > 1KB)
    let rule = "rule r { when sum of bytes.down in ev_a as f > 1KB within 10s where identity same alert low \"t\" }";
    assert_eq!(
        alerts(rule, "0s A bytes.down=600  1s A bytes.down=500"),
        ["1s f:A1 f:A2"]
    );
    assert!(alerts(rule, "0s A bytes.down=500  1s A bytes.down=500").is_empty());
}

#[test]
fn a_groups_where_chooses_members() {
    // t: 0s A(failure)   1s A(success)   2s A(failure)
    let rule = "rule r { when 2+ ev_a as f where outcome is failure within 10s where identity same alert low \"t\" }";
    let timeline = "0s A outcome=failure  1s A outcome=success  2s A outcome=failure";
    assert_eq!(alerts(rule, timeline), ["2s f:A1 f:A3"]);
}

#[test]
fn a_condition_with_the_groups_functions_is_the_groups() {
    // t: 0s A(d1)   1s A(d1)   2s A(d2)   (2+, two devices)
    let rule = "rule r { when 2+ ev_a as f where distinct(f.device.id) > 1 within 10s where identity same alert low \"t\" }";
    let timeline = "0s A device.id=d1  1s A device.id=d1  2s A device.id=d2";
    assert_eq!(alerts(rule, timeline), ["2s f:A1 f:A2 f:A3"]);
}

#[test]
fn in_the_rule_of_one_group_bare_names_choose_members() {
    let rule = "rule r { when 2+ ev_a as f within 10s where identity same where outcome is failure and count(f) >= 2 alert low \"t\" }";
    let timeline = "0s A outcome=failure  1s A outcome=success  2s A outcome=failure";
    assert_eq!(alerts(rule, timeline), ["2s f:A1 f:A3"]);
}

#[test]
fn a_group_starts_anew_after_a_match() {
    // t: 0s A   1s A   2s B   3s A   4s B   (2+ A then B)
    assert_eq!(
        alerts(THEN, "0s A 1s A 2s B 3s A 4s B"),
        ["2s f:A1 f:A2 s:B1"]
    );
}

#[test]
fn between_two_steps_a_group_lies_between_them() {
    // t: 0s B   1s A   2s B   3s B   4s C
    let rule = "rule r { when ev_a as a then 2+ ev_b as f then ev_c as c within 10s where identity same alert low \"t\" }";
    assert_eq!(
        alerts(rule, "0s B 1s A 2s B 3s B 4s C"),
        ["4s a:A1 f:B2 f:B3 c:C1"]
    );
}

#[test]
fn same_ranges_over_the_members_of_a_group() {
    // t: 0s A(u1)   1s A(u2)   2s A(u1)
    let rule = "rule r { when 2+ ev_a as f within 10s where identity same alert low \"t\" }";
    assert_eq!(
        alerts(rule, "0s A  1s A identity=u2  2s A"),
        ["2s f:A1 f:A3"]
    );
}
