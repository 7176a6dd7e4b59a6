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
    /// How it writes its time where its source has records of an own shape, under `Clock`.
    pub clock: Option<Clock>,
    /// When it happened, milliseconds since 1970.
    pub millis: i64,
    /// Its id.
    pub id: String,
    /// Its other keys.
    pub fields: Vec<(String, Json)>,
}

/// How a record writes its time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Clock {
    /// RFC 3339.
    #[default]
    Iso,
    /// Milliseconds since 1970.
    Millis,
    /// Seconds since 1970, with a fraction.
    Seconds,
    /// Date and time of Madrid to the second.
    Local,
    /// No time at all.
    None,
}

impl Clock {
    fn print(self, millis: i64) -> Json {
        let time = DateTime::<Utc>::from_timestamp_millis(millis).unwrap_or_default();
        match self {
            Clock::Iso => Json::from(time.to_rfc3339_opts(SecondsFormat::Millis, true)),
            Clock::Millis => Json::from(millis),
            Clock::Seconds => {
                let (whole, rest) = (millis.div_euclid(1_000), millis.rem_euclid(1_000));
                Json::from(format!("{whole}.{rest:03}"))
            }
            Clock::Local => {
                let local = time.with_timezone(&chrono_tz::Europe::Madrid);
                Json::from(local.format("%d.%m.%Y %H:%M:%S").to_string())
            }
            Clock::None => Json::from("yesterday"),
        }
    }
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
        if let Some(clock) = self.clock {
            object.remove("ts");
            object.insert("Clock".to_owned(), clock.print(self.millis));
            object.insert("Id".to_owned(), Json::from(self.id.as_str()));
        } else {
            object.insert("id".to_owned(), Json::from(self.id.as_str()));
        }
        for (name, value) in &self.fields {
            object.insert(name.clone(), value.clone());
        }
        Json::Object(object).to_string()
    }
}
