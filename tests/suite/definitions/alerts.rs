//! "Alerts": suppression, notes, severities, and alerts as events.

use super::timeline::{alerts, outcome};
use muster_tests::reference::EndOfInput;

fn severities(rule: &str, timeline: &str) -> Vec<String> {
    let outcome = outcome(rule, timeline, EndOfInput::Pending);
    outcome
        .alerts
        .iter()
        .map(|alert| alert.severity.clone())
        .collect()
}

#[test]
fn a_steady_attack_is_told_once_per_span() {
    // t: 0s 5s 10s 10.001s A   (suppress 10s)
    let rule = "rule r { when ev_a as a alert low \"t\" suppress 10s per identity }";
    let outcome = outcome(rule, "0s A 5s A 10s A 10001ms A", EndOfInput::Pending);
    let told: Vec<_> = outcome
        .alerts
        .iter()
        .map(|alert| (alert.evidence[0].1.as_str(), alert.suppressed))
        .collect();
    assert_eq!(told, [("A1", 0), ("A4", 2)]);
}

#[test]
fn a_missing_value_suppresses_nothing() {
    let rule = "rule r { when ev_a as a alert low \"t\" suppress 10s per device.id }";
    assert_eq!(alerts(rule, "0s A 1s A").len(), 2);
}

#[test]
fn of_several_severities_that_hold_the_highest_wins() {
    let rule = "rule r { when ev_a as a alert low \"t\" severity high when a.actor.admin is true severity medium when a.outcome is success }";
    assert_eq!(
        severities(rule, "0s A actor.admin=true outcome=success"),
        ["high"]
    );
    assert_eq!(severities(rule, "0s A outcome=success"), ["medium"]);
    assert_eq!(severities(rule, "0s A"), ["low"]);
}

#[test]
fn notes_counts_the_notes_that_hold() {
    let rule = "rule r { when ev_a as a alert low \"t\" note \"x\" when a.actor.admin is true note \"y\" when a.outcome is success severity high when notes >= 2 }";
    assert_eq!(severities(rule, "0s A actor.admin=true"), ["low"]);
    assert_eq!(
        severities(rule, "0s A actor.admin=true outcome=success"),
        ["high"]
    );
}

#[test]
fn an_alert_is_an_event_of_its_rules_class() {
    // t: 0s A   1s A   (2+ alerts of r)
    let rules = "rule r { when ev_a as a alert low \"t\" } rule s { when 2+ r as f within 10s global alert low \"t\" }";
    assert_eq!(alerts(rules, "0s A 1s A")[1..], ["r 1s a:A2".to_owned(), "s 1s f:alert of r at 1773565200000000 for  from [(\"a\", \"A1\")] f:alert of r at 1773565201000000 for  from [(\"a\", \"A2\")]".to_owned()]);
}

#[test]
fn a_class_over_any_event_holds_no_alert() {
    let rules = "rule r { when ev_a as a alert low \"t\" } rule s { when 2+ any as f within 10s global alert low \"t\" }";
    assert_eq!(alerts(rules, "0s A"), ["r 0s a:A1"]);
}

#[test]
fn an_alert_stands_directly_after_its_completing_event() {
    // t: 0s A C: r's alert stands between A and C
    let rules = "rule r { when ev_a as a where identity same alert low \"t\" } rule s { when r as x then ev_c as c within 10s where identity same alert low \"t\" }";
    assert_eq!(alerts(rules, "0s A 0s C").len(), 2);
    assert_eq!(alerts(rules, "0s C 0s A").len(), 1);
}

#[test]
fn a_deadlines_alert_stands_after_all_events_of_the_instant() {
    // t: 0s A   10s C   11s D: r's alert at 10s stands behind C
    let r = "rule r { when ev_a as a without ev_b within 10s after a where identity same alert low \"t\" }";
    let after = format!(
        "{r} rule s {{ when r as x then ev_c as c within 1m where identity same alert low \"t\" }}"
    );
    assert_eq!(alerts(&after, "0s A 10s C 11s D").len(), 1);
    let before = format!(
        "{r} rule s {{ when ev_c as c then r as x within 1m where identity same alert low \"t\" }}"
    );
    assert_eq!(alerts(&before, "0s A 10s C 11s D").len(), 2);
}

#[test]
fn a_suppressed_alert_is_no_event() {
    let rules = "rule r { when ev_a as a alert low \"t\" suppress 10s per identity } rule s { when 2+ r as f within 10s global alert low \"t\" }";
    assert_eq!(alerts(rules, "0s A 1s A"), ["r 0s a:A1"]);
}

#[test]
fn a_severity_none_is_an_event_for_others() {
    let rules = "rule r { when ev_a as a alert none \"t\" } rule s { when alert as x where severity < low alert low \"t\" }";
    assert_eq!(severities(rules, "0s A"), ["none", "low"]);
}

#[test]
fn scores_add_up() {
    let rule = "rule r { when ev_a as a alert low \"t\" score 10 on identity score 5 on identity when a.actor.admin is true }";
    let outcome = outcome(rule, "0s A actor.admin=true", EndOfInput::Pending);
    assert_eq!(outcome.alerts[0].score, Some(15.0));
}

#[test]
fn a_text_prints_values_and_a_question_mark_for_unknown() {
    let rule = "rule r { when ev_a as a then ev_a as b within 1h where identity same alert low \"{identity}: {elapsed}, {geo distance}, {b.device.id}\" }";
    let timeline = "0m A geo=40.42,-3.70  15m A geo=35.68,139.69";
    let outcome = outcome(rule, timeline, EndOfInput::Pending);
    assert_eq!(outcome.alerts[0].text, "u1: 15m, 10763 km, ?");
}
