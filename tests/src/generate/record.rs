//! A record of the stream, printed as a JSON line.
//!
//! Apart from the choice of records because shrinking takes fields away one by one.

use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Map, Value as Json};

/// A record before it is printed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Record {
    /// The source of the case it belongs to; the `muster` source otherwise.
    pub feed: Option<String>,
    /// When it happened, milliseconds since 1970.
    pub millis: i64,
    /// Its id.
    pub id: String,
    /// Its other keys.
    pub fields: Vec<(String, Json)>,
}

impl Record {
    /// Prints the record.
    #[must_use]
    pub fn print(&self) -> String {
        let mut object = Map::new();
        let time = DateTime::<Utc>::from_timestamp_millis(self.millis)
            .map(|time| time.to_rfc3339_opts(SecondsFormat::Millis, true))
            .unwrap_or_default();
        match &self.feed {
            Some(feed) => {
                object.insert("feed".to_owned(), Json::from(feed.as_str()));
                object.insert("ts".to_owned(), Json::from(time));
            }
            None => {
                object.insert("time".to_owned(), Json::from(time));
            }
        }
        object.insert("id".to_owned(), Json::from(self.id.as_str()));
        for (name, value) in &self.fields {
            object.insert(name.clone(), value.clone());
        }
        Json::Object(object).to_string()
    }
}
