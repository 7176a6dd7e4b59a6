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
    CloudTrail,
    Duo,
    Google,
    Microsoft365,
}

impl Product {
    /// Returns the product of a rule's log types.
    fn of(kind: &str) -> Option<Self> {
        let products = [
            ("Okta.SystemLog", Self::Okta),
            ("Azure.Audit", Self::Entra),
            ("AWS.CloudTrail", Self::CloudTrail),
            ("Duo.Authentication", Self::Duo),
            ("GSuite.ActivityEvent", Self::Google),
        ];
        let found = products.iter().find(|(name, _)| kind.contains(name));
        found.map(|(_, product)| *product)
    }

    /// Returns how the names of its sources begin.
    fn sources(self) -> &'static str {
        match self {
            Self::Okta => "okta",
            Self::Entra => "entra_",
            Self::Zpa => "zpa_",
            Self::CloudTrail => "cloudtrail",
            Self::Duo => "duo",
            Self::Google => "google_workspace",
            Self::Microsoft365 => "m365",
        }
    }
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
    /// The sample was cut down until nothing says whose log it is.
    Fragment,
    /// The log stream's own noise, dropped.
    Noise,
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
        // Of a product whose records are all cut down, nothing can be said.
        let told = whole + unexplained > 0;
        assert!(!told || share >= SHARE_MIN, "{product:?}: {share}");
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
    let expected = source
        .as_deref()
        .is_some_and(|name| name.starts_with(product.sources()));
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
                    (false, _) if is_cut(product, &decoded.value) => Fate::Fragment,
                    (_, _) => return Fate::Unexplained,
                };
            }
        }
    }
    fate
}

/// Tells whether a record was cut down until it has no result.
fn is_cut(product: Product, record: &Value) -> bool {
    let result = text(record, &["properties", "result"]).or_else(|| text(record, &["result"]));
    product == Product::Entra && result.is_none() && text(record, &["resultType"]).is_none()
}

/// Returns why a record of a product went to no source of it.
fn unread(product: Product, source: Option<&str>, record: &Value) -> Fate {
    let has = |key: &str| matches!(record, Value::Record(record) if record.get(key).is_some());
    let marks: &[&str] = match product {
        Product::CloudTrail => &["eventSource", "userIdentity"],
        Product::Entra => &["category"],
        Product::Okta | Product::Zpa | Product::Duo | Product::Google | Product::Microsoft365 => {
            return Fate::Unexplained;
        }
    };
    if source.is_none() && !marks.iter().all(|mark| has(mark)) {
        return Fate::Fragment;
    }
    Fate::Unexplained
}

/// Tells whether a record names nobody: a login with a name that the product does not know, or a cut sample.
fn stranger(record: &Value) -> bool {
    let is_cloud = text(record, &["eventName"]).is_some();
    if is_cloud {
        return text(record, &["userIdentity", "arn"]).is_none();
    }
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
        (Product::CloudTrail, "aws_cloudtrail"),
        (Product::Microsoft365, "microsoft365_audit"),
    ] {
        let path = data
            .join("schema-classification")
            .join(folder)
            .join("test_event.json");
        records.extend(fs::read_to_string(path).ok().map(|text| (product, text)));
    }
    let trail = fs::read_to_string(data.join("cloudtrail-samples/cloudtrail.ndjson"));
    let trail = trail.unwrap_or_default();
    records.extend(
        trail
            .lines()
            .map(|line| (Product::CloudTrail, line.to_owned())),
    );
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
            let Some(product) = Product::of(&kind) else {
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
