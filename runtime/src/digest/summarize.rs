//! Open summaries: what the events of a key and window come to so far.
//!
//! Apart from other digests because only a summary waits for the end of its window.

use std::collections::BTreeMap;
use std::sync::Arc;

use muster_lang::ir::{AggregateFunction, DigestAction, DigestId, ExprId, ExprKind, Over, Program};
use muster_lang::units::{Duration, Timestamp};
use muster_lang::value::Value;
use muster_lang::value::aggregate::running::Running;

use super::Keyed;
use super::passage::Summary;
use crate::event::Event;
use crate::key::Key;
use crate::machine::frame::{window_end, window_start};
use crate::options::Options;
use crate::predicate::{Evaluator, Scope};
use crate::time::dedupe::{hash128, hex};

/// The summaries of one digest.
#[derive(Clone, Debug)]
pub(super) struct Summaries {
    digest: DigestId,
    every: Duration,
    zone: chrono_tz::Tz,
    /// The functions over the window that the named values are made of.
    pub(super) functions: Vec<(ExprId, AggregateFunction)>,
    // LIMIT: `Options::digest_keys_max`.
    pub(super) open: BTreeMap<(Timestamp, Key), Open>,
}

/// A summary whose window is not over.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Open {
    pub(super) from: Timestamp,
    pub(super) tenant: Value,
    /// The key as the first event spells it, without the tenant.
    pub(super) spelled: Vec<Value>,
    /// For each function, what it comes to so far.
    pub(super) running: Vec<Running>,
}

impl Summaries {
    /// Returns summaries of a digest, none of which is open; `None` if it does not summarize.
    pub(super) fn new(program: &Program, digest: DigestId) -> Option<Self> {
        let DigestAction::Summarize {
            per: _,
            every,
            zone,
            values,
        } = &program.digests[digest].action
        else {
            return None;
        };
        Some(Self {
            digest,
            every: *every,
            zone: crate::machine::zone_of(zone.as_deref()),
            functions: functions(program, values),
            open: BTreeMap::new(),
        })
    }

    /// Takes in an event under a key; `false` if that would be one summary more than the limit.
    pub(super) fn add(
        &mut self,
        event: &Event,
        keyed: &Keyed,
        evaluator: &Evaluator,
        options: &Options,
    ) -> bool {
        let from = window_start(event.time, self.every, self.zone);
        let to = window_end(from, self.every, self.zone);
        let place = (to, keyed.key.clone());
        if self.open.len() >= options.digest_keys_max && !self.open.contains_key(&place) {
            return false;
        }
        let open = self.open.entry(place).or_insert_with(|| Open {
            from,
            tenant: keyed.tenant.clone(),
            spelled: keyed.spelled.clone(),
            running: vec![Running::default(); self.functions.len()],
        });
        for ((id, function), running) in self.functions.iter().zip(&mut open.running) {
            if let Some(value) = evaluator.member(*id, event) {
                running.add(*function, &value, options.digest_values_max);
            }
        }
        true
    }

    /// Returns when the first window that is open ends.
    pub(super) fn next_end(&self) -> Option<Timestamp> {
        self.open.first_key_value().map(|((to, _), _)| *to)
    }

    /// Takes out the summaries of the window that ends first, in the order of their keys.
    pub(super) fn close(&mut self, evaluator: &Evaluator) -> Vec<Summary> {
        let Some(end) = self.next_end() else {
            return Vec::new();
        };
        let mut summaries = Vec::new();
        while let Some(entry) = self.open.first_entry().filter(|entry| entry.key().0 == end) {
            let ((to, key), open) = entry.remove_entry();
            summaries.push(self.tell(&key, to, &open, evaluator));
        }
        summaries
    }

    /// Returns every open summary as it stands, which stays open.
    pub(super) fn partial(&self, evaluator: &Evaluator) -> Vec<Summary> {
        let open = self.open.iter();
        open.map(|((to, key), open)| Summary {
            partial: true,
            ..self.tell(key, *to, open, evaluator)
        })
        .collect()
    }

    fn tell(&self, key: &Key, to: Timestamp, open: &Open, evaluator: &Evaluator) -> Summary {
        let program = evaluator.program();
        let digest = &program.digests[self.digest];
        let windowed: Vec<(ExprId, Value)> = self
            .functions
            .iter()
            .zip(&open.running)
            .map(|((id, function), running)| {
                let ty = &program.exprs[*id].ty;
                (*id, running.value(*function, ty))
            })
            .collect();
        let scope = Scope {
            windowed: &windowed,
            at: Some(to),
            ..Scope::default()
        };
        let (names, values) = match &digest.action {
            DigestAction::Summarize { per, values, .. } => (per.as_slice(), values.as_slice()),
            DigestAction::First { .. } | DigestAction::Changes { .. } | DigestAction::Drop => {
                (&[] as &[_], &[] as &[_])
            }
        };
        let names = names.iter().map(|(name, _)| name.clone());
        let values = values.iter();
        Summary {
            digest: digest.name.clone(),
            id: id_of(&digest.name, key, open.from, to),
            from: open.from,
            to,
            partial: false,
            complete: !open.running.iter().any(|running| running.saturated),
            tenant: open.tenant.clone(),
            key: names.zip(open.spelled.iter().cloned()).collect(),
            values: values
                .map(|(name, expr)| (name.clone(), evaluator.value(*expr, &scope)))
                .collect(),
        }
    }

    /// Returns the number of summaries that are open.
    pub(super) fn len(&self) -> usize {
        self.open.len()
    }
}

/// Returns the id of a summary.
fn id_of(digest: &str, key: &Key, from: Timestamp, to: Timestamp) -> Arc<str> {
    let parts: Vec<String> = key.0.iter().map(|part| format!("{part:?}")).collect();
    let (from, to) = (from.0.to_le_bytes(), to.0.to_le_bytes());
    let mut all: Vec<&[u8]> = vec![b"summary", digest.as_bytes(), &from, &to];
    all.extend(parts.iter().map(String::as_bytes));
    hex(&hash128(&all)).into()
}

/// Returns the functions over the window that values are made of, each once.
fn functions(program: &Program, values: &[(Arc<str>, ExprId)]) -> Vec<(ExprId, AggregateFunction)> {
    let mut functions = Vec::new();
    let mut open: Vec<ExprId> = values.iter().rev().map(|(_, id)| *id).collect();
    while let Some(id) = open.pop() {
        if let ExprKind::Aggregate {
            function,
            over: Over::Window,
            ..
        } = &program.exprs[id].kind
        {
            if !functions.iter().any(|(known, _)| *known == id) {
                functions.push((id, *function));
            }
            continue;
        }
        program.exprs[id]
            .kind
            .children(&mut |child| open.push(child));
    }
    functions
}
