//! Conformance cases: a program, events on a timeline, and what must come out.
//!
//! Apart from the suites that run them, because the same cases go through the engine, through the
//! command line, in any batches and in any order within the lateness.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use muster_runtime::digest::Forwarded;
use serde::Deserialize;
use serde_json::{Map, Value, json};

/// 2026-01-05T00:00:00Z, from which times count, in milliseconds.
const START_MILLIS: i64 = 1_767_571_200_000;

/// A file of cases.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    case: Vec<Case>,
}

/// One case.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// A sentence that says what is shown.
    pub name: String,
    /// The program, loaded after the prelude.
    pub rules: String,
    /// Events, a line each: `TIME CLASS name=value …`; see [`event`].
    #[serde(default)]
    pub events: String,
    /// Raw input in place of events, a record a line.
    pub input: Option<String>,
    /// The alerts, in order.
    #[serde(default)]
    pub alerts: Vec<Expected>,
    /// Rules with a match pending at the end, in order of deadline.
    #[serde(default)]
    pub pending: Vec<String>,
    /// What digests pass on, in order: the id of an event, or a summary; see [`forwarded`].
    #[serde(default)]
    pub forwarded: Option<Vec<String>>,
    /// `final` where time ends with the input.
    pub eof: Option<String>,
    /// Counts of the summary that must hold, by name: `late`, `duplicate`, `dead`, `dropped` …
    #[serde(default)]
    pub counts: BTreeMap<String, u64>,
    /// Whether order of arrival is what the case is about, so that it is not shuffled.
    #[serde(default)]
    pub in_order: bool,
    /// A part of the message by which the program is refused.
    pub refused: Option<String>,
}

/// An alert that must come out; what is not given is not compared.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Expected {
    /// The rule; that of the only rule where none is given.
    pub rule: Option<String>,
    /// When, as in events.
    pub at: Option<String>,
    /// Evidence, `step:id` each, in order.
    pub evidence: Option<Vec<String>>,
    /// The key.
    pub key: Option<BTreeMap<String, toml::Value>>,
    /// Its text.
    pub text: Option<String>,
    /// Its severity.
    pub severity: Option<String>,
    /// What decided it: the values of `because`, in order.
    pub because: Option<Vec<String>>,
    /// Its notes.
    pub notes: Option<Vec<String>>,
    /// How many members its groups have.
    pub counts: Option<BTreeMap<String, u64>>,
    /// How many were held back before it.
    pub suppressed: Option<u64>,
    /// Whether nothing was lost.
    pub complete: Option<bool>,
    /// Its score.
    pub score: Option<f64>,
    /// Whose score it is.
    pub score_on: Option<String>,
    /// Fields of the evidence, `step:name=value` each, in order.
    pub fields: Option<Vec<String>>,
    /// Further keys.
    pub also: Option<Vec<BTreeMap<String, toml::Value>>>,
}

/// Returns every case under `tests/conformance` with the file it stands in, sorted by file.
///
/// # Errors
///
/// The first file that cannot be read.
pub fn cases() -> Result<Vec<(PathBuf, Case)>, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("conformance");
    let mut cases = Vec::new();
    for path in toml_files(&root)? {
        let text = read(&path)?;
        let file: File =
            toml::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))?;
        cases.extend(file.case.into_iter().map(|case| (path.clone(), case)));
    }
    Ok(cases)
}

#[expect(clippy::disallowed_methods, reason = "test data is read from disk")]
fn read(path: &Path) -> Result<String, String> {
    std::fs::read_to_string(path).map_err(|error| format!("{}: {error}", path.display()))
}

fn toml_files(root: &Path) -> Result<Vec<PathBuf>, String> {
    let entries =
        std::fs::read_dir(root).map_err(|error| format!("{}: {error}", root.display()))?;
    let mut files: Vec<PathBuf> = entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .collect();
    files.retain(|path| {
        path.extension()
            .is_some_and(|extension| extension == "toml")
    });
    files.sort();
    Ok(files)
}

/// Returns something that is passed on as cases write it: the id of an event, or a summary as
/// `NAME FROM TO key=value … name=value …`, FROM and TO counted as in events, with `partial` or
/// `incomplete` behind it where it is.
#[must_use]
pub fn forwarded(one: &Forwarded) -> String {
    let summary = match one {
        Forwarded::Record(passed) => return passed.id.to_string(),
        Forwarded::Summary(summary) => summary,
    };
    let mut words = vec![
        summary.digest.to_string(),
        since_start(summary.from.0),
        since_start(summary.to.0),
    ];
    if !summary.tenant.is_missing() {
        words.push(format!("tenant={}", summary.tenant.display()));
    }
    let named = summary.key.iter().chain(&summary.values);
    words.extend(named.map(|(name, value)| format!("{name}={}", value.display())));
    words.extend(summary.partial.then(|| String::from("partial")));
    words.extend((!summary.complete).then(|| String::from("incomplete")));
    words.join(" ")
}

/// Returns an instant as [`time`] reads it.
fn since_start(micros: i64) -> String {
    let millis = micros / 1_000 - START_MILLIS;
    let sign = if millis < 0 { "-" } else { "" };
    let mut rest = millis.abs();
    let mut text = String::from(sign);
    for (unit, length) in [
        ("d", 86_400_000),
        ("h", 3_600_000),
        ("m", 60_000),
        ("s", 1_000),
        ("ms", 1),
    ] {
        if rest >= length {
            text.push_str(&format!("{}{unit}", rest / length));
            rest %= length;
        }
    }
    if text.len() == sign.len() {
        text.push_str("0s");
    }
    text
}

impl Case {
    /// Returns the records of the case, a line each.
    ///
    /// # Errors
    ///
    /// The first event line that cannot be read.
    pub fn records(&self) -> Result<Vec<String>, String> {
        if let Some(input) = &self.input {
            return Ok(input.lines().map(str::to_string).collect());
        }
        let lines = self.events.lines().map(str::trim);
        let lines = lines.filter(|line| !line.is_empty() && !line.starts_with('#'));
        lines
            .enumerate()
            .map(|(index, line)| event(line, index + 1).map(|event| event.to_string()))
            .collect()
    }
}

/// Returns the record of the `muster` source for a line such as
/// `1h30m auth.login outcome=success identity=ana geo=40.42,-3.70 groups=[a,b]`.
///
/// TIME counts from 2026-01-05T00:00:00Z; `id` is `e` and the line's number unless given; a class of
/// `-` is none. A value is JSON if it can be, `geo=LAT,LON` coordinates, `[a,b]` a list of texts.
///
/// # Errors
///
/// What is wrong with the line.
pub fn event(line: &str, number: usize) -> Result<Value, String> {
    let mut words = line.split_whitespace();
    let (Some(at), Some(class)) = (words.next(), words.next()) else {
        return Err(format!("expected `TIME CLASS …`, found `{line}`"));
    };
    let mut object = Map::new();
    object.insert("time".into(), json!(time(at)?));
    if class != "-" {
        object.insert("class".into(), json!(class));
    }
    object.insert("id".into(), json!(format!("e{number}")));
    for word in words {
        let (name, value) = word
            .split_once('=')
            .ok_or_else(|| format!("expected `name=value`, found `{word}`"))?;
        object.insert(name.to_string(), field(name, value)?);
    }
    Ok(Value::Object(object))
}

fn field(name: &str, value: &str) -> Result<Value, String> {
    if name == "geo" {
        let (lat, lon) = value
            .split_once(',')
            .ok_or_else(|| format!("expected `LAT,LON`, found `{value}`"))?;
        let degrees = |text: &str| {
            text.parse::<f64>()
                .map_err(|error| format!("`{text}`: {error}"))
        };
        return Ok(json!({"lat": degrees(lat)?, "lon": degrees(lon)?}));
    }
    if let Ok(json) = serde_json::from_str(value) {
        return Ok(json);
    }
    if let Some(items) = value
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'))
    {
        return Ok(items
            .split(',')
            .map(str::trim)
            .filter(|item| !item.is_empty())
            .collect());
    }
    Ok(json!(value))
}

/// Returns the instant of a time such as `1h30m`, `0s` or `2d4h5m6s7ms` after 2026-01-05, as RFC 3339.
///
/// # Errors
///
/// If it is no such time.
pub fn time(text: &str) -> Result<String, String> {
    let start = chrono::DateTime::from_timestamp_millis(START_MILLIS).unwrap_or_default();
    let time = start + chrono::TimeDelta::milliseconds(milliseconds(text)?);
    Ok(time.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true))
}

fn milliseconds(text: &str) -> Result<i64, String> {
    let wrong = || format!("expected a time such as `1h30m`, found `{text}`");
    let (sign, mut rest) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let mut total: i64 = 0;
    while !rest.is_empty() {
        let digits = rest.find(|c: char| !c.is_ascii_digit()).ok_or_else(wrong)?;
        let (number, behind) = rest.split_at(digits);
        let letters = behind
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(behind.len());
        let (unit, after) = behind.split_at(letters);
        let factor = match unit {
            "ms" => 1,
            "s" => 1_000,
            "m" => 60_000,
            "h" => 3_600_000,
            "d" => 86_400_000,
            _ => return Err(wrong()),
        };
        total += number.parse::<i64>().map_err(|_| wrong())? * factor;
        rest = after;
    }
    Ok(sign * total)
}
