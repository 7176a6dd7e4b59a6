//! A stream to measure with: identity events of about 600 bytes, skewed over many people.
//!
//! Apart from the generator of small adversarial streams because here the bulk is what matters. The
//! background holds nothing that five rules of the benchmarks look for, so that what is planted into it
//! is the whole truth.

use std::fmt::Write;

use ahash::{HashMap, HashMapExt};

mod plant;

pub use plant::{Planted, Truth};

/// A seeded maker of records of the `muster` source.
#[derive(Clone, Debug)]
pub struct Workload {
    random: u64,
    people: u64,
    /// Milliseconds since 1970.
    clock: i64,
    number: u64,
    /// When each person failed to log in last.
    failed: HashMap<u64, i64>,
}

/// A city with its country and coordinates.
type City = (&'static str, &'static str, f64, f64);

const MADRID: City = ("Madrid", "ES", 40.4168, -3.7038);
const VALENCIA: City = ("Valencia", "ES", 39.4699, -0.3763);
const TOKYO: City = ("Tokyo", "JP", 35.6762, 139.6503);

/// Where people are at home.
const HOMES: [City; 5] = [
    MADRID,
    ("Barcelona", "ES", 41.3874, 2.1686),
    ("Lisbon", "PT", 38.7223, -9.1393),
    ("Paris", "FR", 48.8566, 2.3522),
    ("Berlin", "DE", 52.52, 13.405),
];

/// Milliseconds between two records: 12 a second.
const STEP_MS: i64 = 83;
/// How late a record may be, in milliseconds.
const LATE_MS: u64 = 3_000;
/// In the background nobody fails to log in again before so many milliseconds.
const FAILURE_GAP_MS: i64 = 16 * 60 * 1_000;

/// What one record tells.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Facts {
    person: u64,
    class: &'static str,
    outcome: &'static str,
    /// Milliseconds since 1970.
    time: i64,
    city: City,
    resource: u64,
    is_compliant: bool,
    /// Bytes downloaded.
    down: u64,
}

impl Workload {
    /// Returns a maker of records about so many people.
    #[must_use]
    pub fn new(seed: u64, people: u64) -> Self {
        Self {
            random: seed,
            people: people.max(1),
            clock: 1_773_565_200_000,
            number: 0,
            failed: HashMap::new(),
        }
    }

    /// Returns `count` records, a line each: 12 a second, one in a hundred up to 3 s late.
    #[must_use]
    pub fn lines(&mut self, count: usize) -> Vec<u8> {
        let mut text = String::with_capacity(count * 620);
        for _ in 0..count {
            self.record(&mut text);
        }
        text.into_bytes()
    }

    /// Returns a login of each person, a line each.
    #[must_use]
    pub fn everyone(&mut self) -> Vec<u8> {
        let mut text = String::new();
        for person in 0..self.people {
            self.clock += STEP_MS;
            let facts = self.facts(person, "auth.login");
            self.write(&facts, &mut text);
        }
        text.into_bytes()
    }

    /// Writes the next record of the background, in which nothing happens that a rule looks for.
    fn record(&mut self, text: &mut String) {
        self.clock += STEP_MS;
        let person = self.person();
        let class = self.class();
        let mut facts = self.facts(person, class);
        if class == "auth.login" && self.below(10) == 0 {
            let before = self.failed.insert(person, facts.time);
            match before.filter(|before| facts.time - before < FAILURE_GAP_MS) {
                Some(before) => drop(self.failed.insert(person, before)),
                None => facts.outcome = "failure",
            }
        }
        if self.below(100) == 0 {
            facts.time -= i64::try_from(self.below(LATE_MS)).unwrap_or(0);
        }
        self.write(&facts, text);
    }

    /// Returns something ordinary that a person does now: at home, with one of eight resources.
    fn facts(&mut self, person: u64, class: &'static str) -> Facts {
        // Some have a device that is never in order, and open only what is public.
        let is_lax = person % 50 == 7;
        let resource = (person * 7 + self.below(8)) % 2_000;
        let home = usize::try_from(person % 5).unwrap_or(0);
        Facts {
            person,
            class,
            outcome: "success",
            time: self.clock,
            city: HOMES.get(home).copied().unwrap_or(MADRID),
            resource: if is_lax {
                resource - resource % 4
            } else {
                resource
            },
            is_compliant: !is_lax,
            down: self.below(900_000),
        }
    }

    /// Writes a record as a line.
    fn write(&mut self, facts: &Facts, text: &mut String) {
        self.number += 1;
        let time = chrono::DateTime::from_timestamp_millis(facts.time).unwrap_or_default();
        let time = time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
        let (city, country, lat, lon) = facts.city;
        let sensitivity = match facts.resource % 4 {
            0 => "public",
            3 => "restricted",
            _ => "internal",
        };
        let Facts {
            person,
            class,
            outcome,
            resource,
            is_compliant,
            down,
            ..
        } = *facts;
        let _ = writeln!(
            text,
            "{{\"id\":\"evt_{number:012}\",\"time\":\"{time}\",\"class\":\"{class}\",\"outcome\":\"{outcome}\",\
             \"tenant\":\"tnt_7g8h9i0j\",\"actor\":{{\"id\":\"usr_{person:08}\",\"email\":\"person{person}@example.com\",\
             \"name\":\"Person \\u00e9 {person}\",\"kind\":\"user\"}},\"ip\":\"203.0.{a}.{b}\",\
             \"geo\":{{\"lat\":{lat},\"lon\":{lon},\"city\":\"{city}\",\"country\":\"{country}\"}},\
             \"device\":{{\"id\":\"dev-{person:08}\",\"name\":\"LAPTOP-{person}\",\"os\":\"windows\",\"managed\":true,\
             \"compliant\":{is_compliant}}},\"resource\":{{\"id\":\"res-{resource}\",\"name\":\"Resource {resource}\",\
             \"type\":\"application\",\"sensitivity\":\"{sensitivity}\"}},\"session\":{{\"id\":\"ses_{session:016x}\"}},\
             \"bytes\":{{\"up\":{up},\"down\":{down}}},\"user_agent\":\"Mozilla/5.0 (Windows NT 10.0; Win64; x64)\"}}",
            number = self.number,
            a = person % 250,
            b = self.number % 250,
            session = self.number.wrapping_mul(0x9e37_79b9_7f4a_7c15),
            up = self.number % 5_000,
        );
    }

    fn class(&mut self) -> &'static str {
        match self.below(100) {
            0..20 => "auth.login",
            20..75 => "access.open",
            75..87 => "file.download",
            87..93 => "device.state",
            _ => "session.active",
        }
    }

    /// Returns a person, the first ones far more often than the last.
    fn person(&mut self) -> u64 {
        #[expect(clippy::cast_precision_loss, reason = "a fraction is what is wanted")]
        let uniform = (self.next() >> 11) as f64 / (1u64 << 53) as f64;
        #[expect(
            clippy::cast_precision_loss,
            reason = "numbers of people are far below 2^53"
        )]
        let people = self.people as f64;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "0 ≤ x < people"
        )]
        let person = people.powf(uniform) as u64;
        person.saturating_sub(1).min(self.people - 1)
    }

    fn below(&mut self, limit: u64) -> u64 {
        (self.next() >> 16) % limit.max(1)
    }

    /// Returns the next number of splitmix64.
    fn next(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.random;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}
