//! The rule packs: they compile, their tests hold, and the sample log tells its stories.
//!
//! Apart from the suites of the language because what is tested here is rules, not code.

#![expect(clippy::unwrap_used, reason = "a test stops at the first surprise")]

mod library;

use muster_lang::ir::{TestLine, TestLineKind};
use muster_runtime::alert::Alert;
use muster_runtime::engine::{Engine, Outputs, RawRecord, Summary};
use muster_runtime::options::{EndOfInput, Options};
use muster_runtime::scenario;

#[test]
fn every_test_of_every_pack_holds() {
    let mut wrong = Vec::new();
    for pack in muster_stdlib::packs() {
        let (program, lookups) = library::load(Some(pack.name));
        for test in &program.tests {
            let mut read = |_: &str, _| Err("no file is fed".to_owned());
            let report = scenario::run(&program, &lookups, test, &mut read).unwrap();
            wrong.extend(
                report
                    .failures
                    .iter()
                    .map(|why| format!("{}: {why:?}", test.name)),
            );
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_is_told_twice_and_kept_quiet_twice() {
    for pack in muster_stdlib::packs() {
        let (program, _) = library::load(Some(pack.name));
        for (id, rule) in program.rules.iter() {
            let tests = program.tests.iter().filter(|test| test.rule == Some(id));
            let fires =
                |line: &TestLine| matches!(line.kind, TestLineKind::Alerts { count: 1.., .. });
            let (firing, quiet): (Vec<_>, Vec<_>) =
                tests.partition(|test| test.lines.iter().any(fires));
            assert!(firing.len() >= 2 && quiet.len() >= 2, "{}", rule.name);
            let meta = &rule.meta;
            assert!(
                !meta.about.is_empty() && !meta.attack.is_empty(),
                "{}",
                rule.name
            );
            assert!(
                !meta.false_positives.is_empty() && meta.status.is_some(),
                "{}",
                rule.name
            );
        }
    }
}

#[test]
fn the_sample_tells_its_stories_and_nothing_else() {
    let (alerts, summary) = run_sample();
    let told: Vec<String> = alerts
        .iter()
        .map(|alert| {
            let time = muster_lang::time::format_rfc3339(alert.time);
            format!("{time} {}: {}", alert.name, alert.text)
        })
        .collect();
    insta::assert_snapshot!(told.join("\n"));
    assert!(summary.adds_up());
    let late: u64 = summary.sources.values().map(|counts| counts.late).sum();
    let duplicate: u64 = summary
        .sources
        .values()
        .map(|counts| counts.duplicate)
        .sum();
    let dead: u64 = summary.sources.values().map(|counts| counts.dead).sum();
    assert_eq!((late, dead), (0, 1), "{summary:#?}");
    assert!(duplicate >= 2, "{summary:#?}");
    assert!(
        summary.failed_conversions.is_empty(),
        "{:?}",
        summary.failed_conversions
    );
}

/// Runs the zero trust pack over the sample.
fn run_sample() -> (Vec<Alert>, Summary) {
    let (program, lookups) = library::load(Some("zero_trust"));
    let mut engine = Engine::new(program, lookups, Options::default(), None).unwrap();
    let mut out = Outputs::default();
    let (_, bytes) = muster_stdlib::sample();
    let mut offset = 0;
    for line in bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| !line.is_empty())
    {
        engine.push(
            RawRecord {
                input: 0,
                offset,
                bytes: line,
            },
            &mut out,
        );
        offset += line.len() as u64 + 1;
    }
    engine.finish(EndOfInput::Pending, &mut out);
    (out.alerts, engine.summary())
}
