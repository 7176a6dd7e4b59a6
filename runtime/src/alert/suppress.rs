//! Suppression: one alert of a kind in a span of time.
//!
//! Apart from the rule's state because it is keyed by other values.

use std::collections::BTreeMap;
use std::sync::Arc;

use ahash::{HashMap, HashMapExt};
use muster_lang::ir::RuleId;
use muster_lang::units::{Duration, Timestamp};

use crate::key::Person;
use crate::store::saved;

/// When an alert of each kind was last raised, and how many were held back since.
#[derive(Clone, Debug)]
pub struct Suppression {
    raised: HashMap<(RuleId, Arc<str>), Raised>,
    // INVARIANT: every key of `raised` stands here under a time at or before it may be forgotten.
    forget: BTreeMap<Timestamp, Vec<(RuleId, Arc<str>)>>,
}

/// An alert that was raised.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Raised {
    at: Timestamp,
    held_back: u64,
    until: Timestamp,
}

saved!(Raised {
    at,
    held_back,
    until
});

impl Default for Suppression {
    fn default() -> Self {
        Self {
            raised: HashMap::new(),
            forget: BTreeMap::new(),
        }
    }
}

impl Suppression {
    /// Returns how many were held back before an alert that is raised now, or `None` if it is held
    /// back itself.
    pub fn raise(
        &mut self,
        rule: RuleId,
        key: &Arc<str>,
        at: Timestamp,
        span: Duration,
    ) -> Option<u64> {
        let known = self.raised.get_mut(&(rule, key.clone()));
        let held_back = match known {
            Some(raised) if at.since(raised.at) <= span => {
                raised.held_back += 1;
                return None;
            }
            Some(raised) => raised.held_back,
            None => 0,
        };
        let raised = Raised {
            at,
            held_back: 0,
            until: at.plus(span),
        };
        self.raised.insert((rule, key.clone()), raised);
        self.forget
            .entry(raised.until)
            .or_default()
            .push((rule, key.clone()));
        Some(held_back)
    }

    /// Returns what is known of the alerts of a rule, by their keys.
    pub(crate) fn of_rule(&self, rule: RuleId) -> BTreeMap<Arc<str>, Raised> {
        let all = self.raised.iter();
        all.filter(|((of, _), _)| *of == rule)
            .map(|((_, key), raised)| (key.clone(), *raised))
            .collect()
    }

    /// Takes in what was known of the alerts of a rule.
    pub(crate) fn resume(&mut self, rule: RuleId, known: BTreeMap<Arc<str>, Raised>) {
        for (key, raised) in known {
            let forget = self.forget.entry(raised.until).or_default();
            forget.push((rule, key.clone()));
            self.raised.insert((rule, key), raised);
        }
    }

    /// Erases what names someone; returns how many went.
    pub(crate) fn erase(&mut self, person: &Person) -> u64 {
        let before = self.raised.len();
        self.raised
            .retain(|(_, key), _| !person.is_suppressed_by(key));
        for entries in self.forget.values_mut() {
            entries.retain(|(_, key)| !person.is_suppressed_by(key));
        }
        (before - self.raised.len()) as u64
    }

    /// Forgets what suppresses nothing any more and has no count to tell.
    pub fn expire(&mut self, watermark: Timestamp) {
        while let Some(entry) = self.forget.first_entry() {
            if *entry.key() >= watermark {
                return;
            }
            for key in entry.remove() {
                let is_past = |raised: &Raised| raised.until < watermark && raised.held_back == 0;
                if self.raised.get(&key).is_some_and(is_past) {
                    self.raised.remove(&key);
                }
            }
        }
    }
}
