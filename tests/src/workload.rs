//! A stream to measure with: identity events of about 600 bytes, skewed over many people.
//!
//! Apart from the generator of small adversarial streams because here the bulk is what matters.

use std::fmt::Write;

/// A seeded maker of records of the `muster` source.
#[derive(Clone, Debug)]
pub struct Workload {
    random: u64,
    people: u64,
    /// Milliseconds since 1970.
    clock: i64,
    number: u64,
}

const CITIES: [(&str, &str, f64, f64); 6] = [
    ("Madrid", "ES", 40.4168, -3.7038),
    ("Barcelona", "ES", 41.3874, 2.1686),
    ("Lisbon", "PT", 38.7223, -9.1393),
    ("Paris", "FR", 48.8566, 2.3522),
    ("Berlin", "DE", 52.52, 13.405),
    ("Tokyo", "JP", 35.6762, 139.6503),
];

impl Workload {
    /// Returns a maker of records about so many people.
    #[must_use]
    pub fn new(seed: u64, people: u64) -> Self {
        Self {
            random: seed,
            people: people.max(1),
            clock: 1_773_565_200_000,
            number: 0,
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
            self.record_of(person, ("auth.login", "success"), &mut text);
        }
        text.into_bytes()
    }

    fn record(&mut self, text: &mut String) {
        let person = self.person();
        let class = self.class();
        self.record_of(person, class, text);
    }

    fn record_of(&mut self, person: u64, class: (&str, &str), text: &mut String) {
        self.number += 1;
        self.clock += 83;
        let late = if self.below(100) == 0 {
            i64::try_from(self.below(3_000)).unwrap_or(0)
        } else {
            0
        };
        let home = usize::try_from(person % 5).unwrap_or(0);
        let away = self.below(20_000) == 0;
        let (city, country, lat, lon) = CITIES
            .get(if away { 5 } else { home })
            .copied()
            .unwrap_or(CITIES[0]);
        let (class, outcome) = class;
        let time = chrono::DateTime::from_timestamp_millis(self.clock - late).unwrap_or_default();
        let time = time.to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
        let resource = self.below(2_000);
        let sensitivity = match resource % 4 {
            0 => "public",
            3 => "restricted",
            _ => "internal",
        };
        let compliant = self.below(50) != 0;
        let _ = writeln!(
            text,
            "{{\"id\":\"evt_{number:012}\",\"time\":\"{time}\",\"class\":\"{class}\",\"outcome\":\"{outcome}\",\
             \"tenant\":\"tnt_7g8h9i0j\",\"actor\":{{\"id\":\"usr_{person:08}\",\"email\":\"person{person}@example.com\",\
             \"name\":\"Person \\u00e9 {person}\",\"kind\":\"user\"}},\"ip\":\"203.0.{a}.{b}\",\
             \"geo\":{{\"lat\":{lat},\"lon\":{lon},\"city\":\"{city}\",\"country\":\"{country}\"}},\
             \"device\":{{\"id\":\"dev-{person:08}\",\"name\":\"LAPTOP-{person}\",\"os\":\"windows\",\"managed\":true,\
             \"compliant\":{compliant}}},\"resource\":{{\"id\":\"res-{resource}\",\"name\":\"Resource {resource}\",\
             \"type\":\"application\",\"sensitivity\":\"{sensitivity}\"}},\"session\":{{\"id\":\"ses_{session:016x}\"}},\
             \"bytes\":{{\"up\":{up},\"down\":{down}}},\"user_agent\":\"Mozilla/5.0 (Windows NT 10.0; Win64; x64)\"}}",
            number = self.number,
            a = person % 250,
            b = self.number % 250,
            session = self.number.wrapping_mul(0x9e37_79b9_7f4a_7c15),
            up = self.number % 5_000,
            down = self.number % 900_000,
        );
    }

    fn class(&mut self) -> (&'static str, &'static str) {
        match self.below(100) {
            0..18 => ("auth.login", "success"),
            18..20 => ("auth.login", "failure"),
            20..75 => ("access.open", "success"),
            75..87 => ("file.download", "success"),
            87..93 => ("device.state", "success"),
            _ => ("session.active", "success"),
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
