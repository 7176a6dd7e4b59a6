//! The engine against the reference: random cases of each level, and every small stream.
//!
//! Apart from the long recorded runs of `examples/compare.rs`, which share all but the numbers.

#![expect(
    clippy::indexing_slicing,
    clippy::disallowed_methods,
    reason = "a test stops at the first surprise; the seed comes from the environment"
)]

mod bridge;

use muster_tests::compare::{
    Comparable, Engine, EngineError, Reference, Run, Seen, Verdict, compare, compare_stream,
};
use muster_tests::generate::{Case, Level, Record, SHAPES, shrink, streams};
use muster_tests::reference::{EndOfInput, ReferenceError};

/// How many programs of each level every test run compares, and how many streams of each: with
/// five levels, 25,000 pairs. Several streams a program, for to compile one costs as much as to run ten.
const PROGRAMS: u64 = 250;
const STREAMS: u64 = 20;
/// How many of each level every test run gives to the reference alone.
const ALONE: u64 = 120;
/// The longest streams that every test run enumerates.
const LENGTH: usize = 2;

const LEVELS: [Level; 5] = [
    Level::Sequences,
    Level::Groups,
    Level::Absence,
    Level::Everything,
    Level::Lookups,
];

/// Compares fixed seeds, so that what fails today fails tomorrow; `ORACLE_SEED` chooses others.
#[cfg(test)]
fn random_cases(level: Level) {
    let first = std::env::var("ORACLE_SEED").ok();
    let first: u64 = first.map_or(0, |seed| seed.parse().unwrap());
    let (mut compared, mut unsupported) = (0, 0);
    for seed in first..first + PROGRAMS {
        compare(
            seed,
            level,
            STREAMS,
            &bridge::compile,
            &mut |verdict| match verdict {
                Verdict::Same(_) => compared += 1,
                Verdict::Differs(report) => panic!("{report}"),
                Verdict::Engine(error) => panic!("{level:?}, seed {seed}: {error:?}"),
                Verdict::Unsupported(_) => unsupported += 1,
            },
        );
    }
    println!(
        "{level:?}: seeds {first} to {}, {STREAMS} streams each: {compared} pairs are the same, \
         {unsupported} are not supported",
        first + PROGRAMS - 1
    );
    assert!(compared * 100 >= PROGRAMS * STREAMS * 97);
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
fn lookups_agree_with_the_reference() {
    random_cases(Level::Lookups);
}

#[test]
fn every_small_stream_agrees_with_the_reference() {
    for shape in SHAPES {
        let reference = Reference::new(shape.program).unwrap();
        let run = bridge::compile(shape.program).unwrap();
        for records in (0..=LENGTH).flat_map(streams) {
            let lines: Vec<String> = records.iter().map(Record::print).collect();
            let (title, eof) = (|| shape.program.to_owned(), EndOfInput::Pending);
            match compare_stream(&title, &lines, eof, &reference, &run) {
                Verdict::Same(_) => {}
                Verdict::Differs(report) => panic!("{report}"),
                other => panic!("{}: {other:?}", shape.program),
            }
        }
    }
}

#[test]
fn nearly_all_cases_are_supported_and_many_alert() {
    for level in LEVELS {
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
        // A look-up that finds nothing keeps an event out.
        let least = if level == Level::Lookups { 18 } else { 25 };
        assert!(
            alerting * 100 >= ALONE * least,
            "{level:?}: {alerting} of {ALONE} alert"
        );
    }
}

/// The reference as an engine.
fn right(rules: &str) -> Result<Run, EngineError> {
    let failed = |error: ReferenceError| EngineError::Failed(error.0);
    let reference = Reference::new(rules).map_err(failed)?;
    Ok(Box::new(move |lines: &[String], eof: EndOfInput| {
        reference.run(lines, eof).map_err(failed)
    }))
}

/// Spoils the first alert that can be spoilt.
fn first(seen: &mut Seen, spoil: fn(&mut Comparable) -> bool) -> bool {
    seen.alerts.iter_mut().any(spoil)
}

type Mistake = (&'static str, fn(&mut Seen) -> bool);

/// What an engine can get wrong about what it tells, and whether a case gives it the chance.
const MISTAKES: [Mistake; 20] = [
    ("drops an alert", |seen| seen.alerts.pop().is_some()),
    ("tells an alert twice", |seen| {
        let again = seen.alerts.first().cloned();
        seen.alerts.extend(again);
        !seen.alerts.is_empty()
    }),
    ("swaps two alerts", |seen| {
        let different = seen.alerts.len() > 1 && seen.alerts[0].rule != seen.alerts[1].rule;
        if different {
            seen.alerts.swap(0, 1);
        }
        different
    }),
    ("moves a time by a millisecond", |seen| {
        first(seen, |alert| {
            alert.time += 1_000;
            true
        })
    }),
    ("mistakes the first instant", |seen| {
        first(seen, |alert| {
            alert.from -= 1;
            true
        })
    }),
    ("mistakes the last instant", |seen| {
        first(seen, |alert| {
            alert.to -= 1;
            true
        })
    }),
    ("spells a key otherwise", |seen| {
        first(seen, |alert| {
            alert.key.values_mut().next().is_some_and(|text| {
                text.push('x');
                true
            })
        })
    }),
    ("forgets a further key", |seen| {
        first(seen, |alert| alert.also.pop().is_some())
    }),
    ("binds one event more", |seen| {
        first(seen, |alert| {
            alert.evidence.push(("a".to_owned(), "e0".to_owned()));
            true
        })
    }),
    ("binds an event to another step", |seen| {
        first(seen, |alert| {
            alert.evidence[0].0.push('x');
            true
        })
    }),
    ("counts one member less", |seen| {
        first(seen, |alert| {
            alert.counts.values_mut().next().is_some_and(|count| {
                *count -= 1;
                true
            })
        })
    }),
    ("tells another severity", |seen| {
        first(seen, |alert| {
            alert.severity = "info".to_owned();
            true
        })
    }),
    ("words a text otherwise", |seen| {
        first(seen, |alert| {
            alert.text.push(' ');
            true
        })
    }),
    ("words a note otherwise", |seen| {
        first(seen, |alert| {
            alert.notes.first_mut().is_some_and(|note| {
                note.push('s');
                true
            })
        })
    }),
    ("adds a score wrongly", |seen| {
        first(seen, |alert| {
            alert.score.as_mut().is_some_and(|score| {
                score.push('1');
                true
            })
        })
    }),
    ("scores somebody else", |seen| {
        first(seen, |alert| alert.score_on.take().is_some())
    }),
    ("forgets to show a field", |seen| {
        first(seen, |alert| {
            alert
                .shown
                .iter_mut()
                .any(|fields| fields.pop_first().is_some())
        })
    }),
    ("forgets one that was suppressed", |seen| {
        first(seen, |alert| {
            let had = alert.suppressed > 0;
            alert.suppressed = 0;
            had
        })
    }),
    ("is surer than it can be", |seen| {
        first(seen, |alert| {
            let unsure = !alert.complete;
            alert.complete = true;
            unsure
        })
    }),
    ("forgets an open absence", |seen| {
        seen.pending.pop().is_some()
    }),
];

#[test]
fn an_engine_with_any_one_mistake_is_caught_whenever_it_makes_it() {
    /// How often each mistake is tried; later cases need not be asked.
    const CHANCES: usize = 5;
    let mut chances = [0; MISTAKES.len()];
    for seed in 0..400 {
        if chances.iter().all(|times| *times >= CHANCES) {
            break;
        }
        for case in Case::streams(seed, Level::Everything, 3) {
            let reference = Reference::new(&case.program()).unwrap();
            let Ok(truth) = reference.run(&case.lines(), case.eof) else {
                continue;
            };
            for ((name, spoil), times) in MISTAKES.iter().zip(&mut chances) {
                if *times >= CHANCES {
                    continue;
                }
                let mut found = truth.clone();
                let makes_it = spoil(&mut found);
                let run: Run = Box::new(move |_, _| Ok(found.clone()));
                let title = || case.program();
                let verdict = compare_stream(&title, &case.lines(), case.eof, &reference, &run);
                let caught = matches!(verdict, Verdict::Differs(_));
                assert_eq!(caught, makes_it, "an engine that {name}: {verdict:?}");
                *times += usize::from(makes_it);
            }
        }
    }
    for ((name, _), times) in MISTAKES.iter().zip(chances) {
        assert!(times > 0, "no case lets an engine show that it {name}");
    }
}

#[test]
fn a_right_engine_is_never_accused() {
    let right: Engine<'_> = &right;
    for level in LEVELS {
        for seed in 0..ALONE / 4 {
            compare(seed, level, 2, right, &mut |verdict| match verdict {
                Verdict::Same(_) | Verdict::Unsupported(_) => {}
                Verdict::Engine(EngineError::Failed(_)) => {}
                other => panic!("{other:?}"),
            });
        }
    }
}

#[test]
fn a_shrunk_case_is_small_and_keeps_the_sources_of_its_records() {
    let mut with_source = 0;
    for seed in 0..40 {
        let case = Case::new(seed, Level::Sequences);
        let fed = |case: &Case| case.records.iter().any(|record| record.feed.is_some());
        let differs = |case: &Case| {
            let reference = Reference::new(&case.program()).ok()?;
            let seen = reference.run(&case.lines(), case.eof).ok()?;
            (fed(case) && !seen.alerts.is_empty()).then_some(())
        };
        if differs(&case).is_none() {
            continue;
        }
        let small = shrink(&case, &mut |candidate| differs(candidate).is_some());
        assert!(differs(&small).is_some());
        assert!(small.records.len() <= 4, "{}", small.lines().join("\n"));
        assert_eq!(small.rules.len(), 1);
        for record in &small.records {
            let Some(feed) = &record.feed else { continue };
            assert!(small.program().contains(&format!("source {feed} ")));
            with_source += 1;
        }
    }
    assert!(with_source > 0);
}
