//! "Digests".

use super::timeline::outcome;
use muster_tests::reference::{EndOfInput, Forwarded, Summary};

fn forwarded(rules: &str, timeline: &str) -> Vec<String> {
    let found = outcome(rules, timeline, EndOfInput::Pending)
        .forwarded
        .into_iter();
    found
        .map(|one| match one {
            Forwarded::Event(id) => id,
            Forwarded::Summary(Summary {
                values, partial, ..
            }) => format!("{values:?} {partial}"),
        })
        .collect()
}

#[test]
fn an_event_that_no_digest_names_passes() {
    assert_eq!(forwarded("digest d = ev_a drop", "0s A 1s B"), ["B1"]);
}

#[test]
fn keep_first_keeps_one_per_key_and_window() {
    // t: Sunday 9:00 A(u1) A(u2) A(u1)   Monday 0:00 A(u1)
    let rules = "digest d = ev_a keep first per identity each day";
    let timeline = "0h A  1h A identity=u2  2h A  15h A  15h A -identity";
    assert_eq!(forwarded(rules, timeline), ["A1", "A2", "A4", "A5"]);
}

#[test]
fn keep_changes_keeps_the_first_and_each_that_differs() {
    let rules = "digest d = ev_a keep changes of device.id per identity";
    let timeline =
        "0s A device.id=d1  1s A device.id=D1  2s A device.id=d2  3s A  4s A device.id=d1";
    assert_eq!(forwarded(rules, timeline), ["A1", "A3", "A4", "A5"]);
}

#[test]
fn a_summary_has_the_named_values() {
    // t: 0s A(1000)   9s A(500)   11s A(1)   (every 10s): the second window is partial
    let rules =
        "digest d = ev_a summarize per identity every 10s { n = count(), most = max(port) }";
    let timeline = "0s A port=5  9s A port=7  11s A port=1";
    assert_eq!(
        forwarded(rules, timeline),
        [
            "{\"identity\": \"u1\", \"most\": \"7\", \"n\": \"2\"} false",
            "{\"identity\": \"u1\", \"most\": \"1\", \"n\": \"1\"} true",
        ]
    );
}

#[test]
fn an_event_of_several_digests_passes_if_one_keeps_it() {
    let rules = "digest c = ev_a drop digest d = ev_a keep first per identity";
    assert_eq!(forwarded(rules, "0s A 1s A"), ["A1"]);
}
