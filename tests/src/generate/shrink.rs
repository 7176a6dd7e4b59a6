//! Smaller cases that still differ.
//!
//! Apart from making cases because it only takes away.

use super::{Case, Level};

/// Takes away rules, clauses, conditions, records and fields while `differs` still says so.
pub fn shrink(case: &Case, differs: &mut dyn FnMut(&Case) -> bool) -> Case {
    let mut best = case.clone();
    loop {
        let smaller = candidates(&best)
            .into_iter()
            .find(|candidate| differs(candidate));
        match smaller {
            Some(smaller) => best = smaller,
            None => return best,
        }
    }
}

/// Returns all cases that are smaller by one thing, the largest things first.
fn candidates(case: &Case) -> Vec<Case> {
    let mut found = Vec::new();
    for index in 0..case.rules.len() {
        found.push(edited(case, |case| drop(case.rules.remove(index))));
    }
    for index in 0..case.records.len() {
        found.push(edited(case, |case| drop(case.records.remove(index))));
    }
    for index in 0..case.declarations.len() {
        found.push(edited(case, |case| drop(case.declarations.remove(index))));
    }
    for (index, rule) in case.rules.iter().enumerate() {
        let rule_mut = |case: &mut Case, edit: &dyn Fn(&mut super::RuleText)| {
            if let Some(rule) = case.rules.get_mut(index) {
                edit(rule);
            }
        };
        for line in 0..rule.clauses.len() {
            found.push(edited(case, |case| {
                rule_mut(case, &|rule| drop(rule.clauses.remove(line)));
            }));
        }
        for line in 0..rule.options.len() {
            found.push(edited(case, |case| {
                rule_mut(case, &|rule| drop(rule.options.remove(line)));
            }));
        }
        for pattern in shorter(&rule.pattern) {
            found.push(edited(case, |case| {
                rule_mut(case, &|rule| rule.pattern.clone_from(&pattern));
            }));
        }
    }
    for (index, record) in case.records.iter().enumerate() {
        for field in 0..record.fields.len() {
            found.push(edited(case, |case| {
                if let Some(record) = case.records.get_mut(index) {
                    record.fields.remove(field);
                }
            }));
        }
    }
    found
}

fn edited(case: &Case, edit: impl FnOnce(&mut Case)) -> Case {
    let mut case = case.clone();
    edit(&mut case);
    case
}

/// Returns a pattern without one of its conditions.
fn shorter(pattern: &str) -> Vec<String> {
    let mut found = Vec::new();
    for word in [" where ", " unless "] {
        for (start, _) in pattern.match_indices(word) {
            let (before, behind) = pattern.split_at(start);
            let rest = behind.get(word.len()..).unwrap_or_default();
            let stops = [" where ", " unless ", " then ", " within ", ", #", ")"];
            let end = stops
                .iter()
                .filter_map(|stop| rest.find(stop))
                .min()
                .unwrap_or(rest.len());
            found.push(format!("{before}{}", rest.get(end..).unwrap_or_default()));
        }
    }
    found
}

impl Case {
    /// Makes the case of a seed and shrinks it while it differs.
    #[must_use]
    pub fn smallest(seed: u64, level: Level, differs: &mut dyn FnMut(&Case) -> bool) -> Case {
        shrink(&Case::new(seed, level), differs)
    }
}
