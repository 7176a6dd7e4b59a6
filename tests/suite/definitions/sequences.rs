//! "Then", "Within", "Which match", "After a match".

use super::timeline::{alerts, keys};

const AB: &str =
    "rule r { when ev_a as a then ev_b as b within 10s where identity same alert low \"t\" }";
const AB_KEEP: &str = "rule r { when ev_a as a then ev_b as b within 10s where identity same on match keep alert low \"t\" }";

#[test]
fn one_plain_step_alerts_for_each_event() {
    // t: 0s A   1s B   2s A
    let rule = "rule r { when ev_a alert low \"t\" }";
    assert_eq!(alerts(rule, "0s A 1s B 2s A"), ["0s ev_a:A1", "2s ev_a:A2"]);
}

#[test]
fn a_then_b_within_a_window() {
    // t: 0s A   5s B
    assert_eq!(alerts(AB, "0s A 5s B"), ["5s a:A1 b:B1"]);
}

#[test]
fn b_before_a_is_no_match() {
    // t: 0s B   5s A
    assert!(alerts(AB, "0s B 5s A").is_empty());
}

#[test]
fn the_edge_of_a_window_belongs_to_it() {
    // t: 0s A   10s B   (within 10s)
    assert_eq!(alerts(AB, "0s A 10s B"), ["10s a:A1 b:B1"]);
}

#[test]
fn a_millisecond_behind_the_edge_is_outside() {
    // t: 0s A   10.001s B   (within 10s)
    assert!(alerts(AB, "0s A 10001ms B").is_empty());
}

#[test]
fn a_b_b_b_raises_one_alert() {
    // t: 0s A   1s B   2s B   3s B
    assert_eq!(alerts(AB, "0s A 1s B 2s B 3s B"), ["1s a:A1 b:B1"]);
}

#[test]
fn on_match_keep_clears_nothing() {
    // t: 0s A   1s B   2s B
    assert_eq!(
        alerts(AB_KEEP, "0s A 1s B 2s B"),
        ["1s a:A1 b:B1", "2s a:A1 b:B2"]
    );
}

#[test]
fn the_tightest_story_takes_the_latest_first_step() {
    // t: 0s A   1s A   2s B
    assert_eq!(alerts(AB, "0s A 1s A 2s B"), ["2s a:A2 b:B1"]);
}

#[test]
fn the_tightest_story_then_takes_the_latest_second_step() {
    // t: 0s A   1s B   2s B   3s C
    let rule = "rule r { when ev_a as a then ev_b as b then ev_c as c within 10s where identity same alert low \"t\" }";
    assert_eq!(alerts(rule, "0s A 1s B 2s B 3s C"), ["3s a:A1 b:B2 c:C1"]);
}

#[test]
fn a_latest_first_step_that_leads_nowhere_is_passed_over() {
    // t: 0s A   1s B   2s A   3s C   (A then B then C)
    let rule = "rule r { when ev_a as a then ev_b as b then ev_c as c within 10s where identity same alert low \"t\" }";
    assert_eq!(alerts(rule, "0s A 1s B 2s A 3s C"), ["3s a:A1 b:B1 c:C1"]);
}

#[test]
fn madrid_tokyo_madrid_raises_two() {
    // t: 9:00 Madrid   9:15 Tokyo   9:30 Madrid
    let rule = "rule r { when ev_a as a then ev_a as b within 15m where identity same and geo distance > 500km alert high \"t\" }";
    let timeline = "0m A geo=40.42,-3.70  15m A geo=35.68,139.69  30m A geo=40.42,-3.70";
    assert_eq!(
        alerts(rule, timeline),
        ["900s a:A1 b:A2", "1800s a:A2 b:A3"]
    );
}

#[test]
fn after_a_match_the_completing_event_may_be_bound_again() {
    // t: 0s A   1s A   2s A   (A then A)
    let rule =
        "rule r { when ev_a as a then ev_a as b within 10s where identity same alert low \"t\" }";
    assert_eq!(
        alerts(rule, "0s A 1s A 2s A"),
        ["1s a:A1 b:A2", "2s a:A2 b:A3"]
    );
}

#[test]
fn after_a_match_an_event_before_the_completing_one_is_gone() {
    // t: 0s A   1s A   2s B   3s B   (the second B could reach A1 or A2)
    assert_eq!(alerts(AB, "0s A 1s A 2s B 3s B"), ["2s a:A2 b:B1"]);
}

#[test]
fn equal_instants_stand_in_the_order_of_arrival() {
    // t: 0s A B
    assert_eq!(alerts(AB, "0s A 0s B"), ["0s a:A1 b:B1"]);
    assert!(alerts(AB, "0s B 0s A").is_empty());
}

#[test]
fn then_within_bounds_the_gap_to_the_step_before() {
    // t: 0s A   5s B   10s C and 0s A   5s B   10.001s C   (then within 5s each)
    let rule = "rule r { when ev_a as a then within 5s ev_b as b then within 5s ev_c as c where identity same alert low \"t\" }";
    assert_eq!(alerts(rule, "0s A 5s B 10s C"), ["10s a:A1 b:B1 c:C1"]);
    assert!(alerts(rule, "0s A 5s B 10001ms C").is_empty());
}

#[test]
fn within_bounds_last_minus_first_of_the_whole() {
    // t: 0s A   6s B   11s C   (within 10s)
    let rule = "rule r { when ev_a as a then ev_b as b then ev_c as c within 10s where identity same alert low \"t\" }";
    assert!(alerts(rule, "0s A 6s B 11s C").is_empty());
    assert_eq!(alerts(rule, "0s A 6s B 10s C"), ["10s a:A1 b:B1 c:C1"]);
}

#[test]
fn tolerate_accepts_b_shortly_before_a() {
    // t: 0s B   2s A   (tolerate 2s)
    let rule = "rule r { when ev_a as a then ev_b as b within 10s where identity same tolerate 2s alert low \"t\" }";
    assert_eq!(alerts(rule, "0s B 2s A"), ["2s a:A1 b:B1"]);
    assert!(alerts(rule, "0s B 2001ms A").is_empty());
    assert_eq!(alerts(rule, "0s A 3s B"), ["3s a:A1 b:B1"]);
}

#[test]
fn elapsed_is_last_minus_first() {
    // t: 0s A   4s B, then 0s A   5s B   (elapsed >= 5s)
    let rule = "rule r { when ev_a as a then ev_b as b within 10s where identity same and elapsed >= 5s alert low \"t\" }";
    assert!(alerts(rule, "0s A 4s B").is_empty());
    assert_eq!(alerts(rule, "0s A 5s B"), ["5s a:A1 b:B1"]);
}

#[test]
fn conditions_choose_among_chains() {
    // t: 0s A(d1)   1s A(d2)   2s B(d1)
    let rule = "rule r { when ev_a as a then ev_b as b within 10s where identity same where not (device.id differs) alert low \"t\" }";
    let timeline = "0s A device.id=d1  1s A device.id=d2  2s B device.id=d1";
    assert_eq!(alerts(rule, timeline), ["2s a:A1 b:B1"]);
}

#[test]
fn a_steps_where_may_read_steps_before_it() {
    // t: 0s A(100)   1s B(50)   2s B(150)
    let rule = "rule r { when ev_a as a then ev_b as b where bytes.down > a.bytes.down within 10s where identity same alert low \"t\" }";
    let timeline = "0s A bytes.down=100  1s B bytes.down=50  2s B bytes.down=150";
    assert_eq!(alerts(rule, timeline), ["2s a:A1 b:B2"]);
}

#[test]
fn where_keeps_on_true_and_unless_drops_on_true() {
    // t: 0s A without a device
    let with =
        |word: &str| format!("rule r {{ when ev_a {word} device.id is \"d1\" alert low \"t\" }}");
    assert!(alerts(&with("where"), "0s A").is_empty());
    assert_eq!(alerts(&with("unless"), "0s A"), ["0s ev_a:A1"]);
    assert!(alerts(&with("unless"), "0s A device.id=D1").is_empty());
}

#[test]
fn not_of_unknown_is_unknown() {
    // t: 0s A without a device
    let rule = "rule r { when ev_a where not (device.id is \"d1\") alert low \"t\" }";
    assert!(alerts(rule, "0s A").is_empty());
    assert_eq!(alerts(rule, "0s A device.id=d2"), ["0s ev_a:A1"]);
}

#[test]
fn false_and_unknown_is_false_and_true_or_unknown_is_true() {
    let rule = "rule r { when ev_a where not (device.id is \"d1\" and outcome is success) alert low \"t\" }";
    assert_eq!(alerts(rule, "0s A outcome=failure"), ["0s ev_a:A1"]);
    let rule =
        "rule r { when ev_a where device.id is \"d1\" or outcome is success alert low \"t\" }";
    assert_eq!(alerts(rule, "0s A outcome=success"), ["0s ev_a:A1"]);
}

#[test]
fn words_ignore_case_and_equality_does_not() {
    let rule = "rule r { when ev_a where device.id is \"LAPTOP\" alert low \"t\" }";
    assert_eq!(alerts(rule, "0s A device.id=laptop"), ["0s ev_a:A1"]);
    let rule = "rule r { when ev_a where device.id == \"LAPTOP\" alert low \"t\" }";
    assert!(alerts(rule, "0s A device.id=laptop").is_empty());
}

#[test]
fn geo_distance_is_unknown_without_a_place() {
    // t: 0s A in Madrid   1s A nowhere
    let rule = "rule r { when ev_a as a then ev_a as b within 15m where identity same unless geo distance < 500km alert low \"t\" }";
    assert_eq!(alerts(rule, "0s A geo=40.42,-3.70  1s A"), ["1s a:A1 b:A2"]);
    let rule = "rule r { when ev_a as a then ev_a as b within 15m where identity same and geo distance < 500km alert low \"t\" }";
    assert!(alerts(rule, "0s A geo=40.42,-3.70  1s A geo=95.0,10.0").is_empty());
}

#[test]
fn geo_speed_over_no_time_is_infinite_unless_nothing_moved() {
    // t: 0s A in Madrid and in Tokyo
    let rule = "rule r { when ev_a as a then ev_a as b within 15m where identity same and geo speed > 900km/h alert low \"t\" }";
    assert_eq!(
        alerts(rule, "0s A geo=40.42,-3.70  0s A geo=35.68,139.69"),
        ["0s a:A1 b:A2"]
    );
    assert!(alerts(rule, "0s A geo=40.42,-3.70  0s A geo=40.42,-3.70").is_empty());
}

#[test]
fn the_key_shows_the_first_events_spelling() {
    // t: 0s A(Ana)   5s B(ANA)
    assert_eq!(
        keys(AB, "0s A identity=Ana  5s B identity=ANA"),
        ["identity=Ana"]
    );
}
