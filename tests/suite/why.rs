//! Explanations against the engine: on generated programs and streams they tell the same matches.
//!
//! Apart from the oracle because no reference is needed: what fired is known, and must be explained.

#![expect(clippy::unwrap_used, reason = "a step that fails fails the test")]

use std::collections::BTreeSet;

use muster_lang::units::Timestamp;
use muster_runtime::engine::{Outputs, RawRecord};
use muster_runtime::explain::{Fate, Question, Stream, story};
use muster_runtime::options::{EndOfInput, Options};
use muster_tests::generate::{Case, Level};
use muster_tests::harness;

/// How many cases of each level are explained.
const CASES: u64 = 40;

/// Explains every rule of a case; returns how many matches were told, and how many obstacles.
fn explained(seed: u64, level: Level) -> (usize, usize) {
    let case = Case::new(seed, level);
    let Ok(loaded) = harness::load(&case.program()) else {
        return (0, 0);
    };
    let options = Options {
        hands_out_events: true,
        hands_out_silent: true,
        ..Options::default()
    };
    let mut engine = harness::new_engine(&loaded, options).unwrap();
    let mut out = Outputs::default();
    for line in case.lines() {
        let record = RawRecord {
            input: 0,
            offset: 0,
            bytes: line.as_bytes(),
        };
        engine.push(record, &mut out);
    }
    engine.end_input(0, &mut out);
    engine.finish(EndOfInput::Final, &mut out);
    let files = harness::files(&case.program());
    let stream = Stream {
        evaluator: engine.evaluator(),
        files: &files,
        events: &out.events,
        options: &options,
    };
    let (mut matches, mut obstacles) = (0, 0);
    for (rule, what) in loaded.program.rules.iter() {
        let question = Question {
            rule,
            key: &[],
            until: Timestamp(i64::MAX),
        };
        let story = story(&stream, &question);
        matches += story.matches.len();
        if let Some(nearest) = &story.nearest {
            obstacles += 1;
            assert!(
                !nearest.obstacle.words().is_empty(),
                "seed {seed} {level:?}"
            );
        }
        let stood: BTreeSet<u64> = story
            .matches
            .iter()
            .filter(|told| !matches!(told.fate, Fate::Broken { .. }))
            .map(|told| told.completing.position)
            .collect();
        let raised: BTreeSet<u64> = out
            .alerts
            .iter()
            .filter(|alert| alert.rule == rule)
            .map(|alert| alert.completing)
            .collect();
        assert!(
            raised.is_subset(&stood),
            "seed {seed} {level:?}: `{}` raised at {raised:?}, explained at {stood:?}\n{}",
            what.name,
            case.program()
        );
        // A window tells at most one, and `suppress` holds back others.
        if what.frame.is_none() && what.alert.suppress.is_none() {
            assert_eq!(
                raised,
                stood,
                "seed {seed} {level:?}: `{}`\n{}",
                what.name,
                case.program()
            );
        }
        for told in story
            .matches
            .iter()
            .filter(|told| matches!(told.fate, Fate::Stood))
        {
            let failing = told.decided.iter().find(|one| !one.holds);
            assert!(
                failing.is_none(),
                "seed {seed} {level:?}: {failing:?}\n{}",
                case.program()
            );
        }
    }
    (matches, obstacles)
}

fn level(level: Level) {
    let (mut matches, mut obstacles) = (0, 0);
    for seed in 0..CASES {
        let found = explained(seed, level);
        matches += found.0;
        obstacles += found.1;
    }
    assert!(matches > 10, "only {matches} matches");
    assert!(obstacles > 10, "only {obstacles} obstacles");
}

#[test]
fn sequences_are_explained() {
    level(Level::Sequences);
}

#[test]
fn groups_are_explained() {
    level(Level::Groups);
}

#[test]
fn absences_are_explained() {
    level(Level::Absence);
}

#[test]
fn everything_is_explained() {
    level(Level::Everything);
}
