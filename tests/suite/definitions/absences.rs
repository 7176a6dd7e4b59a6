//! "Absence": every interval, deadlines, pending.

use super::timeline::{alerts, outcome, pending};
use muster_tests::reference::EndOfInput;

const AFTER: &str =
    "rule r { when ev_a as a without ev_b within 10s after a where identity same alert low \"t\" }";
const BEFORE: &str = "rule r { when ev_a as a without ev_b within 10s before a where identity same alert low \"t\" }";
const BETWEEN: &str = "rule r { when ev_a as a then ev_c as c within 1m without ev_b between a and c where identity same alert low \"t\" }";

#[test]
fn after_is_told_at_its_deadline() {
    // t: 0s A   11s D
    assert_eq!(alerts(AFTER, "0s A 11s D"), ["10s a:A1"]);
}

#[test]
fn after_is_broken_up_to_its_edge() {
    // t: 0s A   10s B   11s D and 0s A   10.001s B
    assert!(alerts(AFTER, "0s A 10s B 11s D").is_empty());
    assert_eq!(alerts(AFTER, "0s A 10001ms B"), ["10s a:A1"]);
}

#[test]
fn an_open_deadline_at_the_end_is_pending() {
    // t: 0s A   10s D: the watermark is not greater than the deadline
    assert!(alerts(AFTER, "0s A 10s D").is_empty());
    assert_eq!(pending(AFTER, "0s A 10s D"), ["until 10s"]);
    assert!(pending(AFTER, "0s A 10001ms D").is_empty());
}

#[test]
fn eof_final_tells_what_is_open() {
    let outcome = outcome(AFTER, "0s A", EndOfInput::Final);
    assert_eq!((outcome.alerts.len(), outcome.pending.len()), (1, 0));
}

#[test]
fn before_looks_back_and_includes_the_edge() {
    // t: 0s B   10s A and 0s B   10.001s A
    assert!(alerts(BEFORE, "0s B 10s A").is_empty());
    assert_eq!(alerts(BEFORE, "0s B 10001ms A"), ["10001ms a:A1"]);
}

#[test]
fn before_a_young_stream_is_not_complete() {
    // t: 0s D   5s A and 0s D   10s A
    let complete = |timeline: &str| {
        outcome(BEFORE, timeline, EndOfInput::Pending)
            .alerts
            .iter()
            .all(|alert| alert.complete)
    };
    assert!(!complete("0s D 5s A"));
    assert!(complete("0s D 10s A"));
}

#[test]
fn before_at_the_same_instant_goes_by_order() {
    // t: 0s A B: B is not before A
    assert_eq!(alerts(BEFORE, "0s A 0s B"), ["0s a:A1"]);
    assert!(alerts(BEFORE, "0s B 0s A").is_empty());
}

#[test]
fn between_is_strict_at_both_ends() {
    // t: 0s A   1s B   2s C
    assert!(alerts(BETWEEN, "0s A 1s B 2s C").is_empty());
    assert_eq!(alerts(BETWEEN, "0s B 1s A 2s C 3s B"), ["2s a:A1 c:C1"]);
}

#[test]
fn an_absence_that_breaks_one_chain_leaves_another() {
    // t: 0s A   1s B   2s A   3s C and 0s A   1s A   2s B ... no chain is left
    assert_eq!(alerts(BETWEEN, "0s A 1s B 2s A 3s C"), ["3s a:A2 c:C1"]);
    assert!(alerts(BETWEEN, "0s A 1s A 2s B 3s C").is_empty());
}

#[test]
fn before_or_after_is_broken_by_either() {
    let rule = "rule r { when ev_a as a without ev_b within 5s before a or 5s after a where identity same alert low \"t\" }";
    assert!(alerts(rule, "0s B 5s A 11s D").is_empty());
    assert!(alerts(rule, "0s A 5s B 11s D").is_empty());
    assert_eq!(alerts(rule, "0s B 6s A 12s B 13s D"), ["11s a:A1"]);
}

#[test]
fn after_a_first_step_is_judged_when_the_match_completes() {
    // t: 0s A   1s B   2s C: broken by an event before the completing one
    let rule = "rule r { when ev_a as a then ev_c as c within 1m without ev_b within 5s after a where identity same alert low \"t\" }";
    assert!(alerts(rule, "0s A 1s B 2s C 10s D").is_empty());
    assert_eq!(alerts(rule, "0s A 6s C"), ["6s a:A1 c:C1"]);
    assert_eq!(alerts(rule, "0s A 2s C 10s D"), ["5s a:A1 c:C1"]);
}

#[test]
fn the_chosen_match_waits_and_no_other_takes_its_place() {
    // t: 0s A   1s A   2s C   7s B   (without B within 6s after a): a is A2, open until 7s
    let rule = "rule r { when ev_a as a then ev_c as c within 1m without ev_b within 6s after a where identity same alert low \"t\" }";
    assert!(alerts(rule, "0s A 1s A 2s C 7s B 20s D").is_empty());
}

#[test]
fn a_broken_match_restarts_all_the_same() {
    // t: 0s A   1s C   2s B   3s C: the match at 1s is broken at 2s, A is gone at 3s
    let rule = "rule r { when ev_a as a then ev_c as c within 1m without ev_b within 5s after c where identity same alert low \"t\" }";
    assert!(alerts(rule, "0s A 1s C 2s B 3s C 20s D").is_empty());
}

#[test]
fn the_same_key_holds_for_q() {
    // t: 0s A(u1)   1s B(u2)   11s D
    assert_eq!(alerts(AFTER, "0s A  1s B identity=u2  11s D"), ["10s a:A1"]);
    assert_eq!(alerts(AFTER, "0s A  1s B -identity  11s D"), ["10s a:A1"]);
}

#[test]
fn a_q_whose_condition_is_unknown_breaks_nothing() {
    let rule = "rule r { when ev_a as a without ev_b where outcome is failure within 10s after a where identity same alert low \"t\" }";
    assert_eq!(alerts(rule, "0s A  1s B  11s D"), ["10s a:A1"]);
    assert!(alerts(rule, "0s A  1s B outcome=failure  11s D").is_empty());
}

#[test]
fn q_may_read_every_step() {
    let rule = "rule r { when ev_a as a without ev_b as q where q.device.id is a.device.id within 10s after a where identity same alert low \"t\" }";
    assert!(alerts(rule, "0s A device.id=d1  1s B device.id=D1  11s D").is_empty());
    assert_eq!(
        alerts(rule, "0s A device.id=d1  1s B device.id=d2  11s D"),
        ["10s a:A1"]
    );
}

#[test]
fn an_event_that_the_match_binds_breaks_nothing() {
    // t: 0s A   1s A   (A then A without A within 1m after the first)
    let rule = "rule r { when ev_a as a then ev_a as b within 1m without ev_a as q within 5s after a where identity same on match keep alert low \"t\" }";
    assert_eq!(alerts(rule, "0s A 1s A 20s D"), ["5s a:A1 b:A2"]);
}

#[test]
fn between_f_empties_the_group() {
    // t: 0s A   1s B   2s A   3s A   (failures in a row)
    let rule = "rule r { when 2+ ev_a as f within 1m without ev_b between f where identity same alert low \"t\" }";
    assert_eq!(alerts(rule, "0s A 1s B 2s A 3s A"), ["3s f:A2 f:A3"]);
    assert!(alerts(rule, "0s A 1s B 2s A 3s B 4s A").is_empty());
}

#[test]
fn between_a_group_and_a_step_counts_from_its_last_event() {
    // t: 0s A   1s B   2s A   3s C and 0s A   1s A   2s B   3s C
    let rule = "rule r { when 2+ ev_a as f then ev_c as s within 1m without ev_b between f and s where identity same alert low \"t\" }";
    assert_eq!(alerts(rule, "0s A 1s B 2s A 3s C"), ["3s f:A1 f:A2 s:C1"]);
    assert!(alerts(rule, "0s A 1s A 2s B 3s C").is_empty());
}

#[test]
fn after_a_group_counts_from_its_last_and_before_from_its_first_event() {
    // t: 0s A   4s A   10s D   (5s after f: until 9s)
    let rule = "rule r { when 2+ ev_a as f within 1m without ev_b within 5s after f where identity same alert low \"t\" }";
    assert_eq!(alerts(rule, "0s A 4s A 10s D"), ["9s f:A1 f:A2"]);
    let rule = "rule r { when 2+ ev_a as f within 1m without ev_b within 5s before f where identity same alert low \"t\" }";
    assert!(alerts(rule, "0s B 5s A 9s A").is_empty());
    assert_eq!(alerts(rule, "0s B 6s A 9s A"), ["9s f:A1 f:A2"]);
}
