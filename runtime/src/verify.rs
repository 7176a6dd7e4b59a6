//! Whether digests lose a signal: the same rules over all events, and over what is passed on.
//!
//! Apart from digests because it takes a second engine, which reads what a store behind them would.

use std::collections::BTreeMap;
use std::sync::Arc;

use ahash::{HashMap, HashMapExt};
use muster_lang::units::Timestamp;

use crate::alert::{Alert, Named, key_text};
use crate::digest::{Forwarded, Reduced};
use crate::encode::forward;
use crate::engine::{Engine, Outputs, RawRecord};
use crate::options::EndOfInput;
use crate::time::dedupe::{IdHash, hash128};

/// How many events taken out are remembered, to say what became of the evidence of a lost alert.
const REDUCED_MAX: usize = 1_000_000;

/// A second engine with what the two differ in so far.
#[derive(Debug)]
pub struct Verification {
    engine: Engine,
    out: Outputs,
    takes_summaries: bool,
    offset: u64,
    /// Alerts that only the first engine raised so far, by id.
    first: BTreeMap<Arc<str>, Told>,
    /// Alerts that only the second engine raised so far, by id.
    second: BTreeMap<Arc<str>, Told>,
    same: u64,
    // LIMIT: `REDUCED_MAX`.
    reduced: HashMap<IdHash, Arc<str>>,
    forgot_reduced: bool,
}

/// What tells an alert from others, and what it rests on.
#[derive(Clone, Debug, PartialEq)]
pub struct Told {
    /// Its id.
    pub id: Arc<str>,
    /// The rule.
    pub rule: Arc<str>,
    /// The key.
    pub key: Vec<Named>,
    /// Its time.
    pub time: Timestamp,
    /// Why only one engine raised it, as far as that is known.
    pub why: String,
    evidence: Vec<(Arc<str>, Arc<str>)>,
}

/// In what the alerts over what is passed on differ from those over all events.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Difference {
    /// Alerts that are the same.
    pub same: u64,
    /// Alerts of the same rule, key and time that rest on other events, or on events of other ids.
    pub other_evidence: u64,
    /// Alerts over all events that are missing over what is passed on, by time.
    pub lost: Vec<Told>,
    /// Alerts over what is passed on that are none over all events, by time.
    pub gained: Vec<Told>,
    /// Records passed on that could not become events again.
    pub dead: u64,
    /// Events passed on that came too late when read again.
    pub late: u64,
}

impl Difference {
    /// Tells whether no alert is lost and none gained.
    #[must_use]
    pub fn is_none(&self) -> bool {
        self.lost.is_empty() && self.gained.is_empty()
    }
}

impl Verification {
    /// Returns a verification by an engine of the same program that has seen nothing.
    ///
    /// Summaries are for the source `muster`; where another source is given every record,
    /// `takes_summaries` is false and they are left out.
    #[must_use]
    pub fn new(engine: Engine, takes_summaries: bool) -> Self {
        Self {
            engine,
            out: Outputs::default(),
            takes_summaries,
            offset: 0,
            first: BTreeMap::new(),
            second: BTreeMap::new(),
            same: 0,
            reduced: HashMap::new(),
            forgot_reduced: false,
        }
    }

    /// Takes in what the first engine made: its alerts, what it passes on, what it takes out.
    pub fn take(&mut self, made: &Outputs) {
        for reduced in &made.reduced {
            self.remember(reduced);
        }
        for alert in &made.alerts {
            meet(alert, &mut self.first, &mut self.second, &mut self.same);
        }
        for forwarded in &made.forwarded {
            self.read(forwarded);
        }
        self.settle();
    }

    fn remember(&mut self, reduced: &Reduced) {
        if self.reduced.len() >= REDUCED_MAX {
            self.forgot_reduced = true;
            return;
        }
        let place = place(&reduced.source, &reduced.id);
        self.reduced.insert(place, reduced.digest.clone());
    }

    /// Lets the second engine read what is passed on, as a line through the sources.
    fn read(&mut self, forwarded: &Forwarded) {
        let is_summary = matches!(forwarded, Forwarded::Summary(_));
        if is_summary && !self.takes_summaries {
            return;
        }
        let line = forward::forwarded(forwarded);
        let record = RawRecord {
            input: 0,
            offset: self.offset,
            bytes: line.as_bytes(),
        };
        self.offset += line.len() as u64 + 1;
        self.engine.push(record, &mut self.out);
    }

    fn settle(&mut self) {
        for alert in std::mem::take(&mut self.out).alerts {
            meet(&alert, &mut self.second, &mut self.first, &mut self.same);
        }
    }

    /// Ends the input of the second engine, and returns in what the two differ.
    #[must_use]
    pub fn finish(mut self, end: EndOfInput) -> Difference {
        self.engine.end_input(0, &mut self.out);
        self.engine.finish(end, &mut self.out);
        self.settle();
        let summary = self.engine.summary();
        let sum = |of: fn(&crate::engine::Counts) -> u64| summary.sources.values().map(of).sum();
        let mut difference = Difference {
            same: self.same,
            dead: sum(|counts| counts.dead),
            late: sum(|counts| counts.late),
            ..Difference::default()
        };
        let mut others: BTreeMap<_, Vec<Told>> = BTreeMap::new();
        for told in std::mem::take(&mut self.second).into_values() {
            others.entry(told.place()).or_default().push(told);
        }
        for told in std::mem::take(&mut self.first).into_values() {
            let twin = others.get_mut(&told.place()).and_then(Vec::pop);
            if twin.is_some() {
                difference.other_evidence += 1;
            } else {
                let why = self.why_lost(&told);
                difference.lost.push(Told { why, ..told });
            }
        }
        let why = "an event that would have kept it away is not passed on";
        difference
            .gained
            .extend(others.into_values().flatten().map(|told| Told {
                why: why.into(),
                ..told
            }));
        for list in [&mut difference.lost, &mut difference.gained] {
            list.sort_by_cached_key(|told| (told.time, told.place(), told.id.clone()));
        }
        difference
    }

    /// Returns what became of the evidence of a lost alert.
    fn why_lost(&self, told: &Told) -> String {
        let taken = told.evidence.iter().find_map(|(source, id)| {
            let digest = self.reduced.get(&place(source, id))?;
            Some(format!("its event `{id}` is taken by `{digest}`"))
        });
        match taken {
            Some(why) => why,
            None if self.forgot_reduced => String::from("an event that it needs is not passed on"),
            None => String::from(
                "its evidence is passed on, but not all of a group, a memory or an alert that it needs",
            ),
        }
    }
}

impl Told {
    fn of(alert: &Alert) -> Self {
        let evidence = alert.evidence.iter();
        Self {
            id: alert.id.clone(),
            rule: alert.name.clone(),
            key: alert.key.clone(),
            time: alert.time,
            why: String::new(),
            evidence: evidence
                .map(|one| (one.source.clone(), one.id.clone()))
                .collect(),
        }
    }

    fn place(&self) -> (Arc<str>, String, Timestamp) {
        (self.rule.clone(), key_text(&self.key), self.time)
    }
}

/// Takes an alert from those that only the other engine raised, or adds it to those of this one.
fn meet(
    alert: &Alert,
    mine: &mut BTreeMap<Arc<str>, Told>,
    others: &mut BTreeMap<Arc<str>, Told>,
    same: &mut u64,
) {
    if others.remove(&alert.id).is_some() {
        *same += 1;
    } else {
        mine.insert(alert.id.clone(), Told::of(alert));
    }
}

fn place(source: &str, id: &str) -> IdHash {
    hash128(&[source.as_bytes(), id.as_bytes()])
}
