//! "Memory": every kind, as of the event, learning, late events.

use super::timeline::alerts;

fn with(memory: &str, condition: &str) -> String {
    format!("memory m = {memory}\nrule r {{ when ev_a as a where {condition} alert low \"t\" }}")
}

#[test]
fn a_count_holds_what_happened_strictly_before() {
    // t: 0s A   1s A   2s A
    let rule = with("count in ev_a per identity for 10s", "m >= 1");
    assert_eq!(alerts(&rule, "0s A 1s A 2s A"), ["1s a:A2", "2s a:A3"]);
}

#[test]
fn an_entry_is_remembered_up_to_the_edge_of_for() {
    // t: 0s B   10s A   10.001s A
    let rule = with("count in ev_b per identity for 10s", "m >= 1");
    assert_eq!(alerts(&rule, "0s B 10s A 10001ms A"), ["10s a:A1"]);
}

#[test]
fn a_memory_is_kept_per_key() {
    let rule = with("count in ev_a per identity for 10s", "m >= 1");
    assert!(alerts(&rule, "0s A  1s A identity=u2").is_empty());
    assert_eq!(alerts(&rule, "0s A  1s A identity=U1"), ["1s a:A2"]);
}

#[test]
fn reading_with_a_missing_key_is_unknown() {
    let rule = with("count in ev_a per identity for 10s", "m is 0");
    assert!(alerts(&rule, "0s A -identity").is_empty());
    assert_eq!(alerts(&rule, "0s A"), ["0s a:A1"]);
}

#[test]
fn a_seen_value_is_a_member_and_renews() {
    // t: 0s d1   8s d1   16s d1   (for 10s)
    let rule = with(
        "seen device.id in ev_a per identity for 10s",
        "device.id not in m",
    );
    let timeline = "0s A device.id=d1  8s A device.id=D1  16s A device.id=d1";
    assert_eq!(alerts(&rule, timeline), ["0s a:A1"]);
}

#[test]
fn last_is_the_latest_value_and_previous_the_one_before() {
    // t: 0s d1   1s d2   2s d1   3s d3
    let rule = with(
        "last device.id in ev_a per identity for 1m",
        "m.previous is device.id",
    );
    let timeline = "0s A device.id=d1  1s A device.id=d2  2s A device.id=d1  3s A device.id=d2";
    assert_eq!(alerts(&rule, timeline), ["2s a:A3", "3s a:A4"]);
}

#[test]
fn last_tells_when_it_was_set() {
    let rule = with(
        "last device.id in ev_b per identity for 1m",
        "time - m.at > 5s",
    );
    assert_eq!(alerts(&rule, "0s B device.id=d1  5s A  6s A"), ["6s a:A2"]);
}

#[test]
fn distinct_saturates_at_its_most() {
    let rule = with(
        "distinct device.id in ev_b per identity for 1m max 2",
        "m is 2",
    );
    assert_eq!(
        alerts(
            &rule,
            "0s B device.id=d1 1s B device.id=d2 2s B device.id=d3 3s A"
        ),
        ["3s a:A1"]
    );
}

#[test]
fn while_it_learns_a_memory_is_unknown() {
    // t: 0s B   9s A   10s A   (learn 10s)
    let rule = with(
        "seen device.id in ev_c per identity for 1m learn 10s",
        "device.id not in m",
    );
    let timeline = "0s B  9s A device.id=d1  10s A device.id=d1";
    assert_eq!(alerts(&rule, timeline), ["10s a:A2"]);
}

#[test]
fn learning_begins_with_the_source_of_the_reading_event() {
    // t: 0s A: the first event of its source is age 0
    let rule = with(
        "seen device.id in ev_a per identity for 1m learn 1ms",
        "device.id not in m",
    );
    assert!(alerts(&rule, "0s A device.id=d1").is_empty());
}

#[test]
fn a_profile_holds_closed_buckets_with_zeros() {
    // t: 0s B(1000)   25s A   (every 10s: buckets 0s and 10s are closed, 20s is open)
    let rule = with(
        "profile sum(bytes.down) every 10s in ev_b per identity for 1m",
        "m.n is 2 and m.max is 1KB",
    );
    assert_eq!(alerts(&rule, "0s B bytes.down=1000  25s A"), ["25s a:A1"]);
    let rule = with(
        "profile sum(bytes.down) every 10s in ev_b per identity for 1m",
        "m.mean is 500B",
    );
    assert_eq!(alerts(&rule, "0s B bytes.down=1000  25s A"), ["25s a:A1"]);
}

#[test]
fn a_profile_holds_at_most_for_over_every() {
    let rule = with(
        "profile count() every 10s in ev_b per identity for 30s",
        "m.n is 3",
    );
    assert_eq!(alerts(&rule, "0s B 20s B 45s A"), ["45s a:A1"]);
}

#[test]
fn a_profile_starts_anew_after_a_silence() {
    // t: 0s B   31s B   42s A   (for 30s): buckets 30s only
    let rule = with(
        "profile count() every 10s in ev_b per identity for 30s",
        "m.n is 1",
    );
    assert_eq!(alerts(&rule, "0s B 31s B 42s A"), ["42s a:A1"]);
}

#[test]
fn a_step_reads_a_memory_at_its_own_event() {
    // t: 0s B   1s A   2s B   3s C: at A one B was known
    let rules = "memory m = count in ev_b per identity for 1m
        rule r { when ev_a as a then ev_c as c within 1m where identity same and a.m is 1 and c.m is 2 alert low \"t\" }";
    assert_eq!(alerts(rules, "0s B 1s A 2s B 3s C"), ["3s a:A1 c:C1"]);
}

#[test]
fn a_late_event_enters_memory_for_later_reads() {
    // arrival: 0s D   100s D   10s B (late)   101s A
    let rule = with("count in ev_b per identity for 10m", "m is 1");
    assert_eq!(alerts(&rule, "0s D 100s D 10s B 101s A"), ["101s a:A1"]);
}

#[test]
fn a_late_event_does_not_change_a_read_that_was_made() {
    // arrival: 0s D   20s A   100s D   10s B (late): A was read at 20s < watermark 70s
    let rule = with("count in ev_b per identity for 10m", "m is 0");
    assert_eq!(alerts(&rule, "0s D 20s A 100s D 10s B"), ["20s a:A1"]);
}
