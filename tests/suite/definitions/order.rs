//! "Order": lateness, watermarks, lone jumps, duplicates.

use super::timeline::outcome;
use muster_tests::reference::EndOfInput;

const EACH: &str = "rule r { when ev_a alert low \"t\" }";
const AB: &str =
    "rule r { when ev_a as a then ev_b as b within 1h where identity same alert low \"t\" }";
const FEEDS: &str = r#"
source north "n" { when .feed is "north" lateness 10s dedupe 1m id = .id time = parse_time(.ts, "iso") fields from . }
source south "s" { when .feed is "south" lateness 10s dedupe 1m id = .id time = parse_time(.ts, "iso") fields from . }
"#;

fn late(rules: &str, timeline: &str) -> Vec<usize> {
    outcome(rules, timeline, EndOfInput::Pending).late
}

fn duplicates(rules: &str, timeline: &str) -> Vec<usize> {
    outcome(rules, timeline, EndOfInput::Pending).duplicates
}

#[test]
fn arrival_within_the_lateness_does_not_matter() {
    // arrival: 10s B   0s A   (lateness 30s)
    let outcome = outcome(AB, "10s B 0s A", EndOfInput::Pending);
    assert_eq!(outcome.alerts.len(), 1);
}

#[test]
fn an_event_is_late_when_it_is_older_than_the_watermark() {
    // arrival: 0s A   60s A   30s A   29.999s A   (watermark 30s)
    assert_eq!(late(EACH, "0s A 60s A 30s A 29999ms A"), [3]);
}

#[test]
fn the_first_event_of_a_source_moves_no_watermark_alone() {
    // arrival: 60s A   0s A   29s A: the second settles the first
    assert_eq!(late(EACH, "60s A 0s A 29s A"), [2]);
}

#[test]
fn a_late_event_completes_nothing() {
    // arrival: 0s A   60s D   90s D   10s B
    let outcome = outcome(AB, "0s A 60s D 90s D 10s B", EndOfInput::Pending);
    assert_eq!((outcome.alerts.len(), outcome.late), (0, vec![3]));
}

#[test]
fn a_lone_jump_moves_no_watermark() {
    // arrival: 0s A   1s A   2h A   2s A: the jump is evaluated, what follows is not late
    let outcome = outcome(EACH, "0s A 1s A 2h A 2s A", EndOfInput::Pending);
    assert_eq!((outcome.alerts.len(), outcome.late.len()), (4, 0));
}

#[test]
fn a_second_event_near_it_settles_a_jump() {
    // arrival: 0s A   1s A   2h A   1h A   2s A: the last is late
    assert_eq!(late(EACH, "0s A 1s A 2h A 1h A 2s A"), [4]);
}

#[test]
fn a_lone_jump_does_not_close_a_deadline_at_the_end() {
    // arrival: 0s A   1s A   3h D
    let rule = "rule r { when ev_a as a without ev_b within 10s after a where identity same alert low \"t\" }";
    let outcome = outcome(rule, "0s A 1s A 3h D", EndOfInput::Pending);
    assert_eq!((outcome.alerts.len(), outcome.pending.len()), (0, 2));
}

#[test]
fn the_watermark_is_the_minimum_over_sources() {
    // arrival: north 0s 1s 60s, south 0s 1s; north 5s is above south's watermark
    let timeline = "0s A feed=north 1s A feed=north 0s A feed=south 1s A feed=south
                    60s A feed=north 5s A feed=north";
    assert!(late(&format!("{FEEDS}{EACH}"), timeline).is_empty());
}

#[test]
fn equal_instants_of_two_sources_stand_in_the_order_of_their_names() {
    // t: 0s B of south, A of north: A is first
    let timeline = "0s B feed=south 0s A feed=north";
    let outcome = outcome(&format!("{FEEDS}{AB}"), timeline, EndOfInput::Pending);
    assert_eq!(outcome.alerts.len(), 1);
}

#[test]
fn a_repeated_id_within_the_span_is_a_duplicate() {
    // arrival: 0s x   60s x   60.001s x   (dedupe 1m)
    let timeline = "0s A feed=north id=x 60s A feed=north id=x 60001ms A feed=north id=x";
    assert_eq!(duplicates(&format!("{FEEDS}{EACH}"), timeline), [1]);
}

#[test]
fn the_same_id_of_another_source_is_no_duplicate() {
    let timeline = "0s A feed=north id=x 0s A feed=south id=x";
    assert!(duplicates(&format!("{FEEDS}{EACH}"), timeline).is_empty());
}

#[test]
fn a_duplicate_is_dropped_before_lateness_is_judged() {
    // arrival: 0s x   60s A   90s A   0s x
    let outcome = outcome(EACH, "0s A id=x 60s A 90s A 0s A id=x", EndOfInput::Pending);
    assert_eq!((outcome.duplicates, outcome.late), (vec![3], vec![]));
}
