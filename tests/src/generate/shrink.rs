//! Smaller cases that still differ.
//!
//! Apart from making cases because it only takes away.

use super::{Case, Record, RuleText};

/// How many smaller cases are tried before the smallest so far is good enough.
const TRIES: usize = 3_000;

/// A question asked of smaller cases, a bounded number of times.
struct Trial<'d> {
    differs: &'d mut dyn FnMut(&Case) -> bool,
    left: usize,
}

impl Trial<'_> {
    fn differs(&mut self, case: &Case) -> bool {
        let Some(left) = self.left.checked_sub(1) else {
            return false;
        };
        self.left = left;
        (self.differs)(case)
    }
}

/// Takes away rules, records, declarations, lines, conditions and fields while `differs` still says
/// so. A source that a record of the case belongs to stays: without it the record would be none.
pub fn shrink(case: &Case, differs: &mut dyn FnMut(&Case) -> bool) -> Case {
    let mut trial = Trial {
        differs,
        left: TRIES,
    };
    let mut best = case.clone();
    loop {
        let before = best.clone();
        best = fewer_records(best, &mut trial);
        while let Some(smaller) = candidates(&best)
            .into_iter()
            .find(|candidate| trial.differs(candidate))
        {
            best = smaller;
        }
        if best == before {
            return best;
        }
    }
}

/// Takes away runs of records, halves first, then ever shorter ones.
fn fewer_records(mut case: Case, trial: &mut Trial<'_>) -> Case {
    let mut length = case.records.len().div_ceil(2);
    while length > 0 {
        let mut start = 0;
        while start < case.records.len() {
            let end = (start + length).min(case.records.len());
            let smaller = edited(&case, |case| drop(case.records.drain(start..end)));
            if trial.differs(&smaller) {
                case = smaller;
            } else {
                start = end;
            }
        }
        length /= 2;
    }
    case
}

/// Returns all cases that are smaller by one thing other than a record, the largest things first.
fn candidates(case: &Case) -> Vec<Case> {
    let mut found = Vec::new();
    for index in 0..case.rules.len() {
        found.push(edited(case, |case| drop(case.rules.remove(index))));
    }
    for (index, declaration) in case.declarations.iter().enumerate() {
        if !is_needed(declaration, &case.records) {
            found.push(edited(case, |case| drop(case.declarations.remove(index))));
        }
    }
    for (index, declaration) in case.declarations.iter().enumerate() {
        for smaller in smaller_declarations(declaration) {
            found.push(edited(case, |case| {
                if let Some(declaration) = case.declarations.get_mut(index) {
                    declaration.clone_from(&smaller);
                }
            }));
        }
    }
    for (index, rule) in case.rules.iter().enumerate() {
        for smaller in smaller_rules(rule) {
            found.push(edited(case, |case| {
                if let Some(rule) = case.rules.get_mut(index) {
                    rule.clone_from(&smaller);
                }
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

/// Tells whether a declaration is a source that a record belongs to.
fn is_needed(declaration: &str, records: &[Record]) -> bool {
    let mut words = declaration.split_whitespace();
    let name = (words.next() == Some("source"))
        .then(|| words.next())
        .flatten();
    name.is_some_and(|name| {
        records
            .iter()
            .any(|record| record.feed.as_deref() == Some(name))
    })
}

/// Returns a declaration without one of its lines: a row of its table, an assignment of its source.
fn smaller_declarations(declaration: &str) -> Vec<String> {
    let lines: Vec<&str> = declaration.lines().collect();
    let without = |left_out: usize| {
        let kept = lines
            .iter()
            .enumerate()
            .filter(|(line, _)| *line != left_out);
        kept.map(|(_, line)| format!("{line}\n"))
            .collect::<String>()
    };
    (1..lines.len()).map(without).collect()
}

fn edited<T: Clone>(thing: &T, edit: impl FnOnce(&mut T)) -> T {
    let mut thing = thing.clone();
    edit(&mut thing);
    thing
}

/// Returns a rule without one of its lines, conditions or holes.
fn smaller_rules(rule: &RuleText) -> Vec<RuleText> {
    let mut found = Vec::new();
    for line in 0..rule.clauses.len() {
        found.push(edited(rule, |rule| drop(rule.clauses.remove(line))));
    }
    for line in 0..rule.options.len() {
        found.push(edited(rule, |rule| drop(rule.options.remove(line))));
    }
    for line in 0..rule.meta.len() {
        found.push(edited(rule, |rule| drop(rule.meta.remove(line))));
    }
    for pattern in shorter(&rule.pattern) {
        found.push(edited(rule, |rule| rule.pattern = pattern));
    }
    if let (Some(start), Some(end)) = (rule.alert.find('{'), rule.alert.find('}')) {
        found.push(edited(rule, |rule| {
            rule.alert.replace_range(start..=end, "");
        }));
    }
    found
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
