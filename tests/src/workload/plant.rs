//! What five rules look for, planted into the stream: as many matches as decoys, each with its truth.
//!
//! Apart from the background because only here is known what a right answer is. Whoever is planted does
//! nothing else; events of one plant are further apart than a record may be late, so that whoever reads
//! them as they come and whoever puts them in order find the same.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::{City, Facts, HOMES, LATE_MS, MADRID, STEP_MS, TOKYO, VALENCIA, Workload};

/// A stream with matches and decoys of the five rules of `tests/benches/five.muster`.
#[derive(Clone, Debug)]
pub struct Planted {
    workload: Workload,
    /// What is planted and has not come yet, the earliest first.
    due: BinaryHeap<Reverse<Due>>,
    left: usize,
    truth: Vec<Truth>,
}

/// An alert that is expected: the only one of its rule for its key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Truth {
    /// The rule.
    pub rule: &'static str,
    /// The identity or the device that it is about.
    pub key: String,
}

/// An event that comes when the clock of the stream has reached an instant.
#[derive(Clone, Copy, Debug)]
struct Due {
    at: i64,
    facts: Facts,
}

impl Due {
    fn order(&self) -> (i64, u64) {
        (self.at, self.facts.person)
    }
}

impl PartialEq for Due {
    fn eq(&self, other: &Self) -> bool {
        self.order() == other.order()
    }
}

impl Eq for Due {}

impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Due {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.order().cmp(&other.order())
    }
}

/// Whether what is planted fires.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Match,
    /// It misses by what is counted: one too few, too near, too little.
    Short,
    /// It misses by its window.
    Slow,
}

const RULES: [&str; 5] = [
    "failures_then_success",
    "far_apart",
    "many_resources",
    "degraded_access",
    "volume",
];

/// So many records have one match and one decoy of each rule.
const RECORDS_PER_PLANT: usize = 5_000;
const PLANTS_MIN: usize = 2;

impl Planted {
    /// Returns a stream of `records` records of the background and what is planted into them.
    #[must_use]
    pub fn new(seed: u64, people: u64, records: usize) -> Self {
        let mut planted = Self {
            workload: Workload::new(seed, people),
            due: BinaryHeap::new(),
            left: records,
            truth: Vec::new(),
        };
        let plants = (records / RECORDS_PER_PLANT).max(PLANTS_MIN);
        let span = STEP_MS.saturating_mul(i64::try_from(records).unwrap_or(i64::MAX));
        let mut person = planted.workload.people;
        for rule in RULES {
            for plant in 0..plants {
                let decoy = if plant % 2 == 0 {
                    Kind::Short
                } else {
                    Kind::Slow
                };
                for kind in [Kind::Match, decoy] {
                    person += 1;
                    let start = planted.workload.below(span.unsigned_abs());
                    planted.plant(rule, kind, person, i64::try_from(start).unwrap_or(0));
                }
            }
        }
        planted.truth.sort();
        planted
    }

    /// Returns every alert that is expected, sorted.
    #[must_use]
    pub fn truth(&self) -> &[Truth] {
        &self.truth
    }

    /// Returns the next records, a line each: `count` of the background at most, with what is planted
    /// between them. Nothing is left once it is empty.
    #[must_use]
    pub fn lines(&mut self, count: usize) -> Vec<u8> {
        let mut text = String::with_capacity(count.min(self.left) * 640);
        for _ in 0..count.min(self.left) {
            self.left -= 1;
            self.workload.record(&mut text);
            self.write_due(self.workload.clock, &mut text);
        }
        if self.left == 0 {
            self.write_due(i64::MAX, &mut text);
        }
        text.into_bytes()
    }

    /// Returns all records.
    #[must_use]
    pub fn all(&mut self) -> Vec<u8> {
        self.lines(usize::MAX)
    }

    fn write_due(&mut self, now: i64, text: &mut String) {
        while let Some(Reverse(due)) = self.due.peek().copied().filter(|due| due.0.at <= now) {
            self.due.pop();
            self.workload.write(&due.facts, text);
        }
    }

    /// Plants one story, `start` milliseconds from now.
    fn plant(&mut self, rule: &'static str, kind: Kind, person: u64, start: i64) {
        if kind == Kind::Match {
            let key = match rule {
                "degraded_access" => format!("dev-{person:08}"),
                _ => format!("person{person}@example.com"),
            };
            self.truth.push(Truth { rule, key });
        }
        let begin = self.workload.clock + start;
        for (second, act) in story(rule, kind) {
            let time = begin + second * 1_000;
            let late = if self.workload.below(10) == 0 {
                i64::try_from(self.workload.below(LATE_MS)).unwrap_or(0)
            } else {
                0
            };
            let facts = Facts {
                time,
                ..act.facts(person)
            };
            self.due.push(Reverse(Due {
                at: time + late,
                facts,
            }));
        }
    }
}

/// What someone does.
#[derive(Clone, Copy, Debug)]
enum Act {
    Fail,
    Login(City),
    Open { resource: u64 },
    Degrade,
    Download { bytes: u64 },
}

/// A resource whose sensitivity is `internal`, and one whose is `restricted`.
const INTERNAL: u64 = 1;
const RESTRICTED: u64 = 3;

impl Act {
    fn facts(self, person: u64) -> Facts {
        let ordinary = Facts {
            person,
            class: "auth.login",
            outcome: "success",
            time: 0,
            city: HOMES[0],
            resource: INTERNAL,
            is_compliant: true,
            down: 1_000,
        };
        match self {
            Self::Fail => Facts {
                outcome: "failure",
                ..ordinary
            },
            Self::Login(city) => Facts { city, ..ordinary },
            Self::Open { resource } => Facts {
                class: "access.open",
                resource,
                ..ordinary
            },
            Self::Degrade => Facts {
                class: "device.state",
                is_compliant: false,
                ..ordinary
            },
            Self::Download { bytes } => Facts {
                class: "file.download",
                down: bytes,
                ..ordinary
            },
        }
    }
}

/// Returns what happens at which second.
fn story(rule: &str, kind: Kind) -> Vec<(i64, Act)> {
    match rule {
        "failures_then_success" => failures(kind),
        "far_apart" => {
            let (second, city) = match kind {
                Kind::Match => (600, TOKYO),
                Kind::Short => (600, VALENCIA),
                Kind::Slow => (960, TOKYO),
            };
            vec![(0, Act::Login(MADRID)), (second, Act::Login(city))]
        }
        "many_resources" => {
            let (count, different, gap) = match kind {
                Kind::Match => (21, 21, 25),
                Kind::Short => (23, 20, 25),
                Kind::Slow => (30, 30, 50),
            };
            let open = |number: i64| Act::Open {
                resource: 4 * (number % different).unsigned_abs(),
            };
            (0..count)
                .map(|number| (number * gap, open(number)))
                .collect()
        }
        "degraded_access" => {
            let (second, resource) = match kind {
                Kind::Match => (1_200, RESTRICTED),
                Kind::Short => (1_200, INTERNAL),
                Kind::Slow => (1_860, RESTRICTED),
            };
            vec![(0, Act::Degrade), (second, Act::Open { resource })]
        }
        _ => {
            let (count, gap) = match kind {
                Kind::Match => (4, 900),
                Kind::Short => (3, 900),
                Kind::Slow => (4, 1_500),
            };
            let bytes = 300_000_000;
            let download = |number: i64| (number * gap, Act::Download { bytes });
            (0..count).map(download).collect()
        }
    }
}

/// Returns failures to log in and then a login, which is home.
fn failures(kind: Kind) -> Vec<(i64, Act)> {
    let (count, gap, login) = match kind {
        Kind::Match => (5, 60, 300),
        Kind::Short => (4, 60, 300),
        Kind::Slow => (5, 200, 960),
    };
    let mut acts: Vec<_> = (0..count).map(|number| (number * gap, Act::Fail)).collect();
    acts.push((login, Act::Login(HOMES[0])));
    acts
}
