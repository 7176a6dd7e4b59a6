//! The five rules, with what each of them keeps.
//!
//! Events are taken as they come: within the three seconds that they may be out of order, no window of
//! a rule ends.

use std::borrow::Cow;
use std::collections::VecDeque;
use std::fmt::Write;

use ahash::HashMap;

use crate::scan::{PATHS, Span};

/// Milliseconds.
const MINUTE: i64 = 60_000;

/// What is kept of a person.
#[derive(Default)]
struct Person {
    /// When the last five logins failed.
    failures: VecDeque<i64>,
    /// Where logins were: coordinates, with the last time there.
    places: Vec<(f64, f64, i64)>,
    /// Resources, each with the last time it was opened.
    resources: Vec<(u32, i64)>,
    /// Downloads of the last hour, and their sum.
    downloads: VecDeque<(i64, u64)>,
    downloaded: u64,
}

/// What is kept of everybody, and what was found.
#[derive(Default)]
pub(crate) struct Rules {
    numbers: HashMap<Box<str>, usize>,
    people: Vec<Person>,
    /// When each device was out of order last.
    degraded: HashMap<Box<str>, i64>,
    resources: HashMap<Box<str>, u32>,
    /// Lines to write.
    pub(crate) alerts: Vec<u8>,
}

impl Rules {
    /// Takes in an event; tells whether it is one.
    pub(crate) fn see(&mut self, line: &[u8], spans: &[Span; PATHS.len()]) -> bool {
        self.evaluate(line, spans).is_some()
    }

    fn evaluate(&mut self, line: &[u8], spans: &[Span; PATHS.len()]) -> Option<()> {
        let value = |place: usize| &line[spans[place].0 as usize..spans[place].1 as usize];
        let time = instant(value(0))?;
        let class = value(1);
        let is_success = matches!(value(2), b"\"success\"" | b"");
        match class {
            b"\"auth.login\"" => {
                let email = text(value(3))?;
                let person = self.person(&email);
                if is_success {
                    let (failed, apart) = (person.logged_in(time), {
                        let (lat, lon) = (decimal(value(4)), decimal(value(5)));
                        lat.zip(lon).is_some_and(|place| person.was_at(place, time))
                    });
                    self.alert_if(failed, "failures_then_success", &email, time);
                    self.alert_if(apart, "far_apart", &email, time);
                } else {
                    person.failed(time);
                }
            }
            b"\"access.open\"" if is_success => {
                let resource = text(value(8))?;
                let number = match self.resources.get(&*resource) {
                    Some(number) => *number,
                    None => {
                        let number = u32::try_from(self.resources.len()).ok()?;
                        self.resources.insert((*resource).into(), number);
                        number
                    }
                };
                let email = text(value(3))?;
                let many = self.person(&email).opened(number, time);
                self.alert_if(many, "many_resources", &email, time);
                if value(9) == b"\"restricted\"" {
                    let device = text(value(6))?;
                    let before = self.degraded.get(&*device);
                    let found = before.is_some_and(|before| time - before <= 30 * MINUTE);
                    if found {
                        self.degraded.remove(&*device);
                    }
                    self.alert_if(found, "degraded_access", &device, time);
                }
            }
            b"\"file.download\"" if is_success => {
                let bytes = std::str::from_utf8(value(10)).ok()?.parse().unwrap_or(0);
                let email = text(value(3))?;
                let much = self.person(&email).downloaded(bytes, time);
                self.alert_if(much, "volume", &email, time);
            }
            b"\"device.state\"" if is_success && value(7) == b"false" => {
                let device = text(value(6))?;
                match self.degraded.get_mut(&*device) {
                    Some(before) => *before = time,
                    None => drop(self.degraded.insert((*device).into(), time)),
                }
            }
            _ => {}
        }
        Some(())
    }

    fn person(&mut self, email: &str) -> &mut Person {
        let number = match self.numbers.get(email) {
            Some(number) => *number,
            None => {
                self.numbers.insert(email.into(), self.people.len());
                self.people.push(Person::default());
                self.people.len() - 1
            }
        };
        &mut self.people[number]
    }

    fn alert_if(&mut self, is_found: bool, rule: &str, key: &str, time: i64) {
        if is_found {
            let mut line = String::new();
            let key = serde_json::Value::from(key);
            let _ = writeln!(line, r#"{{"rule":"{rule}","key":{key},"time":{time}}}"#);
            self.alerts.extend_from_slice(line.as_bytes());
        }
    }
}

impl Person {
    fn failed(&mut self, time: i64) {
        if self.failures.len() == 5 {
            self.failures.pop_front();
        }
        self.failures.push_back(time);
    }

    /// Tells whether five failures came within fifteen minutes before.
    fn logged_in(&mut self, time: i64) -> bool {
        let fifth = self.failures.front().filter(|_| self.failures.len() == 5);
        let found = fifth.is_some_and(|fifth| time - fifth <= 15 * MINUTE);
        if found {
            self.failures.clear();
        }
        found
    }

    /// Tells whether a login within fifteen minutes before was far from here.
    fn was_at(&mut self, (lat, lon): (f64, f64), time: i64) -> bool {
        self.places.retain(|place| time - place.2 <= 15 * MINUTE);
        // Whoever is where they were needs no distance.
        let known = self
            .places
            .iter()
            .position(|place| (place.0, place.1) == (lat, lon));
        let elsewhere = self.places.len() > usize::from(known.is_some());
        let found = elsewhere
            && self
                .places
                .iter()
                .any(|place| kilometers((place.0, place.1), (lat, lon)) > 500.0);
        if found {
            self.places.clear();
        }
        match known.filter(|_| !found) {
            Some(known) => self.places[known].2 = time,
            None => self.places.push((lat, lon, time)),
        }
        found
    }

    /// Tells whether this is the twenty-first resource within ten minutes.
    fn opened(&mut self, resource: u32, time: i64) -> bool {
        self.resources.retain(|one| time - one.1 <= 10 * MINUTE);
        match self.resources.iter_mut().find(|one| one.0 == resource) {
            Some(one) => one.1 = time,
            None => self.resources.push((resource, time)),
        }
        let found = self.resources.len() >= 21;
        if found {
            self.resources.clear();
        }
        found
    }

    /// Tells whether this makes more than a gigabyte within an hour.
    fn downloaded(&mut self, bytes: u64, time: i64) -> bool {
        while let Some(first) = self
            .downloads
            .front()
            .filter(|one| time - one.0 > 60 * MINUTE)
        {
            self.downloaded -= first.1;
            self.downloads.pop_front();
        }
        self.downloads.push_back((time, bytes));
        self.downloaded += bytes;
        let found = self.downloaded > 1_000_000_000;
        if found {
            self.downloads.clear();
            self.downloaded = 0;
        }
        found
    }
}

/// Returns a text in lower case: borrowed if it holds neither escapes nor capitals.
fn text(value: &[u8]) -> Option<Cow<'_, str>> {
    let is_plain = |byte: &u8| *byte != b'\\' && !byte.is_ascii_uppercase() && byte.is_ascii();
    let inner = value.get(1..value.len().checked_sub(1)?)?;
    if inner.iter().all(is_plain) {
        return std::str::from_utf8(inner).ok().map(Cow::Borrowed);
    }
    let text: String = serde_json::from_slice(value).ok()?;
    Some(Cow::Owned(text.to_lowercase()))
}

fn decimal(value: &[u8]) -> Option<f64> {
    std::str::from_utf8(value).ok()?.parse().ok()
}

/// Returns the milliseconds of `"2026-03-15T09:00:00.123Z"`; other ways to write it take longer.
fn instant(value: &[u8]) -> Option<i64> {
    if value.len() != 26 || value[24] != b'Z' || value[20] != b'.' {
        let text: String = serde_json::from_slice(value).ok()?;
        let time = chrono::DateTime::parse_from_rfc3339(&text).ok()?;
        return Some(time.timestamp_millis());
    }
    let number = |from: usize, to: usize| {
        value[from..to].iter().try_fold(0i64, |number, digit| {
            let digit = digit.wrapping_sub(b'0');
            (digit < 10).then(|| number * 10 + i64::from(digit))
        })
    };
    let (year, month, day) = (number(1, 5)?, number(6, 8)?, number(9, 11)?);
    let (hour, minute, second) = (number(12, 14)?, number(15, 17)?, number(18, 20)?);
    // Days of the civil calendar, years beginning in March.
    let (year, month) = if month > 2 {
        (year, month - 3)
    } else {
        (year - 1, month + 9)
    };
    let days =
        365 * year + year / 4 - year / 100 + year / 400 + (153 * month + 2) / 5 + day - 719_469;
    let seconds = ((days * 24 + hour) * 60 + minute) * 60 + second;
    Some(seconds * 1_000 + number(21, 24)?)
}

fn kilometers(a: (f64, f64), b: (f64, f64)) -> f64 {
    let (lat_a, lat_b) = (a.0.to_radians(), b.0.to_radians());
    let half = |difference: f64| (difference / 2.0).sin().powi(2);
    let lon = (b.1 - a.1).to_radians();
    let h = half(lat_b - lat_a) + lat_a.cos() * lat_b.cos() * half(lon);
    2.0 * 6371.0088 * h.sqrt().asin()
}
