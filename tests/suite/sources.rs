//! What the prelude's sources make of real records, trap by trap.
//!
//! Apart from the tests of normalizing because the cases are about products, not about code: one
//! TOML file a source, so that a product's oddity is a case and no program.

#![expect(
    clippy::disallowed_methods,
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test reads its own files and stops at the first surprise"
)]

mod library;
mod prelude;

use std::fs;
use std::path::{Path, PathBuf};

use muster_lang::value::{Value, display};
use muster_runtime::normalize::{Normalized, Part};
use serde::Deserialize;

use prelude::Prelude;

/// The cases of one source.
#[derive(Deserialize)]
struct Corpus {
    case: Vec<Case>,
}

/// A record and what becomes of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    record: String,
    source: Option<String>,
    #[serde(default)]
    part: Option<usize>,
    #[serde(default)]
    dropped: bool,
    dead: Option<String>,
    #[serde(default)]
    missing: Vec<String>,
    #[serde(default)]
    fields: toml::Table,
}

#[test]
fn every_record_becomes_what_its_case_says() {
    let mut prelude = Prelude::load();
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance/sources");
    let mut wrong = Vec::new();
    let mut count = 0;
    for path in files(&folder, "toml") {
        let corpus: Corpus = toml::from_str(&fs::read_to_string(&path).unwrap()).unwrap();
        assert!(corpus.case.len() >= 8, "{}: too few cases", path.display());
        count += corpus.case.len();
        for case in corpus.case {
            for fault in faults(&mut prelude, &case) {
                wrong.push(format!("{}: {}: {fault}", path.display(), case.name));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "{} of {count} cases:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

/// Returns what is not as the case says.
fn faults(prelude: &mut Prelude, case: &Case) -> Vec<String> {
    let mut json = muster_runtime::decode::json::Decoder::new();
    let record = muster_runtime::decode::wire::decode(case.record.as_bytes(), &mut json)
        .unwrap()
        .value;
    let Normalized { source, parts, .. } = prelude.normalizer.normalize(&record);
    let source = source.map(|source| prelude.source_name(source));
    if source != case.source {
        return vec![format!(
            "expected source {:?}, found {source:?}",
            case.source
        )];
    }
    if case.dropped && case.part.is_none() {
        let dropped = parts.iter().all(|part| matches!(part, Part::Dropped));
        return if dropped {
            vec![]
        } else {
            vec![format!("not dropped: {parts:?}")]
        };
    }
    match &parts[case.part.unwrap_or(0)] {
        Part::Dropped if case.dropped => vec![],
        Part::Dropped => vec!["dropped".to_owned()],
        Part::Dead(reason) if case.dead == Some(reason.to_string()) => vec![],
        Part::Dead(reason) => vec![format!("dead: {reason}")],
        Part::Event(_) if case.dropped || case.dead.is_some() => vec!["an event".to_owned()],
        Part::Event(draft) => {
            let event = prelude.event(draft);
            let value = |name: &str| prelude.value(&event, name);
            let present = case.fields.iter().filter_map(|(name, expected)| {
                let found = value(name);
                (!fits(expected, &found))
                    .then(|| format!("`{name}`: expected {expected}, found {found:?}"))
            });
            let absent = case.missing.iter().filter_map(|name| {
                let found = value(name);
                (!found.is_missing()).then(|| format!("`{name}`: expected none, found {found:?}"))
            });
            present.chain(absent).collect()
        }
    }
}

/// Tells whether a value is what a case says; quantities and times as alerts print them, sizes in
/// bytes, coordinates as a pair.
fn fits(expected: &toml::Value, found: &Value) -> bool {
    match (expected, found) {
        (_, Value::Missing) => false,
        (toml::Value::String(text), found) => *text == display(found),
        (toml::Value::Integer(int), Value::Int(found) | Value::Size(found)) => int == found,
        (toml::Value::Float(float), Value::Float(found)) => float == found,
        (toml::Value::Boolean(truth), Value::Bool(found)) => truth == found,
        (toml::Value::Array(pair), Value::Geo(found)) => {
            *pair == [toml::Value::Float(found.lat), toml::Value::Float(found.lon)]
        }
        (toml::Value::Array(items), Value::List(found)) => {
            items.len() == found.len()
                && items
                    .iter()
                    .zip(found.iter())
                    .all(|(item, found)| fits(item, found))
        }
        _ => false,
    }
}

/// Returns the files of a folder with an extension, sorted.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.extension().is_some_and(|found| found == extension))
        .collect();
    paths.sort();
    paths
}
