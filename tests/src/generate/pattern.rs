//! Patterns: sequences, groups, sets and local windows.
//!
//! Apart from rules because these know the grammar of steps.

use super::random::Random;
use super::words::{Class, span};

/// A step of a pattern being made.
#[derive(Clone, Debug, Default)]
pub(crate) struct Step {
    pub(crate) name: String,
    pub(crate) class: Class,
    /// What stands before the class: nothing, `3+ `, `2+ different ip in `.
    pub(crate) head: String,
    /// What stands behind the name: the comparison of an aggregate.
    pub(crate) tail: String,
    /// Its conditions.
    pub(crate) filters: Vec<String>,
    pub(crate) group: bool,
    /// Whether it stands inside `N of`.
    pub(crate) optional: bool,
}

impl Step {
    fn print(&self) -> String {
        let mut text = format!(
            "{}{} as {}{}",
            self.head, self.class.name, self.name, self.tail
        );
        for filter in &self.filters {
            text.push_str(&format!(" {filter}"));
        }
        text
    }
}

/// A pattern being made.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    pub(crate) steps: Vec<Step>,
    /// The pattern with `#0`, `#1` … for its steps.
    pub(crate) form: String,
    /// Spans it names.
    pub(crate) spans: Vec<i64>,
    /// Whether the whole needs a window.
    pub(crate) needs_bound: bool,
    /// A bound other than `within`.
    pub(crate) own_bound: Vec<String>,
    /// How many base spans its window is.
    pub(crate) factor: i64,
    /// Equi-joins that connect all its steps.
    pub(crate) joins: Vec<String>,
    /// Conditions of the rule, with their keyword.
    pub(crate) conditions: Vec<String>,
    /// Steps in the order of `then`, by number; those that stand in no order are left out.
    pub(crate) ordered: Vec<usize>,
    pub(crate) has_absence: bool,
}

impl Draft {
    /// Prints the pattern.
    pub(crate) fn print(&self) -> String {
        let mut text = self.form.clone();
        for (number, step) in self.steps.iter().enumerate().rev() {
            text = text.replace(&format!("#{number}"), &step.print());
        }
        text
    }

    fn add(&mut self, step: Step) -> String {
        let number = self.steps.len();
        self.steps.push(step);
        format!("#{number}")
    }

    /// Adds a plain step.
    fn plain(&mut self, random: &mut Random, classes: &[Class]) -> String {
        let name = random_name(self.steps.len(), false);
        let class = random.pick(classes);
        let earlier: Vec<String> = self
            .steps
            .iter()
            .filter(|step| !step.group)
            .map(|step| step.name.clone())
            .collect();
        let filters = own_filters(random, &earlier);
        self.add(Step {
            name,
            class,
            filters,
            ..Step::default()
        })
    }

    /// Adds a group.
    fn group(&mut self, random: &mut Random, classes: &[Class]) -> String {
        let name = random_name(self.steps.len(), true);
        let class = random.pick(classes);
        let least = random.pick(&[1, 2, 2, 2, 3, 4]);
        let (head, tail) = match random.below(10) {
            0..6 => (format!("{least}+ "), String::new()),
            6 | 7 => {
                let path = random.pick(&["ip", "device.id", "actor.groups", "identity"]);
                (format!("{least}+ different {path} in "), String::new())
            }
            _ => {
                let text = random.pick(&[
                    ("sum of bytes.down in ", " >= 6KB"),
                    ("max of bytes.down in ", " > 2KB"),
                    ("min of bytes.down in ", " < 2KB"),
                    ("avg of bytes.down in ", " > 1KB"),
                    ("distinct of ip in ", " >= 2"),
                ]);
                (text.0.to_owned(), text.1.to_owned())
            }
        };
        let mut filters = own_filters(random, &[]);
        if random.chance(25) {
            filters.push(group_filter(random, &name));
        }
        self.add(Step {
            name,
            class,
            head,
            tail,
            filters,
            group: true,
            optional: false,
        })
    }
}

fn random_name(number: usize, group: bool) -> String {
    let names = if group {
        ["f", "g", "h", "k"]
    } else {
        ["a", "b", "c", "e"]
    };
    names.get(number % 4).copied().unwrap_or("z").to_owned()
}

fn own_filters(random: &mut Random, earlier: &[String]) -> Vec<String> {
    let mut filters = Vec::new();
    if random.chance(15) {
        let own = [
            "where outcome is success",
            "where bytes.down > 1KB",
            "where device.id exists",
            "where device.id is \"D1\"",
            "where ip in \"10.0.0.0/8\"",
            "where actor.admin is true",
            "where resource.id like \"DOC*\"",
            "where resource.id starts with \"doc\"",
            "where actor.groups contains \"G1\"",
            "where any of actor.groups is \"g2\"",
            "where all of actor.groups in [\"g1\", \"g2\"]",
            "where outcome is missing or outcome is success",
            "where (outcome or failure) is failure",
            "where not (device.id is \"d1\")",
            "where device.id == \"d1\"",
            "unless outcome is denied",
            "unless device.id is \"d2\"",
            "unless ip in [\"10.0.0.2\", \"192.168.1.5\"]",
            "unless actor.admin is true",
            "where bytes.down * 2 >= 4KB",
        ];
        filters.push(random.pick(&own).to_owned());
    }
    if !earlier.is_empty() && random.chance(10) {
        let step = random.pick(earlier);
        let related = [
            format!("where ip is not {step}.ip"),
            format!("where bytes.down > {step}.bytes.down"),
            format!("where {step}.outcome is success"),
            format!("unless device.id is {step}.device.id"),
            format!("where time - {step}.time > 1s"),
        ];
        filters.push(random.pick(&related));
    }
    filters
}

fn group_filter(random: &mut Random, name: &str) -> String {
    random.pick(&[
        format!("where count({name}) >= 2"),
        format!("where count({name}) <= 3"),
        format!("where distinct({name}.ip) > 1"),
        format!("where count({name} where outcome is failure) >= 1"),
        format!("where sum({name}.bytes.down) > 3KB"),
        format!("unless count({name}) is 2"),
        format!("where max({name}.bytes.down) > 2KB"),
    ])
}

/// Makes plain steps joined by `then`.
pub(crate) fn sequence(random: &mut Random, classes: &[Class], base: i64) -> Draft {
    let mut draft = Draft {
        factor: 1,
        ..Draft::default()
    };
    let length = random.pick(&[1, 2, 2, 2, 3, 3]);
    let gaps = length > 1 && random.chance(40);
    for number in 0..length {
        let step = draft.plain(random, classes);
        let then = match (number, gaps) {
            (0, _) => String::new(),
            (_, true) => format!(" then within {} ", span(base)),
            (_, false) => " then ".to_owned(),
        };
        draft.form.push_str(&then);
        draft.form.push_str(&step);
        draft.ordered.push(number);
    }
    if length > 1 {
        draft.needs_bound = !gaps;
        draft.factor = random.pick(&[1, 1, 2]);
        if random.chance(12) {
            let tolerance = random.pick(&[1, 1_000, base]);
            draft
                .conditions
                .push(format!("tolerate {}", span(tolerance)));
            draft.spans.push(tolerance);
        }
        joins(random, &mut draft);
    }
    draft
}

/// Sometimes equi-joins instead of a key, or beside one.
fn joins(random: &mut Random, draft: &mut Draft) {
    if !random.chance(15) {
        return;
    }
    let path = random.pick(&["device.id", "identity", "ip"]);
    let crossed = random.chance(20);
    for (before, after) in draft.steps.iter().zip(draft.steps.iter().skip(1)) {
        let other = if crossed { "resource.id" } else { path };
        if crossed && path == "ip" {
            continue;
        }
        draft
            .joins
            .push(format!("{}.{path} is {}.{other}", after.name, before.name));
    }
    if draft.joins.len() + 1 < draft.steps.len() || random.chance(30) {
        draft.joins.push("actor.groups same".to_owned());
    }
}

/// Makes a pattern with groups, sets or local windows.
pub(crate) fn grouped(random: &mut Random, classes: &[Class], base: i64) -> Draft {
    let mut draft = Draft {
        factor: random.pick(&[1, 1, 2]),
        needs_bound: true,
        ..Draft::default()
    };
    let short = random.pick(&[base, base / 2, base * 2]);
    let gap = if random.chance(30) {
        format!("within {} ", span(short))
    } else {
        String::new()
    };
    let local = span(short);
    let form = random.below(20);
    draft.form = match form {
        0..4 => draft.group(random, classes),
        4 | 5 => format!(
            "{} then {gap}{}",
            draft.plain(random, classes),
            draft.group(random, classes)
        ),
        6 | 7 => format!(
            "{} then {gap}{}",
            draft.group(random, classes),
            draft.plain(random, classes)
        ),
        8 => {
            let group = draft.group(random, classes);
            format!(
                "({group} within {local}) then {gap}{}",
                draft.plain(random, classes)
            )
        }
        9 => {
            let first = draft.plain(random, classes);
            let group = draft.group(random, classes);
            format!(
                "{first} then {gap}{group} then {}",
                draft.plain(random, classes)
            )
        }
        10 => format!(
            "{} then ({} within {local})",
            draft.plain(random, classes),
            draft.group(random, classes)
        ),
        11 => {
            let first = draft.plain(random, classes);
            let group = draft.group(random, classes);
            format!(
                "({first} then {group} within {local}) then {gap}{}",
                draft.plain(random, classes)
            )
        }
        12 => {
            let first = draft.plain(random, classes);
            let second = draft.plain(random, classes);
            let third = draft.plain(random, classes);
            format!("{first} then {gap}({second} then {third} within {local})")
        }
        _ => return sets(random, classes, draft, &gap, &local),
    };
    draft.ordered = (0..draft.steps.len()).collect();
    draft.spans.push(short);
    if draft.steps.iter().all(|step| !step.group) {
        joins(random, &mut draft);
    }
    related(random, &mut draft);
    draft
}

fn sets(random: &mut Random, classes: &[Class], mut draft: Draft, gap: &str, local: &str) -> Draft {
    let form = random.below(9);
    let before = (form == 5).then(|| draft.plain(random, classes));
    let first = draft.steps.len();
    let size = random.range(2, 3);
    let members: Vec<String> = (0..size)
        .map(|_| {
            if random.chance(25) {
                draft.group(random, classes)
            } else {
                draft.plain(random, classes)
            }
        })
        .collect();
    let some = matches!(form, 3 | 4 | 8);
    for step in draft.steps.iter_mut().skip(first) {
        step.optional = some;
    }
    let head = if some {
        format!("{} of", random.range(1, size))
    } else {
        "all of".to_owned()
    };
    let set = format!("{head} ({})", members.join(", "));
    draft.form = match (form, before) {
        (5, Some(before)) => format!("{before} then {gap}{set}"),
        (6 | 8, _) => format!("{set} then {gap}{}", draft.plain(random, classes)),
        (7, _) => format!(
            "({set} within {local}) then {gap}{}",
            draft.plain(random, classes)
        ),
        _ => set,
    };
    related(random, &mut draft);
    draft
}

/// A condition of the rule that reads a group and another step.
fn related(random: &mut Random, draft: &mut Draft) {
    if !random.chance(15) {
        return;
    }
    let group = draft.steps.iter().find(|step| step.group && !step.optional);
    let plain = draft
        .steps
        .iter()
        .find(|step| !step.group && !step.optional);
    if let (Some(group), Some(plain)) = (group, plain) {
        let (group, plain) = (&group.name, &plain.name);
        draft.conditions.push(random.pick(&[
            format!("where last({group}.ip) is {plain}.ip"),
            format!("where first({group}.device.id) is not {plain}.device.id"),
            format!("where count({group} where ip is {plain}.ip) >= 1"),
            format!("where count({group}) >= 2"),
        ]));
    }
}
