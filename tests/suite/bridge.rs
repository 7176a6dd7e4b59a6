//! The only bridge from the oracle to the engine.
//!
//! Apart from the comparison so that the reference and the cases know nothing of the engine.

use std::collections::BTreeMap;

use muster_lang::ir::Program;
use muster_lang::value::Value;
use muster_runtime::alert::{Alert, Named};
use muster_runtime::digest::{Forwarded, Summary};
use muster_runtime::options::{EndOfInput as End, Forwards, Options};
use muster_tests::compare::{Comparable, ComparablePending, EngineError, Run, Seen};
use muster_tests::harness::{Outcome, Sources, load_with, run};
use muster_tests::reference::EndOfInput;

/// Compiles a program for any number of runs.
///
/// `rules` is the text of one rule file with the files it carries, to be compiled behind the standard
/// prelude without the sources of products. A run takes
/// JSON records in the order of arrival, all of one input; records with `feed` belong to sources
/// that the program declares, all others to the prelude's `muster`; and what `--eof` says. Each
/// run begins with an empty state.
///
/// # Errors
/// `Refused` with the diagnostics where the program does not compile, `Failed` where it does not run.
pub(crate) fn compile(rules: &str) -> Result<Run, EngineError> {
    let loaded = load_with(rules, Sources::Muster).map_err(EngineError::Refused)?;
    Ok(Box::new(move |lines: &[String], eof: EndOfInput| {
        let options = Options {
            hands_out_silent: true,
            forwards: Forwards::Digested,
            ..Options::default()
        };
        let end = match eof {
            EndOfInput::Pending => End::Pending,
            EndOfInput::Final => End::Final,
        };
        let outcome = run(&loaded, lines, options, end, 1).map_err(EngineError::Failed)?;
        if !outcome.summary.adds_up() {
            return Err(EngineError::Failed(format!("{:?}", outcome.summary)));
        }
        Ok(seen(&loaded.program, &outcome))
    }))
}

fn seen(program: &Program, outcome: &Outcome) -> Seen {
    let sources = outcome.summary.sources.values();
    let count = |of: fn(&muster_runtime::engine::Counts) -> u64| {
        usize::try_from(sources.clone().map(of).sum::<u64>()).ok()
    };
    Seen {
        alerts: outcome
            .alerts
            .iter()
            .map(|alert| comparable(program, alert))
            .collect(),
        pending: outcome
            .pending
            .iter()
            .map(|one| ComparablePending {
                rule: one.rule.to_string(),
                key: named(&one.key),
                until: one.until.0,
            })
            .collect(),
        late: count(|counts| counts.late),
        duplicates: count(|counts| counts.duplicate),
        forwarded: Some(outcome.forwarded.iter().map(forwarded).collect()),
    }
}

fn forwarded(one: &Forwarded) -> String {
    match one {
        Forwarded::Record(passed) => passed.id.to_string(),
        Forwarded::Summary(summary) => {
            let mut values = named(&summary.key);
            let of = summary.values.iter();
            values.extend(of.map(|(name, value)| (name.to_string(), without_unit(value))));
            let Summary {
                digest,
                from,
                to,
                partial,
                ..
            } = &**summary;
            let partial = if *partial { " partial" } else { "" };
            format!("{digest} {} {} {values:?}{partial}", from.0, to.0)
        }
    }
}

/// Returns a value as the reference shows it: whole numbers without their unit.
fn without_unit(value: &Value) -> String {
    match value {
        Value::Size(number) => number.to_string(),
        Value::Duration(span) => span.0.to_string(),
        other => other.display(),
    }
}

/// Returns, for each event of the evidence, the fields that the rule shows.
fn shown(program: &Program, alert: &Alert) -> Vec<BTreeMap<String, String>> {
    let rule = &program.rules[alert.rule];
    let shows = |step: &str, name: &str| {
        rule.alert.show.iter().any(|(of, field)| {
            let of = of.map(|of| &*rule.steps[of].label);
            of.is_none_or(|of| of == step) && *program.fields[*field].name == *name
        })
    };
    let entries = alert.evidence.iter().map(|one| {
        let fields = one.fields.iter().filter(|(name, _)| shows(&one.step, name));
        fields
            .map(|(name, value)| (name.to_string(), value.display()))
            .collect()
    });
    entries.collect()
}

fn comparable(program: &Program, alert: &Alert) -> Comparable {
    let counts = alert.counts.iter();
    let texts = |words: &[std::sync::Arc<str>]| words.iter().map(ToString::to_string).collect();
    Comparable {
        time: alert.time.0,
        rule: alert.name.to_string(),
        title: alert.title.to_string(),
        key: named(&alert.key),
        also: alert.also.iter().map(|key| named(key)).collect(),
        evidence: alert
            .evidence
            .iter()
            .map(|one| (one.step.to_string(), one.id.to_string()))
            .collect(),
        counts: counts
            .map(|(step, count)| {
                (
                    step.to_string(),
                    usize::try_from(*count).unwrap_or(usize::MAX),
                )
            })
            .collect(),
        severity: alert.severity.name().to_string(),
        from: alert.from.0,
        to: alert.to.0,
        text: alert.text.clone(),
        notes: alert.notes.clone(),
        attack: texts(&alert.attack),
        tags: texts(&alert.tags),
        score: alert.score.map(|score| format!("{score:?}")),
        score_on: (!alert.score_on.is_missing()).then(|| alert.score_on.display()),
        shown: shown(program, alert),
        suppressed: alert.suppressed,
        complete: alert.complete,
        id: alert.id.to_string(),
    }
}

fn named(key: &[Named]) -> BTreeMap<String, String> {
    key.iter()
        .map(|(name, value)| (name.to_string(), value.display()))
        .collect()
}
