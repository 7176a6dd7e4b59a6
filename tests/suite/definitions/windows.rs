//! `each D` and sessions.

use super::timeline::alerts;

#[test]
fn each_day_tells_once_a_day_and_key() {
    // t: Sunday 9:00 A   10:00 A   Monday 0:00 A
    let rule = "rule r { when ev_a as a each day where identity same alert low \"t\" }";
    assert_eq!(alerts(rule, "0h A 1h A 15h A"), ["0s a:A1", "54000s a:A3"]);
}

#[test]
fn all_events_of_a_match_lie_in_one_window() {
    // t: 9:00:09 A   9:00:10 B   9:00:11 A   9:00:19.999 B   (each 10s)
    let rule =
        "rule r { when ev_a as a then ev_b as b each 10s where identity same alert low \"t\" }";
    assert_eq!(
        alerts(rule, "9s A 10s B 11s A 19999ms B"),
        ["19999ms a:A2 b:B2"]
    );
}

#[test]
fn a_window_of_a_group_is_tried_once() {
    // t: A each second from 0s to 10s   (2+ each 10s)
    let rule = "rule r { when 2+ ev_a as f each 10s where identity same alert low \"t\" }";
    assert_eq!(
        alerts(rule, "0s A 1s A 2s A 9s A 10s A 11s A"),
        ["1s f:A1 f:A2", "11s f:A5 f:A6"]
    );
}

#[test]
fn each_day_of_a_zone_ends_at_its_midnight() {
    // t: 9:00Z A   23:00Z A, which is 0:00 in Madrid
    let rule = "rule r { when ev_a as a each day zone \"Europe/Madrid\" where identity same alert low \"t\" }";
    assert_eq!(
        alerts(rule, "0h A 13h59m A 14h A"),
        ["0s a:A1", "50400s a:A3"]
    );
}

#[test]
fn each_week_begins_on_monday() {
    // t: Sunday 9:00 A   Sunday 23:59 A   Monday 0:00 A
    let rule = "rule r { when ev_a as a each 7d where identity same alert low \"t\" }";
    assert_eq!(
        alerts(rule, "0h A 14h59m A 15h A"),
        ["0s a:A1", "54000s a:A3"]
    );
}

#[test]
fn a_session_ends_after_a_silence() {
    // t: 0s A   5s A   10.001s A   (gap 5s)
    let rule = "rule r { when 2+ ev_a as f session gap 5s up to 1m where identity same on match keep alert low \"t\" }";
    assert_eq!(
        alerts(rule, "0s A 5s A 10001ms A 11s A"),
        ["5s f:A1 f:A2", "11s f:A3 f:A4"]
    );
}

#[test]
fn a_session_ends_at_its_longest() {
    // t: 0s A   4s A   8s A   12s A   (gap 5s up to 10s): 12s begins a new one
    let rule =
        "rule r { when 3+ ev_a as f session gap 5s up to 10s where identity same alert low \"t\" }";
    assert_eq!(
        alerts(rule, "0s A 4s A 8s A 12s A 16s A"),
        ["8s f:A1 f:A2 f:A3"]
    );
}

#[test]
fn a_session_is_of_one_key() {
    // t: 0s A(u1)   4s A(u2)   8s A(u1)   (gap 5s)
    let rule =
        "rule r { when 2+ ev_a as f session gap 5s up to 1m where identity same alert low \"t\" }";
    assert!(alerts(rule, "0s A  4s A identity=u2  8s A").is_empty());
}
