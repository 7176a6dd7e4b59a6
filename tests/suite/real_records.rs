//! Records of others, as their products wrote them, through the prelude's sources.
//!
//! Apart from the cases because these are not ours to keep: they are read where they are found,
//! beside the workspace, and the suite says so and passes where they are not.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a test reads its own files and stops at the first surprise"
)]

mod library;
mod prelude;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use muster_lang::value::Value;
use muster_runtime::decode;
use muster_runtime::normalize::{DeadReason, Part};
use serde_json::Value as Json;

use prelude::Prelude;

/// The least share of records, of those nothing explains, that become whole events.
const SHARE_MIN: f64 = 0.95;

/// A product whose records are read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Product {
    Okta,
    Entra,
    Zpa,
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Fate {
    /// Events with identity, time and outcome.
    Whole,
    /// The sample was redacted until it had no time.
    Redacted,
    /// The product did not know who it was.
    Stranger,
    /// Not a log of sign-ins: no source reads the audit log yet.
    Audit,
    /// The log stream's own noise, dropped.
    Noise,
    /// Zscaler's metrics and the like: no source reads them yet.
    Metrics,
    /// Not JSON.
    Malformed,
    /// None of these.
    Unexplained,
}

#[test]
fn real_records_become_whole_events() {
    let Some(data) = data() else {
        println!("no records of others beside the workspace: nothing to read");
        return;
    };
    let mut prelude = Prelude::load();
    let mut fates: BTreeMap<Product, BTreeMap<Fate, usize>> = BTreeMap::new();
    let mut unexplained = Vec::new();
    for (product, text) in records(&data) {
        let fate = fate(&mut prelude, product, &text);
        *fates.entry(product).or_default().entry(fate).or_default() += 1;
        if fate == Fate::Unexplained {
            unexplained.push(format!("{product:?}: {text}"));
        }
    }
    for (product, fates) in &fates {
        let count = |fate| fates.get(&fate).copied().unwrap_or_default();
        let (whole, unexplained) = (count(Fate::Whole), count(Fate::Unexplained));
        println!("{product:?}: {fates:?}");
        let share = whole as f64 / ((whole + unexplained) as f64).max(1.0);
        assert!(share >= SHARE_MIN, "{product:?}: {share}");
    }
    for record in unexplained {
        println!("unexplained: {record}");
    }
    assert!(fates.contains_key(&Product::Okta) && fates.contains_key(&Product::Zpa));
}

/// Returns what became of a record, given as JSON.
fn fate(prelude: &mut Prelude, product: Product, text: &str) -> Fate {
    let Ok(decoded) = decode::json::parse(text.as_bytes()) else {
        return Fate::Malformed;
    };
    let normalized = prelude.normalizer.normalize(&decoded.value);
    let source = normalized.source.map(|source| prelude.source_name(source));
    let expected = match product {
        Product::Okta => source.as_deref() == Some("okta"),
        Product::Entra => source.as_deref() == Some("entra_signin"),
        Product::Zpa => source
            .as_deref()
            .is_some_and(|name| name.starts_with("zpa_")),
    };
    if !expected {
        return unread(product, source.as_deref(), &decoded.value);
    }
    let mut fate = Fate::Noise;
    for part in &normalized.parts {
        match part {
            Part::Dropped => {}
            Part::Dead(DeadReason::NoTime) => return Fate::Redacted,
            Part::Dead(_) => return Fate::Unexplained,
            Part::Event(draft) => {
                let event = prelude.event(draft);
                let has = |name: &str| !prelude.value(&event, name).is_missing();
                // A report of a device has no outcome.
                let whole = has("outcome") || has("device.compliant");
                fate = match (whole, has("identity")) {
                    (true, true) => Fate::Whole,
                    (true, false) if stranger(&decoded.value) => Fate::Stranger,
                    (_, _) => return Fate::Unexplained,
                };
            }
        }
    }
    fate
}

/// Returns why a record of a product went to no source of it.
fn unread(product: Product, source: Option<&str>, record: &Value) -> Fate {
    if source.is_some() {
        return Fate::Unexplained;
    }
    match product {
        Product::Entra if text(record, &["category"]).is_some_and(|c| !c.contains("SignIn")) => {
            Fate::Audit
        }
        Product::Zpa if text(record, &["CPUUtilization"]).is_some() => Fate::Metrics,
        Product::Okta | Product::Entra | Product::Zpa => Fate::Unexplained,
    }
}

fn stranger(record: &Value) -> bool {
    text(record, &["actor", "id"]).is_none_or(|id| id == "unknown" || id == "redacted")
}

fn text<'a>(record: &'a Value, path: &[&str]) -> Option<&'a str> {
    let found = path.iter().try_fold(record, |value, key| match value {
        Value::Record(record) => record.get(key),
        _ => None,
    })?;
    if let Value::Text(text) = found {
        Some(text)
    } else {
        None
    }
}

/// Returns the folder of the records, if it is there.
fn data() -> Option<PathBuf> {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).parent()?;
    let above = workspace
        .ancestors()
        .skip(1)
        .map(|folder| folder.join("shared/data"));
    above.take(2).find(|folder| folder.is_dir())
}

/// Returns every record of the products, as JSON.
fn records(data: &Path) -> Vec<(Product, String)> {
    let mut records = Vec::new();
    rule_tests(&data.join("panther"), &mut records);
    for (product, folder) in [
        (Product::Okta, "okta_system_log"),
        (Product::Entra, "azure_signinlogs"),
        (Product::Entra, "azure_auditlogs"),
    ] {
        let path = data
            .join("schema-classification")
            .join(folder)
            .join("test_event.json");
        records.extend(fs::read_to_string(path).ok().map(|text| (product, text)));
    }
    let lines = fs::read_to_string(data.join("sc4s-syslog/samples.jsonl")).unwrap_or_default();
    for line in lines
        .lines()
        .filter_map(|line| serde_json::from_str::<Json>(line).ok())
    {
        let raw = line["raw"].as_str().unwrap_or_default();
        let Some(start) = raw.find('{') else { continue };
        if raw.contains("\"LogTimestamp\"") {
            records.push((Product::Zpa, raw[start..].to_owned()));
            // The sample prints numbers no JSON knows; so it can be read all the same.
            records.push((Product::Zpa, raw[start..].replace("00.000000", "0.000000")));
        }
    }
    records
}

/// Adds the logs of the tests in rule files, and those of scenarios.
fn rule_tests(folder: &Path, records: &mut Vec<(Product, String)>) {
    for path in below(folder) {
        let text = fs::read_to_string(&path).unwrap();
        for document in serde_saphyr::from_multiple::<Json>(&text).unwrap_or_default() {
            let kind = format!("{} {}", document["LogTypes"], document["LogType"]);
            let product = if kind.contains("Okta.SystemLog") {
                Product::Okta
            } else if kind.contains("Azure.Audit") {
                Product::Entra
            } else {
                continue;
            };
            let tests = document["Tests"].as_array().into_iter().flatten();
            let logs = document["Logs"].as_array().into_iter().flatten();
            let found = tests
                .map(|test| &test["Log"])
                .chain(logs)
                .filter(|log| log.is_object());
            records.extend(found.map(|log| (product, log.to_string())));
        }
    }
}

fn below(folder: &Path) -> Vec<PathBuf> {
    let Ok(entries) = fs::read_dir(folder) else {
        return Vec::new();
    };
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let (folders, files): (Vec<_>, Vec<_>) = paths.into_iter().partition(|path| path.is_dir());
    let rules = files
        .into_iter()
        .filter(|path| path.extension().is_some_and(|e| e == "yml"));
    rules
        .chain(folders.iter().flat_map(|folder| below(folder)))
        .collect()
}
