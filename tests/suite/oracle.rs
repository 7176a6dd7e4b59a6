//! The engine against the reference: random cases of each level, and every small stream.
//!
//! Apart from the long recorded runs of `examples/compare.rs`, which share all but the numbers.

mod bridge;

use muster_tests::compare::{EngineError, Reference, Verdict, compare, compare_stream};
use muster_tests::generate::{Case, Level, Record, SHAPES, streams};
use muster_tests::reference::EndOfInput;

/// How many random cases of each level every test run compares.
const CASES: u64 = 300;
/// How many of each level every test run gives to the reference alone.
const ALONE: u64 = 120;
/// The longest streams that every test run enumerates.
const LENGTH: usize = 2;

#[cfg(test)]
fn random_cases(level: Level) {
    let mut compared = 0;
    for seed in 0..CASES {
        match compare(seed, level, &bridge::compile) {
            Verdict::Same(_) => compared += 1,
            Verdict::Differs(report) => panic!("{report}"),
            Verdict::Engine(EngineError::NotWired) => return,
            Verdict::Engine(error) => {
                panic!(
                    "seed {seed}: {error:?}\n{}",
                    Case::new(seed, level).program()
                )
            }
            Verdict::Unsupported(_) => {}
        }
    }
    assert!(
        compared * 10 >= CASES * 9,
        "only {compared} of {CASES} cases were compared"
    );
}

#[test]
fn sequences_agree_with_the_reference() {
    random_cases(Level::Sequences);
}

#[test]
fn groups_agree_with_the_reference() {
    random_cases(Level::Groups);
}

#[test]
fn absences_agree_with_the_reference() {
    random_cases(Level::Absence);
}

#[test]
fn everything_agrees_with_the_reference() {
    random_cases(Level::Everything);
}

#[test]
fn every_small_stream_agrees_with_the_reference() {
    for shape in SHAPES {
        let reference = Reference::new(shape.program).unwrap();
        let run = match bridge::compile(shape.program) {
            Ok(run) => run,
            Err(EngineError::NotWired) => return,
            Err(error) => panic!("{}: {error:?}", shape.program),
        };
        for records in (0..=LENGTH).flat_map(streams) {
            let lines: Vec<String> = records.iter().map(Record::print).collect();
            let eof = EndOfInput::Pending;
            match compare_stream(shape.program, &lines, eof, &reference, &run) {
                Verdict::Same(_) => {}
                Verdict::Differs(report) => panic!("{report}"),
                other => panic!("{}: {other:?}", shape.program),
            }
        }
    }
}

#[test]
fn nearly_all_cases_are_supported_and_many_alert() {
    for level in [
        Level::Sequences,
        Level::Groups,
        Level::Absence,
        Level::Everything,
    ] {
        let (mut supported, mut alerting) = (0, 0);
        for seed in 0..ALONE {
            let case = Case::new(seed, level);
            let reference = Reference::new(&case.program()).unwrap();
            if let Ok(seen) = reference.run(&case.lines(), case.eof) {
                supported += 1;
                alerting += u64::from(!seen.alerts.is_empty());
            }
        }
        assert!(
            supported * 100 >= ALONE * 97,
            "{level:?}: {supported} of {ALONE} are supported"
        );
        assert!(
            alerting * 100 >= ALONE * 25,
            "{level:?}: {alerting} of {ALONE} alert"
        );
    }
}
