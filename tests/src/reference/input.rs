//! JSON lines of the `muster` source, and of sources shaped like it, as input events.
//!
//! Apart from evaluation because the reference starts where a source has done its work.

use std::collections::BTreeMap;
use std::net::IpAddr;
use std::sync::Arc;

use chrono::DateTime;
use muster_lang::syntax::ast::{Module, SourceLineKind};
use muster_lang::types::Type;
use muster_lang::units::SECOND;
use muster_lang::value::Value;
use serde_json::Value as Json;

use super::expression::coordinates;
use super::program::Program;
use super::{Answer, InputEvent, ReferenceError, unsupported};

/// Reads records with the types that a program declares.
#[derive(Debug)]
pub struct Reader {
    types: BTreeMap<String, Type>,
    /// Lateness and dedupe of each declared source.
    sources: BTreeMap<String, (i64, Option<i64>)>,
}

const LATENESS: i64 = 30 * SECOND;
const DEDUPE: i64 = 600 * SECOND;

impl Reader {
    /// Learns the fields and sources of a program.
    ///
    /// # Errors
    /// What the reference does not support.
    pub fn new(modules: &[Module]) -> Result<Self, ReferenceError> {
        let program = Program::new(modules)?;
        let types = program
            .fields
            .iter()
            .map(|(name, field)| (name.clone(), field.ty.clone()));
        let mut sources = BTreeMap::new();
        for (name, source) in &program.sources {
            let mut spans = (LATENESS, Some(DEDUPE));
            for line in &source.lines {
                match &line.kind {
                    SourceLineKind::Lateness(span) => spans.0 = program.span(span)?,
                    SourceLineKind::Dedupe(span) => spans.1 = Some(program.span(span)?),
                    SourceLineKind::When(_)
                    | SourceLineKind::Absent(_)
                    | SourceLineKind::Drop(_)
                    | SourceLineKind::Explode { .. }
                    | SourceLineKind::Fields(_)
                    | SourceLineKind::Assign { .. } => {}
                }
            }
            sources.insert((*name).to_owned(), spans);
        }
        Ok(Reader {
            types: types.collect(),
            sources,
        })
    }

    /// Reads one line. A record with `feed` belongs to the source of that name and bears its time
    /// as `ts`; any other belongs to `muster` and bears it as `time`.
    ///
    /// # Errors
    /// A record that is no JSON object, or has no time or no id.
    pub fn read(&self, line: &str) -> Result<InputEvent, ReferenceError> {
        let record: Json = match serde_json::from_str(line) {
            Ok(record) => record,
            Err(error) => return unsupported(format!("the record: {error}")),
        };
        let mut flat = BTreeMap::new();
        flatten(String::new(), &record, &mut flat);
        let text = |name: &str| {
            flat.get(name)
                .and_then(|json| json.as_str())
                .map(str::to_owned)
        };
        let feed = text("feed");
        let clock = text(if feed.is_some() { "ts" } else { "time" });
        let source = feed.unwrap_or_else(|| "muster".to_owned());
        let spans = self.sources.get(&source).copied();
        let own = (source == "muster").then_some((LATENESS, Some(DEDUPE)));
        let Some((lateness, dedupe)) = spans.or(own) else {
            return unsupported(format!("a record of `{source}`, which is no source"));
        };
        let Some(Ok(time)) = clock.map(|clock| DateTime::parse_from_rfc3339(&clock)) else {
            return unsupported("a record without a time");
        };
        let Some(id) = text("id") else {
            return unsupported("a record without an id");
        };
        if !flat.contains_key("class") {
            return unsupported("a record without a class");
        }
        Ok(InputEvent {
            source,
            time: time.timestamp_micros(),
            id,
            tenant: text("tenant").filter(|tenant| !tenant.is_empty()),
            fields: self.fields(&flat)?,
            lateness,
            dedupe,
        })
    }

    fn fields(&self, flat: &BTreeMap<String, &Json>) -> Answer<BTreeMap<String, Value>> {
        let mut fields = BTreeMap::new();
        for (name, json) in flat {
            let ty = match name.as_str() {
                "class" => Some(&Type::Text),
                _ => self.types.get(name),
            };
            // Both `muster` and the sources of cases say `absent ""`.
            let absent = json.as_str().is_some_and(str::is_empty);
            if let Some(value) = ty.and_then(|ty| converted(ty, json)).filter(|_| !absent) {
                fields.insert(name.clone(), value);
            }
        }
        if let (Some(lat), Some(lon)) = (flat.get("geo.lat"), flat.get("geo.lon"))
            && let (Some(lat), Some(lon)) = (lat.as_f64(), lon.as_f64())
        {
            fields.insert("geo".to_owned(), coordinates(lat, lon));
        }
        Ok(fields)
    }
}

/// Nested objects under dotted names.
fn flatten<'j>(prefix: String, json: &'j Json, flat: &mut BTreeMap<String, &'j Json>) {
    match json {
        Json::Object(entries) => {
            for (key, value) in entries {
                let name = if prefix.is_empty() {
                    key.clone()
                } else {
                    format!("{prefix}.{key}")
                };
                flatten(name, value, flat);
            }
        }
        other => {
            flat.insert(prefix, other);
        }
    }
}

/// A conversion that fails leaves the field missing.
fn converted(ty: &Type, json: &Json) -> Option<Value> {
    match (ty, json) {
        (Type::Text, Json::String(text)) => Some(Value::text(text.as_str())),
        (Type::Text, Json::Number(number)) => Some(Value::text(number.to_string())),
        (Type::Int, Json::Number(number)) => number.as_i64().map(Value::Int),
        (Type::Float, Json::Number(number)) => number.as_f64().map(Value::Float),
        (Type::Bool, Json::Bool(holds)) => Some(Value::Bool(*holds)),
        (Type::Size, Json::Number(number)) => number.as_i64().map(Value::Size),
        (Type::Ip, Json::String(text)) => text.parse::<IpAddr>().ok().map(Value::Ip),
        (Type::Enum(symbols), Json::String(text)) => symbols
            .symbols
            .iter()
            .find(|symbol| ***symbol == **text)
            .cloned()
            .map(Value::Text),
        (Type::List(element), Json::Array(items)) => {
            // What is absent is left out of a list.
            let there = items.iter().filter(|item| item.as_str() != Some(""));
            let items: Option<Arc<[Value]>> = there.map(|item| converted(element, item)).collect();
            items.map(Value::List)
        }
        _ => None,
    }
}
