//! Every conformance case through the engine, in any batches and any order within the lateness, and
//! through the command line.

#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    reason = "a step that fails fails the test"
)]

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;
use std::process::{Command, Stdio};

use muster_lang::time::{format_rfc3339, parse_rfc3339};
use muster_runtime::alert::{Alert, Named};
use muster_runtime::encode::{forward, json};
use muster_runtime::engine::Counts;
use muster_runtime::options::{EndOfInput, Forwards, Options};
use muster_tests::conformance::{Case, Expected, cases, forwarded, time};
use muster_tests::harness::{Outcome, load, run, run_restored};

/// Runs a check over every case and fails with all that went wrong.
fn every_case(check: impl Fn(&Case) -> Result<(), String>) {
    let cases = cases().unwrap();
    assert!(cases.len() >= 40, "only {} cases were found", cases.len());
    let mut failures = String::new();
    for (path, case) in &cases {
        if let Err(failure) = check(case) {
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            let _ = writeln!(failures, "{file}: {}\n{failure}\n", case.name);
        }
    }
    assert!(failures.is_empty(), "{failures}");
}

fn end(case: &Case) -> EndOfInput {
    if case.eof.as_deref() == Some("final") {
        EndOfInput::Final
    } else {
        EndOfInput::Pending
    }
}

/// Runs a case, or returns nothing where it is refused as it should be.
fn run_case(case: &Case, records: &[String], batch: usize) -> Result<Option<Outcome>, String> {
    let options = Options {
        forwards: Forwards::Digested,
        ..Options::default()
    };
    let outcome =
        load(&case.rules).and_then(|loaded| run(&loaded, records, options, end(case), batch));
    match (&case.refused, outcome) {
        (Some(wanted), Err(found)) if found.contains(wanted.as_str()) => Ok(None),
        (Some(wanted), Err(found)) => Err(format!("expected refusal `{wanted}`, found `{found}`")),
        (Some(wanted), Ok(_)) => Err(format!("expected refusal `{wanted}`, but it ran")),
        (None, outcome) => outcome.map(Some),
    }
}

#[test]
fn cases_come_out_as_written() {
    every_case(|case| match run_case(case, &case.records()?, 1)? {
        Some(outcome) => compare(case, &outcome),
        None => Ok(()),
    });
}

#[test]
fn batches_change_nothing() {
    every_case(|case| {
        let records = case.records()?;
        let Some(one) = run_case(case, &records, 1)? else {
            return Ok(());
        };
        for batch in [7, 1_000] {
            let Some(other) = run_case(case, &records, batch)? else {
                continue;
            };
            same(&format!("in batches of {batch}"), &one, &other)?;
        }
        Ok(())
    });
}

#[test]
fn order_of_arrival_within_the_lateness_changes_nothing() {
    every_case(|case| {
        let records = case.records()?;
        let Some(straight) = run_case(case, &records, 1)? else {
            return Ok(());
        };
        if case.in_order || case.input.is_some() {
            return Ok(());
        }
        for seed in 1..=5 {
            let Some(other) = run_case(case, &shuffle(&records, seed), 1)? else {
                continue;
            };
            same(&format!("shuffled with seed {seed}"), &straight, &other)?;
        }
        Ok(())
    });
}

#[test]
fn saving_and_restoring_after_every_record_changes_nothing() {
    every_case(|case| {
        let records = case.records()?;
        let Some(straight) = run_case(case, &records, 1)? else {
            return Ok(());
        };
        let loaded = load(&case.rules)?;
        let options = Options {
            forwards: Forwards::Digested,
            ..Options::default()
        };
        let other = run_restored(&loaded, &records, options, end(case))?;
        same("saved and restored", &straight, &other)
    });
}

#[test]
fn nothing_is_remembered_after_the_end_of_time() {
    every_case(|case| {
        let case = Case {
            eof: Some(String::from("final")),
            ..case.clone()
        };
        match run_case(&case, &case.records()?, 1)? {
            Some(outcome) if !outcome.is_idle => {
                Err(String::from("a rule still remembers something"))
            }
            Some(outcome) if !outcome.summary.adds_up() => Err(format!("{:?}", outcome.summary)),
            Some(_) | None => Ok(()),
        }
    });
}

#[test]
fn the_command_line_says_the_same() {
    let binary = binary();
    let folder = tempfile::tempdir().unwrap();
    every_case(|case| {
        let records = case.records()?;
        let Some(outcome) = run_case(case, &records, 1)? else {
            return Ok(());
        };
        let rules = folder.path().join("case.muster");
        let passed_on = folder.path().join("forwarded.jsonl");
        std::fs::write(&rules, &case.rules).unwrap();
        let eof = case.eof.as_deref().unwrap_or("pending");
        let mut child = Command::new(&binary)
            .args(["run", "--quiet", "--eof", eof])
            .arg(&rules)
            .arg("--forward")
            .arg(&passed_on)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut input = child.stdin.take().unwrap();
        input
            .write_all(format!("{}\n", records.join("\n")).as_bytes())
            .unwrap();
        drop(input);
        let output = child.wait_with_output().unwrap();
        let found = String::from_utf8(output.stdout).unwrap();
        let wanted: String = outcome
            .alerts
            .iter()
            .map(|alert| json::alert(alert) + "\n")
            .collect();
        let passed = read(&passed_on);
        let digested: String = outcome
            .forwarded
            .iter()
            .map(|one| forward::forwarded(one) + "\n")
            .collect();
        if passed != digested {
            return Err(format!("expected forwarded\n{digested}found\n{passed}"));
        }
        if found == wanted {
            return Ok(());
        }
        let errors = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(format!("expected\n{wanted}found\n{found}{errors}"))
    });
}

#[expect(clippy::disallowed_methods, reason = "the binary wrote it")]
fn read(path: &std::path::Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// Returns the `muster` binary of this build, building it if need be.
fn binary() -> PathBuf {
    let here = std::env::current_exe().unwrap();
    let path = here.parent().unwrap().parent().unwrap().join("muster");
    let mut build = Command::new(option_env!("CARGO").unwrap_or("cargo"));
    build.args(["build", "--quiet", "-p", "muster"]);
    if path.components().any(|part| part.as_os_str() == "release") {
        build.arg("--release");
    }
    let built = build
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .status()
        .unwrap();
    assert!(
        built.success() && path.exists(),
        "no binary at {}",
        path.display()
    );
    path
}

/// Delays each record by less than the least lateness, 30 s; equal instants keep their order.
fn shuffle(records: &[String], seed: u64) -> Vec<String> {
    let mut random = seed;
    let mut delays: BTreeMap<i64, i64> = BTreeMap::new();
    let mut keyed: Vec<(i64, usize, &String)> = Vec::new();
    for (index, record) in records.iter().enumerate() {
        let value: serde_json::Value = serde_json::from_str(record).unwrap();
        let at = value["time"]
            .as_str()
            .and_then(parse_rfc3339)
            .unwrap_or_default()
            .0;
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let delay = i64::try_from(random >> 33).unwrap() % 29_999_999;
        keyed.push((at + *delays.entry(at).or_insert(delay), index, record));
    }
    keyed.sort();
    keyed
        .into_iter()
        .map(|(_, _, record)| record.clone())
        .collect()
}

fn same(how: &str, one: &Outcome, other: &Outcome) -> Result<(), String> {
    let lines =
        |outcome: &Outcome| -> Vec<String> { outcome.alerts.iter().map(json::alert).collect() };
    if lines(one) != lines(other) {
        return Err(format!(
            "{how}\nexpected {:#?}\nfound {:#?}",
            lines(one),
            lines(other)
        ));
    }
    if one.forwarded != other.forwarded {
        return Err(format!(
            "{how}: forwarded {:#?}, found {:#?}",
            one.forwarded, other.forwarded
        ));
    }
    if one.pending != other.pending {
        return Err(format!(
            "{how}: pending {:?}, found {:?}",
            one.pending, other.pending
        ));
    }
    Ok(())
}

fn compare(case: &Case, outcome: &Outcome) -> Result<(), String> {
    let told: Vec<String> = outcome.alerts.iter().map(json::alert).collect();
    if outcome.alerts.len() != case.alerts.len() {
        return Err(format!(
            "expected {} alerts, found {}: {told:#?}",
            case.alerts.len(),
            told.len()
        ));
    }
    for (wanted, found) in case.alerts.iter().zip(&outcome.alerts) {
        compare_alert(wanted, found)
            .map_err(|failure| format!("{failure}\nin {}", json::alert(found)))?;
    }
    let pending: Vec<String> = outcome
        .pending
        .iter()
        .map(|one| one.rule.to_string())
        .collect();
    expect("pending", &case.pending, &pending)?;
    if let Some(wanted) = &case.forwarded {
        let found = outcome.forwarded.iter().map(forwarded).collect();
        expect("forwarded", wanted, &found)?;
    }
    for (name, wanted) in &case.counts {
        expect(name, wanted, &count(name, outcome)?)?;
    }
    Ok(())
}

fn count(name: &str, outcome: &Outcome) -> Result<u64, String> {
    let sum = |of: fn(&Counts) -> u64| outcome.summary.sources.values().map(of).sum();
    Ok(match name {
        "received" => sum(|counts| counts.received),
        "evaluated" => sum(|counts| counts.evaluated),
        "late" => sum(|counts| counts.late),
        "duplicate" => sum(|counts| counts.duplicate),
        "dead" => sum(|counts| counts.dead),
        "dropped" => sum(|counts| counts.dropped),
        "suppressed" => outcome.summary.suppressed,
        "jumps" => outcome.summary.jumps,
        "duplicate_keys" => outcome.summary.duplicate_keys,
        _ => return Err(format!("no count `{name}`")),
    })
}

fn expect<T: PartialEq + std::fmt::Debug>(what: &str, wanted: &T, found: &T) -> Result<(), String> {
    if wanted == found {
        Ok(())
    } else {
        Err(format!("{what}: expected {wanted:?}, found {found:?}"))
    }
}

fn compare_alert(wanted: &Expected, found: &Alert) -> Result<(), String> {
    if let Some(rule) = &wanted.rule {
        expect("rule", rule, &found.name.to_string())?;
    }
    if let Some(at) = &wanted.at {
        let parsed = parse_rfc3339(&time(at)?).unwrap();
        expect("at", &format_rfc3339(parsed), &format_rfc3339(found.time))?;
    }
    if let Some(evidence) = &wanted.evidence {
        let told = found
            .evidence
            .iter()
            .map(|one| format!("{}:{}", one.step, one.id));
        expect("evidence", evidence, &told.collect())?;
    }
    if let Some(key) = &wanted.key {
        expect("key", &texts(key), &named(&found.key))?;
    }
    if let Some(also) = &wanted.also {
        let wanted: Vec<_> = also.iter().map(texts).collect();
        expect(
            "also",
            &wanted,
            &found.also.iter().map(|key| named(key)).collect(),
        )?;
    }
    if let Some(because) = &wanted.because {
        expect(
            "because",
            because,
            &found.because.iter().map(|one| one.value.clone()).collect(),
        )?;
    }
    if let Some(counts) = &wanted.counts {
        let told = found
            .counts
            .iter()
            .map(|(step, count)| (step.to_string(), *count));
        expect("counts", counts, &told.collect())?;
    }
    compare_words(wanted, found)
}

fn compare_words(wanted: &Expected, found: &Alert) -> Result<(), String> {
    if let Some(text) = &wanted.text {
        expect("text", text, &found.text)?;
    }
    if let Some(severity) = &wanted.severity {
        expect("severity", severity, &found.severity.name().to_string())?;
    }
    if let Some(notes) = &wanted.notes {
        expect("notes", notes, &found.notes)?;
    }
    if let Some(suppressed) = wanted.suppressed {
        expect("suppressed", &suppressed, &found.suppressed)?;
    }
    if let Some(complete) = wanted.complete {
        expect("complete", &complete, &found.complete)?;
    }
    if let Some(score_on) = &wanted.score_on {
        expect("score_on", score_on, &found.score_on.display())?;
    }
    if let Some(fields) = &wanted.fields {
        let told = found.evidence.iter().flat_map(|one| {
            let fields = one.fields.iter();
            fields.map(|(name, value)| format!("{}:{name}={}", one.step, value.display()))
        });
        expect("fields", fields, &told.collect())?;
    }
    if wanted.score.is_some() {
        expect("score", &wanted.score, &found.score)?;
    }
    Ok(())
}

fn texts(key: &BTreeMap<String, toml::Value>) -> BTreeMap<String, String> {
    let text = |value: &toml::Value| match value {
        toml::Value::String(text) => text.clone(),
        other => other.to_string(),
    };
    key.iter()
        .map(|(name, value)| (name.clone(), text(value)))
        .collect()
}

fn named(key: &[Named]) -> BTreeMap<String, String> {
    key.iter()
        .map(|(name, value)| (name.to_string(), value.display()))
        .collect()
}
